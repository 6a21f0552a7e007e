// What a network that writes keeps of the steps it has read, so that it computes each of them once. Next:
// `Generation.swift`.

import Autograd
import Tensor

/// The keys and values that attention keeps of the steps so far, and the states of recurrent layers.
///
/// While a ``Context`` has a cache, networks take new steps only; layers that say so in
/// ``Layer/supportsCaching`` find here what they need of those before. `generate` and `beamSearch` use it.
public final class StepCache<Scalar: TensorFloat> {
  /// The number of steps before those that are computed now.
  public private(set) var stepCount = 0
  /// What layers keep, by the number of a parameter of theirs.
  private var kept: [Int: Tensor<Scalar>] = [:]

  /// A cache before the first step.
  public init() {}

  /// What a layer keeps under the name of one of its parameters; nil before the first steps.
  public subscript(parameter: Parameter<Scalar>) -> Tensor<Scalar>? {
    get { kept[parameter.slot] }
    set { kept[parameter.slot] = newValue }
  }

  /// Appends what a layer computed of new steps, [batch, steps, …], to what it keeps under the name of one of its
  /// parameters; returns all of it.
  public func append(
    _ steps: Tensor<Scalar>, for parameter: Parameter<Scalar>
  ) -> Tensor<Scalar> {
    let all = self[parameter].map { concatenate([$0, steps], axis: 1) } ?? steps.copied()
    self[parameter] = all
    return all
  }

  /// Counts steps that all layers have seen.
  public func advance(by steps: Int) { stepCount += steps }

  /// Goes on with some of the texts, in another order or several times.
  func select(_ rows: [Int]) { kept = kept.mapValues { $0.taking(rows, axis: 0) } }
}
