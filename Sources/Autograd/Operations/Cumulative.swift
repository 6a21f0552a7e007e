// Cumulative sums along an axis.

import Tensor

/// y = the sum of each element of x and those before it along an axis.
struct CumulativeSum<Scalar: TensorFloat>: TapeOperation {
  let axis: Int

  var name: String { "cumulativeSum" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { pass.input(0).shape }

  func forward(_ pass: ForwardPass<Scalar>) {
    pass.output.base.copyElements(of: pass.inputTensor(0).cumulativeSum(axis: axis))
  }

  // dx = the sum of dy over each element and those after it
  func backward(_ pass: BackwardPass<Scalar>) {
    guard pass.needsGradient(0) else { return }
    let reversed = pass.outputGradientTensor.flipped(axes: [axis])
    pass.add(reversed.cumulativeSum(axis: axis).flipped(axes: [axis]), to: 0)
  }
}

extension Variable {
  /// The sum of each element and those before it along `axis`.
  public func cumulativeSum(axis: Int) -> Variable {
    tape.record(CumulativeSum<Scalar>(axis: shape.normalized(axis: axis, "cumulativeSum")), self)
  }

  /// The sum of each element and those before it in row-major order, along one axis.
  public func cumulativeSum() -> Variable { flattened().cumulativeSum(axis: 0) }
}
