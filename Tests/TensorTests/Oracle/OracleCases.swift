// The golden files of NumPy's answers, and their lines: what a line means is written in cases.py. The
// tests, OracleTests.swift and EverydayOracleTests.swift, compute what the lines name.

import Tensor
import TestSupport

/// The cases of a file beside this one, and their names.
struct Goldens: Sendable {
  let lines: [Case]
  let names: [String]

  init(_ file: String) {
    lines = goldenLines(file).filter { !$0.isEmpty }.map { Case(String($0)) }
    names = Set(lines.map(\.name)).sorted()
  }
}

/// A shape and either a checksum or the elements.
struct Answer: Equatable, CustomStringConvertible {
  let shape: String
  let elements: String
  var numbers: [Double] = []

  var description: String { "\(shape) \(elements)" }

  static func == (a: Answer, b: Answer) -> Bool { a.shape == b.shape && a.elements == b.elements }

  func isClose(to other: Answer) -> Bool {
    guard shape == other.shape, !other.elements.hasPrefix("#") else { return false }
    let expected = other.elements == "-" ? [] : list(other.elements, ",", Double.init)
    // Text that is no list of numbers has to be equal.
    guard other.elements == "-" || expected.count == other.elements.split(separator: ",").count
    else {
      return false
    }
    return zip(numbers, expected).allSatisfy { a, b in
      a == b || (a.isNaN && b.isNaN) || abs(a - b) <= 1e-6 + 3e-6 * abs(b)
    } && numbers.count == expected.count
  }
}

func list<Value>(
  _ text: some StringProtocol, _ separator: Character, _ make: (String) -> Value?
) -> [Value] {
  text.split(separator: separator).compactMap { make(String($0)) }
}

extension Tensor {
  /// The shape and the checksum of all elements, integers and floats alike as 64 bits.
  func answer(_ bits: (Scalar) -> UInt64) -> Answer {
    var checksum: UInt64 = 0xCBF2_9CE4_8422_2325
    for element in self.elements {
      checksum = (checksum ^ bits(element)) &* 0x100_0000_01B3
      checksum ^= checksum >> 29
    }
    return Answer(shape: sizes(of: shape), elements: "#" + String(checksum, radix: 16))
  }
}

func sizes(of shape: TensorShape) -> String {
  shape.isEmpty ? "-" : shape.map(String.init).joined(separator: "x")
}

extension Tensor where Scalar: TensorNumber {
  var exact: Answer {
    var result = answer { element in
      if let integer = element as? any FixedWidthInteger {
        return UInt64(truncatingIfNeeded: Int64(integer))
      }
      let value = element.asDouble
      return value.isNaN ? 0x7FF8_0000_0000_0000 : (value + 0).bitPattern
    }
    result.numbers = elements.map(\.asDouble)
    return result
  }
}

extension Tensor where Scalar == Bool {
  var exact: Answer { answer { $0 ? 1 : 0 } }
}

// MARK: - A case

struct Case: Sendable {
  let text: String
  let name: String
  let operands: [String]
  let arguments: [String]
  let expected: Answer

  init(_ text: String) {
    self.text = text
    let words = text.split(separator: " ").map(String.init)
    let end = words.firstIndex(of: "=")!
    name = words[0]
    operands = words[1..<end].filter { $0.contains(":") }
    arguments = words[1..<end].filter { !$0.contains(":") }
    expected = Answer(shape: words[end + 1], elements: words[end + 2])
  }

  func integer(_ i: Int) -> Int { Int(arguments[i])! }
  func integers(_ i: Int) -> [Int] { list(arguments[i], ",") { Int($0) } }

  /// The tensor that an operand describes.
  func tensor<Scalar: TensorScalar>(_ i: Int, of: Scalar.Type = Scalar.self) -> Tensor<Scalar> {
    let parts = operands[i].split(separator: ":", omittingEmptySubsequences: false)
    let seed = UInt64(parts[1])!
    let kind = parts[2]
    let sizes = list(parts[3], "x") { Int($0) }
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    let values = (0..<sizes.reduce(1, *)).map { _ -> Scalar in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let n = Int(state >> 33)
      func number(_ value: Double) -> Scalar {
        switch Scalar.scalarType {
        case .bool: return (n & 1 == 1) as! Scalar
        default: return (Scalar.self as! any TensorNumber.Type).init(converting: value) as! Scalar
        }
      }
      let isFloat = Scalar.scalarType == .float32 || Scalar.scalarType == .float64
      if kind == "index" { return number(Double(n % Int(seed))) }
      if Scalar.scalarType == .uint8 { return number(Double(n % 200)) }
      if kind == "powers" { return number([-1, 1, 2, -2, 1, 4][n % 6]) }
      if kind == "positive" { return number(Double(n % 11 + 1)) }
      if kind == "wild" && n % 5 == 0 {
        return number([.nan, .infinity, -.infinity, -0.0][n / 5 % 4])
      }
      return number(Double(n % 23 - 11) * (isFloat ? 0.5 : 1))
    }
    var tensor = Tensor<Scalar>(values, shape: TensorShape(sizes))
      .transposed(permutation: parts[4].map { $0.wholeNumberValue! })
    for (axis, cut) in parts[5].split(separator: ",").enumerated() {
      let cut = list(cut, ".") { Int($0) }
      let part = stride(from: cut[0], to: cut[0] + cut[1] * cut[2], by: cut[2])
      tensor = tensor.movingAxis(from: axis, to: 0)[part].movingAxis(from: 0, to: axis)
    }
    return tensor
  }
}
