// No operation without a gradient check: what the sources define is compared with what the tables of
// the other files record.

import Autograd
import Testing

import enum KernelTemplate.BinaryOperation
import enum KernelTemplate.UnaryOperation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private let allCases =
  [
    arithmeticCases, powerCases, elementwiseCases, rectifierCases, reductionCases,
    rowReductionCases,
    extremeCases, cumulativeCases, viewCases, joiningCases, gatherCases, paddingCases, selectCases,
    matrixCases, softmaxCases, dropoutCases, customGradientCases, recurrenceCases, embeddingCases,
    attentionCases, convolutionCases, poolingCases,
  ].flatMap { $0 }

private let operationsFolder =
  "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
  .joined(separator: "/") + "/Sources/Autograd/Operations"

/// The text of a file, or nil.
private func text(of path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
  return String(decoding: bytes, as: UTF8.self)
}

/// The names of the files in a folder.
private func files(in folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    withUnsafeBytes(of: entry.pointee.d_name) {
      names.append(String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self))
    }
  }
  return names.filter { $0.hasSuffix(".swift") }
}

/// The types and the names of the operations that the tables record.
private func recorded() -> (types: Set<String>, names: Set<String>) {
  var (types, names): (Set<String>, Set<String>) = ([], [])
  for example in allCases {
    let tape = Tape<Double>()
    _ = example.function(example.inputs.map { tape.variable($0) })
    for index in 0..<tape.count {
      guard let operation = tape.nodes[index].operation else { continue }
      types.insert(String("\(type(of: operation))".prefix { $0 != "<" }))
      names.insert(operation.name)
    }
  }
  return (types, names)
}

@Suite("The table of gradient checks")
struct RegistryTests {
  @Test(
    "contains every operation of the sources",
    .enabled(if: !files(in: operationsFolder).isEmpty, "the sources are not here"))
  func complete() throws {
    var defined: Set<String> = []
    for file in files(in: operationsFolder) {
      let source = try #require(text(of: "\(operationsFolder)/\(file)"))
      for line in source.split(separator: "\n") where line.contains(": TapeOperation {") {
        let words = line.split { !$0.isLetter && !$0.isNumber }
        let keyword = try #require(words.firstIndex(of: "struct"))
        defined.insert(String(words[keyword + 1]))
      }
    }
    #expect(defined.count >= 15)
    #expect(defined.subtracting(recorded().types) == [])
  }

  @Test("contains every function of one number and of two")
  func functions() {
    let names = recorded().names
    for operation in UnaryOperation.allCases { #expect(names.contains("\(operation)")) }
    for operation in BinaryOperation.allCases {
      #expect(names.contains(operation.name))
    }
  }
}
