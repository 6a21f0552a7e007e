// Which samples are for training and which for a look from outside: k folds, and splits that keep the
// share of each class. They are lists of numbers, so that one split serves several tensors, sets and
// tables.

import Layers
import Tensor

/// The numbers of the samples in the two parts of a split.
public struct SampleSplit: Sendable, Equatable {
  /// The samples to train on.
  public let train: [Int]
  /// The samples held back.
  public let test: [Int]
}

/// Splits samples into `folds` parts of nearly equal size, each of which is held back once: scikit-learn's
/// `KFold`.
///
/// ```swift
/// for fold in kFold(x.shape[0], folds: 5) {
///   var model = untrained
///   model.fit(x.rows(fold.train), y.rows(fold.train), epochs: 20)
///   scores.append(model.evaluate(x.rows(fold.test), y.rows(fold.test)).loss)
/// }
/// ```
///
/// - Parameters:
///   - count: the number of samples.
///   - folds: the number of parts, 2 to `count`.
///   - shuffled: whether the parts are chosen at random; otherwise they follow each other.
///   - seed: decides the order.
/// - Returns: a split for each part, with numbers in rising order.
public func kFold(
  _ count: Int, folds: Int = 5, shuffled: Bool = true, seed: UInt64 = 0
) -> [SampleSplit] {
  require(
    folds >= 2 && folds <= count,
    "kFold: \(count) samples cannot be split into \(folds) folds; expected 2 to the number of samples"
  )
  var generator = RandomGenerator(seed: seed)
  let order = shuffled ? generator.permutation(count) : Array(0..<count)
  var fold = [Int](repeating: 0, count: count)
  var begin = 0
  for index in 0..<folds {
    // The first parts take what is left over.
    let size = count / folds + (index < count % folds ? 1 : 0)
    for place in begin..<begin + size { fold[order[place]] = index }
    begin += size
  }
  return splits(fold, folds)
}

/// Splits samples into parts that hold the same share of each class, as nearly as can be: scikit-learn's
/// `StratifiedKFold`.
///
/// - Parameters:
///   - classes: the class of each sample.
///   - folds: the number of parts, at least 2 and at most the size of the largest class.
///   - seed: decides which samples of a class go where.
/// - Returns: a split for each part, with numbers in rising order.
public func stratifiedKFold(
  _ classes: [some Hashable], folds: Int = 5, seed: UInt64 = 0
) -> [SampleSplit] {
  let members = shuffledMembers(classes, seed)
  let largest = members.map(\.count).max() ?? 0
  require(
    folds >= 2 && folds <= largest,
    "stratifiedKFold: the largest class has \(largest) samples, got \(folds) folds; expected 2 to "
      + "that many")
  var fold = [Int](repeating: 0, count: classes.count)
  // Dealt out like cards, going on where the class before ended, the parts stay of one size.
  var next = 0
  for sample in members.joined() {
    fold[sample] = next
    next = (next + 1) % folds
  }
  return splits(fold, folds)
}

/// Holds back a share of the samples of each class: scikit-learn's `train_test_split` with `stratify`.
///
/// - Parameters:
///   - classes: the class of each sample.
///   - testShare: the share of samples held back; of each class it is rounded so that the whole comes
///     nearest.
///   - seed: decides which samples of a class go where.
/// - Returns: the split, with numbers in rising order.
public func stratifiedSplit(
  _ classes: [some Hashable], testShare: Double = 0.25, seed: UInt64 = 0
) -> SampleSplit {
  require(
    testShare >= 0 && testShare <= 1,
    "stratifiedSplit: the share of the test part must lie in 0...1, got \(testShare)")
  var isTest = [Bool](repeating: false, count: classes.count)
  var (seen, taken) = (0, 0)
  for members in shuffledMembers(classes, seed) {
    // Of all classes so far, the nearest number to their share.
    seen += members.count
    let wanted = Int((Double(seen) * testShare).rounded()) - taken
    for sample in members.prefix(max(0, wanted)) { isTest[sample] = true }
    taken += max(0, min(wanted, members.count))
  }
  return SampleSplit(
    train: isTest.indices.filter { !isTest[$0] }, test: isTest.indices.filter { isTest[$0] })
}

/// The samples of each class in random order, the classes in the order of their first samples.
private func shuffledMembers(_ classes: [some Hashable], _ seed: UInt64) -> [[Int]] {
  var place: [AnyHashable: Int] = [:]
  var members: [[Int]] = []
  for (sample, label) in classes.enumerated() {
    if let index = place[label] {
      members[index].append(sample)
    } else {
      place[label] = members.count
      members.append([sample])
    }
  }
  let generator = RandomGenerator(seed: seed)
  for index in members.indices {
    var own = generator.stream(index)
    own.shuffle(&members[index])
  }
  return members
}

/// The split for each part, from the part of each sample.
private func splits(_ fold: [Int], _ folds: Int) -> [SampleSplit] {
  (0..<folds).map { part in
    SampleSplit(
      train: fold.indices.filter { fold[$0] != part },
      test: fold.indices.filter { fold[$0] == part }
    )
  }
}
