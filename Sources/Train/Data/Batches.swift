// The batches of an epoch. Samples in memory are copied into tensors that are reused in every step;
// without shuffling, a batch is a view and nothing is copied. All other samples are read ahead:
// `Prefetcher.swift`.

import Autograd
import Layers
import Tensor

/// Samples in memory, along the first axis of each tensor.
struct Samples<Scalar: TensorFloat>: Sendable {
  var inputs: [Tensor<Scalar>]
  var targets: [Tensor<Scalar>]
  /// The weight of each sample in the loss, for all outputs or for each; empty if all count
  /// equally.
  var weights: [Tensor<Scalar>] = []

  var count: Int { inputs[0].shape[0] }
  /// The first input.
  var x: Tensor<Scalar> { inputs[0] }
  /// The first target.
  var y: Tensor<Scalar> { targets[0] }

  /// The samples in a range, as views.
  subscript(range: Range<Int>) -> Samples {
    Samples(
      inputs: inputs.map { $0[range] }, targets: targets.map { $0[range] },
      weights: weights.map { $0[range] })
  }

  /// The samples with the given numbers.
  func rows(_ numbers: [Int]) -> Samples {
    Samples(
      inputs: inputs.map { $0.rows(numbers) }, targets: targets.map { $0.rows(numbers) },
      weights: weights.map { $0.rows(numbers) })
  }
}

/// A position within an epoch, from which training can continue.
struct Interruption: Sendable {
  /// The number of samples done.
  let position: Int
  /// The number of samples in a batch and in the epoch; for a stream, whose length is unknown, one
  /// more than were done.
  let batchSize: Int, samples: Int
  /// The state of the epoch's random generator at that position.
  let generator: RandomGenerator
}

/// Iterates over samples in batches, in order or shuffled.
struct Batches<Scalar: TensorFloat> {
  private let data: Dataset<Scalar>
  /// The samples, if they are in memory and used unchanged.
  private let memory: Samples<Scalar>?
  private let batchSize: Int
  private let isShuffled: Bool
  /// The number of samples; nil if it is unknown.
  private let count: Int?
  /// The order of samples; empty for the original order.
  private var order: [Int] = []
  private var position = 0
  private var reader: Prefetcher<Scalar>?
  /// The current batch, set by `advance()`.
  private(set) var batch: Batch<Scalar>

  init(_ data: Dataset<Scalar>, batchSize: Int, shuffled: Bool) {
    self.data = data
    count = data.count
    self.batchSize = min(batchSize, count ?? batchSize)
    isShuffled = shuffled
    if case .memory(let samples) = data.content, data.transforms.isEmpty {
      memory = samples
      func rows(_ tensors: [Tensor<Scalar>]) -> [Tensor<Scalar>] {
        tensors.map { Tensor(uninitialized: $0.shape.replacing(axis: 0, with: 0)) }
      }
      batch = Batch(
        inputs: rows(samples.inputs), targets: rows(samples.targets),
        weights: rows(samples.weights))
    } else {
      memory = nil
      batch = Batch(inputs: [])
    }
    if shuffled, let count { order = Array(0..<count) }
  }

  /// Starts an epoch; if shuffled, the order depends only on the generator.
  ///
  /// - Parameters:
  ///   - epoch: the number of the epoch, counted from 0.
  ///   - generator: the epoch's random generator, advanced by drawing the order.
  ///   - place: where the epoch was interrupted; used only if the batches are the same.
  /// - Returns: whether the epoch continues from `place`.
  /// - Throws: any error from starting a stream.
  @discardableResult
  mutating func begin(
    epoch: Int = 0, using generator: inout RandomGenerator, from place: Interruption? = nil
  ) throws -> Bool {
    position = 0
    reader?.cancel()
    batch.order = []
    batch.places = 0..<0
    let epochGenerator = generator
    var streamGenerator = generator
    if !order.isEmpty {
      for index in order.indices { order[index] = index }
      generator.shuffle(&order)
    } else if isShuffled && count == nil {
      streamGenerator = generator.split()
    }
    var isResumed = false
    if let place, place.batchSize == batchSize, place.samples == count ?? place.position + 1 {
      position = place.position
      isResumed = true
    }
    if memory == nil {
      reader = try makeReader(epoch, epochGenerator, streamGenerator)
      if count == nil && isResumed {
        for _ in 0..<(position + batchSize - 1) / batchSize { _ = try reader!.next() }
      }
    }
    return isResumed
  }

  /// Stops reading ahead.
  func cancel() { reader?.cancel() }

