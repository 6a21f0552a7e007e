// Image augmentation: images that look slightly different in every epoch. The steps that move
// pixels are combined into one AffineMap per image (Warping.swift), so that each image is read only
// once. Then its values change. Next: Mixing.swift, which combines two samples into one.

import Tensor

/// A random change to an image, one of the steps of an ``ImageAugmentation``.
public enum ImageStep: Sendable, Equatable {
  /// Flips half of the images, left to right.
  case horizontalFlip
  /// Flips half of the images, top to bottom.
  case verticalFlip
  /// Rotates by at most this many degrees in either direction.
  case rotation(degrees: Double)
  /// Zooms in or out by at most this fraction: 0.2 means factors of 0.8...1.2.
  case zoom(Double)
  /// Shifts by at most these fractions of the height and the width, in any direction.
  case translation(height: Double, width: Double)
  /// Crops to this size at a random position, which may extend `padding` pixels beyond the edges.
  case crop(height: Int, width: Int, padding: Int = 0)
  /// Adds a number to all pixels, at most this fraction of the value range.
  case brightness(Double)
  /// Scales the distances from each channel's mean: 0.2 means factors of 0.8...1.2.
  case contrast(Double)
}

/// Random changes to training images, to get more variety from few images.
///
/// ```swift
/// let augmentation = ImageAugmentation<Float>([
///   .horizontalFlip, .crop(height: 32, width: 32, padding: 4), .brightness(0.1),
/// ])
/// let x = augmentation(pictures, seed: 7)            // [samples, 32, 32, channels]
/// ```
/// The changes to an image depend only on its own random generator, not on the other images, the
/// batch size or the number of threads.
public struct ImageAugmentation<Scalar: TensorFloat>: Sendable {
  /// The steps, in order.
  public let steps: [ImageStep]
  /// How pixels beyond the edges of an image are filled.
  public let outside: PaddingMode<Scalar>
  /// The darkest and brightest values; brightness and contrast are limited to this range.
  public let range: ClosedRange<Scalar>

  /// Creates an augmentation.
  ///
  /// - Parameters:
  ///   - steps: The changes to each image, in this order. Steps that move pixels must come before
  ///     those that change values.
  ///   - outside: How pixels beyond the edges of an image are filled.
  ///   - range: The darkest and brightest values that the images may have.
  public init(
    _ steps: [ImageStep], outside: PaddingMode<Scalar> = .constant(0),
    range: ClosedRange<Scalar> = 0...1
  ) {
    for step in steps { step.check() }
    let firstOfNumbers = steps.firstIndex { !$0.movesPixels } ?? steps.count
    require(
      !steps[firstOfNumbers...].contains(where: \.movesPixels),
      "ImageAugmentation: brightness and contrast must come last, got \(steps)")
    self.steps = steps
    self.outside = outside
    self.range = range
  }

  /// Augments images, each with different random changes.
  ///
  /// - Parameters:
  ///   - pictures: The images, [samples, rows, columns, channels].
  ///   - seed: The seed; with the same seed, an image with the same number is changed in the same
  ///     way.
  /// - Returns: The changed images; their size differs if a step crops.
  public func callAsFunction(_ pictures: Tensor<Scalar>, seed: UInt64) -> Tensor<Scalar> {
    let generator = RandomGenerator(seed: seed)
    return callAsFunction(pictures) { generator.stream($0) }
  }

  /// Augments images, each with different random changes.
  ///
  /// - Parameters:
  ///   - pictures: The images, [samples, rows, columns, channels].
  ///   - generator: Returns the random generator for the image with the given number.
  /// - Returns: The changed images; their size differs if a step crops.
  public func callAsFunction(
    _ pictures: Tensor<Scalar>, random generator: (_ row: Int) -> RandomGenerator
  ) -> Tensor<Scalar> {
    require(
      pictures.rank == 4,
      "ImageAugmentation: expected pictures [samples, rows, columns, channels], got shape "
        + "\(pictures.shape)")
    let sizes = pictures.pictureSizes("ImageAugmentation")
    let (height, width) = newSize(of: sizes)
    let old = pictures.contiguous()
    var result = Tensor<Scalar>(
      uninitialized: [sizes.count, height, width, sizes.channels])
    let target = result.mutableBase
    let (oldCount, newCount) = (
      sizes.height * sizes.width * sizes.channels, height * width * sizes.channels
    )
    for row in 0..<sizes.count {
      var random = generator(row)
      let picture = target + row * newCount
      warp(
        old.base + row * oldCount, sizes, to: picture, height, width,
        map(of: sizes, using: &random), outside)
      for step in steps {
        // A random number in -1...1, only drawn if it is needed.
        switch step {
        case .brightness(let share):
          let span = Double(range.upperBound) - Double(range.lowerBound)
          shift(
            picture, newCount, by: Scalar(share * random.nextSigned() * span), in: range)
        case .contrast(let share):
          stretch(
            picture, height * width, sizes.channels, by: Scalar(1 + share * random.nextSigned()),
            in: range)
        default: break
        }
      }
    }
    return result
  }

