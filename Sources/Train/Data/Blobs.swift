// Gaussian clusters: scikit-learn's `make_blobs`, operation for operation. All numbers come from
// one generator: the centres first, then the points cluster by cluster, then their order. Next:
// Spirals.swift, which uses the library's own generator.

import Tensor

/// Makes Gaussian clusters around random centres (scikit-learn's `make_blobs`).
///
/// The same seed gives the same numbers as scikit-learn.
///
/// - Parameters:
///   - samples: the number of points, at least 1; cluster sizes differ by at most one, the first
///     are larger.
///   - centers: the number of clusters, at least 1.
///   - features: the number of coordinates, at least 1.
///   - clusterStandardDeviation: the standard deviation of each coordinate from its centre.
///   - centerBox: the interval from which the coordinates of centres are drawn uniformly.
///   - randomState: the seed of NumPy's legacy generator.
///   - shuffle: whether the points are in random order, or cluster by cluster.
/// - Returns: the points, [samples, features], and their clusters 0..<centers, [samples].
public func makeBlobs(
  samples: Int = 100, centers: Int = 3, features: Int = 2, clusterStandardDeviation: Double = 1,
  centerBox: ClosedRange<Double> = -10...10, randomState: UInt32, shuffle: Bool = true
) -> (x: Tensor<Double>, y: Tensor<Int>) {
  require(centers >= 1, "makeBlobs: got \(centers) centers, expected 1 or more")
  require(features >= 1, "makeBlobs: got \(features) features, expected 1 or more")
  checkSamples(centers.multipliedSaturated(by: features), "makeBlobs")
  var generator = MersenneTwister(seed: randomState)
  let points = (0..<centers * features).map { _ in
    generator.nextUniform(from: centerBox.lowerBound, to: centerBox.upperBound)
  }
  return blobs(
    samples, around: points, features: features, deviation: clusterStandardDeviation,
    shuffle: shuffle, using: &generator)
}

/// Makes Gaussian clusters around given centres (scikit-learn's `make_blobs`).
///
/// ```swift
/// let (x, y) = makeBlobs(samples: 300, centers: [[0, 0], [5, 5]], randomState: 0)
/// ```
///
/// - Parameters:
///   - samples: the number of points, at least 1; cluster sizes differ by at most one, the first
///     are larger.
///   - centers: the centres, [clusters, features].
///   - clusterStandardDeviation: the standard deviation of each coordinate from its centre.
///   - randomState: the seed of NumPy's legacy generator.
///   - shuffle: whether the points are in random order, or cluster by cluster.
/// - Returns: the points, [samples, features], and their clusters, [samples].
public func makeBlobs(
  samples: Int = 100, centers: Tensor<Double>, clusterStandardDeviation: Double = 1,
  randomState: UInt32, shuffle: Bool = true
) -> (x: Tensor<Double>, y: Tensor<Int>) {
  require(
    centers.rank == 2 && centers.count > 0,
    "makeBlobs: got centers of shape \(centers.shape), expected [clusters, features]")
  var generator = MersenneTwister(seed: randomState)
  return blobs(
    samples, around: centers.elements, features: centers.shape[1],
    deviation: clusterStandardDeviation, shuffle: shuffle, using: &generator)
}

/// The points around the centres that `centers` holds one after the other.
private func blobs(
  _ samples: Int, around centers: [Double], features: Int, deviation: Double, shuffle: Bool,
  using generator: inout MersenneTwister
) -> (x: Tensor<Double>, y: Tensor<Int>) {
  checkSamples(samples, "makeBlobs")
  require(
    deviation >= 0,
    "makeBlobs: got the cluster standard deviation \(deviation), expected 0 or more")
  let clusters = centers.count / features
  var x: [Double] = []
  x.reserveCapacity(samples * features)
  var y: [Int] = []
  for cluster in 0..<clusters {
    let count = samples / clusters + (cluster < samples % clusters ? 1 : 0)
    let center = centers[cluster * features..<(cluster + 1) * features]
    for _ in 0..<count {
      for coordinate in center { x.append(coordinate + deviation * generator.nextNormal()) }
    }
    y += repeatElement(cluster, count: count)
  }
  let points = Tensor(x, shape: [samples, features])
  if !shuffle { return (points, Tensor(y)) }
  let order = generator.permutation(samples)
  return (points.rows(order), Tensor(order.map { y[$0] }))
}
