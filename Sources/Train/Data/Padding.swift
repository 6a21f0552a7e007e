// Rows of different lengths brought to one length, and put together with rows about as long.

import Layers
import Tensor

/// Where numbers are added to a row that is too short, or taken from one that is too long.
public enum RowEnd: Sendable {
  /// At its beginning: Keras's `pre`.
  case beginning
  /// At its end: Keras's `post`.
  case end
}

/// Rows of different lengths as a tensor: Keras's `pad_sequences`.
///
/// ```swift
/// padSequences([[3, 1], [4, 1, 5]], padding: .end)       // [[3, 1, 0], [4, 1, 5]]
/// ```
///
/// - Parameters:
///   - rows: the rows.
///   - length: the length of all rows; that of the longest if left out.
///   - padding: where short rows are filled up.
///   - truncating: where long rows lose numbers.
///   - value: what is filled in.
/// - Returns: the rows, [rows, length].
public func padSequences<Scalar: TensorNumber>(
  _ rows: [[Scalar]], length: Int? = nil, padding: RowEnd = .beginning,
  truncating: RowEnd = .beginning, value: Scalar = 0
) -> Tensor<Scalar> {
  let length = length ?? rows.map(\.count).max() ?? 0
  require(length >= 0, "padSequences: the length cannot be negative, got \(length)")
  var numbers: [Scalar] = []
  numbers.reserveCapacity(rows.count * length)
  for row in rows {
    let kept = truncating == .beginning ? row.suffix(length) : row.prefix(length)
    let filling = repeatElement(value, count: length - kept.count)
    if padding == .beginning { numbers += filling }
    numbers += kept
    if padding == .end { numbers += filling }
  }
  return Tensor(numbers, shape: [rows.count, length])
}

/// Puts samples of about the same length into batches together, so that little is filled up.
///
/// ```swift
/// for batch in bucketedBatches(lengths: rows.map(\.count), batchSize: 32) {
///   let x = padSequences(batch.map { rows[$0] })
///   …
/// }
/// ```
///
/// - Parameters:
///   - lengths: the length of each sample.
///   - batchSize: the largest number of samples in a batch.
///   - bucketWidth: samples whose lengths, divided by it, are equal when rounded up share a bucket.
///   - seed: decides the order of samples in a bucket and that of batches; nil keeps both.
/// - Returns: the numbers of the samples of each batch.
public func bucketedBatches(
  lengths: [Int], batchSize: Int, bucketWidth: Int = 8, seed: UInt64? = 0
) -> [[Int]] {
  require(
    batchSize > 0 && bucketWidth > 0,
    "bucketedBatches: batch size and width must be positive, got \(batchSize) and \(bucketWidth)")
  let buckets = Dictionary(grouping: lengths.indices) {
    lengths[$0] / bucketWidth + (lengths[$0] % bucketWidth > 0 ? 1 : 0)
  }
  var generator = RandomGenerator(seed: seed ?? 0)
  var batches: [[Int]] = []
  for (_, members) in buckets.sorted(by: { $0.key < $1.key }) {
    var members = members
    if seed != nil { generator.shuffle(&members) }
    for begin in stride(from: 0, to: members.count, by: batchSize) {
      batches.append(Array(members[begin..<min(begin + batchSize, members.count)]))
    }
  }
  guard seed != nil else { return batches }
  return generator.permutation(batches.count).map { batches[$0] }
}
