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

// b"\0\0\x08\x03" + struct.pack(">III", 2, 3, 4) + bytes(range(24)), and gzip.compress of it
private let plain = bytes("00000803 00000002 00000003 00000004") + Array(0..<24)
private let compressed = bytes(
  "1f8b08000000000002036360e06066606060026210cdc2c0c8c4ccc2cac6cec1c9c5cdc3cbc72f2028242c22"
    + "2a260e008094e81628000000")

/// Where the data sets lie, or nil.
private let dataFolder: String? = {
  let folder = getenv("WENGERT_DATA").map { String(cString: $0) } ?? "../shared/datasets"
  return access("\(folder)/fashion-mnist/train-images-idx3-ubyte.gz", R_OK) == 0 ? folder : nil
}()

@Suite("IDX")
struct IDXTests {
  /// Writes `content` into a file called `data` and reads it as IDX.
  private func read(_ content: [UInt8], limit: Int = 1 << 32) throws -> StoredArray {
    var file: StoredArray?
    try withTemporaryFolder { folder in
      try writeFile(content, to: "\(folder)/data")
      do throws(FileError) {
        file = try StoredArray(contentsOfIDX: "\(folder)/data", limit: limit)
      } catch {
        #expect(error.path == "\(folder)/data")
        throw FileError(path: "data", location: error.location, message: error.message)
      }
    }
    return try #require(file)
  }

  @Test("plain and compressed files give shape and elements", arguments: [plain, compressed])
  func reading(content: [UInt8]) throws {
    let file = try read(content)
    #expect(file.shape == [2, 3, 4] && file.elementType == .uint8)
    #expect(try file.tensor(of: UInt8.self).elements == Array(0..<24))
  }

  @Test("a dimension of size 0 gives an empty file")
  func empty() throws {
    let file = try read(bytes("00000802 ffffffff 00000000"))
    #expect(file.shape == [4_294_967_295, 0])
    #expect(try file.tensor(of: UInt8.self).shape == [4_294_967_295, 0])
  }

  @Test("what is written is read back, plain and compressed", arguments: ["data", "data.gz"])
  func writing(name: String) throws {
    try withTemporaryFolder { folder in
      let tensor = Tensor<UInt8>(Array(0..<24), shape: [4, 3, 2]).transposed()
      try tensor.writeIDX(to: "\(folder)/\(name)")
      #expect(try Tensor(contentsOfIDX: "\(folder)/\(name)") == tensor)
      let content = try readFile("\(folder)/\(name)")
      #expect(content.starts(with: [0x1F, 0x8B]) == (name == "data.gz"))
      #expect(try gunzipped(gzipCompressed(plain)) == plain)
      try Tensor<UInt8>(Array(0..<24), shape: [2, 3, 4]).writeIDX(to: "\(folder)/plain")
      #expect(try readFile("\(folder)/plain") == plain)
      try Tensor<UInt8>.zeros([0]).writeIDX(to: "\(folder)/\(name)")
      #expect(try Tensor<UInt8>(contentsOfIDX: "\(folder)/\(name)").shape == [0])
    }
  }

