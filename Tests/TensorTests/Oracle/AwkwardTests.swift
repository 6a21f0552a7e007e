// What the functions of Tensor give for awkward numbers, against make_awkward.py, which says what a line of
// awkward.txt means and where NumPy differs from it.

import Tensor
import TestSupport
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("Awkward numbers")
struct AwkwardTests {
  @Test("functions of one number", arguments: names(of: "unary"))
  func unary(_ name: String) throws {
    func check<S: TensorFloat>(_: S.Type, _ line: Line) throws {
      let x = Tensor<S>(try operands("numbers", line.type).map { S($0) })
      let y = try #require(unaryFunction(name, x))
      line.expect(y.elements.map(\.asDouble), name)
      line.expect(try #require(unaryFunction(name, x.spread())).elements.map(\.asDouble), "a view")
      #expect(unaryFunction(name, x[..<0])?.count == 0)
    }
    for line in lines("unary", name) {
      line.type == "f4" ? try check(Float.self, line) : try check(Double.self, line)
    }
  }

  @Test("functions of two numbers", arguments: names(of: "binary"))
  func binary(_ name: String) throws {
    func check<S: TensorFloat>(_: S.Type, _ line: Line) throws {
      let x = Tensor<S>(try operands("pairs", line.type).map { S($0) })
      let (a, b) = (x.expandingShape(at: 1), x.expandingShape(at: 0))
      line.expect(try #require(binaryFunction(name, a, b)), name)
      // Each pair for itself, and in memory with gaps.
      let shape: TensorShape = [x.count, x.count]
      let (c, d) = (a.broadcast(to: shape).flattened(), b.broadcast(to: shape).flattened())
      line.expect(try #require(binaryFunction(name, c, d)), "pairs")
      line.expect(try #require(binaryFunction(name, c.spread(), d.spread())), "views")
    }
    for line in lines("binary", name) {
      line.type == "f4" ? try check(Float.self, line) : try check(Double.self, line)
    }
  }

  @Test("functions of a list", arguments: names(of: "reduce"))
  func reduce(_ name: String) throws {
    func check<S: TensorFloat>(_: S.Type, _ line: Line) throws {
      let x = Tensor<S>(line.numbers[0].map { S($0) })
      line.expect(try #require(listFunction(name, x)), name)
      line.expect(try #require(listFunction(name, x.spread())), "with gaps")
      line.expect(try #require(listFunction(name, x.flipped().copied().flipped())), "backwards")
      guard let column = listFunction(name, stack([x, x, x], axis: 1), axis: 0) else { return }
      let row = try #require(listFunction(name, stack([x, x, x]), axis: 1))
      for i in 0..<3 {
        let places = Array(stride(from: i, to: column.count, by: 3))
        line.expect(places.map { column.elements[$0] }, "column \(i)")
        let width = row.count / 3
        line.expect(Array(row.elements[i * width..<i * width + width]), "row \(i)")
      }
    }
    for line in lines("reduce", name) {
      line.type == "f4" ? try check(Float.self, line) : try check(Double.self, line)
    }
  }

  @Test("equally spaced numbers")
  func linspace() {
    func check<S: TensorFloat>(_: S.Type, _ line: Line) {
      let arguments = line.numbers[0]
      let y = Tensor<S>.linspace(
        from: S(arguments[0]), to: S(arguments[1]), count: Int(arguments[2]))
      line.expect(y.elements.map(\.asDouble), "\(arguments)")
    }
    for line in lines("make", "linspace") {
      line.type == "f4" ? check(Float.self, line) : check(Double.self, line)
    }
  }

  @Test("histograms")
  func histograms() {
    func check<S: TensorFloat>(_: S.Type, _ line: Line) {
      let x = Tensor<S>(line.numbers[0].map { S($0) })
      let arguments = line.numbers[1]
      let range = arguments.count == 3 ? S(arguments[1])...S(arguments[2]) : nil
      for x in [x, x.spread()] {
        let (counts, edges) = x.histogram(bins: Int(arguments[0]), range: range)
        #expect(counts.elements.map(Double.init) == line.numbers[2], "\(line.numbers[0])")
        let edgeLine = Line(type: line.type, tolerance: 2, numbers: [line.numbers[3]])
        edgeLine.expect(edges.elements.map(\.asDouble), "edges of \(line.numbers[0])")
      }
    }
    for line in lines("histogram", "-") {
      line.type == "f4" ? check(Float.self, line) : check(Double.self, line)
    }
  }

  @Test("integers", arguments: names(of: "integers"))
  func integers(_ name: String) throws {
    func check<S: TensorNumber & FixedWidthInteger>(_: S.Type, _ line: Line) throws {
      let x = Tensor<S>(line.integers[0].map { S($0) })
      #expect(try #require(integerFunction(name, x)) == line.integers[1], "\(S.self)")
      #expect(try #require(integerFunction(name, x.spread())) == line.integers[1], "\(S.self)")
    }
    for line in lines("integers", name) {
      switch line.type {
      case "u1": try check(UInt8.self, line)
      case "i4": try check(Int32.self, line)
      default: try check(Int.self, line)
      }
    }
  }

  @Test("the file has all its cases")
  func complete() {
    #expect(allLines.count > 2000 && names(of: "reduce").count >= 28)
    #expect(names(of: "unary").count >= 36 && names(of: "binary").count >= 20)
  }
}

extension Tensor {
  /// The same elements, of one axis, with others between them in memory.
  fileprivate func spread() -> Tensor {
    stack([self, flipped()], axis: 1)[0..., 0]
  }
}

// MARK: - The functions

private func unaryFunction<S: TensorFloat>(_ name: String, _ x: Tensor<S>) -> Tensor<S>? {
  switch name {
  case "negate": -x
  case "abs": abs(x)
  case "square": square(x)
  case "sign": sign(x)
  case "floor": floor(x)
  case "ceil": ceil(x)
  case "round": round(x)
  case "trunc": trunc(x)
  case "reciprocal": reciprocal(x)
  case "sqrt": sqrt(x)
  case "rsqrt": rsqrt(x)
  case "exp": exp(x)
  case "log": log(x)
  case "tanh": tanh(x)
  case "expm1": expm1(x)
  case "log1p": log1p(x)
  case "sigmoid": sigmoid(x)
  case "relu": relu(x)
  case "softplus": softplus(x)
  case "sin": sin(x)
  case "cos": cos(x)
  case "tan": tan(x)
  case "erf": erf(x)
  case "gelu": gelu(x)
  case "asin": asin(x)
  case "acos": acos(x)
  case "atan": atan(x)
  case "sinh": sinh(x)
  case "cosh": cosh(x)
  case "log2": log2(x)
  case "log10": log10(x)
  case "exp2": exp2(x)
  case "cbrt": cbrt(x)
  case "isNaN": Tensor<S>(isNaN(x))
  case "isFinite": Tensor<S>(isFinite(x))
  case "isInfinite": Tensor<S>(isInfinite(x))
  case "nanToNum": nanToNum(x)
  default: nil
  }
}

private func binaryFunction<S: TensorFloat>(
  _ name: String, _ a: Tensor<S>, _ b: Tensor<S>
) -> [Double]? {
  let result: Tensor<S>
  switch name {
  case "add": result = a + b
  case "subtract": result = a - b
  case "multiply": result = a * b
  case "divide": result = a / b
  case "minimum": result = minimum(a, b)
  case "maximum": result = maximum(a, b)
  case "floorDivide": result = floorDivide(a, b)
  case "mod": result = mod(a, b)
  case "fmod": result = fmod(a, b)
  case "pow": result = pow(a, b)
  case "hypot": result = hypot(a, b)
  case "atan2": result = atan2(a, b)
  case "less": result = Tensor(a .< b)
  case "lessOrEqual": result = Tensor(a .<= b)
  case "equal": result = Tensor(a .== b)
  case "notEqual": result = Tensor(a .!= b)
  case "greater": result = Tensor(a .> b)
  case "greaterOrEqual": result = Tensor(a .>= b)
  case "isClose": result = Tensor(isClose(a, b))
  case "clipped":
    let shape = TensorShape.broadcast(a.shape, b.shape, "clipped")
    return zip(a.broadcast(to: shape).elements, b.broadcast(to: shape).elements).map { a, b in
      let bound = b.isNaN ? 1 : abs(b)
      return Tensor(a).clipped(to: -bound...bound).scalar.asDouble
    }
  default: return nil
  }
  return result.elements.map(\.asDouble)
}

private func listFunction<S: TensorFloat>(_ name: String, _ x: Tensor<S>) -> [Double]? {
  switch name {
  case "mean": [x.mean().asDouble]
  case "variance": [x.variance().asDouble]
  case "standardDeviation": [x.standardDeviation().asDouble]
  case "norm": [x.norm().asDouble]
  case "norm1": [x.norm(.one).asDouble]
  case "normInfinity": [x.norm(.infinity).asDouble]
  case "logSumExp": [x.logSumExp().asDouble]
  case "median": [x.median().asDouble]
  case "quantile": [x.quantile(0.25).asDouble]
  case "nanMean": [x.nanMean().asDouble]
  case "nanSum": [x.nanSum().asDouble]
  case "sum": [x.sum().asDouble]
  case "product": [x.product().asDouble]
  case "min": [x.min().asDouble]
  case "max": [x.max().asDouble]
  case "argmin": [Double(x.argmin())]
  case "argmax": [Double(x.argmax())]
  case "nanMin": [x.nanMin().asDouble]
  case "nanMax": [x.nanMax().asDouble]
  case "unique": x.unique().elements.map(\.asDouble)
  case "countNonzero": [Double(x.countNonzero())]
  case "sumOfSquares": [vdot(x, x).asDouble]
  default: listFunction(name, x, axis: 0)?.elements
  }
}

private func listFunction<S: TensorFloat>(
  _ name: String, _ x: Tensor<S>, axis: Int
) -> Tensor<Double>? {
  switch name {
  case "mean": Tensor(x.mean(axis: axis))
  case "variance": Tensor(x.variance(axis: axis))
  case "standardDeviation": Tensor(x.standardDeviation(axis: axis))
  case "norm": Tensor(x.norm(axis: axis))
  case "norm1": Tensor(x.norm(.one, axis: axis))
  case "normInfinity": Tensor(x.norm(.infinity, axis: axis))
  case "logSumExp": Tensor(x.logSumExp(axis: axis))
  case "softmax": Tensor(softmax(x.movingAxis(from: axis, to: -1)).movingAxis(from: -1, to: axis))
  case "median": Tensor(x.median(axis: axis))
  case "quantile": Tensor(x.quantile(0.25, axis: axis))
  case "nanMean": Tensor(x.nanMean(axis: axis))
  case "nanSum": Tensor(x.nanSum(axis: axis))
  case "sum": Tensor(x.sum(axis: axis))
  case "product": Tensor(x.product(axis: axis))
  case "min": Tensor(x.min(axis: axis))
  case "max": Tensor(x.max(axis: axis))
  case "argmin": Tensor(x.argmin(axis: axis))
  case "argmax": Tensor(x.argmax(axis: axis))
  case "nanMin": Tensor(x.nanMin(axis: axis))
  case "nanMax": Tensor(x.nanMax(axis: axis))
  case "cumulativeSum": Tensor(x.cumulativeSum(axis: axis))
  case "cumulativeProduct": Tensor(x.cumulativeProduct(axis: axis))
  case "sorted": Tensor(x.sorted(axis: axis))
  case "argsort": Tensor(x.argsort(axis: axis))
  case "differences": Tensor(x.differences(axis: axis))
  default: nil
  }
}

private func integerFunction<S: TensorNumber & FixedWidthInteger>(
  _ name: String, _ x: Tensor<S>
) -> [Int]? {
  let (a, b) = (x.expandingShape(at: 1), x.expandingShape(at: 0))
  var divisors: Tensor<S> { x[x .!= 0].expandingShape(at: 0) }
  switch name {
  case "add": return integers(a + b)
  case "subtract": return integers(a - b)
  case "multiply": return integers(a * b)
  case "minimum": return integers(minimum(a, b))
  case "maximum": return integers(maximum(a, b))
  case "floorDivide":
    for divisor in divisors.elements {
      guard floorDivide(x, divisor) == floorDivide(x, Tensor(repeating: divisor, like: x)) else {
        return nil
      }
    }
    return integers(floorDivide(a, divisors))
  case "mod": return integers(mod(a, divisors))
  case "remainder": return integers(a % divisors)
  case "abs": return integers(abs(x))
  case "sign": return integers(sign(x))
  case "square": return integers(square(x))
  case "sum": return [x.sum()]
  case "product": return [x.product()]
  case "cumulativeSum": return x.cumulativeSum().elements
  case "cumulativeProduct": return x.cumulativeProduct().elements
  case "min": return [Int(x.min())]
  case "max": return [Int(x.max())]
  case "argmin": return [x.argmin()]
  case "argmax": return [x.argmax()]
  case "sorted": return integers(x.sorted())
  case "argsort": return x.argsort().elements
  case "unique": return integers(x.unique())
  case "differences": return integers(x.differences())
  default: return nil
  }
}

private func integers<S: TensorNumber & FixedWidthInteger>(_ x: Tensor<S>) -> [Int] {
  x.elements.map { Int($0) }
}

// MARK: - The file

private struct Line: Sendable {
  var kind = ""
  var name = ""
  let type: String
  let tolerance: Double
  let numbers: [[Double]]
  /// The same of a line of integers, which may be too long for `Double`.
  var integers: [[Int]] = []

  /// Functions that choose among equal numbers; which of two zeros they give is left open, as in NumPy.
  private static let ordering: Set = [
    "sorted", "unique", "min", "max", "minimum", "maximum", "clipped",
  ]

  /// Expects the last numbers, within the tolerance in units of the last place; zeros with their signs.
  func expect(_ actual: [Double], _ what: String) {
    let expected = numbers[numbers.count - 1]
    var all: String { "\(what) of \(numbers[0]) in \(type): \(actual), expected \(expected)" }
    #expect(actual.count == expected.count, "\(all)")
    for (place, (a, e)) in zip(actual, expected).enumerated() {
      let unit = type == "f4" ? Double(Float(e).ulp) : e.ulp
      let isRight =
        a == e
        ? e != 0 || a.sign == e.sign || tolerance > 0 || Self.ordering.contains(name)
        : a.isNaN && e.isNaN || abs(a - e) <= tolerance * unit
      if !isRight {
        let operand = numbers.count == 1 && kind == "unary" ? " at \(place)" : ""
        Issue.record("\(name)\(operand) [\(place)] is \(a), expected \(e): \(all)")
        return
      }
    }
  }
}

private let allLines: [Line] = {
  let path =
    "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/awkward.txt"
  var bytes: [UInt8] = []
  if let file = fopen(path, "r") {
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
    fclose(file)
  }
  return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
    let parts = line.split(separator: "|", omittingEmptySubsequences: false).map {
      $0.split(separator: " ").map(String.init)
    }
    let words = parts[0]
    return Line(
      kind: words[0], name: words[1], type: words[2], tolerance: Double(words[3])!,
      numbers: parts.dropFirst().map { $0.map { Double($0)! } },
      integers: words[0] == "integers" ? parts.dropFirst().map { $0.map { Int($0)! } } : [])
  }
}()

private func lines(_ kind: String, _ name: String) -> [Line] {
  allLines.filter { $0.kind == kind && $0.name == name }
}

private func names(of kind: String) -> [String] {
  Set(allLines.filter { $0.kind == kind }.map(\.name)).sorted()
}

private func operands(_ kind: String, _ type: String) throws -> [Double] {
  try #require(allLines.first { $0.kind == kind && $0.type == type }?.numbers[0])
}
