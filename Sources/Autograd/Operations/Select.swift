// Chooses between two variables, element by element, by a constant mask.

import Tensor

/// y = a where the mask is true, else b; all three are broadcast.
struct Select<Scalar: TensorFloat>: TapeOperation {
  let choice: Choice

  /// One reference keeps the operation small.
  final class Choice: Sendable {
    let mask: Tensor<Bool>

    init(_ mask: Tensor<Bool>) { self.mask = mask }
  }

  var name: String { "select" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    .broadcast(
      .broadcast(pass.input(0).shape, pass.input(1).shape, name), choice.mask.shape, name)
  }

  func forward(_ pass: ForwardPass<Scalar>) {
    pass.output.base.copyElements(
      of: select(choice.mask, pass.inputTensor(0), pass.inputTensor(1)))
  }

  // da = dy where the mask is true, else 0
  // db = dy where it is false, else 0
  func backward(_ pass: BackwardPass<Scalar>) {
    let dy = pass.outputGradientTensor
    if pass.needsGradient(0) { pass.add(select(choice.mask, dy, 0), to: 0) }
    if pass.needsGradient(1) { pass.add(select(choice.mask, 0, dy), to: 1) }
  }
}

/// The elements of `a` where `mask` is true, and of `b` elsewhere; all three are broadcast.
///
/// Elements that were not chosen get no gradient, not even NaN. `select(x .> 0, log(x), 0)` is safe
/// forward, but in the backward pass the logarithm divides by the same x: select its argument, too.
public func select<Scalar>(
  _ mask: Tensor<Bool>, _ a: Variable<Scalar>, _ b: Variable<Scalar>
) -> Variable<Scalar> { a.tape.record(Select<Scalar>(choice: .init(mask)), a, b) }

/// For each element `a` where `mask` is true, and the number `b` elsewhere.
public func select<Scalar>(
  _ mask: Tensor<Bool>, _ a: Variable<Scalar>, _ b: Scalar
) -> Variable<Scalar> { select(mask, a, a.tape.constant(Tensor(b))) }

/// The number `a` where `mask` is true, and the element of `b` elsewhere.
public func select<Scalar>(
  _ mask: Tensor<Bool>, _ a: Scalar, _ b: Variable<Scalar>
) -> Variable<Scalar> { select(mask, b.tape.constant(Tensor(a)), b) }
