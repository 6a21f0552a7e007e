// A step whose gradients are known, for callbacks that inspect them.

import Autograd
import Layers
import Tensor

/// The results of a training step, after the gradients are computed and before the weights change.
///
/// ```swift
/// Callback(gradientsComputed: { model, step, state in
///   for parameter in model.network.parameters {
///     if let gradient = step.gradient(of: parameter) { print(parameter.path, gradient.norm()) }
///   }
/// })
/// ```
public struct StepGradients<Scalar: TensorFloat> {
  /// The gradients of the loss.
  public let gradients: Gradients<Scalar>
  /// The loss, including penalties.
  public let loss: Double
  /// The samples of the step.
  public let batch: Batch<Scalar>
  /// The random generator as it was before the step.
  let generator: RandomGenerator

  /// The gradient of the loss with respect to a parameter; nil if the loss does not depend on it.
  public func gradient(of parameter: Parameter<Scalar>) -> Tensor<Scalar>? {
    gradients[parameter]
  }

  /// The norm of all gradients together, excluding parameters that are not trained.
  public func norm(over parameters: [Parameter<Scalar>]) -> Double {
    length(of: parameters.filter(\.isTrainable).compactMap { gradient(of: $0) })
  }
}
