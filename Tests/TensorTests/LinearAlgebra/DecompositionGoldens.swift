// NumPy's and SciPy's answers for small matrices of the kinds that decompositions fail on; the file is
// written by make_goldens.py. Where an answer is itself made of rounding errors, as the determinant of a
// matrix of lower rank, it is compared with the size of the matrix.

import Tensor
import TestSupport
import Testing

/// A matrix, and the numbers that each function gives for it; nil if it throws.
private struct GoldenMatrix: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let matrix: Tensor<Double>
  let answers: [String: [Double]?]

  init(_ lines: [Substring]) {
    let parts = lines[0].split(separator: "|")
    let n = Int(parts[1])!
    testDescription = "\(parts[0]) \(n)"
    matrix = Tensor(parts[2].split(separator: ",").map { Double($0)! }, shape: [n, n])
    answers = Dictionary(
      uniqueKeysWithValues: lines[1].split(separator: " ").map { answer in
        let sides = answer.split(separator: "=", omittingEmptySubsequences: false)
        let numbers =
          sides[1] == "throws" ? nil : sides[1].split(separator: ",").map { Double($0)! }
        return (String(sides[0]), numbers)
      })
  }

  static let all: [GoldenMatrix] = goldenLines("goldens.txt").split(separator: "").map {
    GoldenMatrix(Array($0))
  }
}

@Suite("NumPy's answers about matrices")
struct DecompositionGoldens {
  @Test("the answers are NumPy's", arguments: GoldenMatrix.all)
  fileprivate func answers(golden: GoldenMatrix) throws {
    let a = golden.matrix
    let n = a.shape[0]
    func expect(_ name: String, _ actual: [Double], within tolerance: Double) throws {
      let answer = try #require(golden.answers[name])
      let expected = try #require(answer, "NumPy throws in \(name)")
      expectClose(actual, expected, relative: 0, absolute: tolerance, "\(name)")
    }
    let values = try a.singularValues()
    let largest = values[0]
    try expect("singularValues", values.elements, within: 4e-14 * largest)
    try expect("eigenvalues", try a.symmetricEigen().values.elements, within: 4e-14 * largest)
    try expect("rank", [Double(try a.matrixRank().scalar)], within: 0)
    try expect("norm", [a.norm()], within: 1e-14 * largest)

    // A determinant of σ₁ⁿ has errors of σ₁ⁿ ε, whatever is left of it.
    let logarithm = a.signAndLogDeterminant().logarithm.scalar
    let bound = log(values).elements[0] * Double(n)
    let expected = try #require(golden.answers["logDeterminant"]!)[0]
    if expected > bound - 25 {
      let tolerance = 1e-14 * exp(Tensor(bound - expected)).scalar + 1e-14 * abs(expected)
      try expect("logDeterminant", [logarithm], within: tolerance)
      let determinant = try #require(golden.answers["determinant"]!)[0]
      try expect("determinant", [a.determinant().scalar], within: tolerance * abs(determinant))
    } else {
      #expect(!(logarithm > bound - 25))
    }
    if let exponential = golden.answers["exponential"]!, !exponential.isEmpty {
      try expect(
        "exponential", a.matrixExponential().elements,
        within: 1e-13 * exponential.reduce(0) { max($0, abs($1)) })
    }

    // What is singular or indefinite but for a rounding error may be refused or not.
    let least = values[n - 1]
    let right = Tensor((0..<n).map { Double($0 + 1) }) * abs(a).max()
    if least > 1e-14 * largest {
      let x = try solve(a, right).elements
      try expect("solve", x, within: 1e-14 * (largest / least) * x.reduce(0) { max($0, abs($1)) })
    }
    let smallest = try a.symmetricEigen().values[0]
    if abs(smallest) > 1e-13 * largest {
      let l = try? a.cholesky()
      #expect((l == nil) == (golden.answers["cholesky"]! == nil))
      if let l, smallest > 0 {
        try expect("cholesky", l.elements, within: 1e-14 * largest / smallest * abs(l).max())
      }
    }
  }

  @Test("the file has all its cases")
  fileprivate func complete() { #expect(GoldenMatrix.all.count == 112) }
}
