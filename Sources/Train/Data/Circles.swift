// Two concentric circles: scikit-learn's `make_circles`, operation for operation, so that a seed
// gives the points printed in tutorials. The generator is Tensor's MersenneTwister.swift;
// Moons.swift and Blobs.swift work in the same way.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Makes points on two concentric circles (scikit-learn's `make_circles`).
///
/// The same seed gives the same numbers as scikit-learn, except for the last bit of a sine or
/// cosine. First the order and then the noise are drawn from one generator.
///
/// - Parameters:
///   - samples: the number of points, at least 1; the inner circle (class 1) gets the larger half.
///   - noise: the standard deviation of the noise on each coordinate.
///   - factor: the radius of the inner circle, in 0..<1; the outer one has radius 1.
///   - randomState: the seed of NumPy's legacy generator.
///   - shuffle: whether the points are in random order, or those of the outer circle first.
/// - Returns: the points, [samples, 2], and the classes 0 and 1, [samples].
public func makeCircles(
  samples: Int = 100, noise: Double? = nil, factor: Double = 0.8, randomState: UInt32,
  shuffle: Bool = true
) -> (x: Tensor<Double>, y: Tensor<Int>) {
  checkSamples(samples, "makeCircles")
  require(
    factor >= 0 && factor < 1, "makeCircles: got the factor \(factor), expected one from 0..<1")
  require(
    noise.map { $0 >= 0 } ?? true,
    "makeCircles: got the noise \(noise ?? 0), expected nil, or 0 or more")

  let outer = samples / 2
  var order = Array(0..<samples)
  var generator = MersenneTwister(seed: randomState)
  if shuffle { generator.shuffle(&order) }

  var x: [Double] = []
  x.reserveCapacity(2 * samples)
  for index in order {
    let isOuter = index < outer
    let (position, count) = isOuter ? (index, outer) : (index - outer, samples - outer)
    let angle = Double(position) * (2 * Double.pi / Double(count))
    let radius = isOuter ? 1 : factor
    x += [cos(angle) * radius, sin(angle) * radius]
  }
  if let noise {
    for i in x.indices { x[i] += noise * generator.nextNormal() }
  }
  return (Tensor(x, shape: [samples, 2]), Tensor(order.map { $0 < outer ? 0 : 1 }))
}
