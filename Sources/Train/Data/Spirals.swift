// Spirals that wind around each other: classes that no straight line, and no few of them, can part.
// Next: XOR.swift.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Points on spirals that start around the origin and end on the unit circle, and the spiral of each.
///
/// Of c spirals with n points each, point j = 1...n of number k lies at
/// ```
/// j / n (cos a, sin a),   a = 2 pi (k / c + turns j / n)
/// ```
/// The points come in random order.
///
/// - Parameters:
///   - samples: the number of points, 1 or more; classes differ by one at most, the first get more.
///   - classes: the number of spirals, 1 or more.
///   - noise: the standard deviation of the normal noise added to each coordinate.
///   - turns: how often a spiral winds around the origin, counterclockwise if positive.
///   - seed: decides order and noise.
/// - Returns: the points, [samples, 2], and the classes 0..<classes, [samples].
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
