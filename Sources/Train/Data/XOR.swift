// Exclusive or: the smallest problem that a single perceptron cannot solve and two layers can.
// Next: Rounding.swift.

import Tensor

/// Makes points in the square from -1 to 1; class 1 if their coordinates differ in sign (exclusive
/// or).
///
/// Each quadrant gets a quarter of the points, uniformly distributed; class 1 is at the upper left
/// and lower right. The points are in random order. Noise is added last, so strong noise moves
/// points of one class among those of the other.
///
/// - Parameters:
///   - samples: the number of points, at least 1; the quadrants' sizes differ by at most one.
///   - noise: the standard deviation of the normal noise added to each coordinate.
///   - seed: the seed for the points, their order and the noise.
/// - Returns: the points, [samples, 2], and the classes 0 and 1, [samples].
public func makeXOR(
  samples: Int = 100, noise: Double = 0, seed: UInt64
) -> (x: Tensor<Double>, y: Tensor<Int>) {
  checkSamples(samples, "makeXOR")
  require(noise >= 0, "makeXOR: got the noise \(noise), expected 0 or more")
  var generator = RandomGenerator(seed: seed)
  var x: [Double] = []
  x.reserveCapacity(2 * samples)
  var y: [Int] = []
  for index in generator.permutation(samples) {
    // The signs of the four quadrants: (+, +), (-, +), (-, -), (+, -).
    let quadrant = index % 4
    for isNegative in [quadrant == 1 || quadrant == 2, quadrant >= 2] {
      let distance = 1 - generator.nextUniform()  // from (0, 1]: never on an axis
      x.append((isNegative ? -distance : distance) + noise * generator.nextNormal())
    }
    y.append(quadrant % 2)
  }
  return (Tensor(x, shape: [samples, 2]), Tensor(y))
}
