// The fully connected layer. Next on the way down: Autograd's `Operations/Dense.swift`.

import Autograd
import Tensor

/// The fully connected layer: `activation(x · kernel + bias)`, or `activation(x · kernel)` without
/// a bias.
///
/// The input has shape [batch, …, inputs], the result [batch, …, units].
public struct Dense<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of units: the size of the last axis of the result.
  public let units: Int
  /// The activation function, applied to the weighted sums.
  public let activation: ActivationFunction
  /// The shape of one sample, if it was given.
  public let inputShape: TensorShape?
  /// The weights, [inputs, units].
  public var kernel = Parameter<Scalar>()
  /// The bias, [units]; nil for none.
  public var bias: Parameter<Scalar>?

  private let kernelInitializer: Initializer
  private let biasInitializer: Initializer

  /// A dense layer with the given number of units.
  ///
  /// - Parameters:
  ///   - units: the number of units.
  ///   - activation: the activation function.
  ///   - useBias: whether to add a bias.
  ///   - inputShape: the shape of one sample; only needed in the first layer of a network that must
  ///     be built before it sees data.
  ///   - kernelInitializer: the rule for the initial weights.
  ///   - biasInitializer: the rule for the initial biases.
  ///   - kernelRegularizer: a penalty on the weights, added to the loss.
  ///   - biasRegularizer: a penalty on the biases; rarely used.
  public init(
    _ units: Int, activation: ActivationFunction = .linear, useBias: Bool = true,
    inputShape: TensorShape? = nil, kernelInitializer: Initializer = .glorotUniform,
    biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    self.units = units
    self.activation = activation
    self.inputShape = inputShape
    self.kernelInitializer = kernelInitializer
    self.biasInitializer = biasInitializer
    kernel.regularizer = kernelRegularizer
    bias = useBias ? Parameter(regularizer: biasRegularizer) : nil
    requireValid()
  }

  /// A dense layer with the given number of units, with the label that Keras uses.
  public init(
    units: Int, activation: ActivationFunction = .linear, useBias: Bool = true,
    inputShape: TensorShape? = nil, kernelInitializer: Initializer = .glorotUniform,
    biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    self.init(
      units, activation: activation, useBias: useBias, inputShape: inputShape,
      kernelInitializer: kernelInitializer, biasInitializer: biasInitializer,
      kernelRegularizer: kernelRegularizer, biasRegularizer: biasRegularizer)
  }

  /// Throws if `units` is not positive.
  public func validate() throws(InvalidValue) {
    guard units > 0 else {
      throw InvalidValue("the number of units must be positive, got \(units)")
    }
  }

  /// The name of the activation function; nil if it is linear.
  public var activationName: String? { activation == .linear ? nil : activation.name }

  /// True: each step has its result.
  public var supportsCaching: Bool { true }

  /// The kernel and the bias.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("kernel", &kernel)
    visit("bias", &bias)
  }

  /// Declares a kernel [inputs, units] and, if used, a bias [units].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard let inputs = inputShape.last, inputs > 0 else {
      throw ShapeError("samples of shape \(inputShape) have no numbers to weigh")
    }
    try builder.parameter(&kernel, [inputs, units], kernelInitializer)
    if bias != nil { try builder.parameter(&bias!, [units], biasInitializer) }
    return inputShape.replacing(axis: inputShape.rank - 1, with: units)
  }

  /// Records the layer's computation on the context's tape.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    guard let bias else { return activation(matmul(x, context[kernel])) }
    let fused = activation.fused
    let result = dense(x, context[kernel], context[bias], activation: fused)
    return fused == nil ? activation(result) : result
  }
}
