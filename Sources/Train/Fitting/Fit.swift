// The training loop: epochs, batches, callbacks, progress. Next: `Step.swift`, the step that
// updates the weights for one batch. Callbacks: `../Callbacks/Callback.swift`. Data:
// `../Data/Dataset.swift`.

import Autograd
import Layers
import Tensor

/// A custom training step: trains on a batch and returns numbers for the history, means over the
/// batch.
public typealias TrainingStep<Network: Layer> = (
  _ model: inout Model<Network>, _ batch: Batch<Network.Scalar>,
  _ context: Context<Network.Scalar>
) throws -> KeyValuePairs<String, Double>

extension Model {
  /// Trains the network, with Keras's semantics.
  ///
  /// Training continues from the current weights, and within an epoch if it was stopped there. The
  /// numbers of an epoch are means over its samples, measured while the weights change. The last
  /// batch may be shorter and is used too. A loss that becomes NaN is reported on standard error.
  /// If the task is cancelled, training ends after the current batch. Subnormal numbers are treated
  /// as zero, also in callbacks; see `withSubnormalsFlushed(_:)`.
  ///
  /// - Parameters:
  ///   - x: the samples along the first axis.
  ///   - y: one target per sample: numbers, class indices or one-hot rows, depending on the loss.
  ///   - epochs: the number of the last epoch, counted from 1.
  ///   - initialEpoch: the number of epochs already done; `epochs - initialEpoch` are trained. With
  ///     `model.epoch`, interrupted training continues as if it had not been interrupted.
  ///   - batchSize: the number of samples per step.
  ///   - accumulating: the number of batches per update of the weights, which uses their mean
  ///     gradient.
  ///   - shuffle: whether each epoch uses a new random order of the samples.
  ///   - validationSplit: the fraction of samples, taken from the end before shuffling, that is
  ///     held back and evaluated after each epoch.
  ///   - validationData: separate samples and targets to evaluate after each epoch instead.
  ///   - classWeight: the weight of each class in the training loss; 1 for classes not listed.
  ///   - sampleWeight: the weight of each sample in the loss, [samples]; metrics ignore it.
  ///   - callbacks: callbacks such as `.earlyStopping(patience: 3)`.
  ///   - verbose: 0 prints nothing, 1 a progress bar, 2 a line per epoch.
  ///   - progressUnit: what the progress line counts.
  ///   - profile: whether to measure where the time goes, for a table at the end and
  ///     `History.profile`.
  ///   - hints: whether to warn about suspicious data and results on standard error, once per kind.
  /// - Returns: the loss and the metrics of each epoch.
  @discardableResult
  public mutating func fit<X: TensorNumber, Y: TensorScalar>(
    _ x: Tensor<X>, _ y: Tensor<Y>, epochs: Int = 1, initialEpoch: Int = 0, batchSize: Int = 32,
    accumulating: Int = 1, shuffle: Bool = true, validationSplit: Double = 0,
    validationData: (x: Tensor<X>, y: Tensor<Y>)? = nil,
    classWeight: [Int: Double]? = nil, sampleWeight: Tensor<Scalar>? = nil,
    callbacks: [Callback<Network>] = [], verbose: Verbosity = .bar,
    progressUnit: ProgressUnit = .step, profile: Bool = false, hints: Bool = true
  ) -> History {
    let training = samples(x, y, weights: sampleWeight, "fit")
    let plan = Plan(
      epochs: epochs, initialEpoch: initialEpoch, batchSize: batchSize, accumulating: accumulating,
      shuffle: shuffle, validationSplit: validationSplit, classWeight: classWeight,
      callbacks: callbacks, verbose: verbose, unit: progressUnit, profile: profile, hints: hints)
    let validation = validationData.map { samples($0.x, $0.y, "fit") }
    return withoutErrors("fit") { try fit(training, validation, plan) }
  }

