// NumPy's answers to thousands of random cases: shapes, layouts in memory, types and arguments drawn by
// make_goldens.py, results in goldens.txt. What a line means is written in cases.py.

import Tensor
import TestSupport
import Testing

@Suite("NumPy's answers")
struct OracleTests {
  @Test("the results are NumPy's", arguments: goldens.names)
  func results(name: String) throws {
    let cases = goldens.lines.filter { $0.name == name }
    #expect(cases.count >= 3)
    for line in cases {
      let result = try #require(line.result(), "\(line.text)")
      #expect(
        result == line.expected || result.isClose(to: line.expected), "\(line.text): \(result)")
    }
  }

  @Test("the file has all its cases")
  func complete() {
    #expect(goldens.lines.count > 4000 && goldens.names.count > 80)
  }
}

private let goldens = Goldens("goldens.txt")

extension Case {
  /// What the library gives for the case; nil for an unknown name.
  fileprivate func result() -> Answer? {
    if name == "any" || name == "all" {
      let a = tensor(0, of: Bool.self)
      let (axes, keeps) = (integers(0), integer(1) == 1)
      return
        (name == "any"
        ? a.any(axes: axes, keepingDimensions: keeps)
        : a.all(axes: axes, keepingDimensions: keeps)).exact
    }
    if name == "print" { return printed() }
    // The type of the operand that is neither mask nor index: the second for `select`.
    switch operands[name == "select" ? 1 : 0].prefix(2) {
    case "b1": return moved(Bool.self) { $0.exact }
    case "u1": return numbers(UInt8.self) ?? integers(UInt8.self) ?? moved(UInt8.self) { $0.exact }
    case "i4": return numbers(Int32.self) ?? integers(Int32.self) ?? moved(Int32.self) { $0.exact }
    case "i8": return numbers(Int.self) ?? integers(Int.self) ?? moved(Int.self) { $0.exact }
    case "f4": return numbers(Float.self) ?? floats(Float.self) ?? moved(Float.self) { $0.exact }
    default: return numbers(Double.self) ?? floats(Double.self) ?? moved(Double.self) { $0.exact }
    }
  }

  // MARK: Numbers

  private func numbers<Scalar: TensorNumber>(_: Scalar.Type) -> Answer? {
    var a: Tensor<Scalar> { tensor(0) }
    var b: Tensor<Scalar> { tensor(1) }
    switch name {
    case "add": return (a + b).exact
    case "subtract": return (a - b).exact
    case "multiply": return (a * b).exact
    case "minimum": return minimum(a, b).exact
    case "maximum": return maximum(a, b).exact
    case "less": return (a .< b).exact
    case "equal": return (a .== b).exact
    case "greaterOrEqual": return (a .>= b).exact
    case "floorDivide": return floorDivide(a, b).exact
    case "mod": return mod(a, b).exact
    case "min": return a.min(axes: integers(0), keepingDimensions: integer(1) == 1).exact
    case "max": return a.max(axes: integers(0), keepingDimensions: integer(1) == 1).exact
    case "argmin": return a.argmin(axis: integer(0), keepingDimensions: integer(1) == 1).exact
    case "argmax": return a.argmax(axis: integer(0), keepingDimensions: integer(1) == 1).exact
    case "sort": return a.sorted(axis: integer(0)).exact
    case "argsort": return a.argsort(axis: integer(0)).exact
    case "unique":
      let all = a.uniqueAll()
      return [a.unique().exact, all.positions.exact, all.inverse.exact, all.counts.exact][
        integer(0)]
    case "searchSorted": return b.sorted().searchSorted(a, fromRight: integer(0) == 1).exact
    case "digitize": return a.digitized(edges: b.sorted(), right: integer(0) == 1).exact
    case "differences": return a.differences(order: integer(0), axis: integer(1)).exact
    case "scatterAdd":
      var result = a
      result.scatterAdd(tensor(2), at: tensor(1), axis: integer(0))
      return result.exact
    case "nonzero": return a.argwhere().exact
    default: return nil
    }
  }

  private func integers<Scalar: TensorNumber & FixedWidthInteger>(_: Scalar.Type) -> Answer? {
    let a: Tensor<Scalar> = tensor(0)
    switch name {
    case "sum": return a.sum(axes: integers(0), keepingDimensions: integer(1) == 1).exact
    case "product": return a.product(axes: integers(0), keepingDimensions: integer(1) == 1).exact
    case "cumulativeSum": return a.cumulativeSum(axis: integer(0)).exact
    case "cumulativeProduct": return a.cumulativeProduct(axis: integer(0)).exact
    case "binCount": return a.binCount(minimumLength: 5).exact
    default: return nil
    }
  }

