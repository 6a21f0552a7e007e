import Autograd
import Tensor

/// The KL divergence of a diagonal normal distribution from the standard normal distribution.
///
/// `-½ Σ (1 + log σ² - μ² - σ²)` over the last axis, the regularization term in the loss of a
/// variational autoencoder.
///
/// Source: D. Kingma, M. Welling, "Auto-encoding variational Bayes", 2013, appendix B.
///
/// - Parameters:
///   - mean: the means μ, [batch, …, dimensions].
///   - logVariance: the log variances `log σ²`, of the same shape.
/// - Returns: one number per sample, [batch, …].
public func gaussianKLDivergence<Scalar>(
  mean: Variable<Scalar>, logVariance: Variable<Scalar>
) -> Variable<Scalar> {
  require(
    mean.shape == logVariance.shape,
    "gaussianKLDivergence: means of shape \(mean.shape) do not fit logarithms of variances of shape "
      + "\(logVariance.shape); they must be equal")
  // e^v - 1 - v with expm1, which keeps its precision near v = 0.
  return (square(mean) + (expm1(logVariance) - logVariance)).sum(axis: -1) * 0.5
}
