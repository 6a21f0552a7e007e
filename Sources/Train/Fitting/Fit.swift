// The training loop. For each batch: forward, loss, gradients, update.
//
// Next on the way down: Layers' `Sequential.swift` for the forward way, Autograd's `Tape.swift` for the
// way back, `Optimizers/Optimizer.swift` for the update.

import Autograd
import Layers
import Tensor

extension Model {
  /// Trains the network, with Keras's semantics.
  ///
  /// Training continues from the current weights. The numbers of an epoch are means over its samples, taken
  /// while the weights change; the last, shorter batch is used. A loss that becomes NaN is reported on
  /// standard error.
  ///
  /// - Parameters:
  ///   - x: the samples along the first axis.
  ///   - y: the targets, as many as samples: numbers, class indices or one-hot rows, as the loss wants.
  ///   - epochs: how often all samples are seen.
  ///   - batchSize: how many samples make one step.
  ///   - shuffle: whether each epoch sees the samples in a new order.
  ///   - validationSplit: the share of samples, from the end, that is held back and evaluated after
  ///     each epoch; split before shuffling.
  ///   - validationData: samples and targets to evaluate after each epoch instead.
  ///   - verbose: 0 prints nothing, 1 a bar, 2 a line per epoch.
  ///   - progressUnit: what the progress line counts.
  /// - Returns: the loss and the metrics of each epoch.
  @discardableResult
  public mutating func fit<X: TensorNumber, Y: TensorScalar>(
    _ x: Tensor<X>, _ y: Tensor<Y>, epochs: Int = 1, batchSize: Int = 32, shuffle: Bool = true,
    validationSplit: Double = 0, validationData: (x: Tensor<X>, y: Tensor<Y>)? = nil,
    verbose: Verbosity = .bar, progressUnit: ProgressUnit = .step
  ) -> History {
    require(epochs >= 0, "fit: the number of epochs cannot be negative, got \(epochs)")
    if shapes == nil && x.rank > 0 {
      build(inputShape: x.rank == 1 ? [1] : TensorShape(x.shape.dropFirst()))
    }
    var training = samples(x, y, batchSize: batchSize, "fit")
    var validation = validationData.map { samples($0.x, $0.y, batchSize: batchSize, "fit") }
    if validation == nil && validationSplit != 0 {
      (training, validation) = training.split(validationShare: validationSplit)
    }

    let context = Context<Scalar>(isTraining: true, generator: generator.split())
    var batches = Batches(training, batchSize: batchSize, shuffled: shuffle)
    var history = History()
    for epoch in 1...max(1, epochs) where epoch <= epochs {
      var progress = Progress(
        epoch: epoch, of: epochs, samples: training.count, batchSize: batchSize,
        verbosity: verbose, unit: progressUnit)
      let totals = train(&batches, in: context, &progress)
      var measured = totals.means
      if measured[0].value.isNaN && !history["loss"].contains(where: \.isNaN) {
        warn(
          "fit: the loss became NaN in epoch \(epoch); lower the learning rate, or look for NaN and "
            + "very large numbers in the data")
      }
      if let validation {
        let result = evaluate(validation, batchSize: batchSize)
        measured += result.means.map { ("val_" + $0.name, $0.value) }
      }
      history.append(measured)
      progress.finish(measured)
    }
    context.tape.reset()
    return history
  }

  /// One epoch: for each batch forward, loss, gradients, update.
  @specialized(where Network == Sequential<Float>)
  private mutating func train(
    _ batches: inout Batches<Scalar>, in context: Context<Scalar>, _ progress: inout Progress
  ) -> Totals {
    var totals = Totals(metrics: metrics)
    batches.begin(using: &generator)
    while true {
      context.tape.reset()
      guard let (input, target) = batches.next(on: context.tape) else { return totals }
      let prediction = network(input, in: context)
      let objective = loss(prediction, target).mean()
      let gradients = context.tape.gradients(of: objective)
      totals.add(objective, prediction, target)
      optimizer.update(&network, along: gradients, state: &optimizerState)
      progress.advance(by: target.shape[0], totals)
    }
  }

  /// Measures loss and metrics on samples, without training.
  ///
  /// - Parameters:
  ///   - x: the samples along the first axis.
  ///   - y: the targets, as for `fit`.
  ///   - batchSize: how many samples are computed at once; it does not change the result.
  ///   - verbose: 0 prints nothing, 1 a bar, 2 a line.
  /// - Returns: the mean loss and metrics.
  public func evaluate<X: TensorNumber, Y: TensorScalar>(
    _ x: Tensor<X>, _ y: Tensor<Y>, batchSize: Int = 32, verbose: Verbosity = .bar
  ) -> Evaluation {
    let samples = samples(x, y, batchSize: batchSize, "evaluate")
    var progress = Progress(
      epoch: nil, of: 1, samples: samples.count, batchSize: batchSize, verbosity: verbose,
      unit: .step)
    let means = evaluate(samples, batchSize: batchSize) { progress.advance(by: $0, $1) }.means
    progress.finish(means)
    return Evaluation(
      loss: means[0].value,
      metrics: Dictionary(means.dropFirst().map { ($0.name, $0.value) }) { $1 })
  }

