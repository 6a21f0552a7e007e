// The training loop. For each batch: forward, loss, gradients, update.
//
// Next on the way down: Layers' `Sequential.swift` for the forward way, Autograd's `Tape.swift` for the
// way back, `Optimizers/Optimizer.swift` for the update. What may interfere: `../Callbacks/Callback.swift`.

import Autograd
import Layers
import Tensor

extension Model {
  /// Trains the network, with Keras's semantics.
  ///
  /// Training continues from the current weights, and inside of an epoch if it was stopped there. The numbers of an epoch are means over its samples, taken
  /// while the weights change; the last, shorter batch is used. A loss that becomes NaN is reported on
  /// standard error. In a task that is cancelled, training ends with the batch at hand.
  /// Subnormal numbers are taken as zero, also by callbacks; see `withSubnormalsFlushed(_:)`.
  ///
  /// - Parameters:
  ///   - x: the samples along the first axis.
  ///   - y: the targets, as many as samples: numbers, class indices or one-hot rows, as the loss wants.
  ///   - epochs: the number of the last epoch, counted from 1.
  ///   - initialEpoch: how many epochs are taken as done; `epochs - initialEpoch` are trained. With
  ///     `model.epoch`, training that was interrupted goes on as if it had not been.
  ///   - batchSize: how many samples make one step.
  ///   - shuffle: whether each epoch sees the samples in a new order.
  ///   - validationSplit: the share of samples, from the end, that is held back and evaluated after
  ///     each epoch; split before shuffling.
  ///   - validationData: samples and targets to evaluate after each epoch instead.
  ///   - classWeight: how much samples of a class count in the training loss, 1 for classes left out.
  ///   - sampleWeight: how much each sample counts in the loss, [samples]; metrics do not see it.
  ///   - callbacks: what happens besides, such as `.earlyStopping(patience: 3)`.
  ///   - verbose: 0 prints nothing, 1 a bar, 2 a line per epoch.
  ///   - progressUnit: what the progress line counts.
  ///   - profile: whether a table at the end tells where the time went, and `History.profile` with it.
  ///   - hints: whether suspicious data and results are mentioned on standard error, each kind once.
  /// - Returns: the loss and the metrics of each epoch.
  @discardableResult
  public mutating func fit<X: TensorNumber, Y: TensorScalar>(
    _ x: Tensor<X>, _ y: Tensor<Y>, epochs: Int = 1, initialEpoch: Int = 0, batchSize: Int = 32,
    shuffle: Bool = true, validationSplit: Double = 0,
    validationData: (x: Tensor<X>, y: Tensor<Y>)? = nil,
    classWeight: [Int: Double]? = nil, sampleWeight: Tensor<Scalar>? = nil,
    callbacks: [Callback<Network>] = [], verbose: Verbosity = .bar,
    progressUnit: ProgressUnit = .step, profile: Bool = false, hints: Bool = true
  ) -> History {
    require(epochs >= 0, "fit: the number of epochs cannot be negative, got \(epochs)")
    let mode = FloatingPointMode.startFlushing()
    defer { mode.restore() }
    if shapes == nil && x.rank > 0 {
      build(inputShapes: [x.rank == 1 ? [1] : TensorShape(x.shape.dropFirst())])
    }
    var training = samples(x, y, weights: sampleWeight, batchSize: batchSize, "fit")
    if hints { hintAtData(training, validationShare: validationSplit) }
    var validation = validationData.map { samples($0.x, $0.y, batchSize: batchSize, "fit") }
    if validation == nil && validationSplit != 0 {
      (training, validation) = training.split(validationShare: validationSplit)
    }
    if let classWeight {
      require(
        sampleWeight == nil, "fit: give either class weights or sample weights, not both")
      training.weights = weights(ofClasses: classWeight, for: training.y)
    }

    let context = Context<Scalar>(isTraining: true)
    if profile { context.tape.profile = Profile() }
    var batches = Batches(training, batchSize: batchSize, shuffled: shuffle)
    var history = History()
    var state = TrainingState(epochs: epochs, initialEpoch: initialEpoch)
    for callback in callbacks { callback.trainingBegan?(&self, &state) }
    while state.epoch < epochs && !state.isStopped {
      state.beginEpoch()
      for callback in callbacks { callback.epochBegan?(&self, &state) }
      if state.isStopped { break }
      var progress = Progress(
        epoch: state.epoch, of: epochs, samples: training.count, batchSize: batchSize,
        verbosity: verbose, unit: progressUnit)
      let totals = train(&batches, in: context, &progress, &state, callbacks)
      if totals.isEmpty { break }
      if interruption == nil { epoch += 1 }
      state.measured = totals.means
      if state.measured[0].value.isNaN && !state.isStopped
        && !history["loss"].contains(where: \.isNaN)
      {
        warn(
          "fit: the loss became NaN in epoch \(state.epoch); lower the learning rate, or look for NaN "
            + "and very large numbers in the data")
      }
      if let validation {
        let result = evaluate(validation, batchSize: batchSize)
        state.measured += result.means.map { ("val_" + $0.name, $0.value) }
      }
      for callback in callbacks { callback.epochEnded?(&self, &state) }
      history.append(state.measured)
      progress.finish(state.measured)
    }
    for callback in callbacks { callback.trainingEnded?(&self, &state) }
    context.tape.reset()
    history.stopReason = state.stopReason
    if let profile = context.tape.profile {
      history.profile = profile.entries
      if verbose != .silent { print(profileTable(profile.entries, of: Scalar.self)) }
    }
    if hints { hintAtResult(training, history["loss"]) }
    return history
  }

