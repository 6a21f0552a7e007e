// Synthetic digits: a substitute for MNIST that needs no files. Each digit is the path of a pen,
// given by a few points. These are shifted slightly, joined by curves, slanted, rotated, scaled and
// moved at random, and drawn with a pen of random width. Next: Pen.swift, which turns points into
// curves and pixels. All operations give the same bits on every machine.

import Tensor

/// Makes random images of handwritten digits, with their labels.
///
/// They look like MNIST: light digits, about 20 pixels high, on black.
/// ```swift
/// let train = makeDigits(samples: 10_000, seed: 0)
/// let test = makeDigits(samples: 2_000, seed: 1)
/// ```
/// The same seed gives the same images on every machine and with any number of threads.
///
/// - Parameters:
///   - samples: the number of images, at least 1; class sizes differ by at most one, the first are
///     larger.
///   - seed: the seed for the images and their order.
/// - Returns: the images, [samples, 28, 28], 0...255, and the digits, [samples].
public func makeDigits(
  samples: Int, seed: UInt64
) -> (images: Tensor<UInt8>, labels: Tensor<UInt8>) {
  checkSamples(samples, "makeDigits")
  var generator = RandomGenerator(seed: seed)
  let digits = generator.permutation(samples).map { $0 % 10 }
  let images = Tensor<UInt8>(uninitialized: [samples, side, side])
  let base = images.storage.base
  let pictures = 32  // of a piece
  Parallel.run(pieces: (samples + pictures - 1) / pictures) { piece in
    for i in piece * pictures..<min(samples, (piece + 1) * pictures) {
      // With a separate random stream, each image is independent of the others.
      var stream = generator.stream(i)
      drawDigit(digits[i], on: base + i * side * side, using: &stream)
    }
  }
  return (images, Tensor(digits.map { UInt8($0) }))
}

/// The number of rows and of columns.
private let side = 28

/// Draws a digit into 28 x 28 pixels.
private func drawDigit(
  _ digit: Int, on pixels: UnsafeMutablePointer<UInt8>, using generator: inout RandomGenerator
) {
  let shapes = skeletons[digit]
  let strokes = shapes[generator.nextInteger(below: shapes.count)]
  let hand = Hand(using: &generator)
  var pen = Pen(width: side, height: side, radius: hand.radius)
  for stroke in strokes {
    var start: SIMD2<Double>?
    for knots in stroke {
      let points = (start.map { [$0] } ?? []) + knots.map { hand.place($0, using: &generator) }
      pen.draw(curve(through: points))
      start = points.last
    }
  }
  pen.ink(pixels)
  addNoise(to: pixels, using: &generator)
}

/// Adds normal noise with a standard deviation of 8 (of 255) to each pixel.
private func addNoise(
  to pixels: UnsafeMutablePointer<UInt8>, using generator: inout RandomGenerator
) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: side * side) { noise in
    generator.fillNormal(noise.baseAddress!, count: noise.count, standardDeviation: 8)
    for i in noise.indices {
      pixels[i] = UInt8(max(0, min(255, Float(pixels[i]) + noise[i])).rounded())
    }
  }
}

/// A handwriting: the affine map from the grid of the skeletons to pixels, and the pen.
private struct Hand {
  /// The directions of the grid's two axes, in pixels per unit of the grid.
  private let x: SIMD2<Double>
  private let y: SIMD2<Double>
  /// The centre of the digit.
  private let center: SIMD2<Double>
  /// Half the stroke width, in pixels.
  let radius: Double

