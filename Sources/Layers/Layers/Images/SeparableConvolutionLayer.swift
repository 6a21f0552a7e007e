// What the separable convolution layers share.

import Autograd
import Tensor

/// A depthwise convolution followed by a mix of its channels at each position.
public protocol SeparableConvolutionLayer<Scalar>: StorableLayer, Validated {
  /// The depthwise kernel: a window over each channel.
  var depthwise: ConvolutionCore<Scalar> { get set }
  /// The pointwise kernel, which mixes the channels, and the bias.
  var pointwise: ConvolutionCore<Scalar> { get set }
}

extension SeparableConvolutionLayer {
  /// The number of outputs at each position.
  public var filters: Int { pointwise.filters }

  /// The shape of one sample, if it was given.
  public var inputShape: TensorShape? { depthwise.inputShape }

  /// The name of the activation; nil if it is linear.
  public var activationName: String? {
    pointwise.activation == .linear ? nil : pointwise.activation.name
  }

  /// False: one output covers several steps.
  public var supportsMasking: Bool { false }

  /// Throws if a setting is invalid, such as a size of 0 or groups that do not divide the filters.
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

  /// Makes the two kernels and the bias for samples of `inputShape`; returns the output's shape.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    try pointwise.build(&builder, try depthwise.build(&builder, inputShape))
  }

  /// Applies the depthwise convolution, then mixes the channels.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    pointwise.call(depthwise.call(x, in: context), in: context)
  }
}
