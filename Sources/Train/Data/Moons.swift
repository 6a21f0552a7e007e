// Two interleaving half circles: scikit-learn's `make_moons`, operation for operation.
// Next: Blobs.swift.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Makes points on two interleaving half circles (scikit-learn's `make_moons`).
///
/// The same seed gives the same numbers as scikit-learn, except for the last bit of a sine or
/// cosine.
/// With the angle a from 0 to pi,
/// ```
/// class 0: (cos a, sin a)      class 1: (1 - cos a, 1/2 - sin a)
/// ```
///
/// - Parameters:
///   - samples: the number of points, at least 1; class 1, the lower moon, gets the larger half.
///   - noise: the standard deviation of the noise on each coordinate.
///   - randomState: the seed of NumPy's legacy generator.
///   - shuffle: whether the points are in random order, or those of the upper moon first.
/// - Returns: the points, [samples, 2], and the classes 0 and 1, [samples].
public func makeMoons(
  samples: Int = 100, noise: Double? = nil, randomState: UInt32, shuffle: Bool = true
) -> (x: Tensor<Double>, y: Tensor<Int>) {
  checkSamples(samples, "makeMoons")
  require(
    noise.map { $0 >= 0 } ?? true,
    "makeMoons: got the noise \(noise ?? 0), expected nil, or 0 or more")

  let upper = samples / 2
  var order = Array(0..<samples)
  var generator = MersenneTwister(seed: randomState)
  if shuffle { generator.shuffle(&order) }

  var x: [Double] = []
  x.reserveCapacity(2 * samples)
  for index in order {
    if index < upper {
      let angle = halfTurn(index, of: upper)
      x += [cos(angle), sin(angle)]
    } else {
      let angle = halfTurn(index - upper, of: samples - upper)
      x += [1 - cos(angle), 1 - sin(angle) - 0.5]
    }
  }
  if let noise {
    for i in x.indices { x[i] += noise * generator.nextNormal() }
  }
  return (Tensor(x, shape: [samples, 2]), Tensor(order.map { $0 < upper ? 0 : 1 }))
}

/// The angle at a position of `linspace(0, pi, count)`, whose last element is exactly pi.
private func halfTurn(_ position: Int, of count: Int) -> Double {
  if position == 0 { return 0 }
  return position == count - 1 ? .pi : Double(position) * (.pi / Double(count - 1))
}
