// Files that PyTorch wrote: pytorch_goldens.txt, written by make_pytorch_goldens.py, which tells what a line
// means. What is written here is read by PyTorch in interop.py.

import ArrayFiles
import TestSupport
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A file, its tensors and its other values, as PyTorch sees them.
private struct Golden: Sendable {
  let name: String
  let content: [UInt8]
  var tensors: [(key: String, type: String, shape: TensorShape, values: [Double])] = []
  var values: [String: String] = [:]
}

private let goldens: [Golden] = {
  var goldens: [Golden] = []
  for line in goldenLines("pytorch_goldens.txt") where !line.isEmpty {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let key = words[1] == "-" ? "" : words[1]
    switch words[0] {
    case "file": goldens.append(Golden(name: key, content: bytes(words[2])))
    case "value":
      goldens[goldens.count - 1].values[key] = words[2...].joined(separator: " ")
    default:
      let sizes = words[3] == "-" ? [] : words[3].split(separator: "x").map { Int($0)! }
      let numbers = words[4] == "-" ? [] : words[4].split(separator: ",")
      goldens[goldens.count - 1].tensors.append(
        (
          key, words[2], TensorShape(sizes),
          numbers.map { Double(bitPattern: UInt64($0, radix: 16)!) }
        ))
    }
  }
  return goldens
}()

/// The path of a network that is not part of the project, or nil.
private let efficientNet: String? = {
  let folder = getenv("WENGERT_DATA").map { String(cString: $0) } ?? "../shared/datasets"
  let path = "\(folder)/../models/efficientnet-lite0/efficientnet-lite0.pth"
  return isReadable(path) ? path : nil
}()

private func golden(_ name: String) -> Golden { goldens.first { $0.name == name }! }

/// The elements of an array of any type.
private func numbers(_ array: StoredArray) throws -> [Double] {
  switch array.elementType.scalarType {
  case .bool: try array.tensor(of: Bool.self).elements.map { $0 ? 1 : 0 }
  case .uint8: try array.tensor(of: UInt8.self).elements.map(Double.init)
  case .int32: try array.tensor(of: Int32.self).elements.map(Double.init)
  case .int64: try array.tensor(of: Int64.self).elements.map(Double.init)
  case .uint64: try array.tensor(of: UInt64.self).elements.map { Double($0) }
  case .float32: try array.tensor(of: Float.self).elements.map(Double.init)
  default: try array.tensor(of: Double.self).elements
  }
}

private func error(_ content: [UInt8]) -> String? {
  errorReading(content, called: "m.pt") { path throws(FileError) in
    let file = try PyTorchFile(contentsOf: path)
    for name in file.names {
      let array = try file.array(named: name)
      if array.elementType == .float32 { _ = try array.tensor(of: Float.self) }
    }
  }
}

/// A file of the old form whose pickle is `operations`; if they use a storage, it is "0" with four Floats.
private func oldFile(_ operations: String) -> [UInt8] {
  let magic = bytes("80028a0a6cfc9c46f9206aa850192e 80024de9032e 80027d2e 8002")
  return magic + operations.unicodeScalars.map { UInt8($0.value) }
    + (operations.contains("storage")
      ? bytes("80025d550130612e 0400000000000000") + [UInt8](repeating: 0, count: 16)
      : bytes("80025d2e"))
}

/// The operations that make a tensor of storage "0", which claims to have four elements.
private func tensor(
  offset: String = "K\u{0}", sizes: String, strides: String,
  storage: String = "ctorch\nFloatStorage\nU\u{1}0U\u{3}cpuK\u{4}tQ"
) -> String {
  "ctorch._utils\n_rebuild_tensor_v2\n((U\u{7}storage\(storage)\(offset)\(sizes)\(strides)\u{89}}tR"
}

/// A dictionary with one tensor.
private func dictionary(_ tensor: String) -> String { "}U\u{1}w\(tensor)s." }

@Suite("PyTorch's files")
struct PyTorchTests {
  @Test("are read as the tensors and values they were made of", arguments: goldens.map(\.name))
  func reading(name: String) throws {
    let golden = golden(name)
    try withFile(golden.content, called: "m.pt") { path in
      let file = try PyTorchFile(contentsOf: path)
      #expect(file.names == golden.tensors.map(\.key))
      #expect(file.metadata == golden.values)
      for (key, type, shape, values) in golden.tensors {
        let array = try file.array(named: key)
        #expect(array.elementType.rawValue == type, "\(key)")
        #expect(array.shape == shape, "\(key)")
        #expect(try numbers(array).map(\.bitPattern) == values.map(\.bitPattern), "\(key)")
      }
    }
  }

  @Test("all that PyTorch wrote was tried")
  func count() {
    #expect(goldens.count == 10)
    #expect(goldens.allSatisfy { !$0.tensors.isEmpty || $0.name == "empty" })
  }