  /// One epoch: for each batch forward, loss, gradients, update.
  @specialized(where Network == Sequential<Float>)
  private mutating func train(
    _ batches: inout Batches<Scalar>, in context: Context<Scalar>, _ progress: inout Progress,
    _ state: inout TrainingState, _ callbacks: [Callback<Network>]
  ) -> Totals {
    var totals = Totals(metrics: metrics)
    let isRegularized = trained.isRegularized
    let hasStepCallbacks = callbacks.contains {
      $0.stepBegan != nil || $0.lossComputed != nil || $0.gradientsComputed != nil
    }
    context.generator = generator.stream(epoch)
    let profile = context.tape.profile
    batches.begin(using: &context.generator)
    if let interruption, batches.resume(at: interruption) {
      state.batch = interruption.position / interruption.batchSize
      context.generator = interruption.generator
      progress.skip(interruption.position)
    }
    interruption = nil
    profile?.begin()
    while true {
      context.tape.reset()
      profile?.lap("reset")
      if hasStepCallbacks || state.isStopped {
        interruption = batches.interruption(context.generator)
        if state.isStopped && interruption != nil { return totals }
      }
      guard let batch = batches.next(on: context.tape) else { return totals }
      state.batch &+= 1
      profile?.lap("batch", bytes: 2 * (batch.x.byteCount + batch.y.byteCount))
      if hasStepCallbacks {
        for callback in callbacks { callback.stepBegan?(&self, &state) }
        if state.isStopped { return totals }
      }
      let prediction = trained(batch.x, in: context)
      let objective = objective(
        prediction, batch.y, weights: batch.weights, isRegularized: isRegularized, in: context)
      totals.add(objective, prediction, batch.y)
      profile?.lap("metrics", bytes: prediction.byteCount + batch.y.byteCount)
      if hasStepCallbacks {
        state.loss = Double(objective.scalar)
        for callback in callbacks { callback.lossComputed?(&self, &state) }
        if state.isStopped { return totals }
      }
      let gradients = context.tape.gradients(of: objective)
      if hasStepCallbacks {
        for callback in callbacks where callback.gradientsComputed != nil {
          let step = Step(
            gradients: gradients, loss: Double(objective.scalar), batch: batch,
            batches: batches, generator: interruption!.generator)
          callback.gradientsComputed!(self, step, &state)
        }
        if state.isStopped { return totals }
      }
      optimizer.update(&trained, along: gradients, state: &optimizerState)
      if context.hasAssignments { trained.applyAssignments(of: context) }
      profile?.lap("update", bytes: optimizerState.updateByteCount)
      progress.advance(by: batch.y.shape[0], totals)
      profile?.lap("progress")
      // Asking costs as much as a small kernel: only every so many steps.
      if state.batch % 16 == 0 && Task.isCancelled { state.stop("the task was cancelled") }
    }
  }

  /// What training makes small: the mean loss of a batch, weighted if there are weights, and the penalties.
  @inline(__always)
  func objective(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>, weights: Variable<Scalar>?,
    isRegularized: Bool, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    var losses = loss(prediction, target)
    if let weights {
      let ones = [Int](repeating: 1, count: max(0, losses.rank - 1))
      losses = losses * weights.reshaped(to: TensorShape([weights.shape[0]] + ones))
    }
    let mean = losses.mean()
    guard isRegularized, let penalty = trained.penalty(in: context) else { return mean }
    return mean + penalty
  }

