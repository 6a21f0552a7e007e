// Reductions along axes. The axes are brought into one of two orders that the kernels read fast: rows
// to be reduced whole (the reduced axes last), or columns (the reduced axes first). Other orders are
// copied into the first.
//
// A long row is reduced in parts of a fixed length whose results are reduced again, so the rounding
// does not depend on the number of threads.

import KernelTemplate

extension Tensor where Scalar: TensorNumber {
  /// The tensor with `axes` reduced; their sizes become 1 or, unless kept, the axes disappear.
  package func reduced(
    _ reduction: Reduction, axes: [Int], keepingDimensions: Bool, _ name: @autoclosure () -> String
  ) -> Tensor {
    let positions = Set(axes.map { shape.normalized(axis: $0, name()) })
    require(
      positions.count == axes.count,
      "\(name()): axes \(axes) name an axis of shape \(shape) twice")
    let axes = positions
    let kept = (0..<rank).filter { !axes.contains($0) }
    let reducedCount = axes.reduce(1) { $0 * shape[$1] }
    let keptCount = kept.reduce(1) { $0 * shape[$1] }
    if reduction == .minimum || reduction == .maximum {
      require(
        reducedCount > 0 || keptCount == 0,
        "\(name()): an empty axis of shape \(shape) has no extreme element")
    }
    let resultShape = TensorShape(
      keepingDimensions
        ? (0..<rank).map { axes.contains($0) ? 1 : shape[$0] } : kept.map { shape[$0] })
    let result = Tensor(uninitialized: resultShape)
    guard keptCount > 0 else { return result }
    let y = result.storage.base

    let reducedFirst = axes.allSatisfy { $0 < axes.count }
    let reducedLast = axes.allSatisfy { $0 >= rank - axes.count }
    if reducedFirst && !reducedLast {
      let source = contiguous()
      Loops.reduceColumns(reduction, source.base, reducedCount, keptCount, y)
      withExtendedLifetime(source) {}
      return result
    }
    let source =
      reducedLast ? contiguous() : transposed(permutation: kept + axes.sorted()).contiguous()
    let x = source.base
    if keptCount == 1 {
      y.pointee = Self.reduceLong(reduction, x, reducedCount)
    } else {
      Parallel.overParts(of: keptCount, partLength: Swift.max(1, 32_768 / (reducedCount + 1))) {
        start, count in
        for row in start..<start + count {
          y[row] = Loops.reduce(reduction, x + row * reducedCount, reducedCount)
        }
      }
    }
    withExtendedLifetime(source) {}
    return result
  }

  private static func reduceLong(
    _ reduction: Reduction, _ x: UnsafePointer<Scalar>, _ count: Int
  ) -> Scalar {
    let partLength = Parallel.partLength
    guard count > partLength else { return Loops.reduce(reduction, x, count) }
    let parts = (count + partLength - 1) / partLength
    return withUnsafeTemporaryAllocation(of: Scalar.self, capacity: parts + 16) { results in
      let results = results.baseAddress!
      Parallel.overParts(of: count) { start, length in
        results[start / partLength] = Loops.reduce(reduction, x + start, length)
      }
      return Loops.reduce(
        reduction == .sumOfSquares ? .sum : reduction, UnsafePointer(results), parts)
    }
  }
}

extension Loops {
  /// `y[j]` = the reduction of `x[i, j]` over `rows` contiguous rows of `columns` elements.
  static func reduceColumns<Scalar: TensorNumber>(
    _ reduction: Reduction, _ x: UnsafePointer<Scalar>, _ rows: Int, _ columns: Int,
    _ y: UnsafeMutablePointer<Scalar>
  ) {
    switch Scalar.scalarType {
    case .float32:
      floatKernels.reduceColumns(
        reduction, x.cast(to: Float.self), rows, columns, columns, y.cast(to: Float.self), false)
    case .float64:
      doubleKernels.reduceColumns(
        reduction, x.cast(to: Double.self), rows, columns, columns, y.cast(to: Double.self), false)
    case .bool, .uint8, .int32, .int64:
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: rows) { column in
        let column = column.baseAddress!
        for j in 0..<columns {
          for i in 0..<rows { column[i] = x[i * columns + j] }
          y[j] = reduce(reduction, UnsafePointer(column), rows)
        }
      }
    }
  }
}
