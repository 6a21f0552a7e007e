// Printed arrays against NumPy's own text: PrintingGoldens.swift, made by make_goldens.py.

import Tensor
import Testing

/// An array and its text in NumPy.
struct PrintingGolden: Sendable, CustomTestStringConvertible {
  let dtype: String
  let shape: [Int]
  let options: PrintOptions
  /// The bit patterns of the elements that appear in the text, in hexadecimal digits.
  let elements: String
  let description: String
  let debugDescription: String

  var testDescription: String {
    "\(dtype) \(shape) \(description.prefix { !$0.isNewline })"
  }
}

@Suite("Printed arrays")
struct ArrayPrinterTests {
  @Test("An array prints as in NumPy", arguments: printingGoldens)
  func printsAsNumPy(golden: PrintingGolden) throws {
    switch golden.dtype {
    case "float32": try check(golden) { Float(bitPattern: UInt32($0)) }
    case "float64": try check(golden) { Double(bitPattern: $0) }
    case "bool": try check(golden) { $0 == 1 }
    case "uint8": try check(golden) { UInt8($0) }
    case "int32": try check(golden) { Int32(truncatingIfNeeded: $0) }
    case "int64":
      try check(golden) { Int64(bitPattern: $0) }
      try check(golden) { Int(truncatingIfNeeded: $0) }
    default: Issue.record("unknown type \(golden.dtype)")
    }
  }

  private func check<Scalar: TensorScalar>(
    _ golden: PrintingGolden, scalar: (UInt64) -> Scalar
  ) throws {
    let sizes = ["float32": 4, "float64": 8, "bool": 1, "uint8": 1, "int32": 4, "int64": 8]
    let digits = try #require(sizes[golden.dtype]) * 2
    let hexadecimal = Array(golden.elements.filter { !$0.isNewline })
    let elements = try stride(from: 0, to: hexadecimal.count, by: digits).map { start in
      scalar(try #require(UInt64(String(hexadecimal[start..<start + digits]), radix: 16)))
    }

    let count = golden.shape.reduce(1, *)
    let edge = golden.options.edgeItems
    let isShortened = count > golden.options.threshold
    let writtenSizes = golden.shape.map { isShortened ? min($0, 2 * edge) : $0 }
    #expect(elements.count == writtenSizes.reduce(1, *))

    let printer = ArrayPrinter(shape: golden.shape, options: golden.options) { index in
      var offset = 0
      for (dimension, position) in index.enumerated() {
        let (size, writtenSize) = (golden.shape[dimension], writtenSizes[dimension])
        let isAtEnd = position >= size - edge
        if size > writtenSize, position >= edge, !isAtEnd {
          Issue.record("visits \(index), which is not written")
        }
        offset = offset * writtenSize + (isAtEnd ? position - size + writtenSize : position)
      }
      return elements[offset]
    }
    #expect(printer.description == golden.description)
    #expect(printer.debugDescription == golden.debugDescription)
  }

  @Test("The goldens cover every type and at least 150 arrays")
  func goldensAreComplete() {
    #expect(printingGoldens.count >= 150)
    #expect(
      Set(printingGoldens.map(\.dtype))
        == ["float32", "float64", "bool", "uint8", "int32", "int64"])
  }

  @Test("A row of softmax prints as in the tutorial")
  func softmaxRow() {
    let row: [Float] = [
      3.4311364e-05, 3.3162915e-09, 1.1220378e-06, 8.4540358e-07, 1.2303259e-06,
      3.2694444e-01, 1.4983615e-06, 5.7602458e-02, 1.9819290e-06, 6.1541218e-01,
    ]
    let printer = ArrayPrinter(shape: [10]) { row[$0[0]] }
    #expect(
      printer.debugDescription == """
        array([3.4311364e-05, 3.3162915e-09, 1.1220378e-06, 8.4540358e-07,
               1.2303259e-06, 3.2694444e-01, 1.4983615e-06, 5.7602458e-02,
               1.9819290e-06, 6.1541218e-01], dtype=float32)
        """)
  }

  @Test("A broadcast shape of any size prints, and so does everything on request")
  func extremeSizes() {
    let huge = ArrayPrinter(shape: [Int.max, Int.max, 1]) { _ in UInt8(7) }
    #expect(huge.description.hasPrefix("[[[7]\n  [7]\n  [7]\n  ...\n  [7]"))
    #expect(ArrayPrinter(shape: [Int.max, 4, 0]) { _ in Float(0) }.description == "[]")

    let everything = PrintOptions(threshold: Int.max, edgeItems: Int.max)
    let all = ArrayPrinter(shape: [1500], options: everything) { $0[0] }
    #expect(all.description.split { " [\n]".contains($0) }.count == 1500)
    let digits = PrintOptions(precision: Int.max, lineWidth: Int.max)
    let pair = [0.1, 1e-300]
    #expect(
      ArrayPrinter(shape: [2], options: digits) { pair[$0[0]] }.description == "[1.e-001 1.e-300]")
    let shortened = PrintOptions(threshold: 0, edgeItems: Int.max)
    #expect(ArrayPrinter(shape: [3], options: shortened) { $0[0] }.description == "[0 1 2]")
  }

  // Powers of two: their neighbour below is nearer than the one above, the hardest digits to choose.
  @Test("A number on its own has digits that give it back")
  func scalarsReadBack() throws {
    for exponent in -1074...1023 {
      let value = Double(sign: .plus, exponent: exponent, significand: 1)
      #expect(Double(scalarText(value)) == value)
    }
  }

  // for x in …: print(str(np.float32(x)), str(np.float64(x)))       NumPy 2.4.6
  @Test(
    "A number on its own prints as a NumPy scalar",
    arguments: [
      (0.953, "0.953", "0.953"),
      (1e-05, "1e-05", "1e-05"),
      (0.0001, "1e-04", "0.0001"),
      (1.5e-7, "1.5e-07", "1.5e-07"),
      (100, "100.0", "100.0"),
      (999999, "999999.0", "999999.0"),
      (1e6, "1e+06", "1000000.0"),
      (16777216, "1.6777216e+07", "16777216.0"),
      (1e16, "1e+16", "1e+16"),
      (-1.0 / 3, "-0.33333334", "-0.3333333333333333"),
      (0, "0.0", "0.0"),
      (-0.0, "-0.0", "-0.0"),
      (.nan, "nan", "nan"),
      (-.infinity, "-inf", "-inf"),
    ])
  func scalars(value: Double, single: String, double: String) {
    #expect(scalarText(Float(value)) == single)
    #expect(scalarText(value) == double)
  }
}
