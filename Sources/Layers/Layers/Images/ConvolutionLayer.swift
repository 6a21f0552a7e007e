// What all convolution layers share. Next, one level down: Autograd's
// `Operations/Convolution.swift`.

import Autograd
import Tensor

/// A layer that slides a small window over images or sequences.
///
/// A sample is an image, [height, width, channels], or a sequence, [steps, channels].
///
/// Layers for images are named `…2D`, layers for sequences `…1D`. Parameters, shapes and defaults
/// are those of Keras with channels last.
public protocol ConvolutionLayer<Scalar>: StorableLayer, Validated {
  /// The settings and the weights of the convolution.
  var core: ConvolutionCore<Scalar> { get set }
}

/// The settings and the weights of a convolution; for sequences, every size has height 1.
public struct ConvolutionCore<Scalar: TensorFloat>: Sendable, Codable {
  /// The kind of convolution; for a depthwise one, `filters` counts the outputs per channel.
  enum Kind: String, Codable { case plain, transposed, depthwise }

  let kind: Kind
  /// The number of axes along which the window moves: 1 or 2.
  let rank: Int
  /// The number of outputs at each position; for a depthwise convolution, per channel.
  let filters: Int
  /// The size of the window.
  public let kernelSize: Size2D
  /// The step from one window to the next.
  public let strides: Size2D
  /// What windows see beyond the edges.
  public let padding: Padding
  /// The distance between the elements of a window.
  public let dilationRate: Size2D
  /// The number of equal groups of channels and filters.
  public let groups: Int
  /// The function applied to the weighted sums.
  public let activation: ActivationFunction
  /// The shape of one sample, if it was given.
  public let inputShape: TensorShape?

  /// The kernel, [height, width, channels / groups, filters]; without the height for sequences, and
  /// with filters and channels swapped if the convolution is transposed.
  public var kernel = Parameter<Scalar>()
  /// The bias, one number per output channel; nil for none.
  public var bias: Parameter<Scalar>?

  private let kernelInitializer: Initializer
  private let biasInitializer: Initializer
}

/// The initialisers and regularisers of a convolution's weights.
struct ConvolutionWeights {
  var kernelInitializer = Initializer.glorotUniform
  var biasInitializer = Initializer.zeros
  var kernelRegularizer: Regularizer?
  var biasRegularizer: Regularizer?
}

extension ConvolutionCore {
  init(
    _ kind: Kind, rank: Int, filters: Int, kernelSize: Size2D, strides: Size2D, padding: Padding,
    dilationRate: Size2D = 1, groups: Int = 1, activation: ActivationFunction = .linear,
    useBias: Bool, inputShape: TensorShape?, _ weights: ConvolutionWeights
  ) {
    self.kind = kind
    self.rank = rank
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.dilationRate = dilationRate
    self.groups = groups
    self.activation = activation
    self.inputShape = inputShape
    kernelInitializer = weights.kernelInitializer
    biasInitializer = weights.biasInitializer
    kernel.regularizer = weights.kernelRegularizer
    bias = useBias ? Parameter(regularizer: weights.biasRegularizer) : nil
  }

  func validate() throws(InvalidValue) {
    let largest = Size2D.largest
    guard (1...largest).contains(filters) && (1...largest).contains(groups) else {
      throw InvalidValue(
        "the numbers of filters and of groups must lie in 1...\(largest), got \(filters) and \(groups)"
      )
    }
    guard filters % groups == 0 else {
      throw InvalidValue("\(groups) groups do not share \(filters) filters equally")
    }
    for (name, size) in [
      ("kernel size", kernelSize), ("strides", strides), ("dilation rate", dilationRate),
    ] {
      guard size.isValid && (rank == 2 || size.height == 1) else {
        throw InvalidValue("the \(name) must lie in 1...\(largest), got \(size)")
      }
    }
    guard (1...2).contains(rank) && (padding != .causal || (rank == 1 && kind == .plain)) else {
      throw InvalidValue("the padding must be valid or same, got \(padding)")
    }
  }

  /// The window's settings, already validated.
  private var window: Window {
    Window(strides: strides, dilation: dilationRate, padding: padding, groups: groups)
  }

  /// The kernel and the bias.
  mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("kernel", &kernel)
    visit("bias", &bias)
  }

  mutating func build(
    _ builder: inout LayerBuilder<Scalar>, _ shape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard shape.rank == rank + 1, shape.allSatisfy({ (1..<1 << 40).contains($0) }) else {
      throw ShapeError(
        "expected samples of shape \(rank == 1 ? "[steps, channels]" : "[height, width, channels]"), got "
          + "\(shape)")
    }
    let channels = shape[rank]
    guard channels % groups == 0 else {
      throw ShapeError("\(groups) groups do not share the \(channels) channels of \(shape) equally")
    }
    let image = Size2D(height: rank == 1 ? 1 : shape[0], width: shape[rank - 1])
    let size =
      kind == .transposed
      ? window.transposedSize(of: image, kernel: kernelSize)
      : window.outputSize(of: image, kernel: kernelSize)
    guard size.height > 0 && size.width > 0 else {
      throw ShapeError(
        "a kernel of \(kernelSize) with dilation rate \(dilationRate) does not fit into samples of shape "
          + "\(shape); take a smaller one, or padding same")
    }
    let results = kind == .depthwise ? channels * filters : filters
    let last =
      switch kind {
      case .plain: [channels / groups, filters]
      case .transposed: [filters, channels]
      case .depthwise: [channels, filters]
      }
    let sizes = [kernelSize.height, kernelSize.width].suffix(rank) + last
    try builder.parameter(&kernel, Array(sizes), kernelInitializer)
    if bias != nil { try builder.parameter(&bias!, [results], biasInitializer) }
    return TensorShape([size.height, size.width].suffix(rank) + [results])
  }

  func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let (kernel, bias) = (context[kernel], bias.map { context[$0] })
    let fused = kind == .plain ? activation.fused : nil
    let result =
      switch kind {
      case .plain: convolution(x, kernel, bias, window, activation: fused)
      case .transposed: transposedConvolution(x, kernel, bias, window)
      case .depthwise: depthwiseConvolution(x, kernel, bias, window)
      }
    return fused == nil ? activation(result) : result
  }
}

extension ConvolutionLayer {
  /// The kernel, [height, width, channels / groups, filters] unless the layer's description says
  /// otherwise.
  public var kernel: Parameter<Scalar> {
    get { core.kernel }
    set { core.kernel = newValue }
  }

  /// The bias, one number per output channel; nil for none.
  public var bias: Parameter<Scalar>? {
    get { core.bias }
    set { core.bias = newValue }
  }

  /// The shape of one sample, if it was given.
  public var inputShape: TensorShape? { core.inputShape }

  /// The name of the activation; nil if it is linear.
  public var activationName: String? { core.activation == .linear ? nil : core.activation.name }

  /// False: one output covers several steps.
  public var supportsMasking: Bool { false }

  /// Throws if a setting is invalid, such as a size of 0 or groups that do not divide the filters.
  public func validate() throws(InvalidValue) { try core.validate() }

  /// The kernel and the bias.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    core.forEachMember(&visit)
  }

  /// Makes the kernel and the bias for samples of `inputShape`; returns the output's shape.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape { try core.build(&builder, inputShape) }

  /// Applies the convolution and the activation to a batch.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    core.call(x, in: context)
  }
}
