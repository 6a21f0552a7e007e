// Normalisation of each row by its own mean and variance, as one operation.

import KernelTemplate
import Tensor

/// y = g n + b with n = (x - mean(x)) / √(variance(x) + ε) along the last axis.
struct LayerNormalization<Scalar: TensorFloat>: TapeOperation {
  let epsilon: Double

  var name: String { "layerNormalization" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (x, g, b) = (pass.input(0).shape, pass.input(1).shape, pass.input(2).shape)
    require(
      x.rank > 0 && x[x.rank - 1] > 0 && g == [x[x.rank - 1]] && b == g,
      "layerNormalization: a scale of shape \(g) and a shift of shape \(b) do not fit an input of shape "
        + "\(x); expected one number for each element of its last axis")
    return x
  }

  // Keeps n, and 1 / √(variance + ε) of each row behind it.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, g, b, y) = (pass.input(0), pass.input(1).base, pass.input(2).base, pass.output)
    let (rows, size) = (x.shape.rowCount, pass.input(1).count)
    let normalized = pass.keep(count: x.count &+ rows)
    let epsilon = Scalar(epsilon)
    let kernels = Scalar.kernels
    Parallel.overRows(rows, of: size) { start, count in
      for row in start..<start &+ count {
        let (x, n, y) = (x.base + row &* size, normalized + row &* size, y.base + row &* size)
        var mean = kernels.pointee.sum(x, count: size) / Scalar(size)
        kernels.pointee.zip(.subtract, .elements(x), .number(&mean), to: n, count: size)
        kernels.pointee.multiply(.elements(n), .elements(n), to: y, count: size, accumulate: false)
        let variance = kernels.pointee.sum(y, count: size) / Scalar(size)
        let factor = 1 / (variance + epsilon).squareRoot()
        normalized[rows &* size &+ row] = factor
        kernels.pointee.scale(n, by: factor, to: n, count: size, accumulate: false)
        kernels.pointee.multiply(.elements(n), .elements(g), to: y, count: size, accumulate: false)
        kernels.pointee.add(b, to: y, count: size)
      }
    }
  }

  // db = the sum of dy over the rows;  dg = the sum of n dy over the rows
  // dx = (e - mean(e) - n mean(n e)) / √(variance + ε) with e = g dy
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let (x, g, dy) = (pass.input(0), pass.input(1).base, pass.outputGradient)
    let (rows, size) = (x.shape.rowCount, pass.input(1).count)
    let normalized = pass.kept
    let kernels = Scalar.kernels
    if let (db, accumulate) = pass.gradient(2) {
      sumColumns(dy.base, rows, size, to: db, accumulate: accumulate)
    }
    let buffer = BufferPool.take(bytes: 2 &* x.count &* MemoryLayout<Scalar>.stride)
    defer { BufferPool.give(buffer) }
    let products = buffer.base.assumingMemoryBound(to: Scalar.self)
    let scaled = products + x.count
    Parallel.overParts(of: x.count) { start, count in
      kernels.pointee.multiply(
        .elements(normalized + start), .elements(dy.base + start), to: products + start,
        count: count, accumulate: false)
    }
    if let (dg, accumulate) = pass.gradient(1) {
      sumColumns(products, rows, size, to: dg, accumulate: accumulate)
    }
    guard let (dx, accumulate) = pass.gradient(0) else { return }
    Parallel.overRows(rows, of: size) { start, count in
      for row in start..<start &+ count {
        let place = row &* size
        let (n, e) = (normalized + place, scaled + place)
        kernels.pointee.multiply(
          .elements(products + place), .elements(g), to: e, count: size, accumulate: false)
        let slope = kernels.pointee.sum(e, count: size) / Scalar(size)
        kernels.pointee.multiply(
          .elements(dy.base + place), .elements(g), to: e, count: size, accumulate: false)
        var mean = kernels.pointee.sum(e, count: size) / Scalar(size)
        kernels.pointee.zip(.subtract, .elements(e), .number(&mean), to: e, count: size)
        kernels.pointee.scale(n, by: -slope, to: e, count: size, accumulate: true)
        kernels.pointee.scale(
          e, by: normalized[rows &* size &+ row], to: dx + place, count: size,
          accumulate: accumulate)
      }
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    8 * pass.output.count
  }
}

/// `(x - mean) / √(variance + epsilon) · scale + shift`, with the mean and the variance of each row along the
/// last axis.
///
/// Source: J. Ba et al., "Layer normalization", 2016.
public func layerNormalization<Scalar>(
  _ x: Variable<Scalar>, scale: Variable<Scalar>, shift: Variable<Scalar>, epsilon: Double
) -> Variable<Scalar> {
  x.tape.record(LayerNormalization<Scalar>(epsilon: epsilon), x, scale, shift)
}
