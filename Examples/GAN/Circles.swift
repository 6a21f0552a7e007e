import Layers
import Tensor
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Points on two circles, one inside the other.
struct Circles: Subject {
  let real = Tensor<Float>(
    makeCircles(samples: 10_000, noise: 0.03, factor: 0.5, randomState: 0).x)
  let noiseSize = 8

  var maker: Sequential<Float> {
    Sequential([
      Dense(64, activation: .relu, inputShape: [noiseSize]), Dense(64, activation: .relu),
      Dense(2),
    ])
  }

  var judge: Sequential<Float> {
    Sequential([
      Dense(64, activation: .leakyReLU, inputShape: [2]), Dense(64, activation: .leakyReLU),
      Dense(1),
    ])
  }

  /// The share of the points near a circle; how many of 32 arcs, half of them on each circle, have one.
  func report(on made: Tensor<Float>) -> String {
    var near = 0
    var arcs: Set<Int> = []
    for index in 0..<made.shape[0] {
      let (x, y) = (Double(made[index, 0]), Double(made[index, 1]))
      let radius = (x * x + y * y).squareRoot()
      guard min(abs(radius - 1), abs(radius - 0.5)) < 0.1 else { continue }
      near += 1
      let arc = min(Int((atan2(y, x) / Double.pi + 1) * 8), 15)
      arcs.insert(arc + (radius < 0.75 ? 16 : 0))
    }
    let share = Double(near) / Double(made.shape[0])
    return "near a circle \(format(share)), arcs \(arcs.count) of 32"
  }

  // MARK: The picture

  /// The plane shown is -limit...limit in both directions.
  private let limit: Float = 1.5
  private let side = 240

  /// What the judge makes of the plane, light where it takes points for real; above it real points in blue
  /// and made ones in red.
  func picture(of made: Tensor<Float>, judge: Model<Sequential<Float>>) -> Picture {
    // One number for each square of 4 x 4 pixels.
    let cells = side / 4
    let grid = Tensor<Float>(shape: [cells * cells, 2]) { index in
      let (row, column) = index[0].quotientAndRemainder(dividingBy: cells)
      let place = Float(index[1] == 0 ? column : cells - 1 - row) + 0.5
      return (place / Float(cells) * 2 - 1) * limit
    }
    let opinion = sigmoid(judge.predict(grid))
    var pixels: [UInt8] = []
    for row in 0..<side {
      for column in 0..<side {
        let color = ColorMap.greys(0.6 - 0.6 * Double(opinion[row / 4 * cells + column / 4, 0]))
        pixels += [color.red, color.green, color.blue]
      }
    }
    draw(real[..<500], .blue, on: &pixels)
    draw(made, .red, on: &pixels)
    return Picture(pixels: pixels, width: side, height: side, format: .rgb)
  }

  /// Draws each point as a square of 3 x 3 pixels.
  private func draw(_ points: Tensor<Float>, _ color: Color, on pixels: inout [UInt8]) {
    for index in 0..<points.shape[0] {
      let (x, y) = (points[index, 0], points[index, 1])
      guard abs(x) < limit && abs(y) < limit else { continue }
      let column = Int((x / limit + 1) / 2 * Float(side))
      let row = Int((1 - y / limit) / 2 * Float(side))
      for r in max(0, row - 1)...min(side - 1, row + 1) {
        for c in max(0, column - 1)...min(side - 1, column + 1) {
          let start = 3 * (r * side + c)
          (pixels[start], pixels[start + 1], pixels[start + 2]) =
            (color.red, color.green, color.blue)
        }
      }
    }
  }
}
