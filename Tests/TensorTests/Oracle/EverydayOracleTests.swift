// NumPy's answers for the functions of every day: statistics, sets, order, shapes, bits, mixed indexing.
// Cases drawn by make_everyday_goldens.py; what a line means is written in cases.py.

import Tensor
import TestSupport
import Testing

@Suite("NumPy's answers, every day")
struct EverydayOracleTests {
  @Test("the results are NumPy's", arguments: goldens.names)
  func results(name: String) throws {
    let cases = goldens.lines.filter { $0.name == name }
    #expect(cases.count >= 3)
    for line in cases {
      let result = try #require(try line.result(), "\(line.text)")
      #expect(
        result == line.expected || result.isClose(to: line.expected), "\(line.text): \(result)")
    }
  }

  @Test("the file has all its cases")
  func complete() {
    #expect(goldens.lines.count > 3000 && goldens.names.count > 70)
  }
}

private let goldens = Goldens("everyday_goldens.txt")

private let methods: [QuantileMethod] = [
  .invertedCDF, .averagedInvertedCDF, .closestObservation, .interpolatedInvertedCDF, .hazen,
  .weibull, .linear, .medianUnbiased, .normalUnbiased, .lower, .higher, .midpoint, .nearest,
]

extension Case {
  private func double(_ i: Int) -> Double { Double(arguments[i])! }
  private func axes(_ i: Int) -> [Int] { integers(i) }

  /// What the library gives for the case; nil for an unknown name.
  fileprivate func result() throws -> Answer? {
    if name.hasSuffix("TriangleIndices") { return positions() }
    switch operands.isEmpty ? "i8" : operands[0].prefix(2) {
    case "b1": return anything(Bool.self) { $0.exact }
    case "u1":
      return integers(UInt8.self) ?? numbers(UInt8.self) ?? anything(UInt8.self) { $0.exact }
    case "i4":
      return integers(Int32.self) ?? numbers(Int32.self) ?? anything(Int32.self) { $0.exact }
    case "i8": return integers(Int.self) ?? numbers(Int.self) ?? anything(Int.self) { $0.exact }
    case "f4":
      return try floats(Float.self) ?? numbers(Float.self) ?? anything(Float.self) { $0.exact }
    default:
      return try floats(Double.self) ?? numbers(Double.self) ?? anything(Double.self) { $0.exact }
    }
  }

  /// A table of variables by variables; NumPy gives a number where there is one variable only.
  private func table<Scalar: TensorFloat>(_ a: Tensor<Scalar>) -> Answer {
    (a.count == 1 ? a.reshaped(to: []) : a).exact
  }

  // MARK: Floating-point numbers

  private func floats<Scalar: TensorFloat>(_: Scalar.Type) throws -> Answer? {
    let a: Tensor<Scalar> = tensor(0)
    return try statistics(a) ?? samples(a) ?? roundings(a)
  }

  private func statistics<Scalar: TensorFloat>(_ a: Tensor<Scalar>) -> Answer? {
    switch name {
    case "quantileBy":
      let (method, q, keeps) = (methods[integer(0)], double(1), integer(3) == 1)
      return
        (integer(4) == 1
        ? a.nanQuantile(q, axes: axes(2), method: method, keepingDimensions: keeps)
        : a.quantile(q, axes: axes(2), method: method, keepingDimensions: keeps)).exact
    case "nanMedian": return a.nanMedian(axis: integer(0)).exact
    case "nanVariance": return a.nanVariance(axis: integer(0), correction: integer(1)).exact
    case "nanStandardDeviation":
      return a.nanStandardDeviation(axis: integer(0), correction: integer(1)).exact
    case "covariance":
      return table(a.covariance(correction: integer(1), variableAxis: integer(0)))
    case "correlation": return table(a.correlationCoefficients(variableAxis: integer(0)))
    case "weightedMean":
      return a.mean(weights: tensor(1), axis: integer(0), keepingDimensions: integer(1) == 1).exact
    case "histogram2D":
      let result = histogram2D(a, tensor(1), bins: (integer(0), integer(1)))
      return [result.counts.exact, result.xEdges.exact, result.yEdges.exact][integer(2)]
    default: return nil
    }
  }

