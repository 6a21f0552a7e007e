import Autograd
import Tensor

/// How far a normal distribution with independent parts is from the standard one.
///
/// `-½ Σ (1 + log σ² - μ² - σ²)` over the last axis: the second part of the bound that a variational
/// autoencoder makes small.
///
/// Source: D. Kingma, M. Welling, "Auto-encoding variational Bayes", 2013, appendix B.
///
/// - Parameters:
///   - mean: the means μ, [batch, …, parts].
///   - logVariance: `log σ²`, of the same shape.
/// - Returns: one number for each sample, [batch, …].
public func gaussianKLDivergence<Scalar>(
  mean: Variable<Scalar>, logVariance: Variable<Scalar>
) -> Variable<Scalar> {
  require(
    mean.shape == logVariance.shape,
    "gaussianKLDivergence: means of shape \(mean.shape) do not fit logarithms of variances of shape "
      + "\(logVariance.shape); they must be equal")
  // e^v - 1 - v, not the difference of its parts: it keeps its digits near v = 0.
  return (square(mean) + (expm1(logVariance) - logVariance)).sum(axis: -1) * 0.5
}
