// What the layers that first look at each channel and then mix them have in common.

import Autograd
import Tensor

/// A depthwise convolution and a mixture of its results at each place.
public protocol SeparableConvolutionLayer<Scalar>: StorableLayer, Validated {
  /// The window over single channels.
  var depthwise: ConvolutionCore<Scalar> { get set }
  /// The weights that mix the results, and the bias.
  var pointwise: ConvolutionCore<Scalar> { get set }
}

extension SeparableConvolutionLayer {
  /// The number of results at each place.
  public var filters: Int { pointwise.filters }

  /// What the layer states of a sample's shape.
  public var inputShape: TensorShape? { depthwise.inputShape }

  /// The activation's name.
  public var activationName: String? {
    pointwise.activation == .linear ? nil : pointwise.activation.name
  }

  /// False: a result stands for several steps.
  public var supportsMasking: Bool { false }

  /// Throws if a setting makes no sense.
  public func validate() throws(InvalidValue) {
    try depthwise.validate()
    try pointwise.validate()
  }

  /// The two kernels and the bias.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("depthwise_kernel", &depthwise.kernel)
    visit("pointwise_kernel", &pointwise.kernel)
    visit("bias", &pointwise.bias)
  }

  /// The two kernels and the bias for samples of `inputShape`.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    try pointwise.build(&builder, try depthwise.build(&builder, inputShape))
  }

  /// Moves the window over all samples and mixes what it finds.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    pointwise.call(depthwise.call(x, in: context), in: context)
  }
}
