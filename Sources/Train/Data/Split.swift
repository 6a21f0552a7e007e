// Splits into training and test samples, and folds of a cross-validation. All of them start from
// indices, which select rows of tensors and tables. `fit` holds back its validation samples itself,
// from the end and in order: Batches.swift.

import ArrayFiles
import Layers
import Tensor

/// Splits the indices of samples into two parts, in random order.
///
/// ```swift
/// let (train, test) = trainTestIndices(x.shape[0], stratifiedBy: labels)
/// let (images, ages, labels) = (images.rows(train), ages.rows(train), labels.rows(train))
/// ```
/// - Parameters:
///   - count: the number of samples.
///   - testShare: the fraction of samples in the second part, rounded up.
///   - labels: a class for each sample; both parts then have the same fraction of each class, as
///     nearly as whole samples allow.
///   - seed: the seed for the order.
/// - Returns: the indices of the two parts.
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

/// Splits samples and targets into two parts, in random order (scikit-learn's `train_test_split`).
///
/// - Parameters:
///   - x: the samples along the first axis.
///   - y: the targets, as many as samples.
///   - testShare: the fraction of samples in the second part, rounded up.
///   - labels: a class for each sample; both parts then have the same fraction of each class.
///   - seed: the seed for the order.
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
  /// Splits the rows into two parts, in random order.
  ///
  /// - Parameters:
  ///   - testShare: the fraction of rows in the second part, rounded up.
  ///   - name: a column of classes; both parts then have the same fraction of each class.
  ///   - seed: the seed for the order.
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

/// The indices of samples for each fold of a cross-validation.
///
/// It is scikit-learn's `KFold` and, with labels, `StratifiedKFold`.
///
/// ```swift
/// for (train, test) in kFold(x.shape[0], folds: 5, stratifiedBy: labels) {
///   var model = makeModel()
///   model.fit(x.rows(train), y.rows(train))
///   scores.append(model.evaluate(x.rows(test), y.rows(test)).loss)
/// }
/// ```
/// Every sample is in exactly one test part; the sizes of these parts differ by at most one.
///
/// - Parameters:
///   - count: the number of samples.
///   - folds: the number of folds, at least 2 and at most the number of samples.
///   - labels: a class for each sample; all parts then have the same fraction of each class, as
///     nearly as whole samples allow.
///   - seed: the seed for the order; nil keeps the order of the samples.
/// - Returns: the training and test indices of each fold, each in ascending order.
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
    // Samples are dealt out class by class; each class continues where the previous one stopped.
    let classes = classRanks(labels, count: count, "kFold").ofRows
    order = order.enumerated().sorted { (classes[$0.1], $0.0) < (classes[$1.1], $1.0) }.map(\.1)
    for (place, position) in order.enumerated() { foldOf[position] = place % folds }
  } else {
    // The first folds have one more sample.
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

/// The number of test samples per class: the fraction of each, rounded down, plus one for the
/// classes with the largest remainders.
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
