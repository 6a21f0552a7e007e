// Reductions over axes, built on reductions over rows: norms, products, log-sum-exp. The reduced
// axes are moved to the end and merged into one; this is a view if they are already at the end.

import KernelTemplate
import Tensor

extension Variable {
  /// This variable with the reduced axes (all of them for nil) merged into the last one, and the
  /// shape of the result, in which they have size 1 or are removed.
  func rows(
    along axes: [Int]?, _ keepingDimensions: Bool, _ name: String
  ) -> (rows: Variable, shape: TensorShape) {
    let isReduced = shape.marks(of: axes ?? Array(0..<rank), name)
    let (kept, reduced) = (
      (0..<rank).filter { isReduced[$0] == 0 }, (0..<rank).filter { isReduced[$0] == 1 }
    )
    let sizes = kept.map { shape[$0] }
    let columns = reduced.reduce(1) { $0 * shape[$1] }
    let result =
      keepingDimensions
      ? shape.indices.map { isReduced[$0] == 1 ? 1 : shape[$0] } : sizes
    return (
      transposed(permutation: kept + reduced).reshaped(to: TensorShape(sizes + [columns])),
      TensorShape(result)
    )
  }
}

/// y = the Euclidean norm of each row along the last axis.
struct Norm<Scalar: TensorFloat>: TapeOperation {
  var name: String { "norm" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    pass.input(0).shape.removing(axis: pass.input(0).shape.rank - 1)
  }

  func forward(_ pass: ForwardPass<Scalar>) {
    pass.output.base.copyElements(of: pass.inputTensor(0).norm(axis: -1))
  }

  // dx = x / y dy, and 0 where y is 0: the subgradient of least length
  func backward(_ pass: BackwardPass<Scalar>) {
    guard pass.needsGradient(0) else { return }
    let y = pass.outputTensor.expandingShape(at: -1)
    let dy = pass.outputGradientTensor.expandingShape(at: -1)
    pass.add(pass.inputTensor(0) / select(y .== 0, 1, y) * dy, to: 0)
  }
}

/// y = log Σ exp(x) of each row along the last axis.
struct LogSumExp<Scalar: TensorFloat>: TapeOperation {
  var name: String { "logSumExp" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    pass.input(0).shape.removing(axis: pass.input(0).shape.rank - 1)
  }

  func forward(_ pass: ForwardPass<Scalar>) {
    pass.output.base.copyElements(of: pass.inputTensor(0).logSumExp(axis: -1))
  }

  // dx = exp(x - y) dy; the exponential is 1 where x and y are +∞, 0 where they are -∞
  func backward(_ pass: BackwardPass<Scalar>) {
    guard pass.needsGradient(0) else { return }
    let x = pass.inputTensor(0)
    let y = pass.outputTensor.expandingShape(at: -1)
    let dy = pass.outputGradientTensor.expandingShape(at: -1)
    let limits = select(y .== -Scalar.infinity, 0, Tensor<Scalar>(1))
    pass.add(select(x .== y, limits, exp(x - y)) * dy, to: 0)
  }
}

/// y = the product of each row along the last axis.
struct Product<Scalar: TensorFloat>: TapeOperation {
  var name: String { "product" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    pass.input(0).shape.removing(axis: pass.input(0).shape.rank - 1)
  }

  func forward(_ pass: ForwardPass<Scalar>) {
    pass.output.base.copyElements(of: pass.inputTensor(0).product(axis: -1))
  }

  // dx_i = dy times the product of all elements before it and all after it, so that zeros need no
  // special case
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, _) = pass.zeroedGradient(0) else { return }
    let (x, dy) = (pass.input(0), pass.outputGradient)
    let columns = x.shape.sizes[x.shape.rank - 1]
    withScratch([columns]) { before in
      for row in 0..<dy.count {
        let (x, dx) = (x.base + row &* columns, dx + row &* columns)
        var product = dy.base[row]
        for i in 0..<columns {
          before.base[i] = product
          product *= x[i]
        }
        product = 1
        for i in (0..<columns).reversed() {
          dx[i] += before.base[i] * product
          product *= x[i]
        }
      }
    }
  }
}

extension Variable {
  // MARK: Norms

  /// The norm of all elements as one vector; a variable without axes.
  ///
  /// The derivative of the Euclidean norm at 0 is taken as 0.
  public func norm(_ norm: VectorNorm = .two) -> Variable { self.norm(norm, axes: nil, false) }

  /// The norm of the vectors along `axis`.
  public func norm(
    _ norm: VectorNorm = .two, axis: Int, keepingDimensions: Bool = false
  ) -> Variable { self.norm(norm, axes: [axis], keepingDimensions) }

