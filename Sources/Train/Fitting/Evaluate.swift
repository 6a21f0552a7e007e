// Running the network without training: `evaluate` and `predict`.

import Autograd
import Layers
import Tensor

extension Model {
  /// Measures the loss and metrics on samples, without training.
  ///
  /// - Parameters:
  ///   - x: the samples along the first axis.
  ///   - y: the targets, as for `fit`.
  ///   - batchSize: the number of samples computed at once; it does not affect the result.
  ///   - sampleWeight: the weight of each sample in the loss, [samples]; metrics ignore it.
  ///   - verbose: 0 prints nothing, 1 a progress bar, 2 a line.
  /// - Returns: the mean loss and the metrics.
  public func evaluate<X: TensorNumber, Y: TensorScalar>(
    _ x: Tensor<X>, _ y: Tensor<Y>, batchSize: Int = 32, sampleWeight: Tensor<Scalar>? = nil,
    verbose: Verbosity = .bar
  ) -> Evaluation {
    withoutErrors("evaluate") {
      try evaluate(
        samples(x, y, weights: sampleWeight, "evaluate"), batchSize: batchSize, verbose: verbose)
    }
  }

  /// Measures the loss and metrics on a data set of any source, without training.
  ///
  /// - Throws: any error from reading the samples.
  public func evaluate(
    _ data: Dataset<Scalar>, batchSize: Int = 32, verbose: Verbosity = .bar
  ) throws -> Evaluation {
    require(batchSize > 0, "evaluate: the batch size must be positive, got \(batchSize)")
    let mode = FloatingPointMode.startFlushing()
    defer { mode.restore() }
    for objective in objectives { objective.metrics.requireDistinctNames("evaluate") }
    var progress = Progress(
      epoch: nil, of: 1, samples: data.count ?? 0, batchSize: batchSize, verbosity: verbose,
      unit: .step)
    let means = try measured(on: fitted(data, "evaluate"), batchSize: batchSize) {
      progress.advance(by: $0, $1)
    }.means
    progress.finish(means)
    return Evaluation(
      loss: means[0].value,
      metrics: Dictionary(means.dropFirst().map { ($0.name, $0.value) }) { $1 })
  }

  /// The sums of the loss and metrics over samples whose shapes fit the network.
  func measured(
    on data: Dataset<Scalar>, batchSize: Int, _ step: (Int, Totals) -> Void = { _, _ in }
  ) throws -> Totals {
    let context = Context<Scalar>(isTraining: false)
    var batches = Batches(data, batchSize: batchSize, shuffled: false)
    defer { batches.cancel() }
    try batches.begin(using: &context.generator)
    var totals = Optional(Totals(objectives))
    let isRegularized = trained.isRegularized
    while true {
      context.tape.reset()
      guard try batches.advance() else { break }
      _ = forward(batches.batch, in: context, isRegularized: isRegularized, &totals)
      step(batches.batch.count, totals!)
    }
    return totals!
  }

  /// Computes the network's results for samples along the first axis.
  ///
  /// If a sample's last axis has size 1, the tensor may omit it: ten numbers are ten samples of a
  /// network with one input.
  ///
  /// - Parameters:
  ///   - x: the samples along the first axis.
  ///   - batchSize: the number of samples computed at once; it does not affect the result.
  ///   - verbose: 0 prints nothing, 1 a progress bar, 2 a line.
  /// - Returns: one result per sample, along the first axis.
  public func predict<X: TensorNumber>(
    _ x: Tensor<X>, batchSize: Int = 1024, verbose: Verbosity = .silent
  ) -> Tensor<Scalar> {
    require(batchSize > 0, "predict: the batch size must be positive, got \(batchSize)")
    let mode = FloatingPointMode.startFlushing()
    defer { mode.restore() }
    let shapes = builtShapes("predict")
    let x = Tensor<Scalar>(x).withSamples(of: shapes.inputs[0], "predict")
    var progress = Progress(
      epoch: nil, of: 1, samples: x.shape[0], batchSize: batchSize, verbosity: verbose, unit: .step)
    let result = predictions(for: x, of: shapes.outputs[0], batchSize, &progress)
    progress.finish([])
    return result
  }

