// Rotary positions: where a step stands is an angle, so that the product of a query and a key depends on how
// far apart they are.

import Tensor

/// The cosines and sines of the angles of some positions, each [positions, size / 2].
final class RotaryAngles<Scalar: TensorFloat>: Sendable {
  /// The number of features of a head.
  let size: Int
  let cosines: Tensor<Scalar>
  let sines: Tensor<Scalar>

  init(_ positions: Range<Int>, size: Int, base: Double) {
    self.size = size
    let exponents = (0..<size / 2).map { -2 * Double($0) / Double(size) }
    let frequencies = exp(Tensor(exponents, shape: [1, size / 2]) * log(Tensor(base)))
    let angles =
      Tensor(positions.map(Double.init)).reshaped(to: [positions.count, 1]) * frequencies
    (cosines, sines) = (Tensor(cos(angles)), Tensor(sin(angles)))
  }
}

/// Turns the numbers i and i + size / 2 of each head as a point of the plane by the angle of its position.
///
/// Source: J. Su et al., "RoFormer: enhanced transformer with rotary position embedding", 2021, with the halves
/// of a head as the two coordinates, as GPT-NeoX and Llama have it.
struct Rotary<Scalar: TensorFloat>: TapeOperation {
  let angles: RotaryAngles<Scalar>

  var name: String { "rotary" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { pass.input(0).shape }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    turn(pass.input(0), by: 1, to: pass.output.base, accumulate: false)
  }

  // dx = dy, turned back
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, accumulate) = pass.gradient(0) else { return }
    turn(pass.outputGradient, by: -1, to: dx, accumulate: accumulate)
  }

  @inline(__always)
  private func turn(
    _ x: Block<Scalar>, by sign: Scalar, to y: UnsafeMutablePointer<Scalar>, accumulate: Bool
  ) {
    let (steps, features) = (x.shape[1], x.shape[2])
    let (size, half) = (angles.size, angles.size / 2)
    let (cosines, sines) = (angles.cosines.base, angles.sines.base)
    Parallel.overRows(x.shape[0] &* steps, of: features) { start, count in
      for row in start..<start &+ count {
        let table = row % steps &* half
        for head in 0..<features / size {
          let place = row &* features &+ head &* size
          for i in 0..<half {
            let (a, b) = (x.base[place &+ i], x.base[place &+ half &+ i])
            let (c, s) = (cosines[table &+ i], sign * sines[table &+ i])
            let (first, second) = (a * c - b * s, b * c + a * s)
            y[place &+ i] = accumulate ? y[place &+ i] + first : first
            y[place &+ half &+ i] = accumulate ? y[place &+ half &+ i] + second : second
          }
        }
      }
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int { 3 * pass.output.count }
}

/// Queries or keys with rotary positions: each head's numbers i and i + size / 2 are turned as a point of the
/// plane by the angle `position / base^(2i / size)`.
///
/// The product of a query and a key that were turned so depends on the distance of their positions.
///
/// - Parameters:
///   - x: [batch, steps, heads · size].
///   - heads: the number of heads, each of an even size.
///   - first: the position of the first step.
///   - base: what the wavelengths grow to.
/// - Returns: the same shape.
public func rotary<Scalar>(
  _ x: Variable<Scalar>, heads: Int, first: Int = 0, base: Double = 10_000
) -> Variable<Scalar> {
  require(
    x.rank == 3 && heads > 0 && x.shape[2] % (2 * heads) == 0,
    "rotary: expected [batch, steps, heads · size] with \(heads) heads of an even size, got \(x.shape)"
  )
  require(
    first >= 0 && base > 1 && base.isFinite,
    "rotary: the first position must not be negative and the base above 1, got \(first) and \(base)"
  )
  let angles = RotaryAngles<Scalar>(
    first..<first + x.shape[1], size: x.shape[2] / heads, base: base)
  return x.tape.record(Rotary(angles: angles), x)
}
