// Where windows lie on images: what convolution, its transpose and pooling share. Images are channels-last,
// [images, height, width, channels]; a sequence is an image of height 1.

import Tensor

/// A height and a width; one number stands for both.
///
/// ```swift
/// let square: Size2D = 3
/// let wide: Size2D = [3, 5]
/// ```
public struct Size2D: Sendable, Hashable, Codable {
  /// The size from top to bottom.
  public let height: Int
  /// The size from left to right.
  public let width: Int

  /// The given sizes.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// The greatest size that a window, its steps or the distances in it may have.
  package static var largest: Int { 1 << 20 }

  /// Whether both sizes are positive and not absurd.
  package var isValid: Bool {
    (1...Self.largest).contains(height) && (1...Self.largest).contains(width)
  }
}

extension Size2D: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The same height and width.
  public init(integerLiteral size: Int) { self.init(height: size, width: size) }

  /// A height and a width; stops for any other number of sizes.
  public init(arrayLiteral sizes: Int...) {
    require(sizes.count == 2, "size: expected a height and a width, got \(sizes)")
    self.init(height: sizes[0], width: sizes[1])
  }

  /// Such as `3 x 5`.
  public var description: String { "\(height) x \(width)" }
}

/// What windows see beyond the edges of an image: Keras's `padding`.
public enum Padding: String, Sendable, Codable, CaseIterable {
  /// Windows lie within the image.
  case valid
  /// There is a window for every step that begins in the image; zeros around it, as equally as they can be
  /// before and behind.
  case same
  /// Zeros before the image alone: in a sequence no window sees what comes later.
  case causal
}

/// How the windows of an operation move, in few bytes, so that an operation that holds it is recorded without an
/// allocation.
package struct Window: Sendable {
  private let strideHeight, strideWidth, dilationHeight, dilationWidth, groupCount: Int32
  package let padding: Padding

  package init(strides: Size2D, dilation: Size2D = 1, padding: Padding, groups: Int = 1) {
    require(
      strides.isValid && dilation.isValid && (1...Size2D.largest).contains(groups),
      "window: strides \(strides), dilation \(dilation) and groups \(groups) must lie in "
        + "1...\(Size2D.largest)")
    strideHeight = Int32(strides.height)
    strideWidth = Int32(strides.width)
    dilationHeight = Int32(dilation.height)
    dilationWidth = Int32(dilation.width)
    groupCount = Int32(groups)
    self.padding = padding
  }

  package var strides: Size2D { Size2D(height: Int(strideHeight), width: Int(strideWidth)) }
  package var dilation: Size2D { Size2D(height: Int(dilationHeight), width: Int(dilationWidth)) }
  package var groups: Int { Int(groupCount) }

  /// How many windows of a kernel there are along the two axes of an image; 0 where it does not fit.
  package func outputSize(of image: Size2D, kernel: Size2D) -> Size2D {
    Size2D(
      height: windows(image.height, kernel.height, strides.height, dilation.height),
      width: windows(image.width, kernel.width, strides.width, dilation.width))
  }

  /// The size of the image that a transposed convolution makes of `size` windows.
  package func transposedSize(of size: Size2D, kernel: Size2D) -> Size2D {
    func image(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
      let extent = (kernel - 1) * dilation + 1
      return padding == .same ? size * stride : size * stride + max(extent - stride, 0)
    }
    return Size2D(
      height: image(size.height, kernel.height, strides.height, dilation.height),
      width: image(size.width, kernel.width, strides.width, dilation.width))
  }

  private func windows(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
    if padding != .valid { return (size + stride - 1) / stride }
    let extent = (kernel - 1) * dilation + 1
    return size < extent ? 0 : (size - extent) / stride + 1
  }

  /// The zeros before an axis.
  fileprivate func before(
    _ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int
  ) -> Int {
    let extent = (kernel - 1) * dilation + 1
    switch padding {
    case .valid: return 0
    case .causal: return extent - 1
    case .same:
      return max(0, (windows(size, kernel, stride, dilation) - 1) * stride + extent - size) / 2
    }
  }
}

/// The windows of a kernel over images of known size.
struct WindowGrid {
  private(set) var images: Int
  private(set) var height: Int
  private(set) var width: Int
  let channels: Int
  /// The windows of one image, from top to bottom and from left to right.
  private(set) var rows: Int
  private(set) var columns: Int
  let kernel: Size2D
  let strides: Size2D
  let dilation: Size2D
  /// The zeros above and to the left of an image.
  let top: Int
  let left: Int

