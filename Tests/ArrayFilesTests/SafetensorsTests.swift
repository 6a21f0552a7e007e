import ArrayFiles
import TestSupport
import Testing

// safetensors.numpy.save({
//   "b": numpy.array([True, False]), "w": numpy.array([[1, 2, 3], [4, 5, 6]], "<f4"),
//   "i": numpy.array([-1, 2**40]), "u": numpy.array([7, 8, 9], "u1"), "d": numpy.array(0.1),
//   "h": numpy.array([1, -2.5, 6e-8, numpy.inf], "<f2"), "n": numpy.zeros((0, 2), "<i4")},
//   {"format": "np", "é": "ü"})
private let golden = file(
  "{\"__metadata__\":{\"format\":\"np\",\"é\":\"ü\"},"
    + "\"i\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,16]},"
    + "\"d\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[16,24]},"
    + "\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[24,48]},"
    + "\"n\":{\"dtype\":\"I32\",\"shape\":[0,2],\"data_offsets\":[48,48]},"
    + "\"h\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[48,56]},"
    + "\"u\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[56,59]},"
    + "\"b\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[59,61]}}   ",
  bytes(
    "ffffffffffffffff 0000000000010000 9a9999999999b93f 0000803f 00000040 00004040 00008040 0000a040"
      + "0000c040 003c 00c1 0100 007c 070809 0100"))

private func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
  let count = header.utf8.count
  return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8) + data
}

private func error(_ content: [UInt8]) -> String? {
  errorReading(content, called: "m") { path throws(FileError) in
    _ = try SafetensorsFile(contentsOf: path)
  }
}

@Suite("Safetensors")
struct SafetensorsTests {
  @Test("what the Python package wrote is read")
  func reading() throws {
    #expect(golden.count == 501)
    try withFile(golden, called: "m.safetensors") { path in
      let file = try SafetensorsFile(contentsOf: path)
      #expect(file.names == ["i", "d", "w", "n", "h", "u", "b"])
      #expect(file.metadata == ["format": "np", "é": "ü"])
      #expect(try file["i"] == Tensor<Int>([-1, 1 << 40]))
      #expect(try file["d"] == Tensor<Double>(0.1))
      #expect(try file["w"] == [[1, 2, 3], [4, 5, 6]] as Tensor<Float>)
      #expect(try file["n"] == Tensor<Int32>.zeros([0, 2]))
      #expect(try file["h"] == Tensor<Float>([1, -2.5, 0x1p-24, .infinity]))
      #expect(try file["u"] == [7, 8, 9] as Tensor<UInt8>)
      #expect(try file["b"] == [true, false] as Tensor<Bool>)
      #expect(try file.array(named: "h").elementType == .float16)
    }
  }

  @Test("what is written is what the Python package writes, and is read back")
  func writing() throws {
    // The same call without "h"; 429 bytes.
    try withTemporaryFolder { folder in
      let path = "\(folder)/m.safetensors"
      try SafetensorsFile.write(
        [
          "i": Tensor<Int64>([-1, 1 << 40]), "d": Tensor<Double>(0.1),
          "w": Tensor<Float>([1, 4, 2, 5, 3, 6], shape: [3, 2]).transposed(),
          "n": Tensor<Int32>.zeros([0, 2]), "u": [7, 8, 9] as Tensor<UInt8>,
          "b": [true, false] as Tensor<Bool>,
        ], metadata: ["é": "ü", "format": "np"], to: path)
      let header = String(decoding: golden[8..<440], as: UTF8.self)
        .split(separator: "\"h\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[48,56]},")
        .joined()
      let moved = header.split(separator: "[56,59]").joined(separator: "[48,51]")
        .split(separator: "[59,61]").joined(separator: "[51,53]")
      let text = moved.trimmingSuffix(while: { $0 == " " })
      let padded = text + String(repeating: " ", count: -text.utf8.count & 7)
      let content = file(padded, Array(golden[440..<488] + golden[496...]))
      #expect(try readFile(path) == content)
    }
  }

