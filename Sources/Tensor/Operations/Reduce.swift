// Reductions along axes. The axes are arranged in one of two orders that the kernels read fast:
// rows that are reduced whole (the reduced axes last), or columns (the reduced axes first). Other
// orders are copied into the first.
//
// A long row is reduced in parts, and their results are reduced again. The parts depend only on the
// row's length, so the rounding does not depend on the number of threads.

import KernelTemplate

extension Tensor where Scalar: TensorNumber {
  /// The reduction of all elements.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func reduced(_ reduction: Reduction, _ name: String) -> Scalar {
    requireExtreme(reduction, count > 0, name)
    if Scalar.scalarType.isCarried {
      return reduced(
        reduction, axes: Array(0..<rank), keepingDimensions: false, name
      ).scalar
    }
    guard isContiguous else { return copied().reduced(reduction, name) }
    let result = Self.reduceLong(reduction, base, count)
    withExtendedLifetime(self) {}
    return result
  }

  /// The tensor with `axes` reduced; the axes have size 1 if kept, and disappear otherwise.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func reduced(
    _ reduction: Reduction, axes: [Int], keepingDimensions: Bool, _ name: String
  ) -> Tensor {
    if Scalar.scalarType.isCarried {
      return reduction == .minimum || reduction == .maximum
        ? Tensor(
          orderedCarrier: orderedCarrier.reduced(
            reduction, axes: axes, keepingDimensions: keepingDimensions, name))
        : Tensor(
          carrier: carrier.reduced(
            reduction, axes: axes, keepingDimensions: keepingDimensions, name))
    }
    let isReduced = shape.marks(of: axes, name)
    // The axes in an order in which the reduced ones come last.
    var order = AxisList(count: 0)
    var resultSizes = AxisList(count: 0)
    for axis in 0..<rank where isReduced[axis] == 0 { order.append(axis) }
    for axis in 0..<rank where isReduced[axis] == 1 { order.append(axis) }
    var (keptCount, reducedCount) = (1, 1)
    for axis in 0..<rank {
      if isReduced[axis] == 1 {
        reducedCount *= shape.sizes[axis]
        if keepingDimensions { resultSizes.append(1) }
      } else {
        keptCount *= shape.sizes[axis]
        resultSizes.append(shape.sizes[axis])
      }
    }
    requireExtreme(reduction, reducedCount > 0 || keptCount == 0, name)
    let result = Tensor(uninitialized: TensorShape(sizes: resultSizes))
    guard keptCount > 0 else { return result }
    let y = result.storage.base

    if let (outer, columns) = blocks(isReduced) {
      let source = contiguous()
      let x = source.base
      if outer == 1 {
        Loops.reduceColumns(reduction, x, reducedCount, columns, y)
      } else {
        Parallel.overRows(outer, of: reducedCount * columns) { start, rows in
          for block in start..<start + rows {
            Loops.reduceColumns(
              reduction, x + block &* reducedCount &* columns, reducedCount, columns,
              y + block &* columns)
          }
        }
      }
      withExtendedLifetime(source) {}
      return result
    }
    if reducedCount < 12 && keptCount >= 64 && Scalar.scalarType != .bool {
      // Many short rows are added as columns, vector by vector.
      var columns = AxisList(count: 0)
      for axis in 0..<rank where isReduced[axis] == 1 { columns.append(axis) }
      for axis in 0..<rank where isReduced[axis] == 0 { columns.append(axis) }
      let source = transposed(order: columns).contiguous()
      Loops.reduceColumns(reduction, source.base, reducedCount, keptCount, y)
      withExtendedLifetime(source) {}
      return result
    }
    if keptCount == 1 {
      y.pointee = transposed(order: order).reduced(reduction, name)
    } else {
      transposed(order: order).reduceRows(reduction, keptCount, of: reducedCount, to: y)
    }
    return result
  }

  /// The number of blocks of rows and of their columns if the reduced axes are adjacent with enough
  /// elements after them; otherwise nil.
  private func blocks(_ isReduced: AxisList) -> (outer: Int, columns: Int)? {
    var (outer, columns) = (1, 1)
    var (seen, ended) = (false, false)
    for axis in 0..<rank {
      if isReduced[axis] == 1 {
        if ended { return nil }
        seen = true
      } else if seen {
        ended = true
        columns *= shape.sizes[axis]
      } else {
        outer *= shape.sizes[axis]
      }
    }
    return ended && (outer == 1 || columns >= 8) ? (outer, columns) : nil
  }

  /// Writes the reductions of all elements, seen as rows of `columns` elements, to `y`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func reduceRows(
    _ reduction: Reduction, _ rows: Int, of columns: Int, to y: UnsafeMutablePointer<Scalar>
  ) {
    guard isContiguous else { return copied().reduceRows(reduction, rows, of: columns, to: y) }
    let x = base
    Parallel.overRows(rows, of: columns) { start, rows in
      for row in start..<start + rows {
        y[row] = Loops.reduce(reduction, x + row &* columns, columns)
      }
    }
    withExtendedLifetime(self) {}
  }

  @inline(__always)
  private func requireExtreme(
    _ reduction: Reduction, _ hasElements: Bool, _ name: String
  ) {
    require(
      hasElements || (reduction != .minimum && reduction != .maximum),
      "\(name): an empty axis of shape \(shape) has no extreme element")
  }

  private static func reduceLong(
    _ reduction: Reduction, _ x: UnsafePointer<Scalar>, _ count: Int
  ) -> Scalar {
    let length = Parallel.partLength(of: count)
    guard count > length else { return Loops.reduce(reduction, x, count) }
    let parts = (count + length - 1) / length
    return withUnsafeTemporaryAllocation(of: Scalar.self, capacity: parts + 16) { results in
      let results = results.baseAddress!
      Parallel.overParts(of: count, length: length) { start, count in
        results[start / length] = Loops.reduce(reduction, x + start, count)
      }
      return Loops.reduce(
        reduction == .sumOfSquares ? .sum : reduction, UnsafePointer(results), parts)
    }
  }
}

