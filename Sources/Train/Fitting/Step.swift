// One training step: loss, gradients, update. `fit` and custom training loops are built from it.
//
// Next on the way down: Autograd's `Tape.swift` for the backward pass,
// `../Optimizers/Optimizer.swift` for the update.

import Autograd
import Layers
import Tensor

extension Model {
  /// Makes one training step with a custom loss: records it, computes gradients and updates the
  /// weights.
  ///
  /// ```swift
  /// let context = Context<Float>(isTraining: true)
  /// let loss = student.step(in: context) { network, context in
  ///   let x = context.tape.constant(batch.x)
  ///   return square(network(x, in: context) - teacher.network(x, in: context)).mean()
  /// }
  /// ```
  /// Only this model is updated; gradients flow through other networks that take part. Values that
  /// layers assign in the step, such as the averages of batch normalisation, are applied too.
  /// Penalties of regularizers are part of the loss only if the closure adds them:
  /// `network.penalty(in: context)`.
  ///
  /// - Parameters:
  ///   - context: the context to record in; its tape is reset first. One context can serve many
  ///     steps, also of several models in turn.
  ///   - loss: records the loss, a single number.
  /// - Returns: the loss.
  @discardableResult
  public mutating func step(
    in context: Context<Scalar>,
    _ loss: (_ network: Network, _ context: Context<Scalar>) throws -> Variable<Scalar>
  ) rethrows -> Double {
    begin(context)
    return finish(try loss(trained, context), in: context)
  }

  /// Makes one training step with the model's loss (Keras's `train_on_batch`).
  ///
  /// - Parameters:
  ///   - batch: the samples, in the shapes that the network expects.
  ///   - context: the context to record in; its tape is reset first.
  /// - Returns: the loss, including penalties.
  @discardableResult
  public mutating func step(_ batch: Batch<Scalar>, in context: Context<Scalar>) -> Double {
    begin(context)
    return finish(objective(of: batch, in: context), in: context)
  }

  /// Resets the tape and discards values that layers of other models assigned in their last step.
  private func begin(_ context: Context<Scalar>) {
    context.tape.reset()
    context.discardAssignments()
  }

  /// Finishes a step whose loss is recorded: computes the gradients and updates the weights.
  private mutating func finish(_ loss: Variable<Scalar>, in context: Context<Scalar>) -> Double {
    update(along: context.tape.gradients(of: loss), in: context)
    return Double(loss.scalar)
  }

  /// Records the model's loss for a batch: the (weighted) mean of the losses, plus the penalties.
  public func objective(
    of batch: Batch<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    var none: Totals?
    return forward(batch, in: context, isRegularized: trained.isRegularized, &none)
  }

  /// Updates the weights along gradients and applies the values that layers assigned in the step.
  @inline(__always)
  public mutating func update(along gradients: Gradients<Scalar>, in context: Context<Scalar>) {
    optimizer.update(&trained, along: gradients, state: &optimizerState)
    if context.hasAssignments { trained.applyAssignments(of: context) }
  }

  // MARK: Gradient accumulation

  /// Computes gradients as `step` does and accumulates them for a later update.
  ///
  /// Use it when a batch for one step does not fit into memory at once.
  ///
  /// ```swift
  /// for part in parts { model.accumulate(part, in: context) }
  /// model.update()                                        // one step along the mean
  /// ```
  ///
  /// - Parameters:
  ///   - weight: the weight of these gradients in the mean that `update()` uses, such as the number
  ///     of samples.
  ///   - context: the context to record in; its tape is reset first.
  ///   - loss: records the loss, a single number.
  /// - Returns: the loss.
  @discardableResult
  public mutating func accumulate(
    weight: Double = 1, in context: Context<Scalar>,
    _ loss: (_ network: Network, _ context: Context<Scalar>) throws -> Variable<Scalar>
  ) rethrows -> Double {
    require(
      weight >= 0 && weight.isFinite, "accumulate: the weight must be 0 or more, got \(weight)")
    begin(context)
    let loss = try loss(trained, context)
    keep(context.tape.gradients(of: loss), weight: weight, in: context)
    return Double(loss.scalar)
  }

  /// Computes the gradients of the model's loss and accumulates them, with equal weight per sample.
  @discardableResult
  public mutating func accumulate(_ batch: Batch<Scalar>, in context: Context<Scalar>) -> Double {
    begin(context)
    let loss = objective(of: batch, in: context)
    keep(context.tape.gradients(of: loss), weight: Double(batch.count), in: context)
    return Double(loss.scalar)
  }

  /// Accumulates gradients and applies the values that layers assigned in the step.
  mutating func keep(
    _ gradients: Gradients<Scalar>, weight: Double, in context: Context<Scalar>
  ) {
    accumulated.add(gradients, of: trained.parameters, weight: weight)
    if context.hasAssignments { trained.applyAssignments(of: context) }
  }

