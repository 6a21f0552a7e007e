// Samples held back for a test, chosen at random. `fit` holds back its validation samples itself, from
// the end and in order: Batches.swift.

import Tensor

/// Samples and targets in two parts, in random order: scikit-learn's `train_test_split`.
///
/// - Parameters:
///   - x: the samples along the first axis.
///   - y: the targets, as many as samples.
///   - testShare: the share of samples in the second part, rounded up.
///   - seed: decides the order.
/// - Returns: the two parts.
public func trainTestSplit<X: TensorScalar, Y: TensorScalar>(
  _ x: Tensor<X>, _ y: Tensor<Y>, testShare: Double = 0.25, seed: UInt64 = 0
) -> (train: (x: Tensor<X>, y: Tensor<Y>), test: (x: Tensor<X>, y: Tensor<Y>)) {
  require(
    x.rank > 0 && y.rank > 0 && x.shape[0] == y.shape[0],
    "trainTestSplit: samples of shape \(x.shape) and targets of shape \(y.shape) differ in number")
  require(
    testShare >= 0 && testShare <= 1,
    "trainTestSplit: the share of the test part must lie in 0...1, got \(testShare)")
  var generator = RandomGenerator(seed: seed)
  let order = generator.permutation(x.shape[0])
  let testCount = Int((Double(x.shape[0]) * testShare).rounded(.up))
  let test = Array(order.prefix(testCount))
  let train = Array(order.dropFirst(testCount))
  return ((x.rows(train), y.rows(train)), (x.rows(test), y.rows(test)))
}