  /// Trains the network on a data set of any source; the result is bit-identical to that from
  /// memory.
  ///
  /// ```swift
  /// let data = Dataset<Float>(try StoredArray(contentsOfNPY: "x.npy"), labels)
  /// try model.fit(data, epochs: 5, batchSize: 128)
  /// ```
  /// A network with several inputs or outputs takes its samples by name:
  ///
  /// ```swift
  /// let data = Dataset<Float>(
  ///   inputs: ["image": images, "text": words], targets: ["class": classes, "age": ages])
  /// ```
  /// The parameters are those of `fit` for tensors; validation data are a data set too.
  ///
  /// With `step`, the closure trains on each batch, for example two networks in turn. It returns
  /// numbers for the history, which are means over the batch. Everything else, from the order of
  /// samples to callbacks and resuming, works as usual.
  ///
  /// ```swift
  /// try generator.fit(images, epochs: 10) { generator, batch, context in
  ///   let noise = Tensor<Float>.normal([batch.count, 16], using: &context.generator)
  ///   let judged = discriminator.step(in: context) { network, context in … }
  ///   let fooled = generator.step(in: context) { network, context in … }
  ///   return ["loss": fooled, "discriminator_loss": judged]
  /// }
  /// ```
  ///
  /// - Throws: any error from reading the samples or from `step`. The weights and the position in
  ///   training are then those after the last batch, so that training can continue.
  @discardableResult
  public mutating func fit(
    _ data: Dataset<Scalar>, epochs: Int = 1, initialEpoch: Int = 0, batchSize: Int = 32,
    accumulating: Int = 1, shuffle: Bool = true, validationSplit: Double = 0,
    validationData: Dataset<Scalar>? = nil, classWeight: [Int: Double]? = nil,
    callbacks: [Callback<Network>] = [], verbose: Verbosity = .bar,
    progressUnit: ProgressUnit = .step, profile: Bool = false, hints: Bool = true,
    step: TrainingStep<Network>? = nil
  ) throws -> History {
    let plan = Plan(
      epochs: epochs, initialEpoch: initialEpoch, batchSize: batchSize, accumulating: accumulating,
      shuffle: shuffle, validationSplit: validationSplit, classWeight: classWeight,
      callbacks: callbacks, verbose: verbose, unit: progressUnit, profile: profile, hints: hints,
      step: step)
    return try fit(data, validationData, plan)
  }

  /// The arguments of `fit`, except for the samples.
  private struct Plan {
    let epochs, initialEpoch, batchSize, accumulating: Int
    let shuffle: Bool
    let validationSplit: Double
    let classWeight: [Int: Double]?
    let callbacks: [Callback<Network>]
    let verbose: Verbosity
    let unit: ProgressUnit
    let profile, hints: Bool
    var step: TrainingStep<Network>?
  }

