import Autograd
import Tensor

/// A separable 1D convolution: a depthwise convolution, then weights that mix the channels at each
/// step.
///
/// It replaces a ``Conv1D`` with far fewer weights. Samples have shape [steps, channels], results
/// [steps, filters].
///
/// Source: F. Chollet, "Xception: Deep learning with depthwise separable convolutions", 2017.
public struct SeparableConv1D<Scalar: TensorFloat>: SeparableConvolutionLayer {
  /// The depthwise kernel, [size, channels, depthMultiplier].
  public var depthwise: ConvolutionCore<Scalar>
  /// The pointwise kernel, [1, channels · depthMultiplier, filters], which mixes the channels, and
  /// the bias.
  public var pointwise: ConvolutionCore<Scalar>

  /// Creates a layer with `filters` outputs at each position and Keras's defaults.
  ///
  /// - Parameters:
  ///   - filters: the number of outputs at each position.
  ///   - kernelSize: the size of the window.
  ///   - strides: the step from one window to the next.
  ///   - padding: what windows see beyond the edges: nothing (`.valid`) or zeros (`.same`).
  ///   - dilationRate: the distance between the steps of a window.
  ///   - depthMultiplier: the number of outputs per channel, before they are mixed.
  ///   - activation: the function applied to the mixed sums.
  ///   - useBias: whether a bias is added before the activation.
  ///   - inputShape: the shape of one sample, [steps, channels], if no earlier layer gives it.
  ///   - depthwiseInitializer: how the depthwise kernel is initialised.
  ///   - pointwiseInitializer: how the mixing weights are initialised.
  ///   - biasInitializer: how the bias is initialised.
  ///   - depthwiseRegularizer: a penalty on the depthwise kernel, added to the loss.
  ///   - pointwiseRegularizer: a penalty on the mixing weights, added to the loss.
  ///   - biasRegularizer: a penalty on the bias, added to the loss.
  public init(
    _ filters: Int, kernelSize: Int, strides: Int = 1, padding: Padding = .valid,
    dilationRate: Int = 1, depthMultiplier: Int = 1, activation: ActivationFunction = .linear,
    useBias: Bool = true, inputShape: TensorShape? = nil,
    depthwiseInitializer: Initializer = .glorotUniform,
    pointwiseInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    depthwiseRegularizer: Regularizer? = nil, pointwiseRegularizer: Regularizer? = nil,
    biasRegularizer: Regularizer? = nil
  ) {
    depthwise = ConvolutionCore(
      .depthwise, rank: 1, filters: depthMultiplier,
      kernelSize: Size2D(height: 1, width: kernelSize),
      strides: Size2D(height: 1, width: strides), padding: padding,
      dilationRate: Size2D(height: 1, width: dilationRate), useBias: false,
      inputShape: inputShape,
      ConvolutionWeights(
        kernelInitializer: depthwiseInitializer, kernelRegularizer: depthwiseRegularizer))
    pointwise = ConvolutionCore(
      .plain, rank: 1, filters: filters, kernelSize: 1, strides: 1, padding: .valid,
      activation: activation, useBias: useBias, inputShape: nil,
      ConvolutionWeights(
        kernelInitializer: pointwiseInitializer, biasInitializer: biasInitializer,
        kernelRegularizer: pointwiseRegularizer, biasRegularizer: biasRegularizer))
    requireValid()
  }
}
