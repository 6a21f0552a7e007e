// Interleaving spirals: classes that are not separable by one line or a few.
// Next: XOR.swift.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Makes points on spirals that start near the origin and end on the unit circle.
///
/// For c spirals with n points each, point j = 1...n of spiral k lies at
/// ```
/// j / n (cos a, sin a),   a = 2 pi (k / c + turns j / n)
/// ```
/// The points are in random order.
///
/// - Parameters:
///   - samples: the number of points, at least 1; class sizes differ by at most one, the first are
///     larger.
///   - classes: the number of spirals, at least 1.
///   - noise: the standard deviation of the normal noise added to each coordinate.
///   - turns: the number of turns around the origin, counterclockwise if positive.
///   - seed: the seed for the order and the noise.
/// - Returns: the points, [samples, 2], and their classes 0..<classes, [samples].
public func makeSpirals(
  samples: Int = 100, classes: Int = 2, noise: Double = 0, turns: Double = 1, seed: UInt64
) -> (x: Tensor<Double>, y: Tensor<Int>) {
  checkSamples(samples, "makeSpirals")
  require(classes >= 1, "makeSpirals: got \(classes) classes, expected 1 or more")
  require(noise >= 0, "makeSpirals: got the noise \(noise), expected 0 or more")
  require(turns.isFinite, "makeSpirals: got \(turns) turns, expected a finite number")
  var generator = RandomGenerator(seed: seed)
  let order = generator.permutation(samples)
  var x: [Double] = []
  x.reserveCapacity(2 * samples)
  for index in order {
    let (position, spiral) = index.quotientAndRemainder(dividingBy: classes)
    let count = samples / classes + (spiral < samples % classes ? 1 : 0)
    let radius = Double(position + 1) / Double(count)
    let angle = 2 * Double.pi * (Double(spiral) / Double(classes) + turns * radius)
    x.append(radius * cos(angle) + noise * generator.nextNormal())
    x.append(radius * sin(angle) + noise * generator.nextNormal())
  }
  return (Tensor(x, shape: [samples, 2]), Tensor(order.map { $0 % classes }))
}