  @Test("rows of a view that is not contiguous are its rows")
  func rows() throws {
    try withFile(golden("views").content, called: "m.pt") { path in
      let view = try PyTorchFile(contentsOf: path).array(named: "transposed")
      let rows: Tensor<Float> = try view.rows(1..<3)
      #expect(rows == [[1, 7, 13, 19], [2, 8, 14, 20]] as Tensor<Float>)
    }
  }

  @Test("what is written is read back, begins at multiples of 64 bytes, and keeps the order")
  func writing() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/m.pt"
      let tensors: [(key: String, value: any TensorProtocol)] = [
        (
          "fc.weight", Tensor<Float>([[1, .nan], [-0.0, .infinity], [5, 0x1p-149]]).transposed()
        ),
        ("fc.bias", Tensor<Double>([0.1])), ("é", Tensor<Bool>([true, false])),
        ("count", Tensor<Int>(1 << 40)), ("none", Tensor<Float>.zeros([0, 3])),
        ("bytes", Tensor<UInt8>([0, 255])), ("short", Tensor<Int16>([-300])),
        ("words", Tensor<UInt32>([.max])), ("long", Tensor<UInt64>([.max])),
      ]
      try PyTorchFile.write(tensors, to: path)
      let file = try PyTorchFile(contentsOf: path)
      #expect(file.names == tensors.map(\.key))
      for (name, tensor) in tensors {
        let array = try file.array(named: name)
        #expect(array.shape == tensor.shape)
        #expect(array.elementType.rawValue == type(of: tensor).scalarType.rawValue)
      }
      let content = try readFile(path)
      let place = content.indices.first { content[$0...].starts(with: bytes("9a9999999999b93f")) }
      #expect(place.map { $0 % 64 } == 0)
      let weight: Tensor<Float> = try file["fc.weight"]
      #expect(
        weight.elements.map(\.bitPattern)
          == [1, -0.0, 5, .nan, .infinity, 0x1p-149].map(\Float.bitPattern))
      #expect(try file["long"] == Tensor<UInt64>([.max]))
      try PyTorchFile.write([:], to: path)
      #expect(try PyTorchFile(contentsOf: path).names == [])
    }
  }

  @Test(
    "what is more than data is refused by name",
    arguments: [
      (
        "cos\nsystem\nU\u{2}lsR.",
        "byte 27: pickle: expected the classes of tensors and dictionaries, got \"os.system\""
      ),
      ("cbuiltins\neval\nU\u{1}1\u{85}R.", "got \"builtins.eval\", which is refused"),
      ("U\u{2}osU\u{6}system\u{93}.", "got \"os.system\", which is refused"),
      (
        "ctorch.nn.modules.linear\nLinear\n)\u{81}.",
        "got \"torch.nn.modules.linear.Linear\", which is refused: nothing that a pickle names is run; "
          + "of a whole model, save the state_dict() in Python"
      ),
      ("i__main__\nModel\n.", "got 69, which is refused"),
      ("cmodule without end", "expected a name that ends with its line"),
      ("}b.", "expected a value on the stack"),
      ("]}b.", "expected an object whose attributes to set"),
      ("K\u{1}R.", "expected a function and a tuple of its arguments"),
      ("]K\u{1}K\u{1}s.", "expected a dictionary, and a value for each key"),
      ("}(K\u{1}u.", "expected a dictionary, and a value for each key"),
      ("u.", "expected a mark on the stack"),
      ("h\u{7}.", "expected a value that was stored, got number 7"),
      ("r\u{7F}\u{7F}\u{7F}\u{7F}.", "expected a value on the stack"),
      ("X\u{7F}\u{7F}\u{7F}\u{7F}", "expected a text of 2139062143 bytes, got"),
      ("\u{80}\u{9}.", "expected a protocol of 2 to 5, got 9"),
      ("}]K\u{1}s.", "expected keys that are texts or numbers"),
      ("}(U\u{1}aK\u{1}U\u{1}aK\u{2}u.", "expected each name once, got \"a\" again"),
    ])
  func refused(pickle: String, message: String) {
    let found = error(oldFile(pickle))
    #expect(found?.contains(message) == true, "\(found ?? "no error")")
  }

  @Test(
    "tensors beyond their storage are refused",
    arguments: [
      (
        tensor(sizes: "K\u{5}\u{85}", strides: "K\u{1}\u{85}"),
        "got sizes [5] and strides [1] from 0 on"
      ),
      (
        tensor(offset: "K\u{1}", sizes: "K\u{4}\u{85}", strides: "K\u{1}\u{85}"),
        "expected a tensor within the 4 elements of its storage"
      ),
      (tensor(offset: "K\u{5}", sizes: ")", strides: ")"), "from 5 on"),
      (
        tensor(sizes: "K\u{2}K\u{2}\u{86}", strides: "K\u{3}K\u{1}\u{86}"),
        "got sizes [2, 2] and strides [3, 1]"
      ),
      (
        tensor(sizes: "K\u{2}\u{85}", strides: "J\u{7F}\u{7F}\u{7F}\u{7F}\u{85}"),
        "expected a tensor within"
      ),
      (
        tensor(offset: "K\u{3}", sizes: "K\u{2}\u{85}", strides: "\u{8A}\u{1}\u{FF}\u{85}"),
        "and strides [-1] from 3 on"
      ),
      (tensor(sizes: "\u{8A}\u{1}\u{FF}\u{85}", strides: "K\u{1}\u{85}"), "got [-1]"),
      (
        tensor(
          sizes: "\u{8A}\u{8}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{7F}\u{85}",
          strides: "K\u{0}\u{85}"), "expected a shape that fits in memory"
      ),
      (
        tensor(sizes: "J\u{0}\u{0}\u{0}\u{7F}\u{85}", strides: "K\u{0}\u{85}"),
        "expected a tensor that is not larger than the file, got 8522825728 bytes"
      ),
      (tensor(sizes: "K\u{2}\u{85}", strides: ")"), "expected as many strides as sizes"),
      (tensor(sizes: "(KKKKKKKKKKKKKKKKKKt", strides: ")"), "expected at most 8 axes, got 9"),
      (tensor(sizes: "K\u{2}", strides: ")"), "expected a list"),
      (tensor(sizes: "U\u{1}a\u{85}", strides: ")"), "expected whole numbers for sizes"),
      (
        tensor(sizes: ")", strides: ")", storage: "ctorch\nFloatStorage\nU\u{1}0U\u{3}cpuK\u{9}tQ"),
        "expected a storage of 16 bytes, got 9 elements of 4"
      ),
      (
        tensor(sizes: ")", strides: ")", storage: "ctorch\nFloatStorage\nU\u{1}1U\u{3}cpuK\u{4}tQ"),
        "expected the key of each storage once"
      ),
    ])
  func beyond(tensor: String, message: String) {
    let found = error(oldFile(dictionary(tensor)))
    #expect(found?.contains(message) == true, "\(found ?? "no error")")
  }

  @Test("the tensor that those are made of is read")
  func control() throws {
    #expect(
      error(oldFile(dictionary(tensor(sizes: "K\u{4}\u{85}", strides: "K\u{1}\u{85}")))) == nil)
    #expect(error(oldFile(dictionary(tensor(sizes: ")", strides: ")")))) == nil)
  }

  @Test("deep nesting and dictionaries that are part of many others end with an error")
  func nesting() {
    // Each list is the only element of the next one.
    let deep = String(repeating: "]", count: 100_000) + String(repeating: "a", count: 99_999) + "."
    #expect(error(oldFile(deep))?.contains("at most 64 deep") == true)
    // Each tuple is twice the one before.
    let wide = "K\u{1}" + String(repeating: "q\u{0}h\u{0}\u{86}", count: 60) + "."
    #expect(error(oldFile(wide))?.contains("at most 64 deep, each at one place") == true)
    // A list in itself.
    #expect(error(oldFile("]q\u{0}h\u{0}a."))?.contains("at most 64 deep") == true)
  }

  @Test("every truncation is refused", arguments: ["tensor", "views-old", "list-old"])
  func truncations(name: String) {
    let content = golden(name).content
    for length in 0..<content.count {
      #expect(error(Array(content[..<length])) != nil, "\(length) bytes")
    }
  }

  @Test("a damaged element of the new form is noticed")
  func damage() throws {
    var content = golden("tensor").content
    // 1.5 as a Float.
    let place = try #require(
      content.indices.first { content[$0...].starts(with: bytes("0000c03f")) })
    content[place] ^= 1
    #expect(error(content)?.contains("expected data of CRC-32") == true)
  }

  // The numbers are those of torch.load(…, weights_only=True).
  @Test(
    "a real network of the old form is read",
    .enabled(if: efficientNet != nil, "needs efficientnet-lite0.pth beside WENGERT_DATA"))
  func efficientNetLite() throws {
    let file = try PyTorchFile(contentsOf: efficientNet!)
    #expect(file.names.count == 296)
    #expect(file.names.prefix(2) == ["_conv_stem.weight", "_bn0.weight"])
    let arrays = try file.names.map { try file.array(named: $0) }
    #expect(arrays.reduce(0) { $0 + $1.shape.elementCount } == 4_694_073)
    let floats = arrays.filter { $0.elementType == .float32 }
    #expect(floats.count == 247)
    let bits = try floats.reduce(UInt32(0)) { sum, array in
      try array.tensor(of: Float.self).elements.reduce(sum) { $0 &* 31 &+ $1.bitPattern }
    }
    #expect(bits == 1_176_712_992)
  }

  @Test("other files say what they are")
  func otherKinds() {
    #expect(error(Array("hello".utf8))?.contains("expected the end record of an archive") == true)
    #expect(error(bytes("80049505000000000000"))?.contains("this is a Python pickle") == true)
    for name in ["checkpoint", "checkpoint-old"] {
      let found = errorReading(golden(name).content, called: "m") { path throws(FileError) in
        _ = try SafetensorsFile(contentsOf: path)
      }
      #expect(found?.contains("open it with PyTorchFile(contentsOf:)") == true)
    }
  }
}
