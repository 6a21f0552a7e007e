// Files that NumPy made of random arrays of every type, order and version: npy_goldens.txt, written by
// make_npy_goldens.py, which tells what a line means.

import ArrayFiles
import TestSupport
import Testing

@Suite("NumPy's files")
struct NPYOracleTests {
  @Test("are read as the arrays they were made of, and written as the same bytes")
  func goldens() throws {
    let folder = "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let text = try readFile(folder.joined(separator: "/") + "/npy_goldens.txt")
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 160)
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      let shape = TensorShape(
        words[2] == "-" ? [] : words[2].split(separator: "x").map { Int($0)! })
      let values =
        words[3] == "-"
        ? [] : words[3].split(separator: ",").map { Double(bitPattern: UInt64($0, radix: 16)!) }
      let file = bytes(words[4])
      try withFile(file, called: "x.npy") { path in
        func check<Scalar: TensorScalar>(_: Scalar.Type, _ number: (Scalar) -> Double) throws {
          let tensor = try Tensor<Scalar>(contentsOfNPY: path)
          #expect(tensor.shape == shape, "\(line)")
          #expect(
            tensor.elements.map { number($0).bitPattern } == values.map(\.bitPattern), "\(line)")
          // What is row-major, little-endian and of a tensor's type is written back as it was.
          let isOurs = ["bool", "uint8", "int32", "int64", "float32", "float64"].contains(words[0])
          let header = String(decoding: file.prefix(80), as: UTF8.self)
          if isOurs, words[1] == "1", header.contains("'fortran_order': False"),
            !header.contains("'>")
          {
            try withTemporaryFolder { folder in
              try tensor.writeNPY(to: "\(folder)/y.npy")
              #expect(try readFile("\(folder)/y.npy") == file, "\(line)")
            }
          }
        }
        switch words[0] {
        case "bool": try check(Bool.self) { $0 ? 1 : 0 }
        case "uint8": try check(UInt8.self) { Double($0) }
        case "int8", "uint16", "int16", "int32": try check(Int32.self) { Double($0) }
        case "uint32", "int64": try check(Int.self) { Double($0) }
        case "float16", "float32": try check(Float.self) { Double($0) }
        default: try check(Double.self) { $0 }
        }
      }
    }
  }
}