  private func samples<Scalar: TensorFloat>(_ a: Tensor<Scalar>) throws -> Answer? {
    var b: Tensor<Scalar> { tensor(1) }
    var mode: ConvolutionMode {
      ["full": .full, "same": .same, "valid": .valid][arguments[0]]!
    }
    switch name {
    case "interpolate":
      let ends = arguments.map { Scalar(Double($0)!) }
      return interpolate(
        a * 2 + 3, positions: b.cumulativeSum(), values: tensor(2), left: ends.first,
        right: ends.last
      ).exact
    case "interpolatePeriod":
      let x = a * 2 + 3
      let y = interpolate(
        select(isFinite(x), x, 0), positions: b.cumulativeSum(), values: tensor(2),
        period: Scalar(double(0)))
      return select(isFinite(x), y, 0).exact
    case "convolve": return convolve(a, b, mode: mode).exact
    case "correlate": return correlate(a, b, mode: mode).exact
    case "gradient":
      return a.gradient(axis: integer(0), spacing: Scalar(double(1)), edgeOrder: integer(2)).exact
    case "gradientAt":
      return a.gradient(positions: b.cumulativeSum(), axis: integer(0), edgeOrder: integer(1)).exact
    case "trapezoid": return a.trapezoid(axis: integer(0), spacing: Scalar(double(1))).exact
    case "trapezoidAt": return a.trapezoid(positions: b.cumulativeSum(), axis: integer(0)).exact
    case "polyfit":
      return try polyfit(
        a.cumulativeSum() / 8, b, degree: integer(0), weights: operands.count > 2 ? tensor(2) : nil
      ).exact
    case "polyval": return polyval(a, b).exact
    case "vandermonde":
      return Tensor.vandermonde(a, columns: integer(0), increasing: integer(1) == 1).exact
    case "geomspace":
      let start = Scalar(double(0))
      return
        (Tensor.geomspace(from: start, to: Scalar(double(1)), count: integer(2)) / start).exact
    default: return nil
    }
  }

  private func roundings<Scalar: TensorFloat>(_ a: Tensor<Scalar>) -> Answer? {
    switch name {
    case "roundTo": return round(a * 1.37, decimals: integer(0)).exact
    case "degrees": return degrees(a).exact
    case "radians": return radians(a).exact
    case "sinc": return sinc(a).exact
    case "heaviside": return heaviside(a, atZero: Scalar(double(0))).exact
    case "clipBelow": return a.clipped(to: 1...).exact
    case "clipAbove": return a.clipped(to: ...1).exact
    default: return nil
    }
  }

  // MARK: Integers

  private func integers<Scalar: TensorNumber & FixedWidthInteger>(_: Scalar.Type) -> Answer? {
    switch name {
    case "unraveled", "raveled": return positions()
    default: break
    }
    let a: Tensor<Scalar> = tensor(0)
    var b: Tensor<Scalar> { tensor(1) }
    switch name {
    case "integerMedian": return a.median(axis: integer(0)).exact
    case "integerVariance": return a.variance(axis: integer(0), correction: integer(1)).exact
    case "integerStandardDeviation":
      return a.standardDeviation(axis: integer(0), correction: integer(1)).exact
    case "and": return (a & b).exact
    case "or": return (a | b).exact
    case "xor": return (a ^ b).exact
    case "not": return (~a).exact
    case "shiftLeft": return (a << b).exact
    case "shiftRight": return (a >> b).exact
    case "gcd": return gcd(a, b).exact
    case "lcm": return lcm(a, b).exact
    case "integerPower": return pow(a, b).exact
    case "integerMatmul": return matmul(a, b).exact
    default: return nil
    }
  }

  private func positions() -> Answer? {
    switch name {
    case "lowerTriangleIndices":
      let (rows, columns) = lowerTriangleIndices(
        rows: integer(0), columns: integer(1), offset: integer(2))
      return stack([rows, columns]).exact
    case "upperTriangleIndices":
      let (rows, columns) = upperTriangleIndices(
        rows: integer(0), columns: integer(1), offset: integer(2))
      return stack([rows, columns]).exact
    case "unraveled": return stack(TensorShape(integers(0)).unraveled(tensor(0))).exact
    default:
      let shape = TensorShape(integers(0))
      return shape.raveled(shape.unraveled(tensor(0, of: Int.self))).exact
    }
  }