  /// Updates the weights along the weighted mean of the accumulated gradients and discards these.
  public mutating func update() {
    require(
      accumulated.weight > 0,
      "update: no gradients were accumulated; call accumulate first, or step for both")
    optimizer.update(&trained, along: accumulated.mean(), state: &optimizerState)
    accumulated = AccumulatedGradients()
  }
}

/// The accumulated gradients of several batches.
struct AccumulatedGradients<Scalar: TensorFloat>: Sendable {
  /// The weighted sum for each parameter, in the network's order; nil if there is no gradient.
  private var sums: [Tensor<Scalar>?] = []
  /// The sum of all weights.
  private(set) var weight = 0.0

  mutating func add(
    _ gradients: Gradients<Scalar>, of parameters: [Parameter<Scalar>], weight: Double
  ) {
    self.weight += weight
    while sums.count < parameters.count { sums.append(nil) }
    for (index, parameter) in parameters.enumerated() where parameter.isTrainable {
      guard let gradient = gradients[parameter] else { continue }
      if var sum = sums[index] {
        sums[index] = nil
        sum += gradient * Scalar(weight)
        sums[index] = sum
      } else {
        sums[index] = gradient * Scalar(weight)
      }
    }
  }

  /// The weighted mean for each parameter.
  func mean() -> [Tensor<Scalar>?] { sums.map { $0.map { $0 / Scalar(weight) } } }
}

// MARK: - The model's loss

extension Model {
  /// Records the network and the loss of a batch, and adds the numbers to `totals` if it is given.
  ///
  /// The first positions of the tape are the inputs, the targets and the weights, in that order.
  @inline(__always)
  func forward(
    _ batch: Batch<Scalar>, in context: Context<Scalar>, isRegularized: Bool,
    _ totals: inout Totals?
  ) -> Variable<Scalar> {
    if batch.inputs.count > 1 || objectives.count > 1 {
      return forwardSeveral(batch, in: context, isRegularized: isRegularized, &totals)
    }
    let tape = context.tape
    let (x, y) = (tape.constant(batch.inputs[0]), tape.constant(batch.targets[0]))
    let weights = batch.weights.isEmpty ? nil : tape.constant(batch.weights[0])
    let prediction = trained(x, in: context)
    let objective = objective(
      prediction, y, weights: weights, isRegularized: isRegularized, in: context)
    if totals != nil { totals!.add(objective, prediction, y) }
    return objective
  }

  /// The (weighted) mean loss of a batch plus the penalties.
  @inline(__always)
  private func objective(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>, weights: Variable<Scalar>?,
    isRegularized: Bool, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    let mean = meanLoss(loss, prediction, target, weights, in: context)
    guard isRegularized, let penalty = trained.penalty(in: context) else { return mean }
    return mean + penalty
  }

  /// The same for a network with several inputs or outputs: the weighted sum of the outputs'
  /// losses.
  private func forwardSeveral(
    _ batch: Batch<Scalar>, in context: Context<Scalar>, isRegularized: Bool,
    _ totals: inout Totals?
  ) -> Variable<Scalar> {
    let inputs = batch.inputs.map { context.tape.constant($0) }
    let targets = batch.targets.map { context.tape.constant($0) }
    let weights = batch.weights.map { context.tape.constant($0) }
    let predictions = trained(inputs, in: context)
    require(
      predictions.count == objectives.count && targets.count == objectives.count,
      "fit: \(targets.count) targets and \(objectives.count) losses do not fit a network of "
        + "\(predictions.count) outputs; compile it with an objective for each output")
    let losses = objectives.indices.map { index in
      meanLoss(
        objectives[index].loss, predictions[index], targets[index],
        weights.count > 1 ? weights[index] : weights.first, in: context)
    }
    let parts = zip(losses, objectives).map { $1.weight == 1 ? $0 : $0 * Scalar($1.weight) }
    var objective = parts.dropFirst().reduce(parts[0], +)
    if isRegularized, let penalty = trained.penalty(in: context) { objective = objective + penalty }
    totals?.add(objective, losses: losses, predictions, targets)
    return objective
  }
}

/// The mean of a batch's losses, weighted if there are weights; steps that the prediction's mask leaves out do
/// not count, as in Keras.
@inline(__always)
private func meanLoss<Scalar: TensorFloat>(
  _ loss: any Loss, _ prediction: Variable<Scalar>, _ target: Variable<Scalar>,
  _ weights: Variable<Scalar>?, in context: Context<Scalar>
) -> Variable<Scalar> {
  var losses = loss(prediction, target)
  if let mask = context.mask(of: prediction), losses.rank >= 2,
    mask.shape == [losses.shape[0], losses.shape[1]]
  {
    let steps = Array(mask.shape) + Array(repeating: 1, count: losses.rank - 2)
    losses = losses.counting(mask.reshaped(to: TensorShape(steps)).broadcast(to: losses.shape))
  }
  if let weights {
    let ones = [Int](repeating: 1, count: max(0, losses.rank - 1))
    losses = losses * weights.reshaped(to: TensorShape([weights.shape[0]] + ones))
  }
  return losses.mean()
}