  // struct.pack(">bh…", …) behind the header
  @Test("every type of element is read, the highest byte first")
  func types() throws {
    #expect(try read(bytes("00000901 00000002 ff7f")).tensor() == [-1, 127] as Tensor<Int32>)
    #expect(
      try read(bytes("00000b01 00000002 8000 0102")).tensor() == [-32768, 258] as Tensor<Int32>)
    #expect(try read(bytes("00000c01 00000001 fffefdfc")).tensor() == [-66052] as Tensor<Int32>)
    #expect(try read(bytes("00000d01 00000001 c0200000")).tensor() == [-2.5] as Tensor<Float>)
    #expect(
      try read(bytes("00000e01 00000001 3fb999999999999a")).tensor() == [0.1] as Tensor<Double>)
    let error = #expect(throws: FileError.self) {
      let _: Tensor<UInt8> = try read(bytes("00000c01 00000001 00000000")).tensor()
    }
    #expect(error?.message.contains("read it as a tensor of int32") == true)
  }

  @Test(
    "what is written is read back, in every type that the format has", arguments: ["a", "a.gz"])
  func writingTypes(name: String) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/\(name)"
      let integers = Tensor<Int32>([1, -2, .max, .min, 5, 6], shape: [2, 3]).transposed()
      try integers.writeIDX(to: path)
      #expect(try Tensor(contentsOfIDX: path) == integers)
      let floats = Tensor<Float>([1.5, -0.0, .infinity])
      try floats.writeIDX(to: path)
      #expect(try Tensor(contentsOfIDX: path) == floats)
      try Tensor<Double>([0.1]).writeIDX(to: path)
      #expect(try Tensor(contentsOfIDX: path) == Tensor<Double>([0.1]))
    }
  }

  @Test("an element type that the format does not have stops the program")
  func otherTypes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try Tensor<Int>([1]).writeIDX(to: "/dev/null")
    }
    #expect(message(of: result, contains: "no elements of type int64", "Tensor<Int32>"))
  }

  @Test("every truncation is refused", arguments: [plain, compressed])
  func truncations(content: [UInt8]) {
    for length in 0..<content.count {
      #expect(throws: FileError.self) { try read(Array(content[..<length])) }
    }
  }

  @Test(
    "each part of the header that is wrong is named",
    arguments: [
      ("01000803", 0, "expected an IDX header (00 00 08), got 01 00 08"),
      ("00000a01", 2, "expected a type code of 08, 09, 0b, 0c, 0d or 0e, got 0a"),
      ("00000800", 3, "expected a rank of 1 to 8, got 0"),
      ("00000809", 3, "expected a rank of 1 to 8, got 9"),
      ("000008", 3, "expected an IDX header of at least 8 bytes, got 3"),
      ("00000802 00000001 000000", 11, "expected an IDX header of 12 bytes, got 11"),
      ("00000801 00000004 010203", 8, "expected 4 bytes after the header, got 3"),
      ("00000801 00000002 010203", 8, "expected 2 bytes after the header, got 3"),
      ("00000801 00000000 01", 8, "expected 0 bytes after the header, got 1"),
      (
        "00000802 ffffffff ffffffff", 4,
        "expected at most 4294967296 elements, got the shape [4294967295, 4294967295]"
      ),
      (
        "00000803 ffffffff ffffffff 00000000", 4,
        "expected at most 4294967296 elements, got the shape [4294967295, 4294967295, 0]"
      ),
      (
        "00000803 ffffffff ffffffff ffffffff", 4,
        "expected at most 4294967296 elements, got the shape"
          + " [4294967295, 4294967295, 4294967295]"
      ),
    ])
  func wrongHeaders(content: String, offset: Int, message: String) {
    #expect(throws: FileError(path: "data", location: .byte(offset), message: message)) {
      try read(bytes(content))
    }
  }

  @Test("a compressed file that expands beyond its header is stopped there")
  func bomb() throws {
    let content = bytes("00000801 00000064") + [UInt8](repeating: 0, count: 1_000_000)
    let stream = content.withUnsafeBufferPointer { deflated($0) }
    let checks = [crc32(content), UInt32(content.count)].flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let error = #expect(throws: FileError.self) {
      try read(bytes("1f8b0800000000000203") + stream + checks)
    }
    #expect(error?.message == "deflate: expected at most 108 bytes of output, got more")
  }

  @Test("a limit on the number of elements is obeyed", arguments: [plain, compressed])
  func limit(content: [UInt8]) throws {
    #expect(try read(content, limit: 24).shape.elementCount == 24)
    let error = #expect(throws: FileError.self) { try read(content, limit: 23) }
    #expect(error?.message == "expected at most 23 elements, got the shape [2, 3, 4]")
  }

  @Test("Fashion-MNIST is read", .enabled(if: dataFolder != nil, "needs WENGERT_DATA"))
  func fashionMNIST() throws {
    let folder = try #require(dataFolder)
    let path = "\(folder)/fashion-mnist/train"
    let images = try Tensor<UInt8>(contentsOfIDX: "\(path)-images-idx3-ubyte.gz")
    #expect(images.shape == [60000, 28, 28])
    #expect(images[0, 23, 23] == 194)
    let labels = try StoredArray(contentsOfIDX: "\(path)-labels-idx1-ubyte.gz")
    #expect(labels.shape == [60000])
  }
}