  // MARK: Numbers

  private func numbers<Scalar: TensorNumber>(_: Scalar.Type) -> Answer? {
    let a: Tensor<Scalar> = tensor(0)
    var b: Tensor<Scalar> { tensor(1) }
    switch name {
    case "peakToPeak":
      return a.peakToPeak(axis: integer(0), keepingDimensions: integer(1) == 1).exact
    case "isIn": return a.isIn(b).exact
    case "union": return a.union(b).exact
    case "intersection": return a.intersection(b).exact
    case "subtracting": return a.subtracting(b).exact
    case "symmetricDifference": return a.symmetricDifference(b).exact
    case "uniqueAlong":
      let all = a.uniqueAll(axis: integer(0))
      return [all.values.exact, all.positions.exact, all.inverse.exact, all.counts.exact][
        integer(1)]
    case "lexsort": return lexsort(operands.indices.map { tensor($0, of: Scalar.self) }).exact
    case "partitioned":
      return bothSidesSorted(a.partitioned(at: integer(0), axis: integer(1))).exact
    case "argPartitioned":
      let order = a.argPartitioned(at: integer(0), axis: integer(1))
      return bothSidesSorted(a.takingAlong(axis: integer(1), order)).exact
    case "cumulativeMax": return a.cumulativeMax(axis: integer(0)).exact
    case "cumulativeMin": return a.cumulativeMin(axis: integer(0)).exact
    case "padBy":
      let widths = arguments[1].split(separator: ",").map { width in
        let ends = list(width, ".") { Int($0) }
        return (before: ends[0], after: ends[1])
      }
      let modes: [String: PaddingMode<Scalar>] = [
        "symmetric": .symmetric, "wrap": .wrap, "reflect": .reflect, "mean": .mean,
      ]
      return a.padded(widths, mode: modes[arguments[0]]!).exact
    default: return nil
    }
  }

  /// What a partition leaves unordered, ordered.
  private func bothSidesSorted<Scalar: TensorNumber>(_ a: Tensor<Scalar>) -> Tensor<Scalar> {
    let (k, axis) = (integer(0), integer(1))
    let parts = a.split(at: [k, k + 1], axis: axis)
    return concatenate(
      [parts[0].sorted(axis: axis), parts[1], parts[2].sorted(axis: axis)], axis: axis)
  }

  // MARK: Elements in other places

  private func anything<Scalar: TensorScalar>(
    _: Scalar.Type, _ exact: (Tensor<Scalar>) -> Answer
  ) -> Answer? {
    let a: Tensor<Scalar> = tensor(0)
    var result = a
    switch name {
    case "rotated":
      let axes = axes(1)
      result = a.rotated(quarterTurns: integer(0), axes: (axes[0], axes[1]))
    case "rollAxes": result = a.rolled(by: integers(0), axes: axes(1))
    case "slidingWindows":
      result = a.slidingWindows(size: integer(0), axis: integer(1), step: integer(2))
    case "fillDiagonal": result.fillDiagonal(tensor(1))
    default:
      guard let mixed = mixed(a) else { return nil }
      result = mixed
    }
    return exact(result)
  }

  private func mixed<Scalar: TensorScalar>(_ a: Tensor<Scalar>) -> Tensor<Scalar>? {
    var range: Range<Int> { integer(0)..<integer(1) }
    var list: Tensor<Int> { tensor(1) }
    var mask: Tensor<Bool> { tensor(1) }
    var value: Tensor<Scalar> { tensor(2) }
    var result = a
    switch name {
    case "listThenRange": return a[list, range]
    case "listThenInteger": return a[list, integer(0)]
    case "rangeThenList": return a[1..., list]
    case "integerThenList": return a[integer(0), list]
    case "lastList": return a[..., list]
    case "maskThenRange": return a[mask, range]
    case "rangeThenMask": return a[0..., mask]
    case "setListThenRange": result[list, range] = value
    case "setRangeThenList": result[0..., list] = value
    case "setMaskThenRange": result[mask, range] = value
    case "setRangeThenMask": result[0..., mask] = value
    default: return nil
    }
    return result
  }
}
