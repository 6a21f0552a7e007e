import Layers
import Tensor

/// How far two sets of samples are apart, taken as normal distributions.
///
/// ```
/// |μ₁ - μ₂|² + trace(C₁ + C₂ - 2 (C₁^½ C₂ C₁^½)^½)
/// ```
/// Of the features of pictures it says how much made ones differ from real ones, in kind and in variety; 0
/// means not at all.
///
/// Source: M. Heusel et al., "GANs trained by a two time-scale update rule converge to a local Nash
/// equilibrium", 2017.
///
/// - Parameters:
///   - first: the first set, [samples, features].
///   - second: the second set, with as many features.
/// - Returns: the distance, 0 or more; NaN if a set has a NaN, an infinity or fewer than two samples.
public func frechetDistance<Scalar: TensorFloat>(
  _ first: Tensor<Scalar>, _ second: Tensor<Scalar>
) -> Double {
  require(
    first.rank == 2 && second.rank == 2 && first.shape[1] == second.shape[1],
    "frechetDistance: samples of shapes \(first.shape) and \(second.shape) do not fit; expected "
      + "[samples, features] with equal features")
  let (a, b) = (Tensor<Double>(first), Tensor<Double>(second))
  guard a.shape[0] > 1, b.shape[0] > 1, (a.sum() + b.sum()).isFinite else { return .nan }
  let features = a.shape[1]
  let means = a.mean(axis: 0) - b.mean(axis: 0)
  // One feature has a variance without axes.
  let (c, d) = (
    a.covariance(variableAxis: 1).reshaped(to: [features, features]),
    b.covariance(variableAxis: 1).reshaped(to: [features, features])
  )
  guard let root = try? squareRoot(c),
    let inner = try? matmul(matmul(root, d), root).symmetricEigen().values
  else { return .nan }
  let overlap: Double = sqrt(maximum(inner, 0)).sum()
  let apart: Double = square(means).sum()
  let spread: Double = c.trace().scalar + d.trace().scalar
  return max(0, apart + spread - 2 * overlap)
}

/// The positive semidefinite matrix whose square is the given one.
private func squareRoot(
  _ matrix: Tensor<Double>
) throws(LinearAlgebraError) -> Tensor<Double> {
  let (values, vectors) = try matrix.symmetricEigen()
  return matmul(vectors * sqrt(maximum(values, 0)), vectors.transposed())
}
