// The fully connected layer. Next on the way down: Autograd's `Operations/Dense.swift`.

import Autograd
import Tensor

/// `activation(x · kernel + bias)`: every unit sees every number of the layer before.
///
/// The input has shape [batch, …, inputs], the result [batch, …, units].
public struct Dense<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of results per sample.
  public let units: Int
  /// What is applied to the weighted sums.
  public let activation: ActivationFunction
  /// The shape of one sample, where it was given.
  public let inputShape: TensorShape?
  /// The weights, [inputs, units].
  public var kernel = Parameter<Scalar>()
  /// What is added to the weighted sums, [units].
  public var bias = Parameter<Scalar>()

  private let kernelInitializer: Initializer
  private let biasInitializer: Initializer

  /// A layer with `units` results per sample.
  ///
  /// - Parameters:
  ///   - units: the number of units.
  ///   - activation: what is applied to the weighted sums.
  ///   - inputShape: the shape of one sample; needed by the first layer of a network only, and there
  ///     only if the network has to be built before it sees data.
  ///   - kernelInitializer: how the weights begin.
  ///   - biasInitializer: how the biases begin.
  ///   - kernelRegularizer: what is added to the loss so that weights stay small.
  ///   - biasRegularizer: the same for biases, which are usually left alone.
  public init(
    _ units: Int, activation: ActivationFunction = .linear, inputShape: TensorShape? = nil,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    self.units = units
    self.activation = activation
    self.inputShape = inputShape
    self.kernelInitializer = kernelInitializer
    self.biasInitializer = biasInitializer
    kernel.regularizer = kernelRegularizer
    bias.regularizer = biasRegularizer
    requireValid()
  }

  /// A layer with `units` results per sample; Keras's spelling with a label.
  public init(
    units: Int, activation: ActivationFunction = .linear, inputShape: TensorShape? = nil,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    self.init(
      units, activation: activation, inputShape: inputShape,
      kernelInitializer: kernelInitializer, biasInitializer: biasInitializer,
      kernelRegularizer: kernelRegularizer, biasRegularizer: biasRegularizer)
  }

  /// Throws if there are no units.
  public func validate() throws(InvalidValue) {
    guard units > 0 else {
      throw InvalidValue("the number of units must be positive, got \(units)")
    }
  }

  /// The activation function's name, if there is one.
  public var activationName: String? { activation == .linear ? nil : activation.name }

  /// True: each step has its result.
  public var supportsCaching: Bool { true }

  /// The kernel and the bias.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("kernel", &kernel)
    visit("bias", &bias)
  }

  /// A kernel and a bias.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard let inputs = inputShape.last, inputs > 0 else {
      throw ShapeError("samples of shape \(inputShape) have no numbers to weigh")
    }
    try builder.parameter(&kernel, [inputs, units], kernelInitializer)
    try builder.parameter(&bias, [units], biasInitializer)
    return inputShape.replacing(axis: inputShape.rank - 1, with: units)
  }

  /// Records the layer's function on the context's tape.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    let (kernel, bias) = (context[kernel], context[bias])
    let fused = activation.fused
    let result = dense(x, kernel, bias, activation: fused)
    return fused == nil ? activation(result) : result
  }
}