  /// The position before the next batch; nil if there is none.
  func interruption(_ generator: RandomGenerator) -> Interruption? {
    position == count
      ? nil
      : Interruption(
        position: position, batchSize: batchSize, samples: count ?? position + 1,
        generator: generator)
  }

  /// Stores the next batch in `batch`; returns false at the end of the epoch.
  ///
  /// Tapes must have released the previous batch.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  mutating func advance() throws -> Bool {
    guard let memory else { return try read() }
    let end = min(position &+ batchSize, memory.count)
    guard position < end else { return false }
    let places = position..<end
    position = end
    batch.places = places
    if order.isEmpty {
      for i in memory.inputs.indices { batch.inputs[i] = memory.inputs[i][places] }
      for i in memory.targets.indices { batch.targets[i] = memory.targets[i][places] }
      for i in memory.weights.indices { batch.weights[i] = memory.weights[i][places] }
      return true
    }
    batch.order = order
    for i in memory.inputs.indices {
      Self.gather(memory.inputs[i], order, places, into: &batch.inputs[i])
    }
    for i in memory.targets.indices {
      Self.gather(memory.targets[i], order, places, into: &batch.targets[i])
    }
    for i in memory.weights.indices {
      Self.gather(memory.weights[i], order, places, into: &batch.weights[i])
    }
    return true
  }

  private mutating func read() throws -> Bool {
    batch = Batch(inputs: [])
    guard let next = try reader!.next() else { return false }
    batch = next
    position += batch.count
    return true
  }

  /// A reader for the batches of an epoch, from the given position on.
  private func makeReader(
    _ epoch: Int, _ epochGenerator: RandomGenerator, _ streamGenerator: RandomGenerator
  ) throws -> Prefetcher<Scalar> {
    let transforms = data.transforms
    func finish(_ batch: inout Batch<Scalar>) throws {
      batch.generator = epochGenerator
      for transform in transforms { try transform(&batch) }
      require(
        batch.isEven,
        "Dataset: the tensors of a batch differ in the number of samples: shapes "
          + (batch.inputs + batch.targets + batch.weights).map { "\($0.shape)" }
          .joined(separator: ", "))
    }
    if case .stream(let stream) = data.content {
      var cutter = StreamCutter(
        try stream.begin(epoch), batchSize: batchSize, buffer: isShuffled ? stream.buffer : 0,
        generator: streamGenerator)
      return Prefetcher(depth: data.readAhead) {
        guard var batch = try cutter.nextBatch() else { return nil }
        try finish(&batch)
        return batch
      }
    }
    let source: any SampleSource<Scalar> =
      switch data.content {
      case .memory(let samples): MemorySource(samples: samples)
      case .source(let source): source
      case .stream: fail("unreachable")
      }
    let (order, subset, count, size) = (order, data.subset, count!, batchSize)
    var position = position
    return Prefetcher(depth: data.readAhead) {
      guard position < count else { return nil }
      let places = position..<min(position + size, count)
      position = places.upperBound
      var numbers = order.isEmpty ? Array(places) : Array(order[places])
      if let subset { numbers = numbers.map { subset[$0] } }
      var batch = try source.batch(of: numbers)
      require(
        batch.isEven && batch.count == numbers.count,
        "Dataset: the source was asked for \(numbers.count) samples and gave tensors of shapes "
          + (batch.inputs + batch.targets + batch.weights).map { "\($0.shape)" }
          .joined(separator: ", "))
      batch.order = numbers
      batch.places = numbers.indices
      try finish(&batch)
      return batch
    }
  }

  /// Copies the given rows; static because a method would hold a second reference to the target,
  /// and `mutableBase` would then copy it.
  @inline(__always)
  private static func gather(
    _ source: Tensor<Scalar>, _ order: [Int], _ places: Range<Int>,
    into target: inout Tensor<Scalar>
  ) {
    if target.shape[0] != places.count {
      target = Tensor(uninitialized: source.shape.replacing(axis: 0, with: places.count))
    }
    let width = source.count / source.shape[0]
    let (from, to) = (source.base, target.mutableBase)
    order.withUnsafeBufferPointer { rows in
      let rows = rows.baseAddress! + places.lowerBound
      Parallel.overRows(places.count, of: width) { start, count in
        if width < 8 {
          // Calling a function for each row would take longer than the copy itself.
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

/// Samples in memory as a source, used if batches are transformed.
private struct MemorySource<Scalar: TensorFloat>: SampleSource {
  let samples: Samples<Scalar>

  var count: Int { samples.count }

  func batch(of numbers: [Int]) -> Batch<Scalar> {
    let rows = samples.rows(numbers)
    return Batch(inputs: rows.inputs, targets: rows.targets, weights: rows.weights)
  }
}