  @Test("the order of names is kept, and every element lies at a multiple of its size")
  func order() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/m.safetensors"
      let names = ["c", "a", "b", ""]
      let tensors: [any TensorProtocol] = [
        [1, 2, 3] as Tensor<UInt8>, [1.5] as Tensor<Double>, [true] as Tensor<Bool>,
        Tensor<Float>([[Float.nan]]),
      ]
      try SafetensorsFile.write(zip(names, tensors).map { (key: $0, value: $1) }, to: path)
      let file = try SafetensorsFile(contentsOf: path)
      #expect(file.names == names)
      #expect(file.metadata == [:])
      #expect(try file["a"] == [1.5] as Tensor<Double>)
      #expect(try file["c"] == [1, 2, 3] as Tensor<UInt8>)
      let content = try readFile(path)
      #expect(content.suffix(16) == bytes("000000000000f83f 0000c07f 010203 01")[...])
      #expect((content.count - 16) % 8 == 0)
      try SafetensorsFile.write([:], to: path)
      #expect(try SafetensorsFile(contentsOf: path).names == [])
    }
  }

  @Test("16 bits of a Float become a Float")
  func bfloat16() throws {
    let content = file(
      "{\"x\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[0,6]}}", bytes("803f 49c0 c07f"))
    try withFile(content, called: "m") { path in
      let x: Tensor<Float> = try SafetensorsFile(contentsOf: path)["x"]
      #expect(x.elements[..<2] == [1, -3.140625] && x.elements[2].isNaN)
    }
  }

  // torch.arange(256, dtype=torch.uint8).view(torch.float8_e4m3fn).float(), and float8_e5m2
  @Test("8 bits of a Float become a Float")
  func float8() throws {
    let content = file(
      "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]},"
        + "\"b\":{\"dtype\":\"F8_E5M2\",\"shape\":[8],\"data_offsets\":[8,16]}}",
      bytes("00 01 07 08 38 7e b9 7f") + bytes("00 01 04 3c 7b 7c fc 7f"))
    try withFile(content, called: "m") { path in
      let file = try SafetensorsFile(contentsOf: path)
      let a: Tensor<Float> = try file["a"]
      #expect(a.elements.dropLast() == [0, 0x1p-9, 0x7p-9, 0x1p-6, 1, 448, -1.125])
      let b: Tensor<Float> = try file["b"]
      #expect(b.elements.dropLast() == [0, 0x1p-16, 0x1p-14, 1, 57344, .infinity, -.infinity])
      #expect(a.elements[7].isNaN && b.elements[7].isNaN)
    }
  }

  @Test("a tensor of a type that is not known is refused when it is asked for, and no other one")
  func unknownType() throws {
    let content = file(
      "{\"a\":{\"dtype\":\"F4\",\"shape\":[4],\"data_offsets\":[0,2]},"
        + "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[2,3]}}", [1, 2, 3])
    try withFile(content, called: "m") { path in
      let file = try SafetensorsFile(contentsOf: path)
      #expect(file.names == ["a", "b"])
      #expect(try file["b"] == [3] as Tensor<UInt8>)
      let error = #expect(throws: FileError.self) { try file.array(named: "a") }
      #expect(error?.message.hasSuffix("for \"a\", got \"F4\"") == true)
    }
  }

  @Test("an index opens all files of a model, and no file elsewhere")
  func shards() throws {
    try withTemporaryFolder { folder in
      try SafetensorsFile.write(
        ["a": Tensor<Float>(1), "b": Tensor<Float>(2)], to: "\(folder)/1.safetensors")
      try SafetensorsFile.write(
        ["c": Tensor<Float>(3)], metadata: ["k": "v"], to: "\(folder)/2.safetensors")
      func open(_ map: JSON) throws(FileError) -> SafetensorsFile {
        let path = "\(folder)/m.safetensors.index.json"
        try writeFile((["metadata": ["total_size": 12], "weight_map": map] as JSON).utf8, to: path)
        return try SafetensorsFile(contentsOf: path)
      }
      let file = try open(["c": "2.safetensors", "a": "1.safetensors", "b": "1.safetensors"])
      #expect(file.names == ["c", "a", "b"])
      #expect(file.metadata == ["k": "v"])
      #expect(try file["b"] == Tensor<Float>(2))
      #expect(try file["c"] == Tensor<Float>(3))
      for (map, words) in [
        (["a": "../1.safetensors"], "the same folder for \"a\", got \"\\\"../1.safetensors\\\"\""),
        (["a": "/etc/passwd"], "the same folder"), (["a": 1], "got \"1\""),
        (["a": "2.safetensors"], "expected \"a\" in 2.safetensors"), (nil, "expected a weight_map"),
        (["a": "3.safetensors"], "cannot open"),
      ] as [(JSON?, String)] {
        let error = fileError { () throws(FileError) in _ = try open(map ?? []) }
        #expect(error?.message.contains(words) == true, "\(words): \(String(describing: error))")
      }
    }
  }

  @Test("names that look alike and have other bytes are two tensors")
  func exactNames() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/m"
      try SafetensorsFile.write(
        ["\u{E9}": Tensor<Float>(1), "e\u{301}": Tensor<Float>(2)], to: path)
      let file = try SafetensorsFile(contentsOf: path)
      #expect(try file["\u{E9}"] == Tensor<Float>(1))
      #expect(try file["e\u{301}"] == Tensor<Float>(2))
    }
  }

  @Test("a file of another kind says what it is")
  func otherKinds() {
    let kinds: [([UInt8], String)] = [
      (
        bytes("894844460d0a1a0a") + [0, 0, 0, 0, 0, 8, 8, 0],
        "this is an HDF5 file, as Keras writes .h5"
      ),
      (
        bytes("504b0304 0a000000 0000") + Array("model.weights.h5".utf8),
        "this is a Keras 3 model (.keras)"
      ),
      (
        bytes("504b0304 0a000000 0000") + Array("archive/data.pkl".utf8),
        "this is a PyTorch checkpoint"
      ),
      (bytes("80049505000000000000"), "this is a Python pickle"),
      (Array("version https://git-lfs.github.com/spec/v1".utf8), "run git lfs pull"),
    ]
    for (content, words) in kinds {
      #expect(error(content)?.contains(words) == true, "\(words)")
      let npz = errorReading(content, called: "m") { path throws(FileError) in
        _ = try StoredArray(contentsOfNPY: path)
      }
      #expect(npz?.contains(words) == true, "\(words)")
    }
  }

  @Test(
    "hostile headers are refused",
    arguments: [
      ([1, 2, 3], "byte 3: expected the length of a header in 8 bytes, got 3"),
      (
        bytes("00a0724e18090000"),  // 10^13
        "byte 0: expected a header of at most 0 bytes, got 10000000000000"
      ),
      (
        bytes("ffffffffffffffff"),
        "byte 0: expected a header of at most 0 bytes, got 18446744073709551615"
      ),
      (file("[]"), "byte 8: expected an object of tensors"),
      (file("{]"), "byte 9: json: expected a name in quotes, got 5d"),
      (file("{}", [1]), "byte 10: expected the end of the file, got 1 more bytes"),
      (
        file("{\"__metadata__\":{\"a\":1}}"),
        "byte 8: expected __metadata__ to be an object of strings"
      ),
      (file("{\"a\":{},\"a\":{}}"), "byte 16: json: expected each name once, got \"a\" again"),
      (file("{\"a\":{\"shape\":[]}}"), "byte 8: expected a dtype for \"a\""),
      (
        file("{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,0]}}"),
        "byte 8: expected a shape of whole numbers for \"a\""
      ),
      (
        file("{\"a\":{\"dtype\":\"U8\",\"shape\":[1.5],\"data_offsets\":[0,0]}}"),
        "byte 8: expected a shape of whole numbers for \"a\""
      ),
      (
        file("{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,0]}}"),
        "byte 8: expected a shape that fits in memory, got [-1]"
      ),
      (
        file("{\"a\":{\"dtype\":\"F64\",\"shape\":[1152921504606846976],\"data_offsets\":[0,0]}}"),
        "byte 8: expected a shape that fits in memory, got [1152921504606846976]"
      ),
      (
        file(
          "{\"a\":{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296,0],\"data_offsets\":[0,0]}}"),
        "byte 8: expected a shape that fits in memory, got [4294967296, 4294967296, 0]"
      ),
      (
        file(
          "{\"a\":{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,1]}}", [0]),
        "byte 8: expected at most 8 axes, got 9"
      ),
      (
        file(
          "{\"a\":{\"dtype\":\"U8\",\"shape\":[1000000000000],\"data_offsets\":[0,1000000000000]}}"),
        "byte 8: expected two data_offsets within the 0 bytes of data for \"a\", got "
          + "\"[0,1000000000000]\""
      ),
      (
        file("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,0]}}", [0]),
        "byte 8: expected two data_offsets within the 1 bytes of data for \"a\", got \"[1,0]\""
      ),
      (
        file("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,1]}}", [0]),
        "byte 8: expected 2 bytes of data for \"a\" with shape [2], got 1"
      ),
      (
        file(
          "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", [0, 0, 0]),
        "byte 8: expected \"b\" to begin at offset 2, where the tensor before it ends, got 1"
      ),
      (
        file("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", [0, 0]),
        "byte 8: expected \"a\" to begin at offset 0, where the tensor before it ends, got 1"
      ),
    ] as [([UInt8], String)])
  func mistakes(content: [UInt8], message: String) throws {
    #expect(error(content) == "m, " + message)
  }

  @Test("every truncation is refused")
  func truncations() throws {
    for length in 0..<golden.count { #expect(error(Array(golden[..<length])) != nil) }
  }
}

extension StringProtocol {
  /// The text without the characters at its end that satisfy `predicate`.
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
    var text = String(self)
    while let last = text.last, predicate(last) { text.removeLast() }
    return text
  }
}
