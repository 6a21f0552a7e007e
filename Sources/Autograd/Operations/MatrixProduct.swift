// The matrix product. Next on the way down: Tensor's `GEMM/GEMM.swift`.

import Tensor

/// c = a b for a with shape [..., m, k] and b with shape [..., k, n]; the leading axes broadcast.
struct MatrixProduct<Scalar: TensorFloat>: TapeOperation {
  var name: String { "matmul" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (a, b) = (pass.input(0).shape, pass.input(1).shape)
    require(a.rank >= 2 && b.rank >= 2, "matmul: expected two axes or more, got \(a) and \(b)")
    TensorShape.requireProduct(a, b)
    let n = b.sizes[b.rank - 1]
    if b.rank == 2 { return a.replacing(axis: a.rank - 1, with: n) }
    var sizes = TensorShape.stackOfProducts(a, b).sizes
    sizes.append(a.sizes[a.rank - 2])
    sizes.append(n)
    return TensorShape(sizes: sizes)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (a, b, c) = (pass.input(0), pass.input(1), pass.output)
    forEachProduct(a.shape, b.shape, c.shape) { m, k, n, offsetA, offsetB, offsetC in
      gemm(
        matrix(a.base + offsetA, m, k), matrix(b.base + offsetB, k, n),
        into: mutableMatrix(c.base + offsetC, m, n))
    }
  }

  // da = dc bᵀ, summed over the products that share a
  // db = aᵀ dc, summed over the products that share b
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let (a, b, dc) = (pass.input(0), pass.input(1), pass.outputGradient)
    if let (da, start) = gradient(0, pass) {
      forEachProduct(a.shape, b.shape, dc.shape) { m, k, n, offsetA, offsetB, offsetC in
        gemm(
          matrix(dc.base + offsetC, m, n), matrix(b.base + offsetB, k, n).transposed,
          into: mutableMatrix(da + offsetA, m, k), start: start)
      }
    }
    if let (db, start) = gradient(1, pass) {
      forEachProduct(a.shape, b.shape, dc.shape) { m, k, n, offsetA, offsetB, offsetC in
        gemm(
          matrix(a.base + offsetA, m, k).transposed, matrix(dc.base + offsetC, m, n),
          into: mutableMatrix(db + offsetB, k, n), start: start)
      }
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    2 * pass.output.count * (pass.input(0).shape.last ?? 0)
  }

  /// An operand's gradient, and how a product is written to it.
  ///
  /// Each matrix is written once, unless several products share it.
  @inline(__always)
  private func gradient(
    _ i: Int, _ pass: BackwardPass<Scalar>
  ) -> (UnsafeMutablePointer<Scalar>, GEMMStart<Scalar>)? {
    let (operand, c) = (pass.input(i).shape, pass.output.shape)
    let isShared = pass.input(1).shape.rank > 2 && operand.dropLast(2) != c.dropLast(2)
    if isShared { return pass.zeroedGradient(i).map { ($0.base, .accumulate) } }
    return pass.gradient(i).map { ($0.base, $0.accumulate ? .accumulate : .zero) }
  }

  /// Calls `body` with the sizes and offsets of each product; just one if b is a single matrix.
  @inline(__always)
  private func forEachProduct(
    _ a: TensorShape, _ b: TensorShape, _ c: TensorShape,
    _ body: (_ m: Int, _ k: Int, _ n: Int, _ a: Int, _ b: Int, _ c: Int) -> Void
  ) {
    let k = a.sizes[a.rank - 1]
    let n = b.sizes[b.rank - 1]
    // The leading axes of a act as more rows.
    if b.rank == 2 { return body(a.rowCount, k, n, 0, 0, 0) }
    let m = a.sizes[a.rank - 2]
    let (left, right, batch) = (
      TensorShape(a.dropLast(2)), TensorShape(b.dropLast(2)), TensorShape(c.dropLast(2))
    )
    forEachRow(
      of: batch, left.contiguousStrides.broadcast(from: left, to: batch),
      right.contiguousStrides.broadcast(from: right, to: batch), batch.contiguousStrides
    ) { left, right, place, count, steps in
      for i in 0..<count {
        body(
          m, k, n, (left &+ i &* steps.0) &* m &* k, (right &+ i &* steps.1) &* k &* n,
          (place &+ i &* steps.2) &* m &* n)
      }
    }
  }
}

@inline(__always)
func matrix<Scalar: TensorFloat>(
  _ base: UnsafePointer<Scalar>, _ rows: Int, _ columns: Int
) -> MatrixView<Scalar> {
  MatrixView(base: base, rows: rows, columns: columns, rowStride: columns, columnStride: 1)
}

@inline(__always)
func mutableMatrix<Scalar: TensorFloat>(
  _ base: UnsafeMutablePointer<Scalar>, _ rows: Int, _ columns: Int
) -> MutableMatrixView<Scalar> {
  MutableMatrixView(base: base, rows: rows, columns: columns, rowStride: columns, columnStride: 1)
}

/// The matrix product of `a`, [..., m, k], and `b`, [..., k, n]; the leading axes broadcast.
///
/// As with tensors, an operand with one axis is a row on the left or a column on the right, and the axis
/// added for that is removed from the result.
public func matmul<Scalar>(_ a: Variable<Scalar>, _ b: Variable<Scalar>) -> Variable<Scalar> {
  if b.rank == 1 && a.rank > 0 { return matmul(a, b.expandingShape(at: 1)).squeezingShape(at: -1) }
  if a.rank == 1 && b.rank > 0 { return matmul(a.expandingShape(at: 0), b).squeezingShape(at: -2) }
  return a.tape.record(MatrixProduct(), a, b)
}

/// The sum of products that `subscripts` describes, as with tensors: `einsum("bij,bkj->bik", q, k)`.
///
/// - Precondition: as many operands as groups of letters, with an axis for each letter; axes with the
///   same letter are equally long.
public func einsum<Scalar>(_ subscripts: String, _ operands: Variable<Scalar>...) -> Variable<
  Scalar
> {
  einsum(subscripts, of: operands)
}

extension Variable: EinsumOperand {
  /// The variable with two axes of equal size merged into one, along their diagonal.
  package func mergingAxes(_ first: Int, _ second: Int) -> Variable {
    viewed("diagonal", as: layout.mergingAxes(first, second))
  }

  /// The matrix product.
  package static func product(_ a: Variable, _ b: Variable) -> Variable { matmul(a, b) }
}