  /// Computes the results of a network with one output for a data set of any source; ignores
  /// targets.
  ///
  /// - Throws: any error from reading the samples.
  public func predict(
    _ data: Dataset<Scalar>, batchSize: Int = 1024, verbose: Verbosity = .silent
  ) throws -> Tensor<Scalar> {
    let results = try predictOutputs(data, batchSize: batchSize, verbose: verbose)
    require(
      results.count == 1,
      "predict: the network has the outputs \(trained.outputNames.joined(separator: ", ")); "
        + "predictOutputs(_:) gives each by its name")
    return results.first!.value
  }

  /// Computes all results of a network for a data set of any source, keyed by output name.
  ///
  /// ```swift
  /// let results = try model.predictOutputs(Dataset(inputs: ["image": images, "text": words]))
  /// print(results["class"]!.argmax(axis: -1))
  /// ```
  ///
  /// - Parameters:
  ///   - data: the samples; targets are ignored.
  ///   - batchSize: the number of samples computed at once; it does not affect the result.
  ///   - verbose: 0 prints nothing, 1 a progress bar, 2 a line.
  /// - Returns: for each output one result per sample, along the first axis.
  /// - Throws: any error from reading the samples.
  public func predictOutputs(
    _ data: Dataset<Scalar>, batchSize: Int = 1024, verbose: Verbosity = .silent
  ) throws -> [String: Tensor<Scalar>] {
    require(batchSize > 0, "predict: the batch size must be positive, got \(batchSize)")
    let mode = FloatingPointMode.startFlushing()
    defer { mode.restore() }
    let shapes = builtShapes("predict")
    let (names, data) = (
      trained.outputNames, data.ordered(inputs: trained.inputs.map(\.name), "predict")
    )
    var progress = Progress(
      epoch: nil, of: 1, samples: data.count ?? 0, batchSize: batchSize, verbosity: verbose,
      unit: .step)
    let context = Context<Scalar>(isTraining: false)
    var batches = Batches(data, batchSize: batchSize, shuffled: false)
    defer { batches.cancel() }
    try batches.begin(using: &context.generator)
    var parts = names.map { _ in [Tensor<Scalar>]() }
    while true {
      context.tape.reset()
      guard try batches.advance() else { break }
      let inputs = batches.batch.inputs
      require(
        inputs.count == shapes.inputs.count,
        "predict: the samples have \(inputs.count) inputs, the network takes \(shapes.inputs.count)"
      )
      let variables = asSamples(inputs, of: shapes.inputs, "predict").map {
        context.tape.constant($0)
      }
      for (index, result) in trained(variables, in: context).enumerated() {
        parts[index].append(result.value.copied())
      }
      progress.advance(by: batches.batch.count, nil)
    }
    progress.finish([])
    require(!parts[0].isEmpty, "predict: there are no samples")
    return Dictionary(
      uniqueKeysWithValues: zip(names, parts).map { ($0, $1.count == 1 ? $1[0] : concatenate($1)) })
  }

  @specialized(where Network == Sequential<Float>)
  private func predictions(
    for x: Tensor<Scalar>, of shape: TensorShape, _ batchSize: Int, _ progress: inout Progress
  ) -> Tensor<Scalar> {
    let samples = x.shape[0]
    var result = Tensor<Scalar>(uninitialized: shape.inserting(samples, at: 0))
    let context = Context<Scalar>(isTraining: false)
    let width = shape.elementCount
    let base = result.mutableBase
    var start = 0
    while start < samples {
      context.tape.reset()
      let count = min(batchSize, samples &- start)
      let batch = count == samples ? x : x[start..<start &+ count]
      let prediction = trained(context.tape.constant(batch), in: context)
      require(
        prediction.shape.elementCount == count &* width,
        "predict: the network gave shape \(prediction.shape) for \(count) samples, it was built to "
          + "give \(shape) for each")
      (base + start &* width).copy(from: prediction.block.base, count: count &* width)
      progress.advance(by: count, nil)
      start &+= count
    }
    return result
  }
}
