// The kinds of matrix that decompositions fail on: those of LAPACK's own tests (Anderson et al.,
// "LAPACK Working Note 41: Installation Guide for LAPACK", sections on testing), of Higham's collection
// ("Algorithm 694", 1991), and of bug reports. Every kind has all sizes. The tests and the fuzzer, which
// takes thousands of each kind, share them. Next: `Residuals.swift`.

import Tensor

/// A kind of matrix to decompose.
public struct MatrixKind: Sendable, CustomStringConvertible {
  /// What is special about it.
  public let description: String
  /// Whether the elements of U in A = L U grow with every row, so that partial pivoting is not stable.
  public var growsInElimination = false
  private let make: @Sendable (_ m: Int, _ n: Int, inout RandomGenerator) -> Tensor<Double>

  init(
    _ description: String, growsInElimination: Bool = false,
    _ make: @escaping @Sendable (_ m: Int, _ n: Int, inout RandomGenerator) -> Tensor<Double>
  ) {
    (self.description, self.growsInElimination) = (description, growsInElimination)
    self.make = make
  }

  /// A matrix of this kind, whose largest element has about the given exponent of two; the elements
  /// as they come if there is none.
  public func matrix<Scalar: TensorFloat>(
    _ m: Int, _ n: Int, exponent: Int? = nil, using generator: inout RandomGenerator
  ) -> Tensor<Scalar> {
    let whole = make(m, n, &generator)
    let size = largestMagnitude(whole)
    if size == 0 { return Tensor<Scalar>(whole) }
    // Elements of all sizes have to fit into the other type.
    let near = Tensor<Scalar>(timesPowerOfTwo(whole, -Int(size.exponent)))
    return timesPowerOfTwo(near, exponent ?? min(Int(size.exponent), 100))
  }

  /// All kinds.
  public static let all: [MatrixKind] =
    spectra + zeros + graded + tables + named + shapes + rare
}

/// The largest absolute value, 0 without elements.
func largestMagnitude<S: TensorFloat>(_ a: Tensor<S>) -> S { a.count == 0 ? 0 : abs(a).max() }

/// The tensor times 2ᵏ, which may be more or less than one number can be.
func timesPowerOfTwo<S: TensorFloat>(_ a: Tensor<S>, _ exponent: Int) -> Tensor<S> {
  let third = exponent / 3
  func power(_ k: Int) -> S { S(sign: .plus, exponent: S.Exponent(k), significand: 1) }
  return a * power(third) * power(third) * power(exponent - 2 * third)
}

// MARK: - Ingredients

private typealias Matrix = Tensor<Double>

private func normal(_ m: Int, _ n: Int, _ g: inout RandomGenerator) -> Matrix {
  .normal([m, n], using: &g)
}

private func powersOfTen(_ exponents: [Double]) -> Matrix { pow(10, Tensor(exponents)) }

/// A matrix with these singular values.
private func matrix(
  _ m: Int, _ n: Int, _ g: inout RandomGenerator,
  singularValues value: (_ i: Int, _ k: Int) -> Double
) -> Matrix {
  let k = min(m, n)
  let (u, v) = (normal(m, k, &g).qr().q, normal(n, k, &g).qr().q)
  return matmul(u * Tensor((0..<k).map { value($0, k) }), v.transposed())
}

/// A matrix whose elements follow from their row and column.
private func formula(
  _ description: String, growsInElimination: Bool = false,
  _ element: @escaping @Sendable (_ i: Int, _ j: Int, _ n: Int) -> Double
) -> MatrixKind {
  MatrixKind(description, growsInElimination: growsInElimination) { m, n, _ in
    Matrix(shape: [m, n]) { element($0[0], $0[1], max(m, n)) }
  }
}

/// Random numbers where a condition holds, and zeros.
private func pattern(
  _ description: String, _ isUsed: @escaping @Sendable (_ i: Int, _ j: Int) -> Bool
) -> MatrixKind {
  MatrixKind(description) { m, n, g in
    let mask = Matrix(shape: [m, n]) { isUsed($0[0], $0[1]) ? 1 : 0 }
    return normal(m, n, &g) * mask
  }
}

/// `10^from` to `10^to` in equal steps.
private func grades(_ count: Int, from: Double, to: Double) -> Matrix {
  powersOfTen((0..<count).map { from + (to - from) * Double($0) / Double(max(count - 1, 1)) })
}

// MARK: - Kinds

private let spectra = [
  MatrixKind("normal") { m, n, g in normal(m, n, &g) },
  MatrixKind("one large singular value") { m, n, g in
    matrix(m, n, &g) { i, _ in i == 0 ? 1 : 1e-12 }
  },
  MatrixKind("one small singular value") { m, n, g in
    matrix(m, n, &g) { i, k in i == k - 1 ? 1e-12 : 1 }
  },
  MatrixKind("geometric singular values") { m, n, g in
    let steps = grades(min(m, n), from: 0, to: -12)
    return matrix(m, n, &g) { i, _ in steps[i] }
  },
  MatrixKind("arithmetic singular values") { m, n, g in
    matrix(m, n, &g) { i, k in 1 - Double(i) / Double(k) * (1 - 1e-12) }
  },
  MatrixKind("singular values of random sizes") { m, n, g in
    let exponents = Matrix.uniform([min(m, n)], in: -16..<0, using: &g)
    let sizes = pow(10, exponents)
    return matrix(m, n, &g) { i, _ in sizes[i] }
  },
  MatrixKind("clusters of singular values") { m, n, g in
    matrix(m, n, &g) { i, _ in (i % 3 == 0 ? 1 : 1e-3) * (1 + 1e-14 * Double(i)) }
  },
  MatrixKind("orthogonal") { m, n, g in matrix(m, n, &g) { _, _ in 1 } },
  MatrixKind("rank 1") { m, n, g in matmul(normal(m, 1, &g), normal(1, n, &g)) },
  MatrixKind("half the rank") { m, n, g in
    let rank = min(m, n) / 2
    return matmul(normal(m, rank, &g), normal(rank, n, &g))
  },
]

