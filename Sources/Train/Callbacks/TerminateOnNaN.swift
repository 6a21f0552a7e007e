// Finds NaN and infinity where they arise. Loss and gradients are checked in each step. Only if one
// is not finite, the batch is computed again on a tape that records layers, and every value is
// checked.

import Autograd
import Layers
import Tensor

extension Callback {
  /// Ends training when a number becomes NaN or infinite, and reports where (Keras's
  /// `TerminateOnNaN`).
  ///
  /// It stops at the first batch whose loss or gradients are not finite, before they reach the
  /// weights, or at the first epoch after which a weight is not finite. The reason, in
  /// `History.stopReason` and on standard error, names the epoch, the batch and the first value
  /// that is not finite: a weight, a sample, or the operation and layer that computed it, and for
  /// which sample. The check reads all gradients once per step.
  ///
  /// - Parameter stops: whether training ends; if not, the first such batch is reported and
  ///   training continues.
  /// - Returns: the callback.
  public static func terminateOnNaN(stops: Bool = true) -> Callback {
    var isReported = false
    func report(_ what: String, _ state: inout TrainingState) {
      if !isReported { warn("fit: " + what) }
      isReported = true
      if stops { state.stop(what) }
    }
    var callback = Callback(
      trainingBegan: { _, _ in isReported = false },
      epochEnded: { model, state in
        guard !isReported, let weight = model.firstNonFiniteWeight else { return }
        report("after epoch \(state.epoch) \(weight)", &state)
      })
    callback.gradientsComputed = { model, step, state in
      guard !isReported || stops else { return }
      let place = "in epoch \(state.epoch), batch \(state.batch)"
      if !step.loss.isFinite {
        report("the loss is \(step.loss.withoutNaNSign) \(place); \(model.cause(in: step))", &state)
      } else if let name = model.firstNonFiniteGradient(of: step.gradients) {
        report(
          "the gradient of \(name) is not finite \(place), though the loss is \(step.loss); "
            + "clip the gradients or lower the learning rate", &state)
      }
    }
    return callback
  }
}

extension Model {
  /// Recomputes the step and describes the first value that is not finite.
  fileprivate func cause(in step: StepGradients<Scalar>) -> String {
    if let weight = firstNonFiniteWeight { return weight }
    let context = Context<Scalar>(isTraining: true, generator: step.generator)
    context.tape.profile = Profile()
    let batch = step.batch
    _ = objective(of: batch, in: context)
    guard let first = context.tape.firstNonFinite() else { return "computed again it is finite" }
    let samples = batch.samples
    let sample =
      first.rows == samples.count ? " for sample \(samples[first.element / first.sampleSize])" : ""
    // The first entries of the tape are the samples.
    let (inputs, targets) = (batch.inputs.count, batch.inputs.count + batch.targets.count)
    if first.position < targets + batch.weights.count {
      let name =
        first.position < inputs ? "input" : first.position < targets ? "target" : "weight"
      return
        "the \(name)\(sample) holds \(first.number): all weights are still finite, look at the data"
    }
    let layer = first.layer.isEmpty ? "" : " of layer \(first.layer)"
    return
      "all weights are still finite, and \(first.operation ?? "a constant")\(layer) is the first to "
      + "give \(first.number)\(sample): look for very large numbers in the data, or lower the "
      + "learning rate"
  }

  /// A message about the first weight that is not finite; nil if all are.
  fileprivate var firstNonFiniteWeight: String? {
    firstParameter { !$0.value.elements.allSatisfy(\.isFinite) }.map {
      "the \($0) is not finite any more: lower the learning rate or clip the gradients"
    }
  }

  /// The name of the first parameter with a gradient that is not finite; nil if there is none.
  fileprivate func firstNonFiniteGradient(of gradients: Gradients<Scalar>) -> String? {
    firstParameter { parameter in
      guard parameter.isTrainable,
        let gradient = gradients.pointer(slot: parameter.slot, parameter.value)
      else {
        return false
      }
      return !isFinite(gradient, parameter.value.count)
    }
  }

  /// Describes the first parameter matching the predicate, such as `parameter dense.kernel`.
  private func firstParameter(where matches: (Parameter<Scalar>) -> Bool) -> String? {
    trained.parameters.first(where: matches).map { "parameter \($0.path)" }
  }
}

/// Whether all numbers are finite.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func isFinite<Scalar: TensorFloat>(_ x: UnsafePointer<Scalar>, _ count: Int) -> Bool {
  for index in 0..<count where !x[index].isFinite { return false }
  return true
}
