// Convolution of each channel separately. There is no sum over channels, hence no matrix product:
// the channels of a pixel are a vector, and each tap of the kernel is one multiply-add of vectors.

import KernelTemplate
import Tensor

/// y = bias + x * kernel, channel by channel, for x [images, height, width, channels], kernel
/// [height, width, channels, 1] and an optional bias [channels].
struct DepthwiseConvolution<Scalar: TensorFloat>: TapeOperation {
  let window: Window

  var name: String { "depthwiseConvolution" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (x, kernel) = imagesAndKernel(pass)
    require(
      kernel[2] == x[3] && kernel[3] == 1,
      "\(name): images of shape \(x) do not fit a kernel of shape \(kernel); it must have shape "
        + "[height, width, \(x[3]), filters of each channel]")
    requireBias(pass, filters: x[3])
    let size = window.fittingSize(of: x.imageSize, kernel: kernel.kernelSize, name)
    return pass.input(0).shape.replacingImage(size, channels: x[3])
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, kernel, y) = (pass.input(0), pass.input(1), pass.output)
    if y.count == 0 { return }
    if pass.inputCount > 2 {
      broadcast(pass.input(2), to: y.base, y.shape)
    } else {
      y.base.fill(with: 0, count: y.count)
    }
    let grid = grid(pass.input)
    let (channels, kernels) = (grid.channels, Scalar.kernels)
    WindowGrid.overRows(
      grid.images &* grid.rows, work: grid.columns &* kernel.count
    ) { rows in
      for row in rows {
        let y = y.base + row &* grid.columns &* channels
        grid.forEachTap(ofRow: row) { tap, line, columns, column in
          for window in columns {
            kernels.pointee.multiply(
              .elements(x.base + (line &* grid.width &+ column(window)) &* channels),
              .elements(kernel.base + tap &* channels), to: y + window &* channels,
              count: channels, accumulate: true)
          }
        }
      }
    }
  }

  // db = the sum of dy over all windows
  // dk = the sum over all windows of the window's input times dy, one tap at a time
  // dx = the sum over the taps of the tap's weights times dy
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let dy = pass.outputGradient
    addBiasGradient(dy, to: pass)
    let (dk, dx) = (pass.zeroedGradient(1), pass.zeroedGradient(0))
    if dy.count == 0 { return }
    if let dk { addKernelGradient(pass, to: dk.base) }
    if let dx { addImageGradient(pass, to: dx.base) }
  }

  private func grid(_ input: (Int) -> Block<Scalar>) -> WindowGrid {
    WindowGrid(
      input(0).shape.asImages, kernel: input(1).shape.asKernel.kernelSize, window)
  }

  /// Each number is one sum in the order of the windows; threads divide the taps among them.
  @inline(__always)
  private func addKernelGradient(
    _ pass: BackwardPass<Scalar>, to dk: UnsafeMutablePointer<Scalar>
  ) {
    let (x, dy, grid) = (pass.input(0), pass.outputGradient, grid(pass.input))
    let (channels, kernels) = (grid.channels, Scalar.kernels)
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

  /// Each number is summed in the order of the taps; threads divide the rows among them.
  @inline(__always)
  private func addImageGradient(
    _ pass: BackwardPass<Scalar>, to dx: UnsafeMutablePointer<Scalar>
  ) {
    let (kernel, dy, grid) = (pass.input(1), pass.outputGradient, grid(pass.input))
    let (channels, kernels) = (grid.channels, Scalar.kernels)
    WindowGrid.overRows(
      grid.images &* grid.height, work: grid.width &* kernel.count
    ) { rows in
      for row in rows {
        for tapRow in 0..<grid.kernel.height {
          guard let window = grid.windowRow(row % grid.height, tap: tapRow) else { continue }
          let line = (row / grid.height &* grid.rows &+ window) &* grid.columns
          for tapColumn in 0..<grid.kernel.width {
            let tap = tapRow &* grid.kernel.width &+ tapColumn
            for window in grid.windowColumns(tap: tapColumn) {
              let pixel = row &* grid.width &+ grid.imageColumn(window, tap: tapColumn)
              kernels.pointee.multiply(
                .elements(dy.base + (line &+ window) &* channels),
                .elements(kernel.base + tap &* channels), to: dx + pixel &* channels,
                count: channels, accumulate: true)
            }
          }
        }
      }
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    let kernel = pass.input(1).shape.asKernel
    return input == 2 ? pass.output.count : 2 * pass.output.count * kernel[0] * kernel[1]
  }
}

/// Convolves each channel of images or sequences separately.
///
/// ```
/// y[n, i, j, c·m + k] =
///   bias[c·m + k] + sum over u, v of x[n, i·s + u·d, j·s + v·d, c] · kernel[u, v, c, k]
/// ```
///
/// with strides s and dilation d.
///
/// - Parameters:
///   - x: images [images, height, width, channels], or sequences [samples, steps, channels].
///   - kernel: [height, width, channels, m] for m outputs per channel or, for sequences, [size,
///     channels, m].
///   - bias: [channels · m]; nil for none.
///   - strides: the step from one window to the next. For a sequence, only the width counts.
///   - padding: what windows see beyond the edges.
///   - dilation: the distance between the elements of a window.
/// - Returns: [images, rows, columns, channels · m], or [samples, steps, channels · m].
public func depthwiseConvolution<Scalar>(
  _ x: Variable<Scalar>, _ kernel: Variable<Scalar>, bias: Variable<Scalar>? = nil,
  strides: Size2D = 1, padding: Padding = .valid, dilation: Size2D = 1
) -> Variable<Scalar> {
  depthwiseConvolution(
    x, kernel, bias, Window(strides: strides, dilation: dilation, padding: padding))
}

/// A depthwise convolution with the given window, whose groups are ignored.
package func depthwiseConvolution<Scalar>(
  _ x: Variable<Scalar>, _ kernel: Variable<Scalar>, _ bias: Variable<Scalar>?, _ window: Window
) -> Variable<Scalar> {
  let (shape, channels) = (kernel.shape, x.shape.last ?? 0)
  guard
    shape.rank == x.shape.rank && shape.rank >= 3 && shape.last! > 1
      && shape[shape.rank - 2] == channels
  else {
    return x.tape.record(DepthwiseConvolution(window: window), x, kernel, bias)
  }
  // Several filters per channel are a grouped convolution with one channel per group.
  let filters = shape.replacing(axis: shape.rank - 2, with: 1)
    .replacing(axis: shape.rank - 1, with: channels * shape.last!)
  return convolution(
    x, kernel.reshaped(to: filters), bias,
    Window(
      strides: window.strides, dilation: window.dilation, padding: window.padding, groups: channels)
  )
}