  /// The windows of `kernel` over images of shape [images, height, width, channels].
  init(_ shape: TensorShape, kernel: Size2D, _ window: Window) {
    (images, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    (self.kernel, strides, dilation) = (kernel, window.strides, window.dilation)
    let size = window.outputSize(of: Size2D(height: height, width: width), kernel: kernel)
    (rows, columns) = (size.height, size.width)
    top = window.before(height, kernel.height, strides.height, dilation.height)
    left = window.before(width, kernel.width, strides.width, dilation.width)
    if kernel == 1 && strides == 1 {
      // Every pixel by itself: all of them are one long row.
      (images, height, width) = (1, 1, images * height * width)
      (rows, columns) = (1, width)
    }
  }

  /// The number of numbers in all images.
  var count: Int { images * height * width * channels }

  /// The row of the image that row `tap` of the kernel sees from a row of windows, which may lie outside.
  @inline(__always)
  func imageRow(_ row: Int, tap: Int) -> Int {
    row &* strides.height &+ tap &* dilation.height &- top
  }

  /// The column of the image that column `tap` of the kernel sees from a column of windows.
  @inline(__always)
  func imageColumn(_ column: Int, tap: Int) -> Int {
    column &* strides.width &+ tap &* dilation.width &- left
  }

  /// The row of windows whose row `tap` of the kernel sees a row of the image, if there is one.
  @inline(__always)
  func windowRow(_ row: Int, tap: Int) -> Int? {
    let distance = row &+ top &- tap &* dilation.height
    guard distance >= 0 && distance % strides.height == 0 else { return nil }
    let window = distance / strides.height
    return window < rows ? window : nil
  }

  /// The windows of a row whose column `tap` of the kernel lies in the image.
  @inline(__always)
  func windowColumns(tap: Int) -> Range<Int> {
    let first = imageColumn(0, tap: tap)
    let stride = strides.width
    let lower = first >= 0 ? 0 : (stride &- 1 &- first) / stride
    let upper = first >= width ? 0 : min(columns, (width &- 1 &- first) / stride &+ 1)
    return lower < upper ? lower..<upper : 0..<0
  }

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

  // MARK: Frames

  /// The size of an image with the zeros around it that windows see.
  var frame: Size2D {
    let bottom = (rows - 1) * strides.height + (kernel.height - 1) * dilation.height + 1
    let right = (columns - 1) * strides.width + (kernel.width - 1) * dilation.width + 1
    return Size2D(height: max(top + height, bottom), width: max(left + width, right))
  }

  /// The number of numbers in all images with zeros around them; 0 if windows see no zeros.
  var frameCount: Int {
    let frame = frame
    return frame == Size2D(height: height, width: width)
      ? 0 : images * frame.height * frame.width * channels
  }

  /// The images as windows see them: copied into zeros at `frames` if there are any around them.
  @inline(__always)
  func framed<Scalar: TensorFloat>(
    _ x: UnsafePointer<Scalar>, at frames: @autoclosure () -> UnsafeMutablePointer<Scalar>
  ) -> UnsafePointer<Scalar> {
    if frameCount == 0 { return x }
    let (frame, target, row) = (frame, frames(), width &* channels)
    let size = frame.height &* frame.width &* channels
    Parallel.overRows(images, of: size) { first, count in
      (target + first &* size).fill(with: 0, count: count &* size)
      for image in first..<first &+ count {
        for y in 0..<height {
          let place = (image &* frame.height &+ top &+ y) &* frame.width &+ left
          (target + place &* channels).update(
            from: x + (image &* height &+ y) &* row, count: row)
        }
      }
    }
    return UnsafePointer(target)
  }

  /// Calls `body` with ranges of the `rows` rows of all images together, each `work` multiplications, on several
  /// threads.
  @inline(__always)
  static func overRows(_ rows: Int, work: Int, _ body: (Range<Int>) -> Void) {
    Parallel.overParts(of: rows, length: max(1, 65_536 / max(1, work))) { start, count in
      body(start..<start &+ count)
    }
  }
}

extension TensorShape {
  /// Stops unless this is the shape of images.
  func requireImages(_ operation: String) {
    require(
      rank == 4,
      "\(operation): expected images of shape [images, height, width, channels], got shape \(self)")
  }
}
