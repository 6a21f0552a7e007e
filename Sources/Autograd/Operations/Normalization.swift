// Rows of mean 0 and variance 1: what layer and group normalisation compute.

import KernelTemplate
import Tensor

/// y = (x - mean) / √(variance + epsilon) for each row along the last axis; uncentred, y = x / √(mean of squares +
/// epsilon).
struct RowNormalization<Scalar: TensorFloat>: TapeOperation {
  let isCentered: Bool
  let epsilon: Scalar

  var name: String { isCentered ? "normalization" : "rmsNormalization" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let x = pass.input(0).shape
    require(x.rank > 0, "\(name): a single number has no row to normalise")
    return x
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    let (rows, columns) = (x.shape.rowCount, x.shape.sizes[x.shape.rank - 1])
    let scales = pass.keep(count: rows)
    let kernels = Scalar.kernels
    Parallel.overRows(rows, of: columns) { start, count in
      for row in start..<start &+ count {
        let (x, y) = (x.base + row &* columns, y.base + row &* columns)
        var source = x
        if isCentered {
          let mean = kernels.pointee.sum(x, count: columns) / Scalar(columns)
          withUnsafePointer(to: mean) {
            kernels.pointee.zip(.subtract, .elements(x), .number($0), to: y, count: columns)
          }
          source = UnsafePointer(y)
        }
        var squares = Scalar.zero
        kernels.pointee.reduce(.sumOfSquares, source, columns, &squares)
        scales[row] = 1 / (squares / Scalar(columns) + epsilon).squareRoot()
        kernels.pointee.scale(
          source, by: scales[row], to: y, count: columns, accumulate: false)
      }
    }
  }

  // dx = scale (dy - mean(dy) - y mean(dy y)), uncentred without mean(dy)
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, _) = pass.zeroedGradient(0) else { return }
    let (x, y, dy, scales) = (pass.input(0), pass.output, pass.overwrittenGradient, pass.kept)
    let (rows, columns) = (x.shape.rowCount, x.shape.sizes[x.shape.rank - 1])
    let kernels = Scalar.kernels
    Parallel.overRows(rows, of: columns) { start, count in
      withScratch([columns]) { products in
        for row in start..<start &+ count {
          let (y, dy) = (y.base + row &* columns, dy.base + row &* columns)
          kernels.pointee.multiply(
            .elements(y), .elements(dy), to: products.base, count: columns, accumulate: false)
          let product = kernels.pointee.sum(products.base, count: columns) / Scalar(columns)
          if isCentered {
            let mean = kernels.pointee.sum(dy, count: columns) / Scalar(columns)
            withUnsafePointer(to: mean) {
              kernels.pointee.zip(.subtract, .elements(dy), .number($0), to: dy, count: columns)
            }
          }
          kernels.pointee.scale(y, by: -product, to: dy, count: columns, accumulate: true)
          kernels.pointee.scale(
            dy, by: scales[row], to: dx + row &* columns, count: columns, accumulate: true)
        }
      }
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int { 6 * pass.output.count }
}

/// Each row along the last axis with mean 0 and variance 1, or, uncentred, with a mean of squares of 1.
///
/// - Parameters:
///   - x: the rows.
///   - isCentered: whether the mean is taken off first.
///   - epsilon: what is added to the variance so that the quotient stays finite.
/// - Returns: a variable of the same shape.
public func normalized<Scalar>(
  _ x: Variable<Scalar>, isCentered: Bool = true, epsilon: Scalar
) -> Variable<Scalar> {
  x.tape.record(RowNormalization(isCentered: isCentered, epsilon: epsilon), x)
}
