// Inverted dropout.

import KernelTemplate
import Tensor

/// y = m x, where each element of m is 1 / (1 - rate) with probability 1 - rate and 0 otherwise.
///
/// Source: N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014;
/// scaled during training, so inference needs no scaling.
struct Dropout<Scalar: TensorFloat>: TapeOperation {
  let rate: Double
  let generator: RandomGenerator

  var name: String { "dropout" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { pass.input(0).shape }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    let mask = pass.keep(count: x.count)
    let kernels = Scalar.kernels
    // A random number costs as much as ten other operations, so the parts are short.
    Parallel.overParts(of: x.count, length: 4096) { start, count in
      generator.fillBernoulli(
        elements: mask + start, count: count, probability: 1 - rate,
        value: Scalar(1 / (1 - rate)), offset: start)
      kernels.pointee.zip(
        .multiply, .elements(x.base + start), .elements(mask + start), to: y.base + start,
        count: count)
    }
  }

  // dx = m dy
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let dy = pass.outputGradient
    addProduct(dy, Block(base: pass.kept, shape: dy.shape), to: pass, 0)
  }
}

/// `x` with each element set to 0 with probability `rate` and the others divided by `1 - rate`.
///
/// - Precondition: `rate` lies in 0..<1.
public func dropout<Scalar>(
  _ x: Variable<Scalar>, rate: Double, using generator: inout RandomGenerator
) -> Variable<Scalar> {
  require(rate >= 0 && rate < 1, "dropout: the rate must lie in 0..<1, got \(rate)")
  if rate == 0 { return x }
  return x.tape.record(Dropout(rate: rate, generator: generator.split()), x)
}
