// The matrix product. Next on the way down: Tensor's `GEMM/GEMM.swift`.

import Tensor

/// c = a b for a with shape [..., m, k] and b with shape [k, n], or one matrix b for each matrix of a.
struct MatrixProduct<Scalar: TensorFloat>: TapeOperation {
  var name: String { "matmul" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (a, b) = (pass.input(0).shape, pass.input(1).shape)
    require(
      a.rank >= 2 && b.rank >= 2,
      "matmul: variables need two axes or more, got shapes \(a) and \(b)")
    require(
      a[a.rank - 1] == b[b.rank - 2],
      "matmul: inner sizes differ, \(a[a.rank - 1]) and \(b[b.rank - 2]), for shapes \(a) and \(b); "
        + "the last axis of the left must equal the second to last of the right")
    require(
      b.rank == 2 || a.dropLast(2) == b.dropLast(2),
      "matmul: the leading axes differ, for shapes \(a) and \(b); the right may have two axes or "
        + "the left's leading ones")
    return a.replacing(axis: a.rank - 1, with: b[b.rank - 1])
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (a, b, c) = (pass.input(0), pass.input(1), pass.output)
    forEachMatrix(a, b) { m, k, n, offsetA, offsetB, offsetC in
      gemm(
        matrix(a.base + offsetA, m, k), matrix(b.base + offsetB, k, n),
        into: mutableMatrix(c.base + offsetC, m, n))
    }
  }

  // da = dc bᵀ
  // db = aᵀ dc, summed over the matrices of a that share b
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let (a, b, dc) = (pass.input(0), pass.input(1), pass.outputGradient)
    if let (da, accumulate) = pass.gradient(0) {
      forEachMatrix(a, b) { m, k, n, offsetA, offsetB, offsetC in
        gemm(
          matrix(dc.base + offsetC, m, n), matrix(b.base + offsetB, k, n).transposed,
          into: mutableMatrix(da + offsetA, m, k), start: accumulate ? .accumulate : .zero)
      }
    }
    if let (db, accumulate) = pass.gradient(1) {
      forEachMatrix(a, b) { m, k, n, offsetA, offsetB, offsetC in
        gemm(
          matrix(a.base + offsetA, m, k).transposed, matrix(dc.base + offsetC, m, n),
          into: mutableMatrix(db + offsetB, k, n), start: accumulate ? .accumulate : .zero)
      }
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    2 * pass.output.count * (pass.input(0).shape.last ?? 0)
  }

  /// Calls `body` with the sizes and the places of each product; one product if b is one matrix.
  private func forEachMatrix(
    _ a: Block<Scalar>, _ b: Block<Scalar>,
    _ body: (_ m: Int, _ k: Int, _ n: Int, _ a: Int, _ b: Int, _ c: Int) -> Void
  ) {
    let k = a.shape[a.shape.rank - 1]
    let n = b.shape[b.shape.rank - 1]
    if b.shape.rank == 2 {
      // The leading axes of a are further rows.
      return body(a.shape.dropLast().reduce(1, *), k, n, 0, 0, 0)
    }
    let m = a.shape[a.shape.rank - 2]
    for i in 0..<a.shape.dropLast(2).reduce(1, *) {
      body(m, k, n, i * m * k, i * k * n, i * m * n)
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

/// The matrix product of `a`, [..., m, k], and `b`, [k, n] or one matrix for each of `a`'s.
public func matmul<Scalar>(_ a: Variable<Scalar>, _ b: Variable<Scalar>) -> Variable<Scalar> {
  a.tape.record(MatrixProduct(), a, b)
}
