// Pads rows of different lengths to one length, and groups rows of similar length into batches.

import Layers
import Tensor

/// The end of a row at which it is padded or truncated.
public enum RowEnd: Sendable {
  /// At the beginning: Keras's `pre`.
  case beginning
  /// At the end: Keras's `post`.
  case end
}

/// Makes a tensor from rows of different lengths (Keras's `pad_sequences`).
///
/// ```swift
/// padSequences([[3, 1], [4, 1, 5]], padding: .end)       // [[3, 1, 0], [4, 1, 5]]
/// ```
///
/// - Parameters:
///   - rows: the rows.
///   - length: the length of all rows; by default that of the longest.
///   - padding: the end at which short rows are padded.
///   - truncating: the end at which long rows are truncated.
///   - value: the padding value.
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

/// Groups samples of similar length into batches, so that little padding is needed.
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
///   - batchSize: the maximum number of samples in a batch.
///   - bucketWidth: samples share a bucket if their lengths, divided by it and rounded up, are
///     equal.
///   - seed: the seed for shuffling samples in a bucket and the batches; nil does not shuffle.
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
