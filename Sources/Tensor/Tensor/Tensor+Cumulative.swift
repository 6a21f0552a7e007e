// Cumulative sums, products and extremes along an axis, and differences, the inverse of cumulative
// sums. Totals of `Float` are kept in `Double`, because a long sum would lose its small terms.

import KernelTemplate

extension Tensor where Scalar: TensorFloat {
  /// The sum of each element and those before it along `axis`.
  public func cumulativeSum(axis: Int) -> Tensor { runningTotals(.sum, axis, "cumulativeSum") }

  /// The sum of each element and those before it in row-major order, along one axis.
  public func cumulativeSum() -> Tensor { flattened().cumulativeSum(axis: 0) }

  /// The product of each element and those before it along `axis`.
  public func cumulativeProduct(axis: Int) -> Tensor {
    runningTotals(.product, axis, "cumulativeProduct")
  }

  /// The product of each element and those before it in row-major order, along one axis.
  public func cumulativeProduct() -> Tensor { flattened().cumulativeProduct(axis: 0) }
}

extension Tensor where Scalar: TensorNumber & FixedWidthInteger {
  /// The sum of each element and those before it along `axis`, as `Int`.
  public func cumulativeSum(axis: Int) -> Tensor<Int> {
    Tensor<Int>(self).runningTotals(.sum, axis, "cumulativeSum")
  }

  /// The sum of each element and those before it in row-major order, as `Int`.
  public func cumulativeSum() -> Tensor<Int> { flattened().cumulativeSum(axis: 0) }

  /// The product of each element and those before it along `axis`, as `Int`.
  public func cumulativeProduct(axis: Int) -> Tensor<Int> {
    Tensor<Int>(self).runningTotals(.product, axis, "cumulativeProduct")
  }

  /// The product of each element and those before it in row-major order, as `Int`.
  public func cumulativeProduct() -> Tensor<Int> { flattened().cumulativeProduct(axis: 0) }
}

extension Tensor where Scalar: TensorNumber {
  /// The largest of each element and those before it along `axis`; NaN from the first NaN on.
  ///
  /// NumPy's `maximum.accumulate`.
  public func cumulativeMax(axis: Int) -> Tensor {
    runningExtremes(.maximum, axis, "cumulativeMax")
  }

  /// The largest of each element and those before it in row-major order, along one axis.
  public func cumulativeMax() -> Tensor { flattened().cumulativeMax(axis: 0) }

  /// The smallest of each element and those before it along `axis`; NaN from the first NaN on.
  ///
  /// NumPy's `minimum.accumulate`.
  public func cumulativeMin(axis: Int) -> Tensor {
    runningExtremes(.minimum, axis, "cumulativeMin")
  }

  /// The smallest of each element and those before it in row-major order, along one axis.
  public func cumulativeMin() -> Tensor { flattened().cumulativeMin(axis: 0) }

  private func runningExtremes(
    _ extreme: BinaryOperation, _ axis: Int, _ name: String
  ) -> Tensor {
    let axis = shape.normalized(axis: axis, name)
    switch Scalar.scalarType {
    case .bool, .uint8:
      return cast(to: UInt8.self).runningExtremes(extreme, axis).cast(to: Scalar.self)
    case .int32: return cast(to: Int32.self).runningExtremes(extreme, axis).cast(to: Scalar.self)
    case .int64: return cast(to: Int.self).runningExtremes(extreme, axis).cast(to: Scalar.self)
    case .float32: return cast(to: Float.self).runningExtremes(extreme, axis).cast(to: Scalar.self)
    case .float64:
      return cast(to: Double.self).runningExtremes(extreme, axis).cast(to: Scalar.self)
    default:
      return Tensor(orderedCarrier: orderedCarrier.runningExtremes(extreme, axis, name))
    }
  }

