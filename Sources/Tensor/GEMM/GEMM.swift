import KernelTemplate
package enum GEMMStart<Scalar: TensorFloat> {
  case zero
  case row(UnsafePointer<Scalar>)
  case accumulate
}
package func gemm<Scalar: TensorFloat>(
  _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, into c: MutableMatrixView<Scalar>,
  start: GEMMStart<Scalar> = .zero
) { referenceGEMM(a, b, into: c, start: start) }
