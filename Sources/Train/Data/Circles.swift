// The arithmetic of scikit-learn's `make_circles`, operation for operation, so that a seed gives
// the points that the tutorials print. The generator behind it is Tensor's MersenneTwister.swift.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Returns the points of two circles around the origin, one inside the other, and their classes:
/// `sklearn.datasets.make_circles(samples, shuffle=shuffled, noise=noise,
/// random_state=randomState, factor=factor)`.
///
/// The outer circle of radius 1, class 0, gets the smaller half of the points, the inner one of
/// radius `factor`, class 1, the rest. Order and noise are drawn from one generator, in this order.
///
/// - Parameters:
///   - samples: The number of points, 1 or more.
///   - noise: The standard deviation of the normal noise added to every coordinate.
///   - factor: The inner radius, from 0..<1.
///   - randomState: The seed.
///   - shuffled: Whether the points come in random order, or the outer circle's first.
/// - Returns: The coordinates, two for a point, and the classes.
package func circlePoints(
  samples: Int, noise: Double?, factor: Double, randomState: UInt32, shuffled: Bool
) -> (x: [Double], y: [Int]) {
  require(samples >= 1, "circlePoints: got \(samples) samples, expected 1 or more")
  require(
    factor >= 0 && factor < 1, "circlePoints: got the factor \(factor), expected one from 0..<1")
  require(
    noise.map { $0 >= 0 } ?? true,
    "circlePoints: got the noise \(noise ?? 0), expected nil, or 0 or more")

  let outer = samples / 2
  var order = Array(0..<samples)
  var generator = MersenneTwister(seed: randomState)
  if shuffled {
    generator.shuffle(&order)
  }

  var x: [Double] = []
  x.reserveCapacity(2 * samples)
  for index in order {
    let isOuter = index < outer
    let (position, count) = isOuter ? (index, outer) : (index - outer, samples - outer)
    let angle = Double(position) * (2 * Double.pi / Double(count))
    let radius = isOuter ? 1 : factor
    x.append(cos(angle) * radius)
    x.append(sin(angle) * radius)
  }
  if let noise {
    for i in x.indices {
      x[i] += noise * generator.nextNormal()
    }
  }
  return (x, order.map { $0 < outer ? 0 : 1 })
}