  /// The height and width after all steps; stops if a crop does not fit.
  private func newSize(of sizes: PictureSizes) -> (height: Int, width: Int) {
    var (height, width) = (sizes.height, sizes.width)
    for case .crop(let newHeight, let newWidth, let padding) in steps {
      require(
        newHeight <= height + 2 * padding && newWidth <= width + 2 * padding,
        "ImageAugmentation: a piece of \(newHeight) x \(newWidth) does not fit into pictures of "
          + "\(height) x \(width) with a padding of \(padding)")
      (height, width) = (newHeight, newWidth)
    }
    return (height, width)
  }

  /// Draws the random map of the steps that move pixels, for one image.
  private func map(of sizes: PictureSizes, using random: inout RandomGenerator) -> AffineMap {
    var map = AffineMap.identity
    var (height, width) = (sizes.height, sizes.width)
    for step in steps {
      switch step {
      case .horizontalFlip:
        if random.nextInteger(below: 2) == 1 { map = map.then(.flip()) }
      case .verticalFlip:
        if random.nextInteger(below: 2) == 1 {
          map = map.then(.flip(horizontally: false, vertically: true))
        }
      case .rotation(let degrees):
        map = map.then(.rotation(degrees: degrees * random.nextSigned()))
      case .zoom(let share):
        let factor = 1 + share * random.nextSigned()
        map = map.then(.zoom(height: factor, width: factor))
      case .translation(let down, let right):
        let (rows, columns) = (random.nextSigned(), random.nextSigned())
        map = map.then(
          .translation(
            rows: down * rows * Double(height), columns: right * columns * Double(width)))
      case .crop(let newHeight, let newWidth, let padding):
        // The crop's first row and column in the image, which give the shift of its centre.
        let top = random.nextInteger(below: height + 2 * padding - newHeight + 1) - padding
        let left = random.nextInteger(below: width + 2 * padding - newWidth + 1) - padding
        map = map.then(
          .translation(
            rows: Double(height - newHeight) / 2 - Double(top),
            columns: Double(width - newWidth) / 2 - Double(left)))
        (height, width) = (newHeight, newWidth)
      case .brightness, .contrast: break
      }
    }
    return map
  }
}

extension ImageStep {
  fileprivate var movesPixels: Bool {
    switch self {
    case .brightness, .contrast: false
    default: true
    }
  }

  /// Stops if the step's arguments are invalid.
  fileprivate func check() {
    let isRight =
      switch self {
      case .horizontalFlip, .verticalFlip: true
      case .rotation(let degrees): degrees >= 0 && degrees.isFinite
      case .zoom(let share): share >= 0 && share < 1
      case .translation(let height, let width):
        height >= 0 && width >= 0 && height.isFinite && width.isFinite
      case .crop(let height, let width, let padding):
        height > 0 && width > 0 && padding >= 0 && max(height, width, padding) <= 1 << 24
      case .brightness(let share), .contrast(let share): share >= 0 && share <= 1
      }
    require(
      isRight,
      "ImageAugmentation: \(self) is out of range; angles, shares and padding are not negative, a zoom "
        + "lies below 1, brightness and contrast in 0...1")
  }
}

extension RandomGenerator {
  /// A random number in [-1, 1).
  fileprivate mutating func nextSigned() -> Double { 2 * nextUniform() - 1 }
}

/// Adds a number to an image.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func shift<Scalar: TensorFloat>(
  _ picture: UnsafeMutablePointer<Scalar>, _ count: Int, by offset: Scalar,
  in range: ClosedRange<Scalar>
) {
  for i in 0..<count {
    picture[i] = clipped(picture[i] + offset, range)
  }
}

/// Multiplies the distance of each value from the mean of its channel.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func stretch<Scalar: TensorFloat>(
  _ picture: UnsafeMutablePointer<Scalar>, _ pixels: Int, _ channels: Int, by factor: Scalar,
  in range: ClosedRange<Scalar>
) {
  for channel in 0..<channels {
    var sum = 0.0
    for pixel in 0..<pixels { sum += Double(picture[pixel * channels + channel]) }
    let mean = Scalar(sum / Double(pixels))
    for pixel in 0..<pixels {
      let i = pixel * channels + channel
      picture[i] = clipped(mean + (picture[i] - mean) * factor, range)
    }
  }
}

/// The number clamped to the range; NaN stays NaN.
@inline(__always)
private func clipped<Scalar: TensorFloat>(_ x: Scalar, _ range: ClosedRange<Scalar>) -> Scalar {
  x < range.lowerBound ? range.lowerBound : x > range.upperBound ? range.upperBound : x
}
