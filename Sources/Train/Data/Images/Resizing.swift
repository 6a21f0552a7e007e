// Pictures of another size. Which old pixels a new one is made of is worked out once for the columns and
// once for the rows (Taps); then each row is resized, and after that each column. Next: Warping.swift,
// where rows and columns do not stay what they are.

import Tensor

/// How a pixel of a resized picture is made of the old ones.
public enum ResizeFilter: Sendable, CaseIterable {
  /// The old pixel in which the centre of the new one lies; of two that meet there, the later one.
  case nearest
  /// The mean of the neighbours, weighted by a triangle.
  case bilinear
  /// The mean of the neighbours, weighted by cubic polynomials (a = -0.5); edges overshoot a little.
  case bicubic
  /// The mean of the old pixels whose centres lie in the new one: Pillow's `BOX`.
  case area

  /// How far from the centre old pixels count, in new ones.
  fileprivate var support: Double {
    switch self {
    case .nearest, .area: 0.5
    case .bilinear: 1
    case .bicubic: 2
    }
  }

  /// The weight of an old pixel at a distance from the centre.
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
  /// Pictures of another height and width, channels last.
  ///
  /// ```swift
  /// let small = pictures.resized(height: 32, width: 32)     // [samples, 32, 32, channels]
  /// ```
  /// The corners of the picture stay corners, as in Pillow and in PyTorch with `align_corners=False`.
  ///
  /// - Parameters:
  ///   - height: The number of rows of the result.
  ///   - width: The number of columns of the result.
  ///   - filter: What a new pixel is made of.
  ///   - antialias: Whether a smaller picture takes all old pixels into account, as Pillow does, and not
  ///     only the nearest few, which makes fine patterns flicker.
  /// - Returns: The pictures, [..., height, width, channels].
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
  /// Pictures of another height and width, channels last, with the very bytes that Pillow gives.
  ///
  /// With `nearest` Pillow adds up rounded steps and may choose the other one of two pixels that meet at the
  /// centre.
  ///
  /// - Parameters:
  ///   - height: The number of rows of the result.
  ///   - width: The number of columns of the result.
  ///   - filter: What a new pixel is made of.
  ///   - antialias: Whether a smaller picture takes all old pixels into account, as Pillow does, and not
  ///     only the nearest few, which makes fine patterns flicker.
  /// - Returns: The pictures, [..., height, width, channels].
  /// - Precondition: The tensor has shape [..., rows, columns, channels] with at least one row and column.
  public func resized(
    height: Int, width: Int, filter: ResizeFilter = .bilinear, antialias: Bool = true
  ) -> Tensor {
    resample(self, height, width, filter, antialias) { source, taps, inner, target in
      weightedBytes(source, taps, inner, target)
    }
  }
}

/// The old pixels along an axis that each new one is made of, and their weights, which sum up to 1.
private struct Taps {
  /// The first old pixel of each new one.
  var starts: [Int] = []
  /// Where in `weights` those of each new pixel end.
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
    // Operation for operation as in Pillow's Resample.c, so that its weights come out.
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
      // Without those of no weight, so that an infinity beside the picture's own pixels does no harm.
      let leading = own.prefix { $0 == 0 }.count
      while own.last == 0 { own.removeLast() }
      if own.isEmpty {
        // A box of one pixel's width may fall between two centres' half-open halves.
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

/// Resizes the rows of the pictures and then the columns.
///
/// `pass` makes rows of `inner` numbers out of weighted rows of one picture.
private func resample<Scalar: TensorScalar>(
  _ pictures: Tensor<Scalar>, _ height: Int, _ width: Int, _ filter: ResizeFilter,
  _ antialias: Bool,
  pass: (UnsafePointer<Scalar>, Taps, Int, UnsafeMutablePointer<Scalar>) -> Void
) -> Tensor<Scalar> {
  let sizes = pictures.pictureSizes("resized")
  checkSides(height, width, "resized")
  let rank = pictures.rank
  var result = pictures
  // Along an axis a tensor is `outer` matrices of `old` rows of `inner` numbers.
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

/// Each row of `target` is a weighted sum of rows of `source`, `inner` numbers long.
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

/// As `weightedRows`, with weights of 22 bits behind the point, and rounded: Pillow's arithmetic for bytes.
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

/// The sizes of pictures, channels last.
struct PictureSizes {
  let count: Int
  let height: Int
  let width: Int
  let channels: Int
}

extension Tensor {
  /// The sizes of the pictures in this tensor; stops if it holds none.
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

/// The longest side of a picture that is made.
private let largestSide = 1 << 24

/// Stops if a picture cannot be made as large as this.
func checkSides(_ height: Int, _ width: Int, _ operation: String) {
  require(
    1...largestSide ~= height && 1...largestSide ~= width,
    "\(operation): got the size \(height) x \(width), expected 1 to \(largestSide) rows and columns"
  )
}