  /// Measures loss and metrics on samples, without training.
  ///
  /// - Parameters:
  ///   - x: the samples along the first axis.
  ///   - y: the targets, as for `fit`.
  ///   - batchSize: how many samples are computed at once; it does not change the result.
  ///   - sampleWeight: how much each sample counts in the loss, [samples]; metrics do not see it.
  ///   - verbose: 0 prints nothing, 1 a bar, 2 a line.
  /// - Returns: the mean loss and metrics.
  public func evaluate<X: TensorNumber, Y: TensorScalar>(
    _ x: Tensor<X>, _ y: Tensor<Y>, batchSize: Int = 32, sampleWeight: Tensor<Scalar>? = nil,
    verbose: Verbosity = .bar
  ) -> Evaluation {
    let mode = FloatingPointMode.startFlushing()
    defer { mode.restore() }
    let samples = samples(x, y, weights: sampleWeight, batchSize: batchSize, "evaluate")
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
    let isRegularized = trained.isRegularized
    while true {
      context.tape.reset()
      guard let batch = batches.next(on: context.tape) else { break }
      let prediction = trained(batch.x, in: context)
      let objective = objective(
        prediction, batch.y, weights: batch.weights, isRegularized: isRegularized, in: context)
      totals.add(objective, prediction, batch.y)
      step(batch.y.shape[0], totals)
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

  /// Brings samples and targets into the type and the shapes that the network and the loss take.
  private func samples<X: TensorNumber, Y: TensorScalar>(
    _ x: Tensor<X>, _ y: Tensor<Y>, weights: Tensor<Scalar>? = nil, batchSize: Int,
    _ operation: String
  ) -> Samples<Scalar> {
    require(batchSize > 0, "\(operation): the batch size must be positive, got \(batchSize)")
    require(
      x.rank > 0 && x.shape[0] > 0, "\(operation): there are no samples, x has shape \(x.shape)")
    require(
      y.rank > 0 && y.shape[0] == x.shape[0],
      "\(operation): \(x.shape[0]) samples and targets of shape \(y.shape) differ in number")
    let shapes = builtShapes(operation)
    let x = Tensor<Scalar>(x).withSamples(of: shapes.inputs[0], operation)
    var y = Tensor<Scalar>(y)
    // Targets of one number each may come with or without the axis of size 1.
    let prediction = TensorShape([x.shape[0]] + Array(shapes.outputs[0]))
    if y.rank == prediction.rank - 1 && prediction.last == 1 { y = y.expandingShape(at: -1) }
    loss.check(predictionShape: prediction, targetShape: y.shape)
    if let weights {
      require(
        weights.shape == [x.shape[0]],
        "\(operation): sample weights of shape \(weights.shape) do not fit \(x.shape[0]) samples, one "
          + "number for each is expected")
    }
    return Samples(x: x.contiguous(), y: y.contiguous(), weights: weights?.contiguous())
  }

  /// The weight of each sample by its class: a class index, rounded, or the largest of a one-hot row.
  private func weights(
    ofClasses classWeight: [Int: Double], for y: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let width = y.rank > 1 ? y.shape[y.rank - 1] : 1
    require(
      y.count == y.shape[0] * width,
      "fit: class weights need one class per sample, the targets have shape \(y.shape)")
    let classes =
      width > 1 ? y.argmax(axis: -1).elements : y.elements.map { Int(Double($0).rounded()) }
    return Tensor(classes.map { Scalar(classWeight[$0] ?? 1) })
  }

  private func builtShapes(_ operation: String) -> (inputs: [TensorShape], outputs: [TensorShape]) {
    guard let shapes else {
      fail(
        "\(operation): the network is not built; fit it first or give its first layer an inputShape"
      )
    }
    return shapes
  }
}

extension Variable {
  fileprivate var byteCount: Int { shape.elementCount * MemoryLayout<Scalar>.stride }
}

extension Tensor {
  /// The tensor as samples of `shape`; stops if they have another.
  fileprivate func withSamples(of sample: TensorShape, _ operation: String) -> Tensor {
    if rank == sample.rank && sample.last == 1 {
      return expandingShape(at: -1).withSamples(of: sample, operation)
    }
    require(
      rank == sample.rank + 1 && shape.removing(axis: 0) == sample,
      "\(operation): an input of shape \(shape) does not hold samples of shape \(sample) along its "
        + "first axis, for which the network was built\(wayOut(to: sample))")
    return self
  }

  /// What makes samples of `shape` of this tensor, where that is easy to see.
  private func wayOut(to sample: TensorShape) -> String {
    if shape == sample { return "; for one sample write x[.newAxis, ...]" }
    let given = TensorShape(shape.dropFirst())
    return rank > 1 && sample.rank == 1 && given.elementCount == sample.elementCount
      ? "; begin the network with Flatten(inputShape: \(given))" : ""
  }
}
