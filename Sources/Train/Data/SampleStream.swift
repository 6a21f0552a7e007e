// Streams of samples: regrouped into batches of another size and shuffled through a buffer.

import Layers
import Tensor

/// A stream that can be restarted for each epoch.
struct SampleStream<Scalar: TensorFloat>: Sendable {
  /// The number of samples in the shuffle buffer.
  let buffer: Int
  /// Starts an epoch.
  let begin: @Sendable (_ epoch: Int) throws -> (() throws -> Batch<Scalar>?)
}

/// The batches of one epoch of a stream.
struct StreamCutter<Scalar: TensorFloat> {
  private let next: () throws -> Batch<Scalar>?
  private let batchSize: Int
  private let buffer: Int
  private var generator: RandomGenerator
  /// The last batch of the stream, and how many of its samples were taken.
  private var current: Batch<Scalar>?
  private var taken = 0
  private var arrived = 0
  private var hasEnded = false
  /// The samples in the buffer, each as a batch of one, and their numbers.
  private var waiting: [(sample: Batch<Scalar>, number: Int)] = []

  /// - Parameters:
  ///   - next: returns batches of any size, nil at the end.
  ///   - batchSize: the size of the resulting batches.
  ///   - buffer: the size of the shuffle buffer; 0 for none.
  ///   - generator: the random generator for shuffling.
  init(
    _ next: @escaping () throws -> Batch<Scalar>?, batchSize: Int, buffer: Int,
    generator: RandomGenerator
  ) {
    self.next = next
    self.batchSize = batchSize
    self.buffer = buffer
    self.generator = generator
  }

  /// The next batch, of which the last may be shorter; nil at the end.
  mutating func nextBatch() throws -> Batch<Scalar>? {
    // A batch of the right size is passed on unchanged.
    if buffer == 0, try fill(), taken == 0, let whole = current, whole.count == batchSize {
      var batch = whole
      batch.places = arrived..<arrived + batchSize
      arrived += batchSize
      taken = batchSize
      return batch
    }
    var parts: [Batch<Scalar>] = []
    var numbers: [Int] = []
    while numbers.count < batchSize, let (part, number) = try nextPart(batchSize - numbers.count) {
      parts.append(part)
      numbers += number
    }
    guard !parts.isEmpty else { return nil }
    var batch = parts.count == 1 ? parts[0] : Batch(joining: parts)
    batch.order = numbers
    batch.places = numbers.indices
    return batch
  }

  /// At most `limit` samples and their numbers; nil at the end.
  private mutating func nextPart(_ limit: Int) throws -> (Batch<Scalar>, [Int])? {
    if buffer == 0 {
      guard try fill(), let whole = current else { return nil }
      let count = min(limit, whole.count - taken)
      defer {
        taken += count
        arrived += count
      }
      return (whole[taken..<taken + count], Array(arrived..<arrived + count))
    }
    while waiting.count < buffer, try fill(), let whole = current {
      waiting.append((whole[taken..<taken + 1].copied(), arrived))
      taken += 1
      arrived += 1
    }
    guard !waiting.isEmpty else { return nil }
    let chosen = generator.nextInteger(below: waiting.count)
    waiting.swapAt(chosen, waiting.count - 1)
    let (sample, number) = waiting.removeLast()
    return (sample, [number])
  }

  /// Makes sure that `current` has a sample left; returns false at the end.
  private mutating func fill() throws -> Bool {
    while !hasEnded, current == nil || taken == current!.count {
      current = try next()
      taken = 0
      if let current {
        require(
          current.isEven,
          "Dataset: the tensors of a batch differ in the number of samples: shapes "
            + (current.inputs + current.targets + current.weights).map { "\($0.shape)" }
            .joined(separator: ", "))
      } else {
        hasEnded = true
      }
    }
    return !hasEnded
  }
}

extension Batch {
  /// The samples in a range, as views.
  subscript(range: Range<Int>) -> Batch {
    Batch(
      inputs: inputs.map { $0[range] }, targets: targets.map { $0[range] },
      weights: weights.map { $0[range] })
  }

  /// A copy of the batch with separate memory.
  func copied() -> Batch {
    Batch(
      inputs: inputs.map { $0.copied() }, targets: targets.map { $0.copied() },
      weights: weights.map { $0.copied() })
  }

  /// The samples of several batches, one after another.
  init(joining parts: [Batch]) {
    func joined(_ tensors: KeyPath<Batch, [Tensor<Scalar>]>) -> [Tensor<Scalar>] {
      parts[0][keyPath: tensors].indices.map { index in
        concatenate(parts.map { $0[keyPath: tensors][index] }, axis: 0)
      }
    }
    self.init(inputs: joined(\.inputs), targets: joined(\.targets), weights: joined(\.weights))
  }
}
