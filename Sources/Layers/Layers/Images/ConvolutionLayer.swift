// What the layers that move a window over images and sequences have in common. Next on the way down: Autograd's
// `Operations/Convolution.swift`.

import Autograd
import Tensor

/// A layer that moves a small window over images, [height, width, channels], or over sequences, [steps, channels].
///
/// Layers for images are called `…2D`, those for sequences `…1D`. Parameters, shapes and defaults are Keras's, with the
/// channels last.
public protocol ConvolutionLayer<Scalar>: StorableLayer, Validated {
  /// The settings and the weights.
  var core: ConvolutionCore<Scalar> { get set }
}

/// The settings and the weights of a convolution; for sequences each size has height 1.
public struct ConvolutionCore<Scalar: TensorFloat>: Sendable, Codable {
  /// What is computed; of a depthwise convolution `filters` is the number for each channel.
  enum Kind: String, Codable { case plain, transposed, depthwise }

  let kind: Kind
  /// The number of axes along which windows move.
  let rank: Int
  /// The number of results at each place, for a depthwise convolution from each channel.
  let filters: Int
  /// The size of the window.
  public let kernelSize: Size2D
  /// How far windows are apart.
  public let strides: Size2D
  /// What windows see beyond the edges.
  public let padding: Padding
  /// How far the numbers that a window sees are apart.
  public let dilationRate: Size2D
  /// Into how many equal groups channels and filters are divided.
  public let groups: Int
  /// What is applied to the weighted sums.
  public let activation: ActivationFunction
  /// The shape of one sample, where it was given.
  public let inputShape: TensorShape?

  /// The weights: [height, width, channels / groups, filters], without the height for sequences; with filters and
  /// channels exchanged if the convolution is transposed.
  public var kernel = Parameter<Scalar>()
  /// What is added, a number for each result at a place; nil for nothing.
  public var bias: Parameter<Scalar>?

  private let kernelInitializer: Initializer
  private let biasInitializer: Initializer
}

/// How the weights of a convolution begin and what keeps them small.
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

  /// The windows, known to be valid.
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
  /// The weights: [height, width, channels / groups, filters] or as the layer's description has it.
  public var kernel: Parameter<Scalar> {
    get { core.kernel }
    set { core.kernel = newValue }
  }

  /// What is added to the weighted sums; nil for nothing.
  public var bias: Parameter<Scalar>? {
    get { core.bias }
    set { core.bias = newValue }
  }

  /// What the layer states of a sample's shape.
  public var inputShape: TensorShape? { core.inputShape }

  /// The activation's name.
  public var activationName: String? { core.activation == .linear ? nil : core.activation.name }

  /// False: a result stands for several steps.
  public var supportsMasking: Bool { false }

  /// Throws if a setting makes no sense.
  public func validate() throws(InvalidValue) { try core.validate() }

  /// The kernel and the bias.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    core.forEachMember(&visit)
  }

  /// The kernel and the bias for samples of `inputShape`.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape { try core.build(&builder, inputShape) }

  /// Moves the window over all samples.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    core.call(x, in: context)
  }
}