  @specialized(where Scalar == UInt8)
  @specialized(where Scalar == Int32)
  @specialized(where Scalar == Int)
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func runningExtremes(_ extreme: BinaryOperation, _ axis: Int) -> Tensor {
    // `a` is kept unless `b` beats it or is NaN; nothing beats a NaN.
    extreme == .maximum
      ? runningTotals(axis, { $0 }, { a, b in !(b <= a) && a == a ? b : a }, { $0 })
      : runningTotals(axis, { $0 }, { a, b in !(b >= a) && a == a ? b : a }, { $0 })
  }
}

private enum RunningTotal { case sum, product }

extension Tensor where Scalar: TensorNumber {
  @specialized(where Scalar == Int64)
  @specialized(where Scalar == Int)
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  fileprivate func runningTotals(_ kind: RunningTotal, _ axis: Int, _ name: String) -> Tensor {
    let axis = shape.normalized(axis: axis, name)
    switch Scalar.scalarType {
    case .bool, .uint8, .int32: fail("\(name): sums of integers are Int")
    case .int64:
      let x = cast(to: Int.self)
      return kind == .sum
        ? x.runningTotals(axis, { $0 }, { $0 &+ $1 }, { $0 }).cast(to: Scalar.self)
        : x.runningTotals(axis, { $0 }, { $0 &* $1 }, { $0 }).cast(to: Scalar.self)
    case .float32:
      let x = cast(to: Float.self)
      return kind == .sum
        ? x.runningTotals(axis, { Double($0) }, { $0 + $1 }, { Float($0) }).cast(to: Scalar.self)
        : x.runningTotals(axis, { Double($0) }, { $0 * $1 }, { Float($0) }).cast(to: Scalar.self)
    case .float64:
      let x = cast(to: Double.self)
      return kind == .sum
        ? x.runningTotals(axis, { $0 }, { $0 + $1 }, { $0 }).cast(to: Scalar.self)
        : x.runningTotals(axis, { $0 }, { $0 * $1 }, { $0 }).cast(to: Scalar.self)
    default: failCarried(Scalar.self, name)
    }
  }

  /// The running totals: `next` makes each from the one before and the next element, in a separate
  /// type.
  @inline(__always)
  private func runningTotals<Total: BitwiseCopyable>(
    _ axis: Int, _ widened: (Scalar) -> Total, _ next: (Total, Total) -> Total,
    _ rounded: (Total) -> Scalar
  ) -> Tensor {
    let source = contiguous()
    let result = Tensor(uninitialized: shape)
    let (x, y) = (source.base, result.storage.base)
    let (outer, size, width) = shape.around(axis: axis)
    guard count > 0 else { return result }
    Parallel.overRows(outer, of: size * width) { start, rows in
      for block in start..<start + rows {
        let (x, y) = (x + block * size * width, y + block * size * width)
        if width == 1 {
          var total = widened(x[0])
          y[0] = x[0]
          for i in 1..<size {
            total = next(total, widened(x[i]))
            y[i] = rounded(total)
          }
        } else {
          y.copy(from: x, count: width)
          withUnsafeTemporaryAllocation(of: Total.self, capacity: width) { totals in
            for i in 0..<width { totals[i] = widened(x[i]) }
            for row in 1..<size {
              let (x, y) = (x + row &* width, y + row &* width)
              for i in 0..<width {
                totals[i] = next(totals[i], widened(x[i]))
                y[i] = rounded(totals[i])
              }
            }
          }
        }
      }
    }
    withExtendedLifetime(source) {}
    return result
  }

  /// The difference of each element and the one before it along `axis`, `order` times over.
  public func differences(order: Int = 1, axis: Int = -1) -> Tensor {
    let axis = shape.normalized(axis: axis, "differences")
    require(order >= 0, "differences: the order cannot be negative, got \(order)")
    var result = self
    for _ in 0..<order {
      let size = result.shape[axis]
      guard size > 0 else { return result }
      result =
        result.slice(axis: axis, from: 1, count: size - 1)
        - result.slice(axis: axis, from: 0, count: size - 1)
    }
    return result
  }
}
