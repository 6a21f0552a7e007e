// Tensors as sets: unions, intersections and differences. Results are lists of distinct values in
// ascending order, like those of `unique()`.

extension Tensor where Scalar: TensorNumber {
  /// Whether each element occurs in `other`; NaN occurs nowhere.
  ///
  /// NumPy's `isin`.
  ///
  /// - Complexity: O((*n* + *m*) log *m*) for *n* elements here and *m* in `other`.
  public func isIn(_ other: Tensor) -> Tensor<Bool> {
    guard other.count > 0 else { return .zeros(shape) }
    let sorted = other.flattened().sorted()
    let places = minimum(sorted.searchSorted(self), other.count - 1)
    return sorted.taking(places, axis: 0) .== self
  }

  /// The distinct values that are in this tensor or in `other`: NumPy's `union1d`.
  public func union(_ other: Tensor) -> Tensor {
    concatenate([flattened(), other.flattened()]).unique()
  }

  /// The distinct values that are both in this tensor and in `other`, never NaN: NumPy's
  /// `intersect1d`.
  public func intersection(_ other: Tensor) -> Tensor {
    let values = unique()
    return values[values.isIn(other)]
  }

  /// The distinct values that are in this tensor but not in `other`: NumPy's `setdiff1d`.
  public func subtracting(_ other: Tensor) -> Tensor {
    let values = unique()
    return values[.!values.isIn(other)]
  }

  /// The distinct values that are in exactly one of this tensor and `other`: NumPy's `setxor1d`.
  public func symmetricDifference(_ other: Tensor) -> Tensor {
    concatenate([subtracting(other), other.subtracting(self)]).sorted()
  }

  // MARK: Distinct parts

  /// The distinct parts along `axis`, in ascending order of their elements: NumPy's
  /// `unique(axis=)`.
  ///
  /// A part with NaN differs from all others.
  ///
  /// - Complexity: O(*n w*) for *n* parts of *w* elements.
  public func unique(axis: Int) -> Tensor { uniqueAll(axis: axis).values }

  /// The distinct parts along `axis`, and where they occur.
  ///
  /// - `values`: the result of ``unique(axis:)``.
  /// - `positions`: for each of them, its first position along `axis`.
  /// - `inverse`: for each position along `axis`, the index of its part in `values`.
  /// - `counts`: how often each occurs.
  public func uniqueAll(axis: Int) -> (
    values: Tensor, positions: Tensor<Int>, inverse: Tensor<Int>, counts: Tensor<Int>
  ) {
    let axis = shape.normalized(axis: axis, "unique")
    let count = shape[axis]
    let width = shape.removing(axis: axis).elementCount
    let rows = movingAxis(from: axis, to: 0).reshaped(to: [count, width])
    // The first column is the primary key, so it comes last.
    let columns = rows.transposed().contiguous()
    let keys = (0..<width).reversed().map { columns[$0, ...] }
    let order = keys.isEmpty ? Tensor<Int>.range(from: 0, to: count) : lexsort(keys)
    let sorted = rows.taking(order, axis: 0)
    let starts =
      count == 0
      ? Tensor<Bool>([])
      : concatenate([
        [true], (sorted[1...] .!= sorted[..<(count - 1)]).any(axis: 1),
      ])
    let numbers = Tensor<Int>(starts).cumulativeSum() - 1
    var inverse = Tensor<Int>.zeros([count])
    inverse.putAlong(axis: 0, order, numbers)
    let positions = order[starts]
    let bounds = concatenate([starts.truePositions(), Tensor<Int>([count])])
    return (taking(positions, axis: axis), positions, inverse, bounds.differences())
  }
}

/// The positions along the last axis that sort by several keys, where the last of `keys` is the
/// primary one.
///
/// Where its elements are equal, the key before it decides, and so on. Where all keys are equal,
/// positions ascend. NumPy's `lexsort`.
///
/// - Precondition: there is at least one key, and all keys have one shape with at least one axis.
/// - Complexity: one `argsort` for each key.
public func lexsort<Scalar: TensorNumber>(_ keys: [Tensor<Scalar>]) -> Tensor<Int> {
  guard let first = keys.first else { fail("lexsort: there are no keys") }
  for key in keys {
    require(
      key.shape == first.shape && key.rank > 0,
      "lexsort: got keys of shape \(first.shape) and \(key.shape), expected one shape with an axis")
  }
  return keys.dropFirst().reduce(first.argsort()) { order, key in
    order.takingAlong(axis: -1, key.takingAlong(axis: -1, order).argsort())
  }
}
