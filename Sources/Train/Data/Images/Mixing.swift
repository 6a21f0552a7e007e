// MixUp and CutMix: combining two samples into one. Both mix each sample of a batch with the next
// one and the last with the first, as torchvision does.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// MixUp: mixes each sample and its target with those of the next sample in the batch.
///
/// ```
/// x[i] = share · x[i] + (1 - share) · x[i + 1],   the same for y;   share from Beta(alpha, alpha)
/// ```
/// Source: H. Zhang and others, "mixup: Beyond Empirical Risk Minimization", ICLR 2018.
///
/// - Parameters:
///   - x: The samples, [samples, …].
///   - y: Their targets as probabilities, [samples, classes]; `toCategorical` makes them from
///     labels.
///   - alpha: The parameter of the beta distribution, above 0. Small values leave most samples
///     nearly unchanged.
///   - generator: The random generator; it draws one share for the batch.
/// - Returns: The mixed samples and targets, as many as before.
public func mixUp<Scalar: TensorFloat>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, alpha: Double = 0.2,
  using generator: inout RandomGenerator
) -> (x: Tensor<Scalar>, y: Tensor<Scalar>) {
  checkMixture(x, y, alpha, "mixUp")
  let share = generator.nextBeta(alpha)
  return (mixed(x, share), mixed(y, share))
}

/// CutMix: pastes a piece of the next image in the batch into each image, and mixes targets by
/// area.
///
/// The piece has the image's proportions and `1 - share` of its area, with the share drawn from
/// Beta(alpha, alpha). Its centre is at a random position, and parts beyond the edge are cut off.
///
/// Source: S. Yun and others, "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable
/// Features", ICCV 2019.
///
/// - Parameters:
///   - x: The images, [samples, rows, columns, channels].
///   - y: Their targets as probabilities, [samples, classes]; `toCategorical` makes them from
///     labels.
///   - alpha: The parameter of the beta distribution, above 0. Large values make the two parts more
///     equal in size.
///   - generator: The random generator; it draws one piece for the batch.
/// - Returns: The mixed samples and targets, as many as before.
public func cutMix<Scalar: TensorFloat>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, alpha: Double = 1,
  using generator: inout RandomGenerator
) -> (x: Tensor<Scalar>, y: Tensor<Scalar>) {
  checkMixture(x, y, alpha, "cutMix")
  require(
    x.rank == 4,
    "cutMix: expected pictures [samples, rows, columns, channels], got shape \(x.shape)")
  let sizes = x.pictureSizes("cutMix")
  let side = (1 - generator.nextBeta(alpha)).squareRoot() / 2
  func range(_ size: Int) -> Range<Int> {
    let (center, half) = (generator.nextInteger(below: size), Int(side * Double(size)))
    return max(0, center - half)..<min(size, center + half)
  }
  let (rows, columns) = (range(sizes.height), range(sizes.width))
  var result = x
  if !rows.isEmpty && !columns.isEmpty {
    result[0..., rows, columns] = shifted(x[0..., rows, columns])
  }
  let area = Double(rows.count * columns.count) / Double(sizes.height * sizes.width)
  return (result, mixed(y, 1 - area))
}

/// The samples, each moved to the position of the previous one.
private func shifted<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.taking(x.shape[0] == 0 ? [] : Array(1..<x.shape[0]) + [0], axis: 0)
}

/// Each sample mixed with the next one.
private func mixed<Scalar: TensorFloat>(_ x: Tensor<Scalar>, _ share: Double) -> Tensor<Scalar> {
  x * Scalar(share) + shifted(x) * Scalar(1 - share)
}

/// Stops if samples cannot be mixed.
private func checkMixture<Scalar: TensorFloat>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ alpha: Double, _ operation: String
) {
  require(
    alpha > 0 && alpha.isFinite, "\(operation): expected an alpha above 0, got \(alpha)")
  require(
    x.rank > 0 && y.rank == 2 && x.shape[0] == y.shape[0],
    "\(operation): expected targets [samples, classes] for samples of shape \(x.shape), got shape "
      + "\(y.shape)" + (y.rank == 1 ? "; toCategorical makes them of labels" : ""))
}

extension RandomGenerator {
  /// A random number from the distribution Beta(alpha, alpha).
  fileprivate mutating func nextBeta(_ alpha: Double) -> Double {
    // Logarithms, because for small alpha the numbers would underflow.
    let (a, b) = (nextLogarithmOfGamma(alpha), nextLogarithmOfGamma(alpha))
    return 1 / (1 + exp(b - a))
  }

  /// The logarithm of a random number from the distribution Gamma(alpha, 1).
  ///
  /// Source: G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables", ACM
  /// Transactions on Mathematical Software 26, 2000.
  private mutating func nextLogarithmOfGamma(_ alpha: Double) -> Double {
    if alpha < 1 {
      return nextLogarithmOfGamma(alpha + 1) + log(1 - nextUniform()) / alpha
    }
    let d = alpha - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = nextNormal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      if v > 0, log(1 - nextUniform()) < x * x / 2 + d * (1 - v + log(v)) { return log(d * v) }
    }
  }
}
