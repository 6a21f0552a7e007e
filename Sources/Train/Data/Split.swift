// Samples held back for a test or for each fold of a cross-validation. All of it begins with positions,
// which choose rows of tensors and tables. `fit` holds back its validation samples itself, from the end and
// in order: Batches.swift.

import ArrayFiles
import Layers
import Tensor

/// The positions of samples in two parts, in random order.
///
/// ```swift
/// let (train, test) = trainTestIndices(x.shape[0], stratifiedBy: labels)
/// let (images, ages, labels) = (images.rows(train), ages.rows(train), labels.rows(train))
/// ```
/// - Parameters:
///   - count: the number of samples.
///   - testShare: the share of samples in the second part, rounded up.
///   - labels: a class for each sample; both parts then have the same share of each class, as nearly as
///     whole samples allow.
///   - seed: decides the order.
/// - Returns: the positions of the two parts.
public func trainTestIndices(
  _ count: Int, testShare: Double = 0.25, stratifiedBy labels: [Int]? = nil, seed: UInt64 = 0
) -> (train: [Int], test: [Int]) {
  require(count >= 0, "trainTestIndices: got \(count) samples, expected 0 or more")
  require(
    testShare >= 0 && testShare <= 1,
    "trainTestSplit: the share of the test part must lie in 0...1, got \(testShare)")
  var generator = RandomGenerator(seed: seed)
  let order = generator.permutation(count)
  let testCount = Int((Double(count) * testShare).rounded(.up))
  guard let labels else {
    return (Array(order.dropFirst(testCount)), Array(order.prefix(testCount)))
  }
  let classes = classRanks(labels, count: count, "trainTestIndices")
  var left = testCounts(classes, total: testCount)
  var (train, test): ([Int], [Int]) = ([], [])
  for position in order {
    let rank = classes.ofRows[position]
    if left[rank] > 0 {
      left[rank] -= 1
      test.append(position)
    } else {
      train.append(position)
    }
  }
  return (train, test)
}

/// Samples and targets in two parts, in random order: scikit-learn's `train_test_split`.
///
/// - Parameters:
///   - x: the samples along the first axis.
///   - y: the targets, as many as samples.
///   - testShare: the share of samples in the second part, rounded up.
///   - labels: a class for each sample; both parts then have the same share of each class.
///   - seed: decides the order.
/// - Returns: the two parts.
public func trainTestSplit<X: TensorScalar, Y: TensorScalar>(
  _ x: Tensor<X>, _ y: Tensor<Y>, testShare: Double = 0.25, stratifiedBy labels: [Int]? = nil,
  seed: UInt64 = 0
) -> (train: (x: Tensor<X>, y: Tensor<Y>), test: (x: Tensor<X>, y: Tensor<Y>)) {
  require(
    x.rank > 0 && y.rank > 0 && x.shape[0] == y.shape[0],
    "trainTestSplit: samples of shape \(x.shape) and targets of shape \(y.shape) differ in number")
  let (train, test) = trainTestIndices(
    x.shape[0], testShare: testShare, stratifiedBy: labels, seed: seed)
  return ((x.rows(train), y.rows(train)), (x.rows(test), y.rows(test)))
}

extension Table {
  /// The rows in two parts, in random order.
  ///
  /// - Parameters:
  ///   - testShare: the share of rows in the second part, rounded up.
  ///   - name: a column of classes; both parts then have the same share of each class.
  ///   - seed: decides the order.
  /// - Returns: the two parts.
  public func trainTestSplit(
    testShare: Double = 0.25, stratifiedBy name: String? = nil, seed: UInt64 = 0
  ) -> (train: Table, test: Table) {
    let (train, test) = trainTestIndices(
      rowCount, testShare: testShare, stratifiedBy: name.map { column($0).ranks.ofRows }, seed: seed
    )
    return (rows(train), rows(test))
  }
}

/// The positions of samples for each fold of a cross-validation: scikit-learn's `KFold` and
/// `StratifiedKFold`.
///
/// ```swift
/// for (train, test) in kFold(x.shape[0], folds: 5, stratifiedBy: labels) {
///   var model = makeModel()
///   model.fit(x.rows(train), y.rows(train))
///   scores.append(model.evaluate(x.rows(test), y.rows(test)).loss)
/// }
/// ```
/// Every sample is in exactly one of the test parts, whose sizes differ by one at most.
///
/// - Parameters:
///   - count: the number of samples.
///   - folds: the number of parts, 2 or more and not more than samples.
///   - labels: a class for each sample; all parts then have the same share of each class, as nearly as
///     whole samples allow.
///   - seed: decides the order; nil keeps that of the samples.
/// - Returns: for each fold the positions to train with and those to test with, each in ascending order.
public func kFold(
  _ count: Int, folds: Int = 5, stratifiedBy labels: [Int]? = nil, seed: UInt64? = 0
) -> [(train: [Int], test: [Int])] {
  require(
    folds >= 2 && folds <= count,
    "kFold: got \(folds) folds of \(count) samples, expected from 2 to as many as samples")
  var order = Array(0..<count)
  if let seed {
    var generator = RandomGenerator(seed: seed)
    order = generator.permutation(count)
  }
  var foldOf = [Int](repeating: 0, count: count)
  if let labels {
    // Class after class, each dealt out where the one before it stopped.
    let classes = classRanks(labels, count: count, "kFold").ofRows
    order = order.enumerated().sorted { (classes[$0.1], $0.0) < (classes[$1.1], $1.0) }.map(\.1)
    for (place, position) in order.enumerated() { foldOf[position] = place % folds }
  } else {
    // The first folds have one sample more.
    for fold in 0..<folds {
      let size = count / folds
      let start = fold * size + min(fold, count % folds)
      for position in order[start..<start + size + (fold < count % folds ? 1 : 0)] {
        foldOf[position] = fold
      }
    }
  }
  return (0..<folds).map { fold in
    let positions = Array(0..<count)
    return (positions.filter { foldOf[$0] != fold }, positions.filter { foldOf[$0] == fold })
  }
}

private func classRanks(_ labels: [Int], count: Int, _ name: String) -> Ranks {
  require(
    labels.count == count, "\(name): \(labels.count) classes do not fit \(count) samples")
  return Table.Column.integers(labels).ranks
}

/// How many samples of each class go into the test part: the share of each, rounded down, and one more of
/// those that lost most by it.
private func testCounts(_ classes: Ranks, total: Int) -> [Int] {
  var sizes = [Int](repeating: 0, count: classes.count)
  for rank in classes.ofRows { sizes[rank] += 1 }
  let all = max(1, classes.ofRows.count)
  var counts = sizes.map { $0 * total / all }
  let remainders = sizes.map { $0 * total % all }
  let order = sizes.indices.sorted { (remainders[$1], $0) < (remainders[$0], $1) }
  for rank in order.prefix(total - counts.reduce(0, +)) { counts[rank] += 1 }
  return counts
}
