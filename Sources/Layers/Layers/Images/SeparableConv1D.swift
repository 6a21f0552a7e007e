import Autograd
import Tensor

/// A window that moves over the channels of sequences one by one, and weights that mix the results at each place.
///
/// It takes the place of a ``Conv1D`` with far fewer weights. Samples have shape [steps, channels], results
/// [steps, filters].
///
/// Source: F. Chollet, "Xception: Deep learning with depthwise separable convolutions", 2017.
public struct SeparableConv1D<Scalar: TensorFloat>: SeparableConvolutionLayer {
  /// The window over single channels, [size, channels, depthMultiplier].
  public var depthwise: ConvolutionCore<Scalar>
  /// The weights that mix the results, [1, channels · depthMultiplier, filters], and the bias.
  public var pointwise: ConvolutionCore<Scalar>

  /// A layer with `filters` results at each place, with Keras's defaults.
  ///
  /// - Parameters:
  ///   - filters: the number of results at each place.
  ///   - kernelSize: the size of the window.
  ///   - strides: how far windows are apart.
  ///   - padding: what windows see beyond the edges: nothing (`.valid`) or zeros (`.same`).
  ///   - dilationRate: how far the steps that a window sees are apart.
  ///   - depthMultiplier: the number of results of each channel, before they are mixed.
  ///   - activation: what is applied to the mixed sums.
  ///   - useBias: whether anything is added to them.
  ///   - inputShape: the shape of one sample, [steps, channels], where it is not known from the layer before.
  ///   - depthwiseInitializer: how the weights of the window begin.
  ///   - pointwiseInitializer: how the weights that mix begin.
  ///   - biasInitializer: how the biases begin.
  ///   - depthwiseRegularizer: what is added to the loss so that the window's weights stay small.
  ///   - pointwiseRegularizer: the same for the weights that mix.
  ///   - biasRegularizer: the same for biases.
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
