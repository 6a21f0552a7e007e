// Samples from anywhere: tensors, arrays in files, a source of one's own, a stream without an end in
// sight. `fit` takes them a batch at a time; what was read ahead is in `Prefetcher.swift`, next.

import ArrayFiles
import Layers
import Tensor

/// Where samples come from that do not lie in memory.
///
/// ```swift
/// struct Waves: SampleSource {
///   let count = 1_000_000
///   func batch(of samples: [Int]) throws -> Batch<Float> {
///     let x = Tensor<Float>(samples.map { Float($0) }).expandingShape(at: -1)
///     return Batch(x: x, y: sin(x))
///   }
/// }
/// try model.fit(Dataset(Waves()), epochs: 3)
/// ```
/// `fit` asks from a thread of its own, for one batch at a time, ahead of training.
public protocol SampleSource<Scalar>: Sendable {
  /// The type that the network computes with.
  associatedtype Scalar: TensorFloat
  /// The number of samples.
  var count: Int { get }
  /// The samples of the given numbers, in that order.
  ///
  /// - Parameter samples: numbers in `0..<count`.
  /// - Returns: as many samples, in that order.
  /// - Throws: any error, which `fit` throws on.
  func batch(of samples: [Int]) throws -> Batch<Scalar>
}

/// Rows of numbers, one for each sample: a tensor, or an array that stays in its file.
public protocol SampleRows: Sendable {
  /// The sizes of the axes, the number of samples first.
  var shape: TensorShape { get }
  /// The given rows, in that order, as numbers that the network computes with.
  func samples<Scalar: TensorFloat>(_ numbers: [Int], as: Scalar.Type) throws -> Tensor<Scalar>
}

extension Tensor: SampleRows {
  /// The given rows, converted.
  public func samples<Number: TensorFloat>(
    _ numbers: [Int], as: Number.Type
  ) throws -> Tensor<Number> { Tensor<Number>(rows(numbers)) }
}

extension StoredArray: SampleRows {
  /// The given rows, read and converted.
  public func samples<Scalar: TensorFloat>(
    _ numbers: [Int], as: Scalar.Type
  ) throws -> Tensor<Scalar> {
    switch elementType.scalarType {
    case .bool: Tensor<Scalar>(try rows(numbers) as Tensor<Bool>)
    case .uint8: Tensor<Scalar>(try rows(numbers) as Tensor<UInt8>)
    case .int32: Tensor<Scalar>(try rows(numbers) as Tensor<Int32>)
    case .int64: Tensor<Scalar>(try rows(numbers) as Tensor<Int64>)
    case .uint64: Tensor<Scalar>(try rows(numbers) as Tensor<UInt64>)
    case .float32: Tensor<Scalar>(try rows(numbers) as Tensor<Float>)
    case .float64: Tensor<Scalar>(try rows(numbers) as Tensor<Double>)
    case .int8, .uint16, .int16, .uint32, .float16:
      fail("samples: \(elementType) has no type that computes")
    }
  }
}

/// Samples that `fit`, `evaluate` and `predict` take a batch at a time, wherever they are.
///
/// ```swift
/// let images = try StoredArray(contentsOfNPY: "images.npy")     // stays in its file, bytes
/// let data = Dataset<Float>(images, labels).map { $0.x *= 1 / 255 }
/// try model.fit(data, epochs: 10)
/// ```
/// It is a value; what is changed about it changes a copy.
public struct Dataset<Scalar: TensorFloat>: Sendable {
  /// Changes a batch before it is computed, such as by moving pictures about.
  public typealias Transform = @Sendable (inout Batch<Scalar>) throws -> Void

  enum Content: Sendable {
    case memory(Samples<Scalar>)
    case source(any SampleSource<Scalar>)
    case stream(SampleStream<Scalar>)
  }
  var content: Content
  /// The samples of a source that belong to the set, in their order; nil for all.
  var subset: [Int]?
  var transforms: [Transform] = []
  /// How many batches are read ahead.
  var readAhead = 2
  /// What the tensors are called; empty if they are known by their order.
  private(set) var inputNames: [String] = []
  private(set) var targetNames: [String] = []

  init(_ content: Content) { self.content = content }

  /// Samples and their targets, one row each.
  ///
  /// Tensors of other numbers than `Scalar` and arrays in files are converted a batch at a time, so that
  /// they take no more memory than they do.
  ///
  /// - Parameters:
  ///   - x: the samples.
  ///   - y: the targets, as many.
  ///   - weights: how much each sample counts in the loss, [samples].
  public init(_ x: some SampleRows, _ y: some SampleRows, weights: Tensor<Scalar>? = nil) {
    self.init(inputs: [x], targets: [y], weights: weights.map { [$0] } ?? [])
  }