/// Writes to `y[j]`, or adds to it, the sum of `x[i, j]` over `rows` contiguous rows of `columns`
/// elements.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
package func sumColumns<Scalar: TensorFloat>(
  _ x: UnsafePointer<Scalar>, _ rows: Int, _ columns: Int, to y: UnsafeMutablePointer<Scalar>,
  accumulate: Bool
) {
  // The kernel takes four vectors of columns together, so parts of that width change no sum.
  let kernels = Scalar.kernels
  let width = 4 * kernels.pointee.lanes
  let parts = Parallel.partLength(of: rows * columns) / (width * max(1, rows))
  Parallel.overParts(of: columns, length: max(1, parts) * width) { start, count in
    kernels.pointee.reduceColumns(.sum, x + start, rows, count, columns, y + start, accumulate)
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
      floats(floatKernels, x.cast(to: Float.self), y.cast(to: Float.self))
    case .float64:
      floats(doubleKernels, x.cast(to: Double.self), y.cast(to: Double.self))
    default:
      require(reduction != .sumOfSquares, "reduce: there are no sums of squares of integers")
      guard rows > 0 else {
        return y.fill(with: reduction == .product ? 1 : 0, count: columns)
      }
      // Accumulates row by row into the result.
      y.copy(from: x, count: columns)
      let operation: BinaryOperation =
        switch reduction {
        case .sum, .sumOfSquares: .add
        case .product: .multiply
        case .minimum: .minimum
        case .maximum: .maximum
        }
      for row in 1..<rows {
        zip(operation, UnsafePointer(y), 1, x + row &* columns, 1, y, columns)
      }
    }

    @inline(__always)
    func floats<Element>(
      _ kernels: Kernels<Element>, _ x: UnsafePointer<Element>, _ y: UnsafeMutablePointer<Element>
    ) {
      // The kernel takes four vectors of columns together, so parts of that width change no sum.
      let width = 4 * kernels.lanes
      let parts = Parallel.partLength(of: rows * columns) / (width * Swift.max(1, rows))
      Parallel.overParts(of: columns, length: Swift.max(1, parts) * width) { start, count in
        kernels.reduceColumns(reduction, x + start, rows, count, columns, y + start, false)
      }
    }
  }
}
