// Resizing images. The input pixels and weights of each output pixel are computed once for the
// columns and once for the rows (Taps). Then each row is resized, and after that each column. Next:
// Warping.swift, for maps that do not keep rows and columns.

import Tensor

/// The interpolation for resizing images.
public enum ResizeFilter: Sendable, CaseIterable {
  /// The input pixel that contains the centre of the output pixel; of two that meet there, the
  /// later one.
  case nearest
  /// A weighted mean of the neighbours, with a triangle filter.
  case bilinear
  /// A weighted mean of the neighbours, with cubic polynomials (a = -0.5); edges overshoot
  /// slightly.
  case bicubic
  /// The mean of the input pixels whose centres lie in the output pixel (Pillow's `BOX`).
  case area

  /// The radius of the filter, in output pixels.
  fileprivate var support: Double {
    switch self {
    case .nearest, .area: 0.5
    case .bilinear: 1
    case .bicubic: 2
    }
  }

  /// The weight of an input pixel at a distance from the centre.
  fileprivate func weight(at distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .nearest, .area: return distance > -0.5 && distance <= 0.5 ? 1 : 0
    case .bilinear: return max(0, 1 - x)
    case .bicubic:
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
  }
}

extension Tensor where Scalar: TensorFloat {
  /// Resizes images, channels last.
  ///
  /// ```swift
  /// let small = pictures.resized(height: 32, width: 32)     // [samples, 32, 32, channels]
  /// ```
  /// The image's corners stay corners, as in Pillow and in PyTorch with `align_corners=False`.
  ///
  /// - Parameters:
  ///   - height: The height of the result.
  ///   - width: The width of the result.
  ///   - filter: The interpolation filter.
  ///   - antialias: Whether shrinking uses all input pixels, as Pillow does. With only the nearest
  ///     few, fine patterns flicker.
  /// - Returns: The resized images, [..., height, width, channels].
  /// - Precondition: The tensor has shape [..., rows, columns, channels] with at least one row and column.
  public func resized(
    height: Int, width: Int, filter: ResizeFilter = .bilinear, antialias: Bool = true
  ) -> Tensor {
    resample(self, height, width, filter, antialias) { source, taps, inner, target in
      weightedRows(source, taps, inner, target)
    }
  }
}

extension Tensor<UInt8> {
  /// Resizes images, channels last, with exactly the same bytes as Pillow.
  ///
  /// With `nearest`, Pillow adds up rounded steps and may choose the other one of two pixels that
  /// meet at the centre.
  ///
  /// - Parameters:
  ///   - height: The height of the result.
  ///   - width: The width of the result.
  ///   - filter: The interpolation filter.
  ///   - antialias: Whether shrinking uses all input pixels, as Pillow does. With only the nearest
  ///     few, fine patterns flicker.
  /// - Returns: The resized images, [..., height, width, channels].
  /// - Precondition: The tensor has shape [..., rows, columns, channels] with at least one row and column.
  public func resized(
    height: Int, width: Int, filter: ResizeFilter = .bilinear, antialias: Bool = true
  ) -> Tensor {
    resample(self, height, width, filter, antialias) { source, taps, inner, target in
      weightedBytes(source, taps, inner, target)
    }
  }
}

/// The input pixels of each output pixel along an axis, and their weights, which sum to 1.
private struct Taps {
  /// The first input pixel of each output pixel.
  var starts: [Int] = []
  /// The end of each output pixel's weights in `weights`.
  var ends: [Int] = []
  var weights: [Double] = []

  init(from old: Int, to new: Int, filter: ResizeFilter, antialias: Bool) {
    if filter == .nearest {
      // The centre of pixel x lies at (x + 1/2) old / new; integers keep it exact.
      starts = (0..<new).map { (2 * $0 + 1) * old / (2 * new) }
      ends = Array(1...new)
      weights = Array(repeating: 1, count: new)
      return
    }
    // Operation for operation as in Pillow's Resample.c, to get the same weights.
    let scale = Double(old) / Double(new)
    let stretch = antialias ? max(scale, 1) : 1
    let support = filter.support * stretch
    for pixel in 0..<new {
      let center = (Double(pixel) + 0.5) * scale
      let first = max(0, Int(center - support + 0.5))
      let last = min(old, Int(center + support + 0.5))
      var own = (first..<last).map {
        filter.weight(at: (Double($0) - center + 0.5) * (1 / stretch))
      }
      let sum = own.reduce(0, +)
      if sum != 0 { for index in own.indices { own[index] *= 1 / sum } }
      // Zero weights are dropped, so that an infinity among those pixels does no harm.
      let leading = own.prefix { $0 == 0 }.count
      while own.last == 0 { own.removeLast() }
      if own.isEmpty {
        // A box that is one pixel wide may contain no pixel centre because of rounding.
        starts.append(min(old - 1, Int(center)))
        weights.append(1)
      } else {
        starts.append(first + leading)
        weights += own[leading...]
      }
      ends.append(weights.count)
    }
  }
}