  /// Samples of several inputs and targets by the names that the network has for them.
  ///
  /// ```swift
  /// Dataset<Float>(inputs: ["image": images, "text": words], targets: ["class": labels])
  /// ```
  ///
  /// - Parameters:
  ///   - inputs: a row per sample for each input.
  ///   - targets: a row per sample for each output.
  ///   - weights: how much each sample counts in the loss of an output, [samples], for each of `targets`
  ///     in their order, or one for all.
  public init(
    inputs: KeyValuePairs<String, any SampleRows>,
    targets: KeyValuePairs<String, any SampleRows> = [:], weights: [Tensor<Scalar>] = []
  ) {
    self.init(inputs: inputs.map(\.value), targets: targets.map(\.value), weights: weights)
    inputNames = inputs.map(\.key)
    targetNames = targets.map(\.key)
  }

  /// Samples of several inputs and targets in the network's order.
  public init(
    inputs: [any SampleRows], targets: [any SampleRows] = [], weights: [Tensor<Scalar>] = []
  ) {
    require(!inputs.isEmpty, "Dataset: samples need at least one input")
    let shapes = (inputs + targets + weights).map(\.shape)
    let count = shapes[0].first ?? 0
    require(
      count > 0, "Dataset: there are no samples, the first input has shape \(shapes[0])")
    require(
      shapes.allSatisfy { $0.first == count },
      "Dataset: the numbers of samples differ: shapes "
        + shapes.map(\.description).joined(separator: ", "))
    require(
      weights.count <= 1 || weights.count == targets.count,
      "Dataset: \(weights.count) lists of weights do not fit \(targets.count) targets")
    let here = (inputs + targets).compactMap { $0 as? Tensor<Scalar> }
    if here.count == shapes.count - weights.count {
      let (x, y) = (Array(here[..<inputs.count]), Array(here[inputs.count...]))
      self.init(.memory(Samples(inputs: x, targets: y, weights: weights)))
    } else {
      self.init(.source(RowSource(inputs: inputs, targets: targets, weights: weights)))
    }
  }

  /// The samples of a source of one's own.
  public init(_ source: some SampleSource<Scalar>) {
    require(source.count > 0, "Dataset: the source has \(source.count) samples")
    self.init(.source(source))
  }

  /// Samples that a closure makes.
  ///
  /// - Parameters:
  ///   - count: the number of samples.
  ///   - batch: gives the samples of some numbers in `0..<count`, in that order; it is called on a thread
  ///     of its own, for one batch after another.
  public init(count: Int, batch: @escaping @Sendable (_ samples: [Int]) throws -> Batch<Scalar>) {
    self.init(ClosureSource(count: count, closure: batch))
  }

  /// Samples that come one after another, nobody knows how many.
  ///
  /// ```swift
  /// Dataset<Float>(shuffleBuffer: 10_000) { epoch in
  ///   var reader = try LogReader(path)                     // begins anew in each epoch
  ///   return { try reader.nextBatch() }                    // nil at the end
  /// }
  /// ```
  /// Batches of any size are cut to the size that `fit` asks for. Training that goes on inside of an epoch
  /// reads what was done before and drops it.
  ///
  /// - Parameters:
  ///   - shuffleBuffer: how many samples are held to give one of them at random, where `fit` shuffles;
  ///     0 keeps their order.
  ///   - begin: begins an epoch, counted from 0; the closure that it returns gives one batch after
  ///     another and nil at the end.
  public init(
    shuffleBuffer: Int = 0,
    stream begin: @escaping @Sendable (_ epoch: Int) throws -> (() throws -> Batch<Scalar>?)
  ) {
    require(
      shuffleBuffer >= 0, "Dataset: the shuffle buffer cannot be negative, got \(shuffleBuffer)")
    self.init(.stream(SampleStream(buffer: shuffleBuffer, begin: begin)))
  }

  /// The number of samples; nil if nobody knows.
  public var count: Int? {
    if let subset { return subset.count }
    return switch content {
    case .memory(let samples): samples.count
    case .source(let source): source.count
    case .stream: nil
    }
  }

  /// The same samples, each batch changed before it is computed.
  ///
  /// What is random about it should come from `Batch.random(forSample:)`; then the result depends on the
  /// seed alone, and not on how far it was read ahead.
  public func map(_ transform: @escaping Transform) -> Dataset {
    var result = self
    result.transforms.append(transform)
    return result
  }

  /// The same samples with another number of batches that are read ahead, on a thread of its own; 0 reads
  /// them when they are needed.
  public func readingAhead(_ batches: Int) -> Dataset {
    require(batches >= 0, "readingAhead: the number cannot be negative, got \(batches)")
    var result = self
    result.readAhead = batches
    return result
  }

