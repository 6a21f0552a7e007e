// Scaling for matrices with very large or very small elements. If sums of elements could overflow,
// or their squares vanish, the matrix is first divided by a power of two, and the result is
// multiplied by it again. This is exact. Next: `Matrices.swift`.

/// The power of two by which each matrix of a stack is divided.
struct MatrixScales<Scalar: TensorFloat> {
  /// For each matrix, the k of 2ᵏ; it is even, and 0 for a matrix of usual size.
  private(set) var exponents: [Int]
  private let stack: [Int]
  /// The largest absolute value of each matrix; 0 if it is empty, NaN if an element is NaN.
  let largest: [Scalar]

  /// The scales for matrices in the last two axes.
  ///
  /// Small matrices are scaled to about 1. With `leavingRoom`, large ones are scaled as far below
  /// the largest number as a decomposition by reflections and rotations needs, and no further,
  /// because the smallest elements of the same matrix should not vanish.
  init(_ tensor: Tensor<Scalar>, leavingRoom: Bool = true) {
    stack = Array(tensor.shape.dropLast(2))
    largest =
      abs(tensor).reduced(
        .maximum, axes: [-2, -1], keepingDimensions: false, ofNothing: 0, "the largest element"
      ).elements
    // Sums of this many elements stay below the norm times √(m n), and blocks of reflections add
    // a factor below 2¹⁰.
    let longest = Swift.max(tensor.shape[tensor.rank - 2], tensor.shape[tensor.rank - 1])
    let room = 12 + (Int.bitWidth - longest.leadingZeroBitCount)
    let high = Int(Scalar.greatestFiniteMagnitude.exponent) - room
    exponents = largest.map { size in
      if size == 0 || !size.isFinite { return 0 }
      let exponent = Int(size.exponent)
      if exponent < Self.low { return exponent & ~1 }
      return leavingRoom && exponent > high ? (exponent - high + 1) & ~1 : 0
    }
  }

  /// The exponent below which a matrix is small, because its square would not be a normal number.
  static var low: Int { Int(Scalar.leastNormalMagnitude.exponent) / 2 }

  /// Whether no element is infinite or NaN.
  var isFinite: Bool { largest.allSatisfy(\.isFinite) }

  /// The scales of the quotient of two stacks.
  func divided(by other: MatrixScales) -> MatrixScales {
    var result = self
    for i in exponents.indices { result.exponents[i] -= other.exponents[i] }
    return result
  }

  /// The matrices divided by their powers of two.
  func taken(out tensor: Tensor<Scalar>) -> Tensor<Scalar> { given(to: tensor) { -$0 } }

  /// The values of each matrix (a matrix, a vector or a number) times its 2ᵏ, or another power
  /// computed from it.
  func given(to tensor: Tensor<Scalar>, _ power: (Int) -> Int = { $0 }) -> Tensor<Scalar> {
    if exponents.allSatisfy({ $0 == 0 }) { return tensor }
    let shape = TensorShape(stack + Array(repeating: 1, count: tensor.rank - stack.count))
    var result = tensor
    // A single factor could overflow although the product does not.
    for part in 0..<3 {
      let factors = exponents.map { exponent in
        let (whole, third) = (power(exponent), power(exponent) / 3)
        return Scalar.powerOfTwo(part < 2 ? third : whole - 2 * third)
      }
      result = result * Tensor(factors).reshaped(to: shape)
    }
    return result
  }
}

extension TensorFloat {
  /// 2ᵏ.
  static func powerOfTwo(_ exponent: Int) -> Self {
    Self(sign: .plus, exponent: Exponent(exponent), significand: 1)
  }
}

extension Tensor where Scalar: TensorFloat {
  /// The scales of these matrices; throws if an element is infinite or NaN.
  func finiteScales(
    _ operation: String, leavingRoom: Bool = true
  ) throws(LinearAlgebraError) -> MatrixScales<Scalar> {
    let scales = MatrixScales(self, leavingRoom: leavingRoom)
    if !scales.isFinite {
      throw LinearAlgebraError(operation: operation, shape: shape, reason: .notFinite)
    }
    return scales
  }
}