  init(using generator: inout RandomGenerator) {
    func draw(_ low: Double, _ high: Double) -> Double {
      low + (high - low) * generator.nextUniform()
    }
    // The tangent t of half an angle gives its cosine and sine without a series; up to about 14
    // degrees.
    let t = draw(-0.12, 0.12)
    let (cosine, sine) = ((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t))
    let width = 0.2 * draw(0.75, 1.05)
    let height = 0.2 * draw(0.85, 1.05)
    // Digits lean to the right more often than to the left.
    let slant = draw(-0.35, 0.15)
    x = width * SIMD2(cosine, sine)
    y = height * (SIMD2(-sine, cosine) + slant * SIMD2(cosine, sine))
    center = SIMD2(Double(side) / 2 + draw(-2, 2), Double(side) / 2 + draw(-2, 2))
    radius = draw(0.7, 1.6)
  }

  /// The pixel position of a point of the grid, with a small random shift.
  func place(_ point: SIMD2<Double>, using generator: inout RandomGenerator) -> SIMD2<Double> {
    let strayed = point - 50 + 3.5 * SIMD2(generator.nextNormal(), generator.nextNormal())
    return center + strayed.x * x + strayed.y * y
  }
}

// MARK: - Skeletons

/// A list of strokes; each stroke is a list of curves that continue one another.
private typealias Skeleton = [[[SIMD2<Double>]]]

/// The ways to write each digit, on a grid of 100 x 100 with x to the right and y down: points
/// joined by a smooth curve, a slash for a corner, a semicolon where the pen is lifted.
private let skeletons: [[Skeleton]] = [
  [
    "55,2 28,12 18,50 30,90 52,98 74,86 82,48 72,12 52,2",
    "40,4 24,30 22,70 42,97 68,88 80,50 70,12 42,2 32,10",
  ],
  [
    "50,0 50,50 50,100",
    "30,22 52,0 / 52,50 52,100",
    "32,20 52,0 / 52,50 52,98 ; 26,98 78,98",
  ],
  [
    "20,24 34,5 58,2 76,18 72,42 48,70 20,96 / 52,96 84,95",
    "20,22 36,3 62,3 76,22 66,48 40,80 22,94 18,84 34,78 58,90 84,94",
  ],
  [
    "22,12 46,1 72,10 72,34 44,47 / 70,54 80,76 60,97 34,98 16,84",
    "22,4 50,4 78,4 / 46,40 / 74,50 80,76 56,98 20,90",
  ],
  [
    "34,2 26,34 18,60 / 50,60 86,57 ; 68,28 66,64 64,100",
    "64,100 66,50 68,2 / 40,34 12,66 / 50,66 90,66",
  ],
  [
    "78,4 54,3 32,4 / 26,44 / 48,36 74,48 80,72 62,96 36,98 18,86",
    "32,4 30,24 27,45 / 52,38 76,54 74,84 48,99 18,92 ; 32,4 56,3 82,2",
  ],
  [
    "70,4 44,18 24,50 22,80 42,98 68,92 76,70 60,54 36,60 22,78",
    "52,0 32,30 22,66 30,92 52,98 72,84 68,62 48,56 26,72",
  ],
  [
    "18,6 50,6 82,6 / 56,48 40,100",
    "18,6 50,6 82,6 / 56,48 40,100 ; 32,52 54,51 76,50",
    "16,22 20,6 / 52,7 82,5 / 54,50 46,100",
  ],
  [
    "74,14 50,2 28,12 30,34 52,48 74,64 76,88 50,98 26,88 28,66 50,48 70,32 74,14",
    "50,2 30,12 30,36 50,47 70,36 70,12 50,2 ; 50,47 26,60 24,86 50,98 76,86 74,60 50,47",
  ],
  [
    "74,24 54,4 30,14 26,38 46,50 68,40 76,20 / 74,60 66,100",
    "74,22 54,3 30,12 26,36 46,50 68,40 76,20 / 77,60 68,88 44,98 24,90",
  ],
].map { $0.map(skeleton) }

private func skeleton(_ text: String) -> Skeleton {
  text.split(separator: ";").map { stroke in
    stroke.split(separator: "/").map { curve in
      curve.split(separator: " ").map { point in
        let numbers = point.split(separator: ",").compactMap { Double($0) }
        return SIMD2(numbers[0], numbers[1])
      }
    }
  }
}
