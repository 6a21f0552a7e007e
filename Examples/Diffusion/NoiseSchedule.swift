import Tensor
import Train

/// How a picture turns into noise, step by step, and back.
///
/// After t of T steps a picture x₀ is
///
///     x(t) = √k(t) x₀ + √(1 - k(t)) ε,     ε normal with mean 0 and variance 1,
///
/// where the share k(t) that is kept falls from 1 to almost 0 along a squared cosine.
///
/// Sources: J. Ho, A. Jain, P. Abbeel, "Denoising diffusion probabilistic models", 2020; the cosine:
/// A. Nichol, P. Dhariwal, "Improved denoising diffusion probabilistic models", 2021.
struct NoiseSchedule: Sendable {
  /// k(t) for t in 0...T.
  let kept: [Float]

  /// The number of steps, T.
  var steps: Int { kept.count - 1 }

  init(steps: Int) {
    let places = Tensor<Double>.linspace(from: 0, to: 1, count: steps + 1)
    let heights = square(cos((places + 0.008) / 1.008 * (.pi / 2))).elements
    var kept = [1.0]
    // No step removes more than 99.9 % of what is left.
    for step in 1...steps {
      kept.append(kept[step - 1] * max(heights[step] / heights[step - 1], 1e-3))
    }
    self.kept = kept.map { Float($0) }
  }

  /// What training sees of a picture: a random step, noise, and the picture with that noise.
  func noisy(
    _ picture: Tensor<Float>, using generator: inout RandomGenerator
  ) -> (step: Int, noise: Tensor<Float>, picture: Tensor<Float>) {
    let step = 1 + generator.nextInteger(below: steps)
    let noise = Tensor<Float>.normal(picture.shape, using: &generator)
    return (
      step, noise, picture * kept[step].squareRoot() + noise * (1 - kept[step]).squareRoot()
    )
  }

  /// Makes pictures from noise with a network that finds the noise in a picture.
  ///
  /// Each step back takes the picture that the network sees behind the noise, and draws x(t - 1) from
  /// its normal distribution given that picture and x(t).
  ///
  /// - Parameters:
  ///   - noise: x(T), [pictures, rows, columns, 1].
  ///   - generator: the source of randomness.
  ///   - predictNoise: returns ε for x(t) and t.
  /// - Returns: the pictures, in -1...1.
  func pictures(
    from noise: Tensor<Float>, using generator: inout RandomGenerator,
    predictNoise: (_ x: Tensor<Float>, _ step: Int) -> Tensor<Float>
  ) -> Tensor<Float> {
    var x = noise
    for step in (1...steps).reversed() {
      let (now, before) = (kept[step], kept[step - 1])
      let share = now / before
      let clean = ((x - predictNoise(x, step) * (1 - now).squareRoot()) / now.squareRoot())
        .clipped(to: -1...1)
      x =
        clean * (before.squareRoot() * (1 - share) / (1 - now))
        + x * (share.squareRoot() * (1 - before) / (1 - now))
      if step > 1 {
        let deviation = ((1 - share) * (1 - before) / (1 - now)).squareRoot()
        x += Tensor<Float>.normal(x.shape, using: &generator) * deviation
      }
    }
    return x
  }
}
