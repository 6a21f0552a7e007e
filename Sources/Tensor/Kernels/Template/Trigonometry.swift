// sin, cos and tan on whole vectors, accurate for every angle.
//
// The angle loses its multiple n of π/2 first (Cody and Waite): π/2 is a sum of five numbers, the
// first four so short that their products with n are exact, and what a subtraction rounds off is
// kept, because an angle may lie so near to a multiple that its leading bits all cancel. A
// polynomial for |r| ≤ π/4 follows. `LargeAngles.swift` is next.

extension InstructionSet {
  /// sin x.
  @export(implementation) @inline(__always)
  static func sine(_ x: Vector) -> Vector {
    let y = sineOfSmallAngle(x, quarterTurns: 0)
    // -0 stays -0.
    return replacingLargeAngles(x.replacing(with: y, where: x .!= .all(0)), x) {
      sineOfLargeAngle($0, quarterTurns: 0)
    }
  }

  /// cos x.
  @export(implementation) @inline(__always)
  static func cosine(_ x: Vector) -> Vector {
    replacingLargeAngles(sineOfSmallAngle(x, quarterTurns: 1), x) {
      sineOfLargeAngle($0, quarterTurns: 1)
    }
  }

  /// tan x.
  @export(implementation) @inline(__always)
  static func tangent(_ x: Vector) -> Vector {
    let (sine, cosine, quadrant) = sineAndCosine(x)
    // A quarter turn further it is -cos r / sin r.
    let isOdd = (quadrant & .all(1)) .== Vector.Integers.all(1)
    let y =
      sine.replacing(with: Vector.all(0) - cosine, where: isOdd)
      / cosine.replacing(with: sine, where: isOdd)
    return replacingLargeAngles(x.replacing(with: y, where: x .!= .all(0)), x) {
      sineOfLargeAngle($0, quarterTurns: 0) / sineOfLargeAngle($0, quarterTurns: 1)
    }
  }

  /// sin(x + k π/2) for angles up to `largestAngle`.
  @export(implementation) @inline(__always)
  static func sineOfSmallAngle(_ x: Vector, quarterTurns k: Int) -> Vector {
    let (sine, cosine, turns) = sineAndCosine(x)
    let quadrant = turns &+ Vector.Integers.all(k)
    let isOdd = (quadrant & .all(1)) .== Vector.Integers.all(1)
    let y = sine.replacing(with: cosine, where: isOdd)
    // The second bit of the quadrant becomes the sign.
    let signShift = MemoryLayout<Scalar>.size &* 8 &- 2
    return Vector(bits: y.bits ^ ((quadrant & .all(2)) &<< .all(signShift)))
  }

  /// sin r and cos r, where x = n π/2 + r with |r| ≤ π/4, and n in the lowest bits, for angles up to
  /// `largestAngle`.
  @export(implementation) @inline(__always)
  static func sineAndCosine(
    _ x: Vector
  ) -> (sine: Vector, cosine: Vector, quadrant: Vector.Integers) {
    // x = n π/2 + r + low.
    let rounder = Vector.all(format.rounder)
    let shifted = multiplyAdd(x, .all(0.6366197723675814), rounder)
    let n = shifted - rounder
    let part = format.halfPi
    let first = multiplyAdd(n, .all(-part[unchecked: 0]), x)
    let second = multiplyAdd(n, .all(-part[unchecked: 1]), first)
    let product = n * Vector.all(part[unchecked: 2])
    let third = second - product
    let lost = multiplyAdd(n, .all(-part[unchecked: 3]), (second - third) - product)
    let r = third + lost
    let low = multiplyAdd(n, .all(-part[unchecked: 4]), (third - r) + lost)

    let z = r * r
    let one = Vector.all(1)
    let sine = r + multiplyAdd(sineSeries(z) * z, r, low)
    let cosine = one - (multiplyAdd(z, .all(0.5), r * low) - cosineSeries(z) * z * z)
    return (sine, cosine, shifted.bits)
  }

  /// `y`, but `function` of the angle in the lanes where it is larger than `largestAngle`.
  ///
  /// Such angles are rare; they are taken one by one.
  @export(implementation) @inline(__always)
  static func replacingLargeAngles(
    _ y: Vector, _ x: Vector, _ function: (Double) -> Double
  ) -> Vector {
    var result = y
    if hasSign(Vector.all(format.largestAngle) - magnitude(x)) {
      var lane = 0
      while lane < Vector.count {
        let angle = double(x[lane])
        if abs(angle) > format.largestAngle { result[lane] = scalar(function(angle)) }
        lane &+= 1
      }
    }
    return result
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension InstructionSet where Scalar == Float {
  /// Degree 2, relative error of the sine below 2⁻²⁷.
  @export(implementation) @inline(__always)
  public static func sineSeries(_ z: Vector) -> Vector {
    polynomial(z, [-0x1.555546p-3, 0x1.110734p-7, -0x1.9941cap-13])
  }

  /// Degree 2, relative error of the cosine below 2⁻³³.
  @export(implementation) @inline(__always)
  public static func cosineSeries(_ z: Vector) -> Vector {
    polynomial(z, [0x1.55554ap-5, -0x1.6c0c2ep-10, 0x1.99e9b4p-16])
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension InstructionSet where Scalar == Double {
  /// Degree 5, relative error of the sine below 2⁻⁵⁷.
  @export(implementation) @inline(__always)
  public static func sineSeries(_ z: Vector) -> Vector {
    polynomial(
      z,
      [
        -0x1.5555555555548p-3, 0x1.111111110f7a9p-7, -0x1.a01a019bf8df0p-13,
        0x1.71de356346946p-19, -0x1.ae5e56e3c953bp-26, 0x1.5d8eb88b23aeap-33,
      ])
  }

  /// Degree 5, relative error of the cosine below 2⁻⁶³.
  @export(implementation) @inline(__always)
  public static func cosineSeries(_ z: Vector) -> Vector {
    polynomial(
      z,
      [
        0x1.555555555554bp-5, -0x1.6c16c16c14f65p-10, 0x1.a01a019c7fe35p-16,
        -0x1.27e4f7e77c979p-22, 0x1.1ee9d56b28f22p-29, -0x1.8fa3636d958adp-37,
      ])
  }
}
