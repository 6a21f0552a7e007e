// One number of each window and channel: the greatest, or the mean.

import KernelTemplate
import Tensor

/// The windows of a pooling operation, in few bytes, so that it is recorded without an allocation.
struct PoolingWindow {
  private let height, width, strideHeight, strideWidth: Int32
  private let padding: Padding

  init(_ size: Size2D, strides: Size2D, padding: Padding) {
    require(
      size.isValid && strides.isValid,
      "pooling: windows of \(size) and strides of \(strides) must lie in 1...\(Size2D.largest)")
    require(padding != .causal, "pooling: there is no causal padding; take valid or same")
    (height, width) = (Int32(size.height), Int32(size.width))
    (strideHeight, strideWidth) = (Int32(strides.height), Int32(strides.width))
    self.padding = padding
  }

  private var size: Size2D { Size2D(height: Int(height), width: Int(width)) }

  private var window: Window {
    Window(
      strides: Size2D(height: Int(strideHeight), width: Int(strideWidth)), padding: padding)
  }

  func outputShape(of x: TensorShape) -> TensorShape {
    x.requireImages("pooling")
    let result = window.outputSize(of: Size2D(height: x[1], width: x[2]), kernel: size)
    return [x[0], result.height, result.width, x[3]]
  }

  func grid(over x: TensorShape) -> WindowGrid { WindowGrid(x, kernel: size, window) }
}

/// y = the greatest number that each window sees of a channel, NaN if it sees one.
struct MaxPooling<Scalar: TensorFloat>: TapeOperation {
  let pooling: PoolingWindow

  var name: String { "maxPooling" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    pooling.outputShape(of: pass.input(0).shape)
  }

  // Keeps the tap that won each result: a byte where there are few.
  func forward(_ pass: ForwardPass<Scalar>) {
    let grid = pooling.grid(over: pass.input(0).shape)
    grid.hasFewTaps ? forward(pass, grid, UInt8.self) : forward(pass, grid, UInt64.self)
  }

  @specialized(where Scalar == Float, Winner == UInt8)
  @specialized(where Scalar == Double, Winner == UInt8)
  @specialized(where Scalar == Float, Winner == UInt64)
  @specialized(where Scalar == Double, Winner == UInt64)
  private func forward<Winner: FixedWidthInteger>(
    _ pass: ForwardPass<Scalar>, _ grid: WindowGrid, _: Winner.Type
  ) {
    let (x, y, channels) = (pass.input(0), pass.output, grid.channels)
    let size = MemoryLayout<Scalar>.size
    let winners = UnsafeMutableRawPointer(
      pass.keep(count: (y.count &* MemoryLayout<Winner>.size &+ size &- 1) / size)
    ).bindMemory(to: Winner.self, capacity: y.count)
    let (row, nobody) = (grid.columns &* channels, Winner.max)
    WindowGrid.overRows(grid.images &* grid.rows, work: row &* grid.tapCount) { rows in
      for number in rows {
        let (y, winners) = (y.base + number &* row, winners + number &* row)
        y.fill(with: -.infinity, count: row)
        winners.initialize(repeating: nobody, count: row)
        grid.forEachTap(ofRow: number) { tap, line, columns, column in
          let tap = Winner(truncatingIfNeeded: tap)
          for window in columns {
            let x = x.base + (line &* grid.width &+ column(window)) &* channels
            let (y, winners) = (y + window &* channels, winners + window &* channels)
            for channel in 0..<channels {
              let (value, greatest) = (x[channel], y[channel])
              // The first of equal numbers, and the first NaN if there is one.
              let wins =
                value > greatest || winners[channel] == nobody
                || value != value && greatest == greatest
              y[channel] = wins ? value : greatest
              winners[channel] = wins ? tap : winners[channel]
            }
          }
        }
      }
    }
  }

  // dx = the sum of dy over the windows that the number won
  func backward(_ pass: BackwardPass<Scalar>) {
    let grid = pooling.grid(over: pass.input(0).shape)
    grid.hasFewTaps ? backward(pass, grid, UInt8.self) : backward(pass, grid, UInt64.self)
  }

  @specialized(where Scalar == Float, Winner == UInt8)
  @specialized(where Scalar == Double, Winner == UInt8)
  @specialized(where Scalar == Float, Winner == UInt64)
  @specialized(where Scalar == Double, Winner == UInt64)
  private func backward<Winner: FixedWidthInteger>(
    _ pass: BackwardPass<Scalar>, _ grid: WindowGrid, _: Winner.Type
  ) {
    guard let (dx, _) = pass.zeroedGradient(0) else { return }
    let (dy, channels) = (pass.outputGradient, grid.channels)
    let winners = UnsafeRawPointer(pass.kept).assumingMemoryBound(to: Winner.self)
    let row = grid.columns &* channels
    grid.overSeparateRows { rows in
      for number in rows {
        let (dy, winners) = (dy.base + number &* row, winners + number &* row)
        grid.forEachTap(ofRow: number) { tap, line, columns, column in
          let tap = Winner(truncatingIfNeeded: tap)
          for window in columns {
            let dx = dx + (line &* grid.width &+ column(window)) &* channels
            let (dy, winners) = (dy + window &* channels, winners + window &* channels)
            for channel in 0..<channels {
              dx[channel] += winners[channel] == tap ? dy[channel] : 0
            }
          }
        }
      }
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    pass.output.count * pooling.grid(over: pass.input(0).shape).tapCount
  }
}

/// y = the mean of what each window sees of a channel; the zeros of padding do not count.
struct AveragePooling<Scalar: TensorFloat>: TapeOperation {
  let pooling: PoolingWindow