  private func evaluate(
    _ samples: Samples<Scalar>, batchSize: Int, _ step: (Int, Totals) -> Void = { _, _ in }
  ) -> Totals {
    let context = Context<Scalar>(isTraining: false)
    var batches = Batches(samples, batchSize: batchSize, shuffled: false)
    var totals = Totals(metrics: metrics)
    while true {
      context.tape.reset()
      guard let (input, target) = batches.next(on: context.tape) else { break }
      let prediction = network(input, in: context)
      totals.add(loss(prediction, target).mean(), prediction, target)
      step(target.shape[0], totals)
    }
    return totals
  }

  /// Computes the network's results for samples along the first axis.
  ///
  /// A tensor without the last axis is taken too if that axis has size 1, as ten numbers for a network
  /// of one input.
  ///
  /// - Parameters:
  ///   - x: the samples along the first axis.
  ///   - batchSize: how many samples are computed at once; it does not change the result.
  ///   - verbose: 0 prints nothing, 1 a bar, 2 a line.
  /// - Returns: one result per sample, along the first axis.
  public func predict<X: TensorNumber>(
    _ x: Tensor<X>, batchSize: Int = 1024, verbose: Verbosity = .silent
  ) -> Tensor<Scalar> {
    require(batchSize > 0, "predict: the batch size must be positive, got \(batchSize)")
    let shapes = builtShapes("predict")
    let x = Tensor<Scalar>(x).withSamples(of: shapes.input, "predict")
    var result = Tensor<Scalar>(
      uninitialized: TensorShape([x.shape[0]] + Array(shapes.output)))
    let context = Context<Scalar>(isTraining: false)
    let width = shapes.output.elementCount
    let base = result.mutableBase
    var progress = Progress(
      epoch: nil, of: 1, samples: x.shape[0], batchSize: batchSize, verbosity: verbose, unit: .step)
    for start in stride(from: 0, to: x.shape[0], by: batchSize) {
      context.tape.reset()
      let count = min(batchSize, x.shape[0] - start)
      let prediction = network(context.tape.constant(x[start..<start + count]), in: context)
      require(
        prediction.shape.elementCount == count * width,
        "predict: the network gave shape \(prediction.shape) for \(count) samples, it was built to "
          + "give \(shapes.output) for each")
      (base + start * width).copy(from: prediction.block.base, count: count * width)
      progress.advance(by: count, nil)
    }
    progress.finish([])
    return result
  }

  /// Brings samples and targets into the type and the shapes that the network and the loss take.
  private func samples<X: TensorNumber, Y: TensorScalar>(
    _ x: Tensor<X>, _ y: Tensor<Y>, batchSize: Int, _ operation: String
  ) -> Samples<Scalar> {
    require(batchSize > 0, "\(operation): the batch size must be positive, got \(batchSize)")
    require(
      x.rank > 0 && x.shape[0] > 0, "\(operation): there are no samples, x has shape \(x.shape)")
    require(
      y.rank > 0 && y.shape[0] == x.shape[0],
      "\(operation): \(x.shape[0]) samples and targets of shape \(y.shape) differ in number")
    let shapes = builtShapes(operation)
    let x = Tensor<Scalar>(x).withSamples(of: shapes.input, operation)
    var y = Tensor<Scalar>(y)
    // Targets of one number each may come with or without the axis of size 1.
    let prediction = TensorShape([x.shape[0]] + Array(shapes.output))
    if y.rank == prediction.rank - 1 && prediction.last == 1 { y = y.expandingShape(at: -1) }
    loss.check(predictionShape: prediction, targetShape: y.shape)
    return Samples(x: x.contiguous(), y: y.contiguous())
  }

  private func builtShapes(_ operation: String) -> (input: TensorShape, output: TensorShape) {
    guard let shapes else {
      fail(
        "\(operation): the network is not built; fit it first or give its first layer an inputShape"
      )
    }
    return shapes
  }
}

extension Tensor {
  /// The tensor as samples of `shape`; stops if they have another.
  fileprivate func withSamples(of sample: TensorShape, _ operation: String) -> Tensor {
    if rank == sample.rank && sample.last == 1 {
      return expandingShape(at: -1).withSamples(of: sample, operation)
    }
    require(
      rank == sample.rank + 1 && TensorShape(shape.dropFirst()) == sample,
      "\(operation): an input of shape \(shape) does not hold samples of shape \(sample) along its "
        + "first axis")
    return self
  }
}
