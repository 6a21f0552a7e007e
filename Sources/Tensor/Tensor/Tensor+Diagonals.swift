// Diagonals and triangles of matrices, and coordinates of grids. A tensor with more than two axes
// is a stack of matrices: the last two axes are the rows and columns.

extension Tensor {
  /// The diagonal of each matrix, or the one `offset` columns to the right, as a view.
  ///
  /// The last two axes become one.
  ///
  /// - Precondition: there are at least two axes, and the diagonal starts within the matrix.
  public func diagonal(offset shift: Int = 0) -> Tensor {
    let (rows, columns) = matrixSize("diagonal")
    require(
      -rows <= shift && shift <= columns,
      "diagonal: offset \(shift) is out of range for a matrix of shape [\(rows), \(columns)]")
    let count = Swift.max(0, Swift.min(rows + Swift.min(shift, 0), columns - Swift.max(shift, 0)))
    var sizes = shape.sizes
    var newStrides = strides
    sizes[rank - 2] = count
    newStrides[rank - 2] = strides[rank - 2] + strides[rank - 1]
    let start =
      shift < 0 ? -shift * strides[rank - 2] : shift * strides[rank - 1]
    sizes.remove(rank - 1)
    newStrides.remove(rank - 1)
    return Tensor(
      storage: storage, offset: count == 0 ? offset : offset + start,
      shape: TensorShape(sizes: sizes), strides: newStrides)
  }

  /// A square matrix with `values` on the diagonal `offset` columns to the right, and zeros
  /// elsewhere.
  ///
  /// - Precondition: `values` has one axis.
  public static func diagonalMatrix(_ values: Tensor, offset: Int = 0) -> Tensor {
    require(
      values.rank == 1, "diagonalMatrix: got values of shape \(values.shape), expected one axis")
    let size = values.count.addingSaturated(Int(clamping: offset.magnitude))
    let result = zeros([size, size])
    let start = offset < 0 ? -offset * size : offset
    let source = values.contiguous()
    for i in 0..<values.count { result.storage.base[start + i * (size + 1)] = source.base[i] }
    return result
  }

  /// Each matrix with zeros above the diagonal `offset` columns to the right: NumPy's `tril`.
  public func lowerTriangle(offset: Int = 0) -> Tensor {
    let (rows, columns) = matrixSize("lowerTriangle")
    return clearing { row in
      Swift.min(columns, Swift.max(0, (row % rows + 1).addingSaturated(offset)))..<columns
    }
  }

  /// Each matrix with zeros below the diagonal `offset` columns to the right: NumPy's `triu`.
  public func upperTriangle(offset: Int = 0) -> Tensor {
    let (rows, columns) = matrixSize("upperTriangle")
    return clearing { row in
      0..<Swift.min(columns, Swift.max(0, (row % rows).addingSaturated(offset)))
    }
  }

  /// A copy with zeros, in each row, in the columns that `columns` returns for it.
  private func clearing(_ columns: (Int) -> Range<Int>) -> Tensor {
    let result = copied()
    guard count > 0 else { return result }
    let width = shape[rank - 1]
    for row in 0..<count / width {
      let range = columns(row)
      (result.storage.base + row * width + range.lowerBound).fill(
        with: .zero, count: range.count)
    }
    return result
  }

  private func matrixSize(_ operation: String) -> (rows: Int, columns: Int) {
    require(
      rank >= 2, "\(operation): shape \(shape) is no matrix; it needs at least two axes")
    return (shape[rank - 2], shape[rank - 1])
  }
}

/// The order of the first two axes of a grid.
public enum GridIndexing: Sendable {
  /// As in a picture: `y` counts rows and `x` columns, so the first list runs along axis 1.
  case xy
  /// As in a matrix: the first list runs along axis 0.
  case ij
}

/// The coordinates of a grid: for each list, a view that repeats it along the axes of the other
/// lists; all have one shape.
///
/// - Precondition: the lists have one axis each.
public func meshgrid<Scalar>(
  _ lists: Tensor<Scalar>..., indexing: GridIndexing = .xy
) -> [Tensor<Scalar>] {
  for list in lists {
    require(list.rank == 1, "meshgrid: got a list of shape \(list.shape), expected one axis")
  }
  let shape = TensorShape(lists.map(\.count))
  let grids = lists.enumerated().map { axis, list in
    var sizes = Array(repeating: 1, count: lists.count)
    sizes[axis] = list.count
    return list.reshaped(to: TensorShape(sizes)).broadcast(to: shape)
  }
  return indexing == .xy && lists.count >= 2 ? grids.map { $0.swappingAxes(0, 1) } : grids
}
