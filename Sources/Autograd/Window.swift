// The positions of windows on images, which convolution, its transpose and pooling share. Images
// have channels last, [images, height, width, channels]; a sequence is an image of height 1.

import Tensor

/// A height and a width; one number stands for both.
///
/// ```swift
/// let square: Size2D = 3
/// let wide: Size2D = [3, 5]
/// ```
public struct Size2D: Sendable, Hashable, Codable {
  /// The number of rows.
  public let height: Int
  /// The number of columns.
  public let width: Int

  /// Creates a size of `height` rows and `width` columns.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// The largest allowed window size, stride and dilation.
  package static var largest: Int { 1 << 20 }

  /// Whether both sizes lie between 1 and `largest`.
  package var isValid: Bool {
    (1...Self.largest).contains(height) && (1...Self.largest).contains(width)
  }
}

extension Size2D: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// Creates a square size.
  public init(integerLiteral size: Int) { self.init(height: size, width: size) }

  /// Creates a size of a height and a width; stops for any other number of sizes.
  public init(arrayLiteral sizes: Int...) {
    require(sizes.count == 2, "size: expected a height and a width, got \(sizes)")
    self.init(height: sizes[0], width: sizes[1])
  }

  /// The height and width, such as `3 x 5`.
  public var description: String { "\(height) x \(width)" }
}

/// What windows see beyond the edges of an image: Keras's `padding`.
public enum Padding: String, Sendable, Codable, CaseIterable {
  /// No padding: windows lie within the image.
  case valid
  /// Zeros around the image, so that a window begins at every stride within it. They are divided as
  /// equally as possible between both sides.
  case same
  /// Zeros only before the image, so that in a sequence no window sees later steps.
  case causal
}

/// The strides, dilation, padding and groups of an operation's windows.
///
/// It takes few bytes, so that recording an operation that holds it allocates nothing.
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

  /// The number of windows of a kernel along the two axes of an image; 0 where it does not fit.
  package func outputSize(of image: Size2D, kernel: Size2D) -> Size2D {
    Size2D(
      height: windows(image.height, kernel.height, strides.height, dilation.height),
      width: windows(image.width, kernel.width, strides.width, dilation.width))
  }

  /// The size of the image that a transposed convolution makes from `size` windows.
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

  /// The number of zeros before an axis.
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
  /// The number of windows of one image in each direction, as rows and columns.
  private(set) var rows: Int
  private(set) var columns: Int
  let kernel: Size2D
  let strides: Size2D
  let dilation: Size2D
  /// The number of zeros above and to the left of an image.
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
      // If windows are single pixels, all pixels form one long row.
      (images, height, width) = (1, 1, images * height * width)
      (rows, columns) = (1, width)
    }
  }

  /// The number of elements in all images.
  var count: Int { images * height * width * channels }

  /// The image row under row `tap` of the kernel, for a row of windows; it may lie outside the
  /// image.
  @inline(__always)
  func imageRow(_ row: Int, tap: Int) -> Int {
    row &* strides.height &+ tap &* dilation.height &- top
  }

  /// The image column under column `tap` of the kernel, for a column of windows.
  @inline(__always)
  func imageColumn(_ column: Int, tap: Int) -> Int {
    column &* strides.width &+ tap &* dilation.width &- left
  }

  /// The row of windows in which row `tap` of the kernel lies on the given image row, if there is
  /// one.
  @inline(__always)
  func windowRow(_ row: Int, tap: Int) -> Int? {
    let distance = row &+ top &- tap &* dilation.height
    guard distance >= 0 && distance % strides.height == 0 else { return nil }
    let window = distance / strides.height
    return window < rows ? window : nil
  }

  /// The windows of a row for which column `tap` of the kernel lies in the image.
  @inline(__always)
  func windowColumns(tap: Int) -> Range<Int> {
    let first = imageColumn(0, tap: tap)
    let stride = strides.width
    let lower = first >= 0 ? 0 : (stride &- 1 &- first) / stride
    let upper = first >= width ? 0 : min(columns, (width &- 1 &- first) / stride &+ 1)
    return lower < upper ? lower..<upper : 0..<0
  }

  /// Calls `body` with each tap of the kernel that overlaps the image for a row of windows, in
  /// order.
  ///
  /// `body` gets the tap's index, the row among those of all images, the windows, and the image
  /// column under a window.
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

  /// The size of an image including its zero padding.
  var frame: Size2D {
    let bottom = (rows - 1) * strides.height + (kernel.height - 1) * dilation.height + 1
    let right = (columns - 1) * strides.width + (kernel.width - 1) * dilation.width + 1
    return Size2D(height: max(top + height, bottom), width: max(left + width, right))
  }

  /// The number of elements in all images including their zero padding; 0 if there is no padding.
  var frameCount: Int {
    let frame = frame
    return frame == Size2D(height: height, width: width)
      ? 0 : images * frame.height * frame.width * channels
  }

  /// The images with their zero padding: copied to `frames` if there is any.
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

  /// Calls `body` on several threads with ranges of the `rows` rows of all images, where each row
  /// takes `work` multiplications.
  @inline(__always)
  static func overRows(_ rows: Int, work: Int, _ body: (Range<Int>) -> Void) {
    Parallel.overParts(of: rows, length: max(1, 65_536 / max(1, work))) { start, count in
      body(start..<start &+ count)
    }
  }
}

extension TensorShape {
  /// Stops unless this is the shape of images, [images, height, width, channels].
  func requireImages(_ operation: String) {
    require(
      rank == 4,
      "\(operation): expected images of shape [images, height, width, channels], got shape \(self)")
  }
}
