// Batches, gathered straight from the samples: rows are copied into a tensor that is kept from step to
// step; without shuffling not even that, a batch is a view.

import Autograd
import Tensor

/// Samples and their targets, along the first axis.
struct Samples<Scalar: TensorFloat> {
  var x: Tensor<Scalar>
  var y: Tensor<Scalar>
  /// How much each sample counts in the loss; nil if all count alike.
  var weights: Tensor<Scalar>?

  var count: Int { x.shape[0] }

  /// The samples without the last ones, and the last ones: Keras's `validation_split`.
  func split(validationShare: Double) -> (training: Samples, validation: Samples) {
    require(
      validationShare > 0 && validationShare < 1,
      "fit: the validation split must lie in 0..<1, got \(validationShare)")
    let kept = Int(Double(count) * (1 - validationShare))
    require(
      kept > 0 && kept < count,
      "fit: a validation split of \(validationShare) of \(count) samples leaves one part empty")
    return (
      Samples(x: x[..<kept], y: y[..<kept], weights: weights?[..<kept]),
      Samples(x: x[kept...], y: y[kept...], weights: weights?[kept...])
    )
  }
}

/// A place inside of an epoch, from which training can go on.
struct Interruption: Sendable {
  /// The number of samples done.
  let position: Int
  /// The number of samples in a batch and in the epoch.
  let batchSize: Int, samples: Int
  /// The epoch's source of randomness as it was there.
  let generator: RandomGenerator
}

/// An iteration over samples in batches, in order or shuffled.
struct Batches<Scalar: TensorFloat> {
  private let samples: Samples<Scalar>
  private let batchSize: Int
  /// The order of samples; empty means their own.
  private var order: [Int]
  private var position = 0
  private var x: Tensor<Scalar>
  private var y: Tensor<Scalar>
  private var weights: Tensor<Scalar>?

  init(_ samples: Samples<Scalar>, batchSize: Int, shuffled: Bool) {
    self.samples = samples
    self.batchSize = min(batchSize, samples.count)
    order = shuffled ? Array(0..<samples.count) : []
    let rows = shuffled ? self.batchSize : 0
    x = Tensor(uninitialized: samples.x.shape.replacing(axis: 0, with: rows))
    y = Tensor(uninitialized: samples.y.shape.replacing(axis: 0, with: rows))
    weights = samples.weights.map { _ in Tensor(uninitialized: [rows]) }
  }

  /// Starts an epoch: from the first sample, in an order that the generator alone decides if shuffled.
  mutating func begin(using generator: inout RandomGenerator) {
    position = 0
    guard !order.isEmpty else { return }
    for index in order.indices { order[index] = index }
    generator.shuffle(&order)
  }

  /// The place before the next batch; nil if there is none.
  func interruption(_ generator: RandomGenerator) -> Interruption? {
    position == samples.count
      ? nil
      : Interruption(
        position: position, batchSize: batchSize, samples: samples.count, generator: generator)
  }

  /// The numbers of the samples in the batch that `next(on:)` gave last, which had `count` of them.
  func samples(ofLast count: Int) -> [Int] {
    let places = position - count..<position
    return order.isEmpty ? Array(places) : Array(order[places])
  }

  /// Goes on at a place of an earlier iteration; not if that was over other batches.
  mutating func resume(at place: Interruption) -> Bool {
    guard place.batchSize == batchSize && place.samples == samples.count else { return false }
    position = place.position
    return true
  }

  /// Puts the next batch on a tape that was just reset; nil at the end of the epoch.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  mutating func next(
    on tape: Tape<Scalar>
  ) -> (x: Variable<Scalar>, y: Variable<Scalar>, weights: Variable<Scalar>?)? {
    let end = min(position + batchSize, samples.count)
    guard position < end else { return nil }
    defer { position = end }
    if order.isEmpty {
      return (
        tape.constant(samples.x[position..<end]), tape.constant(samples.y[position..<end]),
        samples.weights.map { tape.constant($0[position..<end]) }
      )
    }
    if end - position != x.shape[0] {
      x = Tensor(uninitialized: x.shape.replacing(axis: 0, with: end - position))
      y = Tensor(uninitialized: y.shape.replacing(axis: 0, with: end - position))
      weights = samples.weights.map { _ in Tensor(uninitialized: [end - position]) }
    }
    Self.gather(samples.x, order[position..<end], into: &x)
    Self.gather(samples.y, order[position..<end], into: &y)
    if let all = samples.weights { Self.gather(all, order[position..<end], into: &weights!) }
    return (tape.constant(x), tape.constant(y), weights.map { tape.constant($0) })
  }

  /// Copies the given rows; static, for a method would hold a second reference to the target and so make
  /// `mutableBase` copy it.
  private static func gather(
    _ source: Tensor<Scalar>, _ rows: ArraySlice<Int>, into target: inout Tensor<Scalar>
  ) {
    let width = source.count / source.shape[0]
    let (from, to) = (source.base, target.mutableBase)
    rows.withUnsafeBufferPointer { rows in
      let rows = rows.baseAddress!
      Parallel.overRows(target.shape[0], of: width) { start, count in
        if width < 8 {
          // A call for each row would take longer than the copy.
          var place = to + start &* width
          for row in start..<start &+ count {
            let sample = from + rows[row] &* width
            for column in 0..<width { place[column] = sample[column] }
            place += width
          }
        } else {
          for row in start..<start &+ count {
            (to + row &* width).update(from: from + rows[row] &* width, count: width)
          }
        }
      }
    }
  }
}