  /// The norm of the elements along all of `axes`; for two axes, the Frobenius norm by default.
  public func norm(
    _ norm: VectorNorm = .two, axes: [Int], keepingDimensions: Bool = false
  ) -> Variable { self.norm(norm, axes: axes, keepingDimensions) }

  private func norm(_ norm: VectorNorm, axes: [Int]?, _ keepingDimensions: Bool) -> Variable {
    let (rows, shape) = rows(along: axes, keepingDimensions, "norm")
    let result =
      switch norm {
      case .one: abs(rows).sum(axis: -1)
      case .two: tape.record(Norm<Scalar>(), rows)
      case .infinity:
        rows.shape.last == 0 ? rows.sum(axis: -1) : abs(rows).max(axis: -1)
      }
    return result.reshaped(to: shape)
  }

  // MARK: Log-sum-exp

  /// The logarithm of the sum of the exponentials of all elements, without overflow.
  public func logSumExp() -> Variable { logSumExp(nil, false) }

  /// The logarithm of the sum of the exponentials along `axis`, without overflow.
  public func logSumExp(axis: Int, keepingDimensions: Bool = false) -> Variable {
    logSumExp([axis], keepingDimensions)
  }

  /// The logarithm of the sum of the exponentials along all of `axes`, without overflow.
  public func logSumExp(axes: [Int], keepingDimensions: Bool = false) -> Variable {
    logSumExp(axes, keepingDimensions)
  }

  private func logSumExp(_ axes: [Int]?, _ keepingDimensions: Bool) -> Variable {
    let (rows, shape) = rows(along: axes, keepingDimensions, "logSumExp")
    return tape.record(LogSumExp<Scalar>(), rows).reshaped(to: shape)
  }

  // MARK: Products

  /// The product of all elements, a variable without axes.
  public func product() -> Variable { product(nil, false) }

  /// The product of the elements along `axis`, which is removed or, if kept, has size 1.
  public func product(axis: Int, keepingDimensions: Bool = false) -> Variable {
    product([axis], keepingDimensions)
  }

  /// The product of the elements along all of `axes`.
  public func product(axes: [Int], keepingDimensions: Bool = false) -> Variable {
    product(axes, keepingDimensions)
  }

  private func product(_ axes: [Int]?, _ keepingDimensions: Bool) -> Variable {
    let (rows, shape) = rows(along: axes, keepingDimensions, "product")
    return tape.record(Product<Scalar>(), rows).reshaped(to: shape)
  }

  // MARK: Variance

  /// The mean of the squared distances from the mean, over all elements.
  ///
  /// The sum of squares is divided by the number of elements minus `correction` (NumPy's `ddof`): 1
  /// gives the unbiased estimate from a sample.
  public func variance(correction: Int = 0) -> Variable {
    variance(axes: Array(0..<rank), correction: correction)
  }

  /// The mean of the squared distances from the mean, along `axis`.
  public func variance(
    axis: Int, correction: Int = 0, keepingDimensions: Bool = false
  ) -> Variable {
    variance(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
  }

  /// The mean of the squared distances from the mean, along all of `axes`.
  public func variance(
    axes: [Int], correction: Int = 0, keepingDimensions: Bool = false
  ) -> Variable {
    let (rows, shape) = rows(along: axes, keepingDimensions, "variance")
    let squares = square(rows - rows.mean(axis: -1, keepingDimensions: true)).sum(axis: -1)
    return (squares / rows.degreesOfFreedom(correction)).reshaped(to: shape)
  }

  /// The square root of the variance of all elements; where it is 0, the derivative is taken as 0.
  public func standardDeviation(correction: Int = 0) -> Variable {
    standardDeviation(axes: Array(0..<rank), correction: correction)
  }

  /// The square root of the variance along `axis`; where it is 0, the derivative is taken as 0.
  public func standardDeviation(
    axis: Int, correction: Int = 0, keepingDimensions: Bool = false
  ) -> Variable {
    standardDeviation(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
  }

  /// The square root of the variance along all of `axes`; where it is 0, the derivative is taken as
  /// 0.
  public func standardDeviation(
    axes: [Int], correction: Int = 0, keepingDimensions: Bool = false
  ) -> Variable {
    let (rows, shape) = rows(along: axes, keepingDimensions, "standardDeviation")
    let norms = (rows - rows.mean(axis: -1, keepingDimensions: true)).norm(axis: -1)
    return (norms / rows.degreesOfFreedom(correction).squareRoot()).reshaped(to: shape)
  }

  /// The length of the rows minus `correction`: the divisor of the sum of squares.
  private func degreesOfFreedom(_ correction: Int) -> Scalar {
    let (difference, overflow) = shape[rank - 1].subtractingReportingOverflow(correction)
    require(!overflow, "variance: the correction \(correction) is out of range")
    return Scalar(Swift.max(0, difference))
  }
}
