// Converts samples to the types and shapes that the network and its losses expect.

import Autograd
import Layers
import Tensor

extension Model {
  /// Samples and targets in memory as a data set.
  func samples<X: TensorNumber, Y: TensorScalar>(
    _ x: Tensor<X>, _ y: Tensor<Y>, weights: Tensor<Scalar>? = nil, _ operation: String
  ) -> Dataset<Scalar> {
    require(
      x.rank > 0 && x.shape[0] > 0, "\(operation): there are no samples, x has shape \(x.shape)")
    require(
      y.rank > 0 && y.shape[0] == x.shape[0],
      "\(operation): \(x.shape[0]) samples and targets of shape \(y.shape) differ in number")
    if let weights {
      require(
        weights.shape == [x.shape[0]],
        "\(operation): sample weights of shape \(weights.shape) do not fit \(x.shape[0]) samples, one "
          + "number for each is expected")
    }
    return Dataset(
      .memory(
        Samples(
          inputs: [Tensor<Scalar>(x)], targets: [Tensor<Scalar>(y)],
          weights: weights.map { [$0] } ?? [])))
  }

  /// Builds the network for the samples of a data set, unless it is built already.
  mutating func build(for data: Dataset<Scalar>) throws {
    guard shapes == nil else { return }
    let data = data.ordered(inputs: trained.inputs.map(\.name), "fit")
    guard let inputs = try data.first()?.inputs, inputs.allSatisfy({ $0.rank > 0 }) else { return }
    build(
      inputShapes: inputs.map { $0.rank == 1 ? [1] : TensorShape($0.shape.dropFirst()) })
  }

  /// The data set with samples in the shapes that the network and its loss expect; stops if they do
  /// not fit.
  func fitted(_ data: Dataset<Scalar>, _ operation: String) throws -> Dataset<Scalar> {
    let (shapes, objectives) = (builtShapes(operation), objectives)
    let data = data.ordered(
      inputs: trained.inputs.map(\.name), targets: trained.outputNames, operation)
    return try data.mapInPlace { batch in
      require(
        batch.inputs.count == shapes.inputs.count && batch.targets.count == objectives.count
          && objectives.count == shapes.outputs.count,
        "\(operation): the samples have \(batch.inputs.count) inputs and \(batch.targets.count) targets, "
          + "the network takes \(shapes.inputs.count), gives \(shapes.outputs.count) and was compiled "
          + "with \(objectives.count) losses")
      batch.inputs = asSamples(batch.inputs, of: shapes.inputs, operation)
      for (index, objective) in objectives.enumerated() {
        var y = batch.targets[index]
        // Targets of one number each may have the axis of size 1 or not.
        let prediction = shapes.outputs[index].inserting(batch.count, at: 0)
        if y.rank == prediction.rank - 1 && prediction.last == 1 { y = y.expandingShape(at: -1) }
        objective.loss.check(predictionShape: prediction, targetShape: y.shape)
        batch.targets[index] = y.contiguous()
      }
      batch.weights = batch.weights.map { $0.contiguous() }
    }
  }

  func builtShapes(_ operation: String) -> (inputs: [TensorShape], outputs: [TensorShape]) {
    guard let shapes else {
      fail(
        "\(operation): the network is not built; fit it first or give its first layer an inputShape"
      )
    }
    return shapes
  }
}

/// Reshapes inputs to samples of the given shapes.
func asSamples<Scalar>(
  _ inputs: [Tensor<Scalar>], of shapes: [TensorShape], _ operation: String
) -> [Tensor<Scalar>] {
  zip(inputs, shapes).map { $0.withSamples(of: $1, operation).contiguous() }
}

/// The result of a body that can only throw if samples come from files or custom sources.
func withoutErrors<Result>(_ operation: String, _ body: () throws -> Result) -> Result {
  do {
    return try body()
  } catch {
    fail("\(operation): \(error)")
  }
}

extension Dataset {
  /// The samples, if all of them are in memory.
  var samplesInMemory: Samples<Scalar>? {
    guard case .memory(let samples) = content, transforms.isEmpty else { return nil }
    return samples
  }

  /// A batch of at least one sample, to find the shapes; nil if the data set is empty.
  func first() throws -> Batch<Scalar>? {
    if case .memory(let samples) = content, transforms.isEmpty {
      return Batch(inputs: samples.inputs, targets: samples.targets, weights: samples.weights)
    }
    var batches = Batches(readingAhead(0), batchSize: 1, shuffled: false)
    var generator = RandomGenerator(seed: 0)
    try batches.begin(using: &generator)
    return try batches.advance() ? batches.batch : nil
  }

  /// The data set with a transform that acts on each sample alike; applied only once to samples in
  /// memory.
  func mapInPlace(_ transform: @escaping Transform) throws -> Dataset {
    guard let samples = samplesInMemory else { return map(transform) }
    var batch = Batch(
      inputs: samples.inputs, targets: samples.targets, weights: samples.weights)
    try transform(&batch)
    var result = self
    result.content = .memory(
      Samples(inputs: batch.inputs, targets: batch.targets, weights: batch.weights))
    return result
  }

  /// The data set with each sample weighted by its class: a rounded class index, or the largest
  /// entry of a one-hot row.
  func weighted(byClass classWeight: [Int: Double]) throws -> Dataset {
    try mapInPlace { batch in
      require(
        batch.weights.isEmpty, "fit: give either class weights or sample weights, not both")
      require(
        batch.targets.count == 1,
        "fit: class weights are for one target, there are \(batch.targets.count); give weights for "
          + "the samples of each instead")
      let y = batch.y
      let width = y.rank > 1 ? y.shape[y.rank - 1] : 1
      require(
        y.count == y.shape[0] * width,
        "fit: class weights need one class per sample, the targets have shape \(y.shape)")
      let classes =
        width > 1
        ? y.argmax(axis: -1).elements
        : y.elements.map { label in
          guard let number = Int(exactly: Double(label).rounded()) else {
            fail("fit: class weights need class indices, got the target \(label)")
          }
          return number
        }
      batch.weights = [Tensor(classes.map { Scalar(classWeight[$0] ?? 1) })]
    }
  }
}

extension Tensor {
  /// The tensor as samples of the given shape; stops if its samples have another shape.
  func withSamples(of sample: TensorShape, _ operation: String) -> Tensor {
    if rank == sample.rank && sample.last == 1 {
      return expandingShape(at: -1).withSamples(of: sample, operation)
    }
    require(
      rank == sample.rank + 1 && shape.removing(axis: 0) == sample,
      "\(operation): an input of shape \(shape) does not hold samples of shape \(sample) along its "
        + "first axis, for which the network was built\(wayOut(to: sample))")
    return self
  }

  /// Advice on how to get samples of the given shape from this tensor, if it is easy to tell.
  private func wayOut(to sample: TensorShape) -> String {
    if shape == sample { return "; for one sample write x[.newAxis, ...]" }
    let given = TensorShape(shape.dropFirst())
    return rank > 1 && sample.rank == 1 && given.elementCount == sample.elementCount
      ? "; begin the network with Flatten(inputShape: \(given))" : ""
  }
}
