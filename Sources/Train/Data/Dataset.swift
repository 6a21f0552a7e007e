// Data sets of any source: tensors, arrays in files, custom sources, streams of unknown length.
// `fit` takes them batch by batch. Next: `Prefetcher.swift`, which reads ahead.

import ArrayFiles
import Layers
import Tensor

/// A source of samples that are not in memory.
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
/// `fit` calls it on a background thread, for one batch at a time, ahead of training.
public protocol SampleSource<Scalar>: Sendable {
  /// The number type of the network.
  associatedtype Scalar: TensorFloat
  /// The number of samples.
  var count: Int { get }
  /// The samples with the given numbers, in that order.
  ///
  /// - Parameter samples: numbers in `0..<count`.
  /// - Returns: a batch of these samples, in that order.
  /// - Throws: any error, which `fit` rethrows.
  func batch(of samples: [Int]) throws -> Batch<Scalar>
}

/// Rows of numbers, one per sample: a tensor, or an array that stays in its file.
public protocol SampleRows: Sendable {
  /// The shape, with the number of samples first.
  var shape: TensorShape { get }
  /// The given rows, in that order, converted to the network's number type.
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

/// A data set of any source, which `fit`, `evaluate` and `predict` read batch by batch.
///
/// ```swift
/// let images = try StoredArray(contentsOfNPY: "images.npy")     // stays in its file, bytes
/// let data = Dataset<Float>(images, labels).map { $0.x *= 1 / 255 }
/// try model.fit(data, epochs: 10)
/// ```
/// A data set is a value: methods such as `map` return a changed copy.
public struct Dataset<Scalar: TensorFloat>: Sendable {
  /// Changes a batch before it is used, for example by shifting images.
  public typealias Transform = @Sendable (inout Batch<Scalar>) throws -> Void

  enum Content: Sendable {
    case memory(Samples<Scalar>)
    case source(any SampleSource<Scalar>)
    case stream(SampleStream<Scalar>)
  }
  var content: Content
  /// The numbers of the samples in the data set, in order; nil for all samples of the source.
  var subset: [Int]?
  var transforms: [Transform] = []
  /// The number of batches to read ahead.
  var readAhead = 2
  /// The names of the inputs; empty if they are identified by their order.
  private(set) var inputNames: [String] = []
  private(set) var targetNames: [String] = []

  init(_ content: Content) { self.content = content }

  /// A data set of samples and targets, one row each.
  ///
  /// Tensors of other number types and arrays in files are converted batch by batch, so that they
  /// need no extra memory.
  ///
  /// - Parameters:
  ///   - x: the samples.
  ///   - y: the targets, as many as samples.
  ///   - weights: the weight of each sample in the loss, [samples].
  public init(_ x: some SampleRows, _ y: some SampleRows, weights: Tensor<Scalar>? = nil) {
    self.init(inputs: [x], targets: [y], weights: weights.map { [$0] } ?? [])
  }

  /// A data set with several inputs and targets, by their names in the network.
  ///
  /// ```swift
  /// Dataset<Float>(inputs: ["image": images, "text": words], targets: ["class": labels])
  /// ```
  ///
  /// - Parameters:
  ///   - inputs: the rows of each input, one per sample.
  ///   - targets: the rows of each output, one per sample.
  ///   - weights: the weights of samples in the loss, [samples]: one tensor for each of `targets`
  ///     in their order, or one for all.
  public init(
    inputs: KeyValuePairs<String, any SampleRows>,
    targets: KeyValuePairs<String, any SampleRows> = [:], weights: [Tensor<Scalar>] = []
  ) {
    self.init(inputs: inputs.map(\.value), targets: targets.map(\.value), weights: weights)
    inputNames = inputs.map(\.key)
    targetNames = targets.map(\.key)
  }

  /// A data set with several inputs and targets, in the network's order.
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

  /// A data set with the samples of a custom source.
  public init(_ source: some SampleSource<Scalar>) {
    require(source.count > 0, "Dataset: the source has \(source.count) samples")
    self.init(.source(source))
  }

  /// A data set whose samples are made by a closure.
  ///
  /// - Parameters:
  ///   - count: the number of samples.
  ///   - batch: returns the samples with the given numbers in `0..<count`, in that order; called on
  ///     a background thread, for one batch at a time.
  public init(count: Int, batch: @escaping @Sendable (_ samples: [Int]) throws -> Batch<Scalar>) {
    self.init(ClosureSource(count: count, closure: batch))
  }

  /// A data set that reads a stream of samples of unknown length.
  ///
  /// ```swift
  /// Dataset<Float>(shuffleBuffer: 10_000) { epoch in
  ///   var reader = try LogReader(path)                     // begins anew in each epoch
  ///   return { try reader.nextBatch() }                    // nil at the end
  /// }
  /// ```
  /// Batches of any size are regrouped to the size that `fit` needs. If training resumes within an
  /// epoch, the samples already used are read and skipped.
  ///
  /// - Parameters:
  ///   - shuffleBuffer: the number of samples in the buffer from which `fit` draws when it
  ///     shuffles; 0 keeps the order.
  ///   - begin: starts an epoch, counted from 0; the closure it returns gives the next batch on
  ///     each call, and nil at the end.
  public init(
    shuffleBuffer: Int = 0,
    stream begin: @escaping @Sendable (_ epoch: Int) throws -> (() throws -> Batch<Scalar>?)
  ) {
    require(
      shuffleBuffer >= 0, "Dataset: the shuffle buffer cannot be negative, got \(shuffleBuffer)")
    self.init(.stream(SampleStream(buffer: shuffleBuffer, begin: begin)))
  }

  /// The number of samples; nil if it is unknown.
  public var count: Int? {
    if let subset { return subset.count }
    return switch content {
    case .memory(let samples): samples.count
    case .source(let source): source.count
    case .stream: nil
    }
  }

  /// The data set with each batch transformed before it is used.
  ///
  /// Take random numbers from `Batch.random(forSample:)`. The result then depends only on the seed,
  /// and not on how many batches are read ahead.
  public func map(_ transform: @escaping Transform) -> Dataset {
    var result = self
    result.transforms.append(transform)
    return result
  }

  /// The data set with another number of batches to read ahead on a background thread; 0 reads them
  /// when they are needed.
  public func readingAhead(_ batches: Int) -> Dataset {
    require(batches >= 0, "readingAhead: the number cannot be negative, got \(batches)")
    var result = self
    result.readAhead = batches
    return result
  }

  /// The data set of the samples with the given numbers, such as those of a fold.
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

  /// Splits off the last samples (Keras's `validation_split`).
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

  /// The data set with its tensors in the order of the network's names; without names for the
  /// targets, their order is kept.
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

  /// The position of each requested name in the data set; nil if they are in order or have no
  /// names.
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

/// The number of samples held back for validation; stops if one part would be empty.
func validationCount(of count: Int, share: Double) -> Int {
  require(
    share > 0 && share < 1, "fit: the validation split must lie in 0..<1, got \(share)")
  let kept = Int(Double(count) * (1 - share))
  require(
    kept > 0 && kept < count,
    "fit: a validation split of \(share) of \(count) samples leaves one part empty")
  return count - kept
}

/// A source that reads rows of tensors and files.
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
