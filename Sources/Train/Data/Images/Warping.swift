// Pictures turned, moved, mirrored and magnified. Any row of such steps is one AffineMap, and a picture is
// read through it once: `ImageAugmentation` (next) draws maps at random.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where the pixels of a changed picture come from.
///
/// ```swift
/// let map = AffineMap.rotation(degrees: 15).then(.zoom(height: 1.2, width: 1.2))
/// let turned = picture.warped(by: map)
/// ```
/// Places are counted in pixels from the centre of the picture, rows downwards. A map leads from a place
/// of the new picture to the one of the old picture that is seen there.
public struct AffineMap: Sendable, Equatable {
  // old row = yy · row + yx · column + y,   old column = xy · row + xx · column + x
  let yy, yx, y: Double
  let xy, xx, x: Double

  /// The map that leaves pictures as they are.
  public static let identity = AffineMap(row: (1, 0, 0), column: (0, 1, 0))

  /// A map by its numbers, such as a shear.
  ///
  /// ```
  /// old row    = row.0 · (new row) + row.1 · (new column) + row.2
  /// old column = column.0 · (new row) + column.1 · (new column) + column.2
  /// ```
  public init(row: (Double, Double, Double), column: (Double, Double, Double)) {
    require(
      [row.0, row.1, row.2, column.0, column.1, column.2].allSatisfy(\.isFinite),
      "AffineMap: expected finite numbers, got \(row) and \(column)")
    (yy, yx, y) = row
    (xy, xx, x) = column
  }

  /// Mirrors pictures: left to right, top to bottom, or both.
  public static func flip(horizontally: Bool = true, vertically: Bool = false) -> AffineMap {
    AffineMap(row: (vertically ? -1 : 1, 0, 0), column: (0, horizontally ? -1 : 1, 0))
  }

  /// Turns pictures about their centre, counter-clockwise; quarter turns are exact.
  public static func rotation(degrees: Double) -> AffineMap {
    require(
      degrees.isFinite, "rotation: expected a finite number of degrees, got \(degrees)")
    let angle = degrees.remainder(dividingBy: 360)
    let quarters = angle / 90
    let isExact = quarters == quarters.rounded()
    let cosine = isExact ? [1.0, 0, -1][Int(abs(quarters))] : cos(angle * .pi / 180)
    let sine = isExact ? [0.0, 1, 0, -1][Int(quarters) & 3] : sin(angle * .pi / 180)
    return AffineMap(row: (cosine, sine, 0), column: (-sine, cosine, 0))
  }

  /// Magnifies pictures about their centre: factors above 1 enlarge what is seen, those below 1 shrink it.
  public static func zoom(height: Double, width: Double) -> AffineMap {
    require(
      height > 0 && width > 0 && (1 / height).isFinite && (1 / width).isFinite,
      "zoom: expected factors above 0, got \(height) and \(width)")
    return AffineMap(row: (1 / height, 0, 0), column: (0, 1 / width, 0))
  }

  /// Moves what is seen down by `rows` and right by `columns`, in pixels.
  public static func translation(rows: Double, columns: Double) -> AffineMap {
    require(
      rows.isFinite && columns.isFinite,
      "translation: expected finite numbers of pixels, got \(rows) and \(columns)")
    return AffineMap(row: (1, 0, -rows), column: (0, 1, -columns))
  }

  /// The map that does this and then `next`.
  public func then(_ next: AffineMap) -> AffineMap {
    // A place of the last picture is first led back through `next`.
    func behind(_ a: Double, _ b: Double, _ move: Double) -> (Double, Double, Double) {
      (a * next.yy + b * next.xy, a * next.yx + b * next.xx, a * next.y + b * next.x + move)
    }
    return AffineMap(row: behind(yy, yx, y), column: behind(xy, xx, x))
  }
}