  /// The samples of the given numbers, such as those of a fold.
  public func samples(_ numbers: [Int]) -> Dataset {
    guard let count else { fail("samples: a stream gives its samples in its own order only") }
    require(!numbers.isEmpty, "samples: no samples were chosen")
    for number in numbers {
      require(
        number >= 0 && number < count,
        "samples: there is no sample \(number), there are \(count), counted from 0")
    }
    var result = self
    if case .memory(let samples) = content {
      result.content = .memory(samples.rows(numbers))
    } else {
      result.subset = subset.map { all in numbers.map { all[$0] } } ?? numbers
    }
    return result
  }

  /// The samples without the last ones, and the last ones: Keras's `validation_split`.
  public func split(
    validationShare: Double
  ) -> (training: Dataset, validation: Dataset) {
    guard let count else {
      fail("fit: a stream cannot be split, pass validation data instead")
    }
    let kept = count - validationCount(of: count, share: validationShare)
    var (training, validation) = (self, self)
    if case .memory(let samples) = content {
      training.content = .memory(samples[0..<kept])
      validation.content = .memory(samples[kept..<count])
    } else {
      training.subset = subset.map { Array($0[..<kept]) } ?? Array(0..<kept)
      validation.subset = subset.map { Array($0[kept...]) } ?? Array(kept..<count)
    }
    return (training, validation)
  }

  /// The set with its tensors in the order of the given names, which are the network's; without names for
  /// the targets these stay as they are.
  func ordered(inputs: [String], targets: [String]? = nil, _ operation: String) -> Dataset {
    let inputPlaces = places(of: inputs, in: inputNames, "input", operation)
    let targetPlaces = targets.flatMap { places(of: $0, in: targetNames, "target", operation) }
    if inputPlaces == nil && targetPlaces == nil { return self }
    var result = self
    result.transforms = [
      { batch in
        if let inputPlaces { batch.inputs = inputPlaces.map { batch.inputs[$0] } }
        if let targetPlaces {
          batch.targets = targetPlaces.map { batch.targets[$0] }
          if batch.weights.count > 1 { batch.weights = targetPlaces.map { batch.weights[$0] } }
        }
      }
    ]
    if case .memory(let samples) = content {
      var batch = Batch(
        inputs: samples.inputs, targets: samples.targets, weights: samples.weights)
      try! result.transforms[0](&batch)
      result.content = .memory(
        Samples(inputs: batch.inputs, targets: batch.targets, weights: batch.weights))
      result.transforms = []
    }
    result.transforms += transforms
    (result.inputNames, result.targetNames) = (inputs, targets ?? targetNames)
    return result
  }

  /// Where each wanted name stands among those of the set; nil if they stand in order or have no names.
  private func places(
    of wanted: [String], in names: [String], _ kind: String, _ operation: String
  ) -> [Int]? {
    if names.isEmpty || names == wanted { return nil }
    for name in names where !wanted.contains(name) {
      fail("\(operation): " + unknownName(name, kind: "\(kind) of the network", known: wanted))
    }
    return wanted.map { name in
      guard let place = names.firstIndex(of: name) else {
        fail(
          "\(operation): the \(kind) \"\(name)\" of the network is missing, got "
            + names.joined(separator: ", "))
      }
      return place
    }
  }
}

/// How many of `count` samples are held back for validation; stops if that leaves one part empty.
func validationCount(of count: Int, share: Double) -> Int {
  require(
    share > 0 && share < 1, "fit: the validation split must lie in 0..<1, got \(share)")
  let kept = Int(Double(count) * (1 - share))
  require(
    kept > 0 && kept < count,
    "fit: a validation split of \(share) of \(count) samples leaves one part empty")
  return count - kept
}

/// Rows of tensors and files as a source.
private struct RowSource<Scalar: TensorFloat>: SampleSource {
  let inputs: [any SampleRows]
  let targets: [any SampleRows]
  let weights: [Tensor<Scalar>]

  var count: Int { inputs[0].shape[0] }

  func batch(of samples: [Int]) throws -> Batch<Scalar> {
    Batch(
      inputs: try inputs.map { try $0.samples(samples, as: Scalar.self) },
      targets: try targets.map { try $0.samples(samples, as: Scalar.self) },
      weights: weights.map { $0.rows(samples) })
  }
}

private struct ClosureSource<Scalar: TensorFloat>: SampleSource {
  let count: Int
  let closure: @Sendable ([Int]) throws -> Batch<Scalar>

  func batch(of samples: [Int]) throws -> Batch<Scalar> { try closure(samples) }
}