  private mutating func fit(
    _ data: Dataset<Scalar>, _ validationData: Dataset<Scalar>?, _ plan: Plan
  ) throws -> History {
    let mode = FloatingPointMode.startFlushing()
    defer { mode.restore() }
    let (epochs, batchSize, callbacks) = (plan.epochs, plan.batchSize, plan.callbacks)
    require(epochs >= 0, "fit: the number of epochs cannot be negative, got \(epochs)")
    require(batchSize > 0, "fit: the batch size must be positive, got \(batchSize)")
    require(
      plan.accumulating > 0,
      "fit: the number of batches for an update must be positive, got \(plan.accumulating)")
    for objective in objectives { objective.metrics.requireDistinctNames("fit") }
    try build(for: data)
    var training = try plan.step == nil ? fitted(data, "fit") : data
    var validation = try validationData.map { try fitted($0, "fit") }
    let watched = plan.hints && plan.step == nil ? training.samplesInMemory : nil
    if let watched { hintAtData(watched, validationShare: plan.validationSplit) }
    if validation == nil && plan.validationSplit != 0 {
      (training, validation) = training.split(validationShare: plan.validationSplit)
    }
    if let classWeight = plan.classWeight { training = try training.weighted(byClass: classWeight) }

    let context = Context<Scalar>(isTraining: true)
    if plan.profile { context.tape.profile = Profile() }
    var batches = Batches(training, batchSize: batchSize, shuffled: plan.shuffle)
    defer { batches.cancel() }
    var history = History()
    var state = TrainingState(epochs: epochs, initialEpoch: plan.initialEpoch)
    var samples = training.count ?? 0
    for callback in callbacks { callback.trainingBegan?(&self, &state) }
    while state.epoch < epochs && !state.isStopped {
      state.beginEpoch()
      for callback in callbacks { callback.epochBegan?(&self, &state) }
      if state.isStopped { break }
      var progress = Progress(
        epoch: state.epoch, of: epochs, samples: samples, batchSize: batchSize,
        verbosity: plan.verbose, unit: plan.unit)
      let isResumed = interruption != nil
      let totals: Totals
      do {
        totals = try train(&batches, in: context, &progress, &state, plan)
      } catch {
        for callback in callbacks { callback.trainingEnded?(&self, &state) }
        throw error
      }
      if totals.isEmpty {
        // A stream may have been interrupted after its last batch.
        guard isResumed && !state.isStopped else { break }
        epoch += 1
        continue
      }
      samples = training.count ?? totals.samples
      if interruption == nil { epoch += 1 }
      state.measured = totals.means
      if state.measured[0].value.isNaN && !state.isStopped
        && history.numbers(named: "loss")?.contains(where: \.isNaN) != true
      {
        warn(
          "fit: the loss became NaN in epoch \(state.epoch); lower the learning rate, or look for NaN "
            + "and very large numbers in the data")
      }
      if let validation {
        let result = try measured(on: validation, batchSize: batchSize)
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
      if plan.verbose != .silent { print(profileTable(profile.entries, of: Scalar.self)) }
    }
    if let watched { hintAtResult(watched, history.numbers(named: "loss") ?? []) }
    return history
  }

  /// One epoch: a step for each batch.
  @specialized(where Network == Sequential<Float>)
  private mutating func train(
    _ batches: inout Batches<Scalar>, in context: Context<Scalar>, _ progress: inout Progress,
    _ state: inout TrainingState, _ plan: Plan
  ) throws -> Totals {
    var totals = Optional(Totals(objectives))
    let callbacks = plan.callbacks
    let isRegularized = trained.isRegularized
    let isWatched = plan.step != nil || callbacks.contains { $0.seesSteps }
    context.generator = generator.stream(epoch)
    let profile = context.tape.profile
    let place = interruption
    if try batches.begin(epoch: epoch, using: &context.generator, from: place), let place {
      state.batch = place.position / place.batchSize
      context.generator = place.generator
      progress.skip(place.position)
    }
    interruption = nil
    accumulated = AccumulatedGradients()
    profile?.begin()
    while true {
      context.tape.reset()
      profile?.lap("reset")
      // Training can only be resumed where an update is complete.
      if (isWatched || state.isStopped) && state.batch % plan.accumulating == 0 {
        interruption = batches.interruption(context.generator)
      }
      if state.isStopped && interruption != nil { break }
      do {
        guard try batches.advance() else {
          interruption = nil
          break
        }
      } catch {
        if plan.accumulating == 1 { interruption = batches.interruption(context.generator) }
        throw error
      }
      state.batch &+= 1
      profile?.lap("batch", bytes: 2 * batches.batch.byteCount)
      if isWatched {
        for callback in callbacks { callback.stepBegan?(&self, &state) }
        if state.isStopped { break }
      }
      if let step = plan.step {
        let numbers = try step(&self, batches.batch, context)
        totals!.add(numbers, count: batches.batch.count)
        state.loss = numbers.first { $0.key == "loss" }?.value ?? .nan
      } else {
        let objective = forward(
          batches.batch, in: context, isRegularized: isRegularized, &totals)
        profile?.lap("metrics")
        if isWatched {
          state.loss = Double(objective.scalar)
          for callback in callbacks { callback.lossComputed?(&self, &state) }
          if state.isStopped { break }
        }
        let gradients = context.tape.gradients(of: objective)
        if isWatched {
          for callback in callbacks where callback.gradientsComputed != nil {
            let step = StepGradients(
              gradients: gradients, loss: state.loss, batch: batches.batch,
              generator: interruption?.generator ?? context.generator)
            callback.gradientsComputed!(&self, step, &state)
          }
          if state.isStopped { break }
        }
        if plan.accumulating == 1 {
          update(along: gradients, in: context)
        } else {
          keep(gradients, weight: Double(batches.batch.count), in: context)
          if state.batch % plan.accumulating == 0 { update() }
        }
      }
      profile?.lap("update", bytes: optimizerState.updateByteCount)
      if isWatched { for callback in callbacks { callback.stepEnded?(&self, &state) } }
      progress.advance(by: batches.batch.count, totals)
      profile?.lap("progress")
      // The check costs as much as a small kernel, so it is done only every 16 steps.
      if state.batch % 16 == 0 && Task.isCancelled { state.stop("the task was cancelled") }
    }
    if !state.isStopped && accumulated.weight > 0 { update() }
    return totals!
  }
}

extension Batch {
  fileprivate var byteCount: Int {
    (inputs + targets).reduce(0) { $0 + $1.count } * MemoryLayout<Scalar>.stride
  }
}
