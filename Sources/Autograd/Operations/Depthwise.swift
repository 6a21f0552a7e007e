// Convolution of each channel by itself. There is no sum over channels, hence no product of matrices: the channels
// of a pixel are a vector, and each tap of the kernel one multiply-add of vectors.

import KernelTemplate
import Tensor

/// y = bias + x * kernel, channel by channel, for x [images, height, width, channels], kernel [height, width,
/// channels] and, if it is there, bias [channels].
struct DepthwiseConvolution<Scalar: TensorFloat>: TapeOperation {
  let window: Window

  var name: String { "depthwiseConvolution" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (x, kernel) = (pass.input(0).shape, pass.input(1).shape)
    x.requireImages("depthwise convolution")
    require(
      kernel.rank == 3 && kernel[2] == x[3] && kernel.kernelSize.isValid,
      "depthwise convolution: images of shape \(x) do not fit a kernel of shape \(kernel); it must have "
        + "shape [height, width, \(x[3])]")
    require(
      pass.inputCount == 2 || pass.input(2).shape == [kernel[2]],
      "depthwise convolution: the bias must have shape [\(kernel[2])]")
    let size = window.outputSize(
      of: Size2D(height: x[1], width: x[2]), kernel: kernel.kernelSize)
    return [x[0], size.height, size.width, x[3]]
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, kernel, y) = (pass.input(0), pass.input(1), pass.output)
    let grid = WindowGrid(x.shape, kernel: kernel.shape.kernelSize, window)
    let (channels, kernels) = (grid.channels, Scalar.kernels)
    if pass.inputCount > 2 {
      broadcast(pass.input(2), to: y.base, y.shape)
    } else {
      y.base.fill(with: 0, count: y.count)
    }
    WindowGrid.overRows(
      grid.images &* grid.rows, work: y.count / max(1, grid.images &* grid.rows)
    ) { rows in
      for row in rows {
        let y = y.base + row &* grid.columns &* channels
        grid.forEachTap(ofRow: row) { tap, line, columns, column in
          let weights = kernel.base + tap &* channels
          for window in columns {
            kernels.pointee.multiply(
              .elements(x.base + (line &* grid.width &+ column(window)) &* channels),
              .elements(weights), to: y + window &* channels, count: channels, accumulate: true)
          }
        }
      }
    }
  }

  // db = the sum of dy over all windows
  // dk = the sum over all windows of what each sees times dy, a tap at a time
  // dx = the sum over the taps of their weights times dy
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let (x, kernel, dy) = (pass.input(0), pass.input(1), pass.outputGradient)
    let grid = WindowGrid(x.shape, kernel: kernel.shape.kernelSize, window)
    let (channels, kernels) = (grid.channels, Scalar.kernels)
    if pass.inputCount > 2, let (db, accumulate) = pass.gradient(2) {
      sumColumns(dy.base, dy.count / max(1, channels), channels, to: db, accumulate: accumulate)
    }
    if let (dk, _) = pass.zeroedGradient(1) {
      Parallel.run(pieces: grid.kernel.height &* grid.kernel.width) { tap in
        let (tapRow, tapColumn) = (tap / grid.kernel.width, tap % grid.kernel.width)
        let columns = grid.windowColumns(tap: tapColumn)
        for row in 0..<grid.images &* grid.rows {
          let y = grid.imageRow(row % grid.rows, tap: tapRow)
          guard y >= 0 && y < grid.height else { continue }
          let line = (row / grid.rows &* grid.height &+ y) &* grid.width
          for window in columns {
            let pixel = line &+ grid.imageColumn(window, tap: tapColumn)
            kernels.pointee.multiply(
              .elements(x.base + pixel &* channels),
              .elements(dy.base + (row &* grid.columns &+ window) &* channels),
              to: dk + tap &* channels, count: channels, accumulate: true)
          }
        }
      }
    }
    if let (dx, _) = pass.zeroedGradient(0) {
      // Windows of one image overlap; images do not.
      Parallel.overRows(grid.images, of: grid.count / max(1, grid.images)) { first, count in
        for row in first &* grid.rows..<(first &+ count) &* grid.rows {
          let dy = dy.base + row &* grid.columns &* channels
          grid.forEachTap(ofRow: row) { tap, line, columns, column in
            let weights = kernel.base + tap &* channels
            for window in columns {
              kernels.pointee.multiply(
                .elements(dy + window &* channels), .elements(weights),
                to: dx + (line &* grid.width &+ column(window)) &* channels, count: channels,
                accumulate: true)
            }
          }
        }
      }
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    let kernel = pass.input(1).shape
    return input == 2 ? pass.output.count : 2 * pass.output.count * kernel[0] * kernel[1]
  }
}

extension WindowGrid {
  /// Calls `body` with each tap of the kernel that sees something of the image from a row of windows, in order: the
  /// tap's number, the row among those of all images, the windows, and the column of the image that a window sees.
  @inline(__always)
  func forEachTap(
    ofRow row: Int,
    _ body: (_ tap: Int, _ line: Int, _ windows: Range<Int>, _ column: (Int) -> Int) -> Void
  ) {
    for tapRow in 0..<kernel.height {
      let y = imageRow(row % rows, tap: tapRow)
      guard y >= 0 && y < height else { continue }
      for tapColumn in 0..<kernel.width {
        body(
          tapRow &* kernel.width &+ tapColumn, row / rows &* height &+ y,
          windowColumns(tap: tapColumn)
        ) { imageColumn($0, tap: tapColumn) }
      }
    }
  }
}

/// The convolution of each channel of images [images, height, width, channels] with its own kernel, [height, width,
/// channels], and a bias.
package func depthwiseConvolution<Scalar>(
  _ x: Variable<Scalar>, _ kernel: Variable<Scalar>, _ bias: Variable<Scalar>?, _ window: Window
) -> Variable<Scalar> {
  let operation = DepthwiseConvolution<Scalar>(window: window)
  return if let bias {
    x.tape.record(operation, x, kernel, bias)
  } else {
    x.tape.record(operation, x, kernel)
  }
}
