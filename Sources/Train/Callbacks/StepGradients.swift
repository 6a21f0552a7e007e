// A step whose gradients are known, for callbacks that look at them.

import Autograd
import Layers
import Tensor

/// What a step of training has computed when its gradients are known and the weights have not changed yet.
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
  /// The loss, penalties included.
  public let loss: Double
  /// The samples.
  public let batch: Batch<Scalar>
  /// The source of randomness as it was before the step.
  let generator: RandomGenerator

  /// The gradient of the loss with respect to a parameter of the model; nil if the loss does not depend
  /// on it.
  public func gradient(of parameter: Parameter<Scalar>) -> Tensor<Scalar>? {
    gradients[parameter]
  }

  /// The length of all gradients together, those of parameters that are not trained left out.
  public func norm(over parameters: [Parameter<Scalar>]) -> Double {
    length(of: parameters.filter(\.isTrainable).compactMap { gradient(of: $0) })
  }
}