  private func floats<Scalar: TensorFloat>(_: Scalar.Type) -> Answer? {
    let a: Tensor<Scalar> = tensor(0)
    var axes: [Int] { integers(0) }
    var keeps: Bool { integer(1) == 1 }
    switch name {
    case "sum": return a.sum(axes: axes, keepingDimensions: keeps).exact
    case "product": return a.product(axes: axes, keepingDimensions: keeps).exact
    case "mean": return a.mean(axes: axes, keepingDimensions: keeps).exact
    case "variance": return a.variance(axes: axes, keepingDimensions: keeps).exact
    case "standardDeviation":
      return a.standardDeviation(axes: axes, keepingDimensions: keeps).exact
    case "norm": return a.norm(axes: axes, keepingDimensions: keeps).exact
    case "logSumExp": return a.logSumExp(axes: axes, keepingDimensions: keeps).exact
    case "nanSum": return a.nanSum(axis: axes[0], keepingDimensions: keeps).exact
    case "nanMax": return a.nanMax(axis: axes[0], keepingDimensions: keeps).exact
    case "cumulativeSum": return a.cumulativeSum(axis: integer(0)).exact
    case "cumulativeProduct": return a.cumulativeProduct(axis: integer(0)).exact
    case "quantile": return a.quantile(Double(arguments[0])!, axis: integer(1)).exact
    case "histogram": return a.histogram(bins: integer(0)).counts.exact
    default: return products(a) ?? (try? decompositions(a))
    }
  }

  // MARK: Linear algebra

  private func products<Scalar: TensorFloat>(_ a: Tensor<Scalar>) -> Answer? {
    var b: Tensor<Scalar> { tensor(1) }
    switch name {
    case "einsum":
      return switch operands.count {
      case 1: einsum(arguments[0], a).exact
      case 2: einsum(arguments[0], a, b).exact
      default: einsum(arguments[0], a, b, tensor(2)).exact
      }
    case "matmul": return matmul(a, b).exact
    case "tensordot": return tensordot(a, b, axes: (integers(0), integers(1))).exact
    case "dot": return dot(a, b).exact
    case "inner": return inner(a, b).exact
    case "outer": return outer(a, b).exact
    case "trace": return a.trace(offset: integer(0)).exact
    default: return nil
    }
  }

  private func decompositions<Scalar: TensorFloat>(_ a: Tensor<Scalar>) throws -> Answer? {
    var b: Tensor<Scalar> { tensor(1) }
    var transposed: Tensor<Scalar> { a.swappingAxes(-1, -2) }
    var gram: Tensor<Scalar> { matmul(a, transposed) + .identity(a.shape[a.rank - 2]) }
    switch name {
    case "solve": return try solve(a, b).exact
    case "inverse": return try a.inverse().exact
    case "determinant": return a.determinant().exact
    case "logDeterminant": return gram.signAndLogDeterminant().logarithm.exact
    case "choleskyFactor": return try gram.cholesky().exact
    case "qrR": return a.qr().r.exact
    case "eigenvalues": return try (a + transposed).symmetricEigen().values.exact
    case "symmetricPower":
      let (values, vectors) = try gram.symmetricEigen()
      return matmul(
        vectors * sqrt(values).expandingShape(at: -2), vectors.swappingAxes(-1, -2)
      ).exact
    case "singularValues": return try a.singularValues().exact
    case "rank": return try a.matrixRank().exact
    case "pseudoinverse": return try a.pseudoinverse(tolerance: 1e-10).exact
    case "leastSquares": return try leastSquares(a, b).exact
    case "spectralNorm": return try a.spectralNorm().exact
    case "nuclearNorm": return try a.nuclearNorm().exact
    default: return nil
    }
  }

  // MARK: Printing

  private func printed<Scalar>(_ tensor: Tensor<Scalar>) -> Answer {
    let text = tensor.description(options: PrintOptions(precision: integer(1)))
    return Answer(
      shape: sizes(of: tensor.shape),
      elements: String(text.map { $0 == "\n" ? "|" : $0 == " " ? "_" : $0 }))
  }

