// Rotating, shifting, flipping and zooming images. A sequence of such steps is a single AffineMap,
// and the image is resampled only once. `ImageAugmentation` (next) draws random maps.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An affine map that tells where the pixels of a transformed image come from.
///
/// ```swift
/// let map = AffineMap.rotation(degrees: 15).then(.zoom(height: 1.2, width: 1.2))
/// let turned = picture.warped(by: map)
/// ```
/// Positions are in pixels from the centre of the image, with rows downwards. The map takes a
/// position in the new image to the corresponding position in the old image.
public struct AffineMap: Sendable, Equatable {
  // old row = yy · row + yx · column + y,   old column = xy · row + xx · column + x
  let yy, yx, y: Double
  let xy, xx, x: Double

  /// The map that leaves images unchanged.
  public static let identity = AffineMap(row: (1, 0, 0), column: (0, 1, 0))

  /// A map with the given coefficients, such as a shear.
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

  /// Flips images left to right, top to bottom, or both.
  public static func flip(horizontally: Bool = true, vertically: Bool = false) -> AffineMap {
    AffineMap(row: (vertically ? -1 : 1, 0, 0), column: (0, horizontally ? -1 : 1, 0))
  }

  /// Rotates images counter-clockwise about their centre; quarter turns are exact.
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

  /// Zooms images about their centre; factors above 1 enlarge, factors below 1 shrink.
  public static func zoom(height: Double, width: Double) -> AffineMap {
    require(
      height > 0 && width > 0 && (1 / height).isFinite && (1 / width).isFinite,
      "zoom: expected factors above 0, got \(height) and \(width)")
    return AffineMap(row: (1 / height, 0, 0), column: (0, 1 / width, 0))
  }

  /// Shifts images down by `rows` and right by `columns`, in pixels.
  public static func translation(rows: Double, columns: Double) -> AffineMap {
    require(
      rows.isFinite && columns.isFinite,
      "translation: expected finite numbers of pixels, got \(rows) and \(columns)")
    return AffineMap(row: (1, 0, -rows), column: (0, 1, -columns))
  }

  /// The map that applies this one first and then `next`.
  public func then(_ next: AffineMap) -> AffineMap {
    // A position in the final image is first mapped back through `next`.
    func behind(_ a: Double, _ b: Double, _ move: Double) -> (Double, Double, Double) {
      (a * next.yy + b * next.xy, a * next.yx + b * next.xx, a * next.y + b * next.x + move)
    }
    return AffineMap(row: behind(yy, yx, y), column: behind(xy, xx, x))
  }
}

extension Tensor where Scalar: TensorFloat {
  /// Transforms images, channels last, with bilinear interpolation.
  ///
  /// A map that moves whole pixels, such as a flip or a quarter turn, does not change their values.
  ///
  /// - Parameters:
  ///   - map: The map from new to old positions.
  ///   - height: The height of the result, with the same centre; nil keeps the height.
  ///   - width: The width of the result; nil keeps the width.
  ///   - outside: How pixels beyond the edges are filled.
  /// - Returns: The transformed images, [..., height, width, channels].
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

/// Transforms one image.
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
      // Neighbours with zero weight are skipped, so that an infinity there does no harm.
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

/// The coordinate, limited to the image's surroundings so that it can be converted to an integer.
@inline(__always)
private func clamped(_ coordinate: Double) -> Double { max(-0x1p40, min(coordinate, 0x1p40)) }

extension PaddingMode {
  /// The pixel for a position inside or beyond the edges; nil where the fill is constant.
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