  var name: String { "averagePooling" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    pooling.outputShape(of: pass.input(0).shape)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    let grid = pooling.grid(over: x.shape)
    let (channels, kernels) = (grid.channels, Scalar.kernels)
    let row = grid.columns &* channels
    WindowGrid.overRows(grid.images &* grid.rows, work: row &* grid.tapCount) { rows in
      for number in rows {
        let y = y.base + number &* row
        y.fill(with: 0, count: row)
        grid.forEachTap(ofRow: number) { _, line, columns, column in
          for window in columns {
            kernels.pointee.add(
              x.base + (line &* grid.width &+ column(window)) &* channels,
              to: y + window &* channels, count: channels)
          }
        }
        for window in 0..<grid.columns {
          let y = y + window &* channels
          kernels.pointee.scale(
            y, by: grid.share(number, window), to: y, count: channels, accumulate: false)
        }
      }
    }
  }

  // dx = the sum over the windows that see a number of dy / the count of what they see
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, _) = pass.zeroedGradient(0) else { return }
    let dy = pass.outputGradient
    let grid = pooling.grid(over: pass.input(0).shape)
    let (channels, kernels) = (grid.channels, Scalar.kernels)
    grid.overSeparateRows { rows in
      for number in rows {
        let dy = dy.base + number &* grid.columns &* channels
        grid.forEachTap(ofRow: number) { _, line, columns, column in
          for window in columns {
            kernels.pointee.scale(
              dy + window &* channels, by: grid.share(number, window),
              to: dx + (line &* grid.width &+ column(window)) &* channels, count: channels,
              accumulate: true)
          }
        }
      }
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    pass.output.count * (pooling.grid(over: pass.input(0).shape).tapCount + 1)
  }
}

extension WindowGrid {
  /// The number of pixels of a whole window.
  fileprivate var tapCount: Int { kernel.height &* kernel.width }

  /// Whether a tap's number fits into a byte, with one to spare for none.
  fileprivate var hasFewTaps: Bool { tapCount < 256 }

  /// 1 divided by the number of pixels that a window sees.
  @inline(__always)
  fileprivate func share<Scalar: TensorFloat>(_ row: Int, _ column: Int) -> Scalar {
    let (y, x) = (imageRow(row % rows, tap: 0), imageColumn(column, tap: 0))
    let seenRows = min(height, y &+ kernel.height) &- max(0, y)
    let seenColumns = min(width, x &+ kernel.width) &- max(0, x)
    return 1 / Scalar(seenRows &* seenColumns)
  }

  /// Calls `body` with ranges of the rows of windows of all images together, on several threads; rows whose
  /// windows may see the same pixel are in one range, in order.
  @inline(__always)
  fileprivate func overSeparateRows(_ body: (Range<Int>) -> Void) {
    let row = columns &* channels &* tapCount
    if kernel.height <= strides.height {
      Self.overRows(images &* rows, work: row, body)
    } else {
      Self.overRows(images, work: rows &* row) { images in
        body(images.lowerBound &* rows..<images.upperBound &* rows)
      }
    }
  }
}

/// The greatest number of each channel in each window over images, NaN if it sees one.
///
/// On the way back the first of equal numbers in a window has the gradient, as in PyTorch.
///
/// - Parameters:
///   - x: images, [images, height, width, channels].
///   - size: the size of the windows.
///   - strides: the steps from one window to the next.
///   - padding: `valid`, or `same`, where windows reach beyond the edges and see nothing there.
/// - Returns: [images, rows of windows, columns of windows, channels].
public func maxPooling<Scalar>(
  _ x: Variable<Scalar>, _ size: Size2D, strides: Size2D, padding: Padding = .valid
) -> Variable<Scalar> {
  x.tape.record(
    MaxPooling<Scalar>(pooling: PoolingWindow(size, strides: strides, padding: padding)), x)
}

/// The mean of each channel in each window over images.
///
/// - Parameters:
///   - x: images, [images, height, width, channels].
///   - size: the size of the windows.
///   - strides: the steps from one window to the next.
///   - padding: `valid`, or `same`, where windows reach beyond the edges; what they see there does not count.
/// - Returns: [images, rows of windows, columns of windows, channels].
public func averagePooling<Scalar>(
  _ x: Variable<Scalar>, _ size: Size2D, strides: Size2D, padding: Padding = .valid
) -> Variable<Scalar> {
  x.tape.record(
    AveragePooling<Scalar>(pooling: PoolingWindow(size, strides: strides, padding: padding)), x)
}
