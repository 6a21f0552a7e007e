// A custom operation, given by its value and a closure for the backward pass. For an operation that
// is used often, conform a struct to `TapeOperation`.

import Tensor

/// An operation whose value was computed outside the tape.
struct CustomGradient<Scalar: TensorFloat>: TapeOperation {
  /// The contents, held by one reference to keep the operation small.
  final class Content {
    let name: String
    let value: Tensor<Scalar>
    let pullback: (Tensor<Scalar>) -> [Tensor<Scalar>]

    init(
      _ name: String, _ value: Tensor<Scalar>,
      _ pullback: @escaping (Tensor<Scalar>) -> [Tensor<Scalar>]
    ) {
      self.name = name
      self.value = value
      self.pullback = pullback
    }
  }

  let content: Content
  let inputCount: Int

  var name: String { content.name }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { content.value.shape }

  func forward(_ pass: ForwardPass<Scalar>) {
    pass.output.base.copyElements(of: content.value)
  }

  // Adds the pullback's gradients, after checking their number and shapes.
  func backward(_ pass: BackwardPass<Scalar>) {
    let contributions = content.pullback(pass.outputGradient.tensor())
    require(
      contributions.count == inputCount,
      "\(name): the pullback gave \(contributions.count) gradients for \(inputCount) inputs")
    for (i, contribution) in contributions.enumerated() where pass.needsGradient(i) {
      require(
        contribution.shape == pass.input(i).shape,
        "\(name): the pullback gave a gradient of shape \(contribution.shape) for input \(i) of "
          + "shape \(pass.input(i).shape)")
      pass.add(contribution, to: i)
    }
  }
}

extension Tape {
  /// Records a value with a closure that computes the inputs' gradients from the value's gradient.
  ///
  /// ```swift
  /// let x = input.value
  /// let cube = tape.record("cube", of: input, value: x * x * x) { dy in [3 * x * x * dy] }
  /// ```
  public func record(
    _ name: String, of inputs: Variable<Scalar>..., value: Tensor<Scalar>,
    pullback: @escaping (_ gradient: Tensor<Scalar>) -> [Tensor<Scalar>]
  ) -> Variable<Scalar> {
    record(
      CustomGradient(content: .init(name, value, pullback), inputCount: inputs.count), of: inputs)
  }
}