  /// Of floating-point types the elements times a factor.
  private func printed() -> Answer {
    switch operands[0].prefix(2) {
    case "b1": return printed(tensor(0, of: Bool.self))
    case "u1": return printed(tensor(0, of: UInt8.self))
    case "i4": return printed(tensor(0, of: Int32.self))
    case "i8": return printed(tensor(0, of: Int.self))
    case "f4": return printed(tensor(0, of: Float.self) * Float(Double(arguments[0])!))
    default: return printed(tensor(0, of: Double.self) * Double(arguments[0])!)
    }
  }

  // MARK: Elements in other places

  private func moved<Scalar: TensorScalar>(
    _: Scalar.Type, _ exact: (Tensor<Scalar>) -> Answer
  ) -> Answer? {
    var a: Tensor<Scalar> { tensor(0) }
    var result = a
    switch name {
    case "index": result = part(of: a)
    case "assign": assign(tensor(1), to: &result)
    case "select": result = select(tensor(0, of: Bool.self), tensor(1), tensor(2, of: Scalar.self))
    case "reshape": result = a.reshaped(to: integers(0))
    case "moveAxis": result = a.movingAxis(from: integer(0), to: integer(1))
    case "swapAxes": result = a.swappingAxes(integer(0), integer(1))
    case "concatenate": result = concatenate([a, tensor(1)], axis: integer(0))
    case "stack": result = stack([a, tensor(1)], axis: integer(0))
    case "tile": result = a.tiled(integers(0))
    case "repeat": result = a.repeated(integers(1), axis: integer(0))
    case "roll": result = a.rolled(by: integer(1), axis: integer(0))
    case "flip": result = a.flipped(axes: integers(0))
    case "pad":
      let widths = arguments[1].split(separator: ",").map { width in
        let ends = list(width, ".") { Int($0) }
        return (before: ends[0], after: ends[1])
      }
      let mode: PaddingMode<Scalar> =
        ["constant": .constant(.zero), "edge": .edge, "reflect": .reflect][arguments[0]]!
      result = a.padded(widths, mode: mode)
    case "diagonal": result = a.diagonal(offset: integer(0))
    case "tril": result = a.lowerTriangle(offset: integer(0))
    case "triu": result = a.upperTriangle(offset: integer(0))
    case "take": result = a.taking(tensor(1, of: Int.self), axis: integer(0))
    case "takeAlong": result = a.takingAlong(axis: integer(0), tensor(1))
    case "putAlong":
      let one = Scalar.scalarType == .bool ? true as! Scalar : Tensor<Int>(1).converted()
      result.putAlong(axis: integer(0), tensor(1), Tensor(one))
    case "nonzero": return (a as? Tensor<Bool>)?.argwhere().exact
    case "mask", "maskRows": result = a[tensor(1, of: Bool.self)]
    case "maskAssign": result[tensor(1, of: Bool.self)] = tensor(2)
    case "fancy": result = a[tensor(1, of: Int.self), tensor(2, of: Int.self)]
    case "split":
      result = concatenate(
        a.split(at: integers(1), axis: integer(0)).reversed(), axis: integer(0))
    default: return nil
    }
    return exact(result)
  }

  private var indices: [any TensorIndex] {
    arguments[0].split(separator: ",").map { token -> any TensorIndex in
      let numbers = list(token.dropFirst(), ".") { Int($0) }
      switch token.first {
      case "n": return NewAxis()
      case "i": return numbers[0]
      case "r": return numbers[0]..<numbers[1]
      default: return stride(from: numbers[0], to: numbers[1], by: numbers[2])
      }
    }
  }

  private func part<Scalar>(of a: Tensor<Scalar>) -> Tensor<Scalar> {
    let i = indices
    return switch i.count {
    case 1: a[i[0], ...]
    case 2: a[i[0], i[1], ...]
    case 3: a[i[0], i[1], i[2], ...]
    default: a[i[0], i[1], i[2], i[3]]
    }
  }

  private func assign<Scalar>(_ value: Tensor<Scalar>, to a: inout Tensor<Scalar>) {
    let i = indices
    switch i.count {
    case 1: a[i[0], ...] = value
    case 2: a[i[0], i[1], ...] = value
    case 3: a[i[0], i[1], i[2], ...] = value
    default: a[i[0], i[1], i[2], i[3]] = value
    }
  }
}

extension Tensor where Scalar == Int {
  /// The only element, as another type.
  fileprivate func converted<Other: TensorScalar>() -> Other { Tensor<Other>(self).scalar }
}