private let zeros =
  [formula("zeros") { _, _, _ in 0 }]
  + [("first", 0.0), ("middle", 0.5), ("last", 1.0)].flatMap { (place: String, part: Double) in
    [
      MatrixKind("\(place) column of zeros") { m, n, g in
        var a = normal(m, n, &g)
        if n > 0 { a[0..., Int(part * Double(n - 1))] = 0 }
        return a
      },
      MatrixKind("\(place) row of zeros") { m, n, g in
        var a = normal(m, n, &g)
        if m > 0 { a[Int(part * Double(m - 1)), ...] = 0 }
        return a
      },
    ]
  }

private let graded =
  [("up", -12.0, 0.0), ("down", 0, -12), ("far up", -200, 0), ("far down", 0, -200)].flatMap {
    (direction: String, from: Double, to: Double) in
    [
      MatrixKind("columns graded \(direction)") { m, n, g in
        normal(m, n, &g) * grades(n, from: from, to: to)
      },
      MatrixKind("rows graded \(direction)") { m, n, g in
        normal(m, n, &g) * grades(m, from: from, to: to).expandingShape(at: 1)
      },
      MatrixKind("rows and columns graded \(direction)") { m, n, g in
        normal(m, n, &g) * grades(n, from: from / 2, to: to / 2)
          * grades(m, from: from / 2, to: to / 2).expandingShape(at: 1)
      },
    ]
  }

private let tables = [
  MatrixKind("intercept of ones beside thousands") { m, n, g in
    var a = normal(m, n, &g) * 1000 + 3000
    if n > 0 { a[0..., 0] = 1 }
    return a
  },
  MatrixKind("columns scaled by powers of ten") { m, n, g in
    let exponents = Matrix.uniform([n], in: -6..<7, using: &g)
    return normal(m, n, &g) * pow(10, floor(exponents))
  },
  MatrixKind("digits with a first pixel of zeros") { m, n, g in
    var a = maximum(floor(Matrix.uniform([m, n], in: -16..<17, using: &g)), 0)
    if n > 0 { a[0..., 0] = 0 }
    return a
  },
  MatrixKind("small integers") { m, n, g in floor(Matrix.uniform([m, n], in: -2..<3, using: &g)) },
  MatrixKind("equal columns") { m, n, g in normal(m, 1, &g) * Matrix.ones([1, n]) },
  MatrixKind("equal elements") { m, n, g in normal(1, 1, &g) * Matrix.ones([m, n]) },
]

private let named = [
  formula("Hilbert") { i, j, _ in 1 / Double(i + j + 1) },
  MatrixKind("Kahan") { m, n, _ in
    let (s, c) = (0.9320390859672263, 0.3623577544766736)
    let scales = pow(s, Tensor((0..<m).map(Double.init))).expandingShape(at: 1)
    return Matrix(shape: [m, n]) { $0[0] == $0[1] ? 1 : $0[0] < $0[1] ? -c : 0 } * scales
  },
  MatrixKind("companion") { m, n, g in
    var a = Matrix(shape: [m, n]) { $0[0] == $0[1] + 1 ? 1 : 0 }
    if m > 0 { a[0, ...] = normal(1, n, &g)[0, ...] * 10 }
    return a
  },
  formula("Frank") { i, j, n in j >= i - 1 ? Double(n - max(i, j)) : 0 },
  formula("Wilkinson's pairs") { i, j, n in
    i == j ? abs(Double(i) - Double(n - 1) / 2) : abs(i - j) == 1 ? 1 : 0
  },
  formula("Wilkinson's growth", growsInElimination: true) { i, j, n in
    j == n - 1 || i == j ? 1 : i > j ? -1 : 0
  },
  formula("Jordan block") { i, j, _ in i == j ? 0.5 : j == i + 1 ? 1 : 0 },
  formula("small beside its first column") { i, j, _ in j == 0 ? 0 : 1 / (1 + abs(Double(i - j))) },
]

private let shapes = [
  pattern("diagonal") { $0 == $1 }, pattern("upper triangle") { $0 <= $1 },
  pattern("lower triangle") { $0 >= $1 }, pattern("bidiagonal") { $0 == $1 || $0 + 1 == $1 },
  pattern("tridiagonal") { abs($0 - $1) < 2 },
  pattern("arrow") { $0 == $1 || $0 == 0 || $1 == 0 }, pattern("nilpotent") { $0 < $1 },
  MatrixKind("permutation") { m, n, g in
    let places = argsort(Matrix.uniform([max(m, n)], using: &g))
    return Matrix(shape: [m, n]) { places[$0[0]] == $0[1] ? 1 : 0 }
  },
  formula("identity") { i, j, _ in i == j ? 1 : 0 },
]

private let rare = [
  MatrixKind("elements of all sizes") { m, n, g in
    let exponents = Matrix.uniform([m, n], in: -280..<0, using: &g)
    return pow(10, exponents) * sign(normal(m, n, &g))
  },
  MatrixKind("mostly zeros") { m, n, g in
    let chances = Matrix.uniform([m, n], using: &g)
    return select(chances .< 0.15, normal(m, n, &g), 0)
  },
]

private func argsort(_ x: Matrix) -> [Int] { x.argsort(axis: 0).elements }