/// Resizes the rows of the images and then the columns.
///
/// `pass` computes rows of `inner` numbers as weighted sums of rows of one image.
private func resample<Scalar: TensorScalar>(
  _ pictures: Tensor<Scalar>, _ height: Int, _ width: Int, _ filter: ResizeFilter,
  _ antialias: Bool,
  pass: (UnsafePointer<Scalar>, Taps, Int, UnsafeMutablePointer<Scalar>) -> Void
) -> Tensor<Scalar> {
  let sizes = pictures.pictureSizes("resized")
  checkSides(height, width, "resized")
  let rank = pictures.rank
  var result = pictures
  // Along an axis, a tensor consists of `outer` matrices of `old` rows with `inner` numbers.
  for (axis, old, new, outer, inner) in [
    (rank - 2, sizes.width, width, sizes.count * sizes.height, sizes.channels),
    (rank - 3, sizes.height, height, sizes.count, width * sizes.channels),
  ] where old != new {
    let source = result.contiguous()
    let taps = Taps(from: old, to: new, filter: filter, antialias: antialias)
    var shape = Array(source.shape)
    shape[axis] = new
    result = Tensor(uninitialized: TensorShape(shape))
    let target = result.mutableBase
    for part in 0..<outer {
      pass(source.base + part * old * inner, taps, inner, target + part * new * inner)
    }
  }
  return result
}

/// Computes each row of `target` as a weighted sum of rows of `source` with `inner` numbers.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func weightedRows<Scalar: TensorFloat>(
  _ source: UnsafePointer<Scalar>, _ taps: Taps, _ inner: Int,
  _ target: UnsafeMutablePointer<Scalar>
) {
  var next = 0
  for (row, end) in taps.ends.enumerated() {
    let (sum, first) = (target + row * inner, source + taps.starts[row] * inner)
    let weight = Scalar(taps.weights[next])
    for i in 0..<inner { sum[i] = weight * first[i] }
    for tap in next + 1..<max(end, next + 1) {
      let (weight, old) = (Scalar(taps.weights[tap]), first + (tap - next) * inner)
      for i in 0..<inner { sum[i] += weight * old[i] }
    }
    next = end
  }
}

/// The same as `weightedRows` for bytes, with 22 fractional bits and rounding as in Pillow.
private func weightedBytes(
  _ source: UnsafePointer<UInt8>, _ taps: Taps, _ inner: Int,
  _ target: UnsafeMutablePointer<UInt8>
) {
  let unit = Double(1 << 22)
  let weights = taps.weights.map { Int32(($0 * unit).rounded(.toNearestOrAwayFromZero)) }
  var sums = [Int32](repeating: 0, count: inner)
  var next = 0
  for (row, end) in taps.ends.enumerated() {
    let first = source + taps.starts[row] * inner
    for i in 0..<inner { sums[i] = 1 << 21 }
    for tap in next..<end {
      let (weight, old) = (weights[tap], first + (tap - next) * inner)
      for i in 0..<inner { sums[i] &+= weight &* Int32(old[i]) }
    }
    for i in 0..<inner { target[row * inner + i] = UInt8(clamping: sums[i] >> 22) }
    next = end
  }
}

// MARK: - Sizes

/// The sizes of images, channels last.
struct PictureSizes {
  let count: Int
  let height: Int
  let width: Int
  let channels: Int
}

extension Tensor {
  /// The sizes of the images in this tensor; stops if its shape is not that of images.
  func pictureSizes(_ operation: String) -> PictureSizes {
    require(
      rank >= 3 && shape[rank - 3] > 0 && shape[rank - 2] > 0,
      "\(operation): expected pictures [..., rows, columns, channels] with at least one pixel, got "
        + "shape \(shape)" + (rank == 2 ? "; expandingShape(at: -1) adds a channel" : ""))
    return PictureSizes(
      count: shape[..<(rank - 3)].reduce(1, *), height: shape[rank - 3], width: shape[rank - 2],
      channels: shape[rank - 1])
  }
}

/// The maximum side length of an image.
private let largestSide = 1 << 24

/// Stops if the size of an image is out of range.
func checkSides(_ height: Int, _ width: Int, _ operation: String) {
  require(
    1...largestSide ~= height && 1...largestSide ~= width,
    "\(operation): got the size \(height) x \(width), expected 1 to \(largestSide) rows and columns"
  )
}