extension Tensor where Scalar: TensorFloat {
  /// Pictures read through a map, channels last; between pixels, the four neighbours are mixed (bilinear).
  ///
  /// A map that moves whole pixels, such as a flip or a quarter turn, changes no number.
  ///
  /// - Parameters:
  ///   - map: Where each new pixel comes from.
  ///   - height: The number of rows of the result, centred on the same place; the old one if nil.
  ///   - width: The number of columns of the result; the old one if nil.
  ///   - outside: What is seen beyond the edges.
  /// - Returns: The pictures, [..., height, width, channels].
  /// - Precondition: The tensor has shape [..., rows, columns, channels] with at least one row and column.
  public func warped(
    by map: AffineMap, height: Int? = nil, width: Int? = nil,
    outside: PaddingMode<Scalar> = .constant(0)
  ) -> Tensor {
    let sizes = pictureSizes("warped")
    let (newHeight, newWidth) = (height ?? sizes.height, width ?? sizes.width)
    checkSides(newHeight, newWidth, "warped")
    let old = contiguous()
    var result = Tensor(
      uninitialized: TensorShape(
        Array(shape[..<(rank - 3)]) + [newHeight, newWidth, sizes.channels]))
    let (source, target) = (old.base, result.mutableBase)
    let newCount = newHeight * newWidth * sizes.channels
    for picture in 0..<sizes.count {
      warp(
        source + picture * sizes.height * sizes.width * sizes.channels, sizes,
        to: target + picture * newCount, newHeight, newWidth, map, outside)
    }
    withExtendedLifetime(old) {}
    return result
  }
}

/// One picture read through a map.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func warp<Scalar: TensorFloat>(
  _ source: UnsafePointer<Scalar>, _ sizes: PictureSizes,
  to target: UnsafeMutablePointer<Scalar>, _ height: Int, _ width: Int, _ map: AffineMap,
  _ outside: PaddingMode<Scalar>
) {
  let channels = sizes.channels
  var place = target
  for row in 0..<height {
    for column in 0..<width {
      let (down, right) = (
        Double(row) - Double(height - 1) / 2, Double(column) - Double(width - 1) / 2
      )
      let y = clamped(
        map.yy * down + map.yx * right + map.y + Double(sizes.height - 1) / 2)
      let x = clamped(
        map.xy * down + map.xx * right + map.x + Double(sizes.width - 1) / 2)
      let (top, left) = (Int(y.rounded(.down)), Int(x.rounded(.down)))
      let (below, beside) = (y - Double(top), x - Double(left))
      for channel in 0..<channels { place[channel] = 0 }
      // Neighbours without weight are left out: an infinity there does no harm.
      for neighbour in 0..<4 {
        let (isLower, isRight) = (neighbour > 1, neighbour % 2 == 1)
        let share = (isLower ? below : 1 - below) * (isRight ? beside : 1 - beside)
        if share > 0 {
          let weight = Scalar(share)
          if let (r, c) = outside.place(top + (isLower ? 1 : 0), left + (isRight ? 1 : 0), sizes) {
            let pixel = source + (r * sizes.width + c) * channels
            for channel in 0..<channels { place[channel] += weight * pixel[channel] }
          } else if case .constant(let value) = outside {
            for channel in 0..<channels { place[channel] += weight * value }
          }
        }
      }
      place += channels
    }
  }
}

/// A coordinate near enough to the picture to be an integer.
@inline(__always)
private func clamped(_ coordinate: Double) -> Double { max(-0x1p40, min(coordinate, 0x1p40)) }

extension PaddingMode {
  /// The pixel that is seen at a place within or beyond the edges; nil where it is a constant.
  @inline(__always)
  fileprivate func place(
    _ row: Int, _ column: Int, _ sizes: PictureSizes
  ) -> (row: Int, column: Int)? {
    if row >= 0 && row < sizes.height && column >= 0 && column < sizes.width {
      return (row, column)
    }
    if case .constant = self { return nil }
    return (source(of: row, sizes.height), source(of: column, sizes.width))
  }
}
