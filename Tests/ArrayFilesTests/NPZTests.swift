import ArrayFiles
import TestSupport
import Testing

// f = io.BytesIO()
// numpy.savez(f, x=numpy.array([1, 2], "u1"), y=numpy.array([[1.5]], "<f4"))
// base64.b64encode(f.getvalue())
private let stored = base64Decoded(
  "UEsDBC0AAAAAAAAAIQBiAmVf//////////8FABQAeC5ucHkBABAAggAAAAAAAACCAAAAAAAAAJNOVU1QWQEAdgB7"
    + "J2Rlc2NyJzogJ3x1MScsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCksIH0gICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAQJQSwMELQAAAAAAAAAh"
    + "APk8bBP//////////wUAFAB5Lm5weQEAEACEAAAAAAAAAIQAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnPGY0"
    + "JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDEpLCB9ICAgICAgICAgICAgICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/UEsBAi0DLQAAAAAAAAAhAGICZV+CAAAA"
    + "ggAAAAUAAAAAAAAAAAAAAIABAAAAAHgubnB5UEsBAi0DLQAAAAAAAAAhAPk8bBOEAAAAhAAAAAUAAAAAAAAAAAAA"
    + "AIABuQAAAHkubnB5UEsFBgAAAAACAAIAZgAAAHQBAAAAAA==")

// The same of numpy.savez_compressed(f, x=numpy.zeros(1000, "<f8"))
private let deflated = base64Decoded(
  "UEsDBC0AAAAIAAAAIQBCVxJf//////////8FABQAeC5ucHkBABAAwB8AAAAAAABqAAAAAAAAAO3IIQ7CMBhA4WI5Rd0P"
    + "SUXnCEHPbcEgppaGtkEsK2kJZuEUu/DKFabf595b+0d3Hw7qqxbxoTyzXLXc4kWMlpjyJ7t5TNmH/2/dVEL95eXe"
    + "ofapsdaas9E/vddRAQAAAAAAAAAAAAAAtQFQSwECLQMtAAAACAAAACEAQlcSX2oAAADAHwAABQAAAAAAAAAAAAAA"
    + "gAEAAAAAeC5ucHlQSwUGAAAAAAEAAQAzAAAAoQAAAAAA")

private func error(
  _ content: [UInt8], array name: String = "x"
) -> String? {
  errorReading(content, called: "a.npz") { path throws(FileError) in
    _ = try NPZFile(contentsOf: path).array(named: name)
  }
}

@Suite("NPZ")
struct NPZTests {
  @Test("what NumPy wrote is read, stored and compressed")
  func reading() throws {
    try withFile(stored, called: "a.npz") { path in
      let file = try NPZFile(contentsOf: path)
      #expect(file.names == ["x", "y"])
      #expect(try file["x"] == [1, 2] as Tensor<UInt8>)
      #expect(try file["y"] == [[1.5]] as Tensor<Float>)
    }
    try withFile(deflated, called: "a.npz") { path in
      let file = try NPZFile(contentsOf: path)
      #expect(try file["x"] == Tensor<Double>.zeros([1000]))
    }
  }

  @Test(
    "what is written is read back, in order",
    arguments: [(false, false), (true, false), (false, true), (true, true)])
  func roundTrip(compressed: Bool, isAlwaysZIP64: Bool) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      let images = Tensor<UInt8>((0..<3000).map { UInt8($0 % 7) }, shape: [3, 1000])
      let weights = Tensor<Float>([0.5, .nan, -0.0, .infinity], shape: [2, 2])
      let arrays: [(key: String, value: any TensorProtocol)] = [
        ("weights/ä", weights), ("images", images.transposed()), ("flag", Tensor<Bool>(true)),
        ("none", Tensor<Int>.zeros([0, 4])),
      ]
      try NPZFile.write(arrays, to: path, compressed: compressed, isAlwaysZIP64: isAlwaysZIP64)
      let file = try NPZFile(contentsOf: path)
      #expect(file.names == ["weights/ä", "images", "flag", "none"])
      let back: Tensor<Float> = try file["weights/ä"]
      #expect(back.elements.map(\.bitPattern) == weights.elements.map(\.bitPattern))
      #expect(try file["images"] == images.transposed())
      #expect(try file["flag"] == Tensor<Bool>(true))
      #expect(try file["none"] == Tensor<Int>.zeros([0, 4]))
      #expect((try readFile(path).count < 3000) == compressed)
      #expect(names(in: folder) == ["a.npz"])
    }
  }

  @Test("a literal keeps its order; a dictionary and nothing at all can be written")
  func kindsOfLists() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      let x = Tensor<Float>([1, 2])
      try NPZFile.write(["z": x, "b": [3] as Tensor<Int>, "y": x, "a": x, "x": x], to: path)
      #expect(try NPZFile(contentsOf: path).names == ["z", "b", "y", "a", "x"])
      let dictionary: [String: any TensorProtocol] = ["x": [1] as Tensor<Float>]
      try NPZFile.write(Array(dictionary), to: path)
      #expect(try NPZFile(contentsOf: path)["x"] == [1] as Tensor<Float>)
      try NPZFile.write([:], to: path)
      #expect(try NPZFile(contentsOf: path).names == [])
    }
  }

  @Test("names that look alike and have other bytes are two arrays")
  func exactNames() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      try NPZFile.write(["\u{E9}": Tensor<Float>(1), "e\u{301}": Tensor<Float>(2)], to: path)
      let file = try NPZFile(contentsOf: path)
      #expect(try file["\u{E9}"] == Tensor<Float>(1))
      #expect(try file["e\u{301}"] == Tensor<Float>(2))
      try NPZFile.write(["\u{E9}": Tensor<Float>(1)], to: path)
      #expect(try NPZFile(contentsOf: path)["e\u{301}"] == Tensor<Float>(1))
    }
  }

  @Test("a name that comes twice stops the program")
  func repeatedName() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try NPZFile.write(["x": Tensor<Float>(1), "x": Tensor<Float>(2)], to: "/dev/null")
    }
    #expect(message(of: result, contains: "npz: there are two arrays \"x\""))
  }

  @Test("more entries than 16 bits can count are counted")
  func manyEntries() throws {
    try withTemporaryFolder { folder in
      let number = Tensor<UInt8>(1)
      let arrays = (0..<65_537).map { (key: String($0), value: number as any TensorProtocol) }
      try NPZFile.write(arrays, to: "\(folder)/a.npz")
      let file = try NPZFile(contentsOf: "\(folder)/a.npz")
      #expect(file.names.count == 65_537)
      #expect(try file["65536"] == number)
    }
  }

  @Test("a missing name, another type and damaged data are named")
  func mistakes() throws {
    #expect(error(stored, array: "z") == "a.npz: expected an array \"z\", got \"x\", \"y\"")
    #expect(
      errorReading(stored, called: "a.npz") { path throws(FileError) in
        let _: Tensor<Double> = try NPZFile(contentsOf: path)["y"]
      } == "a.npz/y.npy: expected float64 elements, got float32; read it as a tensor of float32, "
        + "which Tensor<Double>(…) converts")
    var content = stored
    content[55 + 129] ^= 1
    #expect(
      error(content) == "a.npz, byte 55: zip: expected data of CRC-32 5f650262, got 286232f4")
    content = stored
    content[0] ^= 1
    #expect(error(content) == "a.npz, byte 0: zip: expected the header of \"x.npy\"")
  }

  @Test("an archive cannot claim more than it can hold")
  func claims() throws {
    // The directory is at 161; the sizes are at 20 and 24 behind that, the flags at 8.
    func changed(_ offset: Int, _ value: [UInt8]) -> [UInt8] {
      var content = deflated
      content.replaceSubrange(161 + offset..<161 + offset + value.count, with: value)
      return content
    }
    #expect(
      error(changed(24, bytes("ffffff7f")))
        == "a.npz, byte 161: zip: \"x.npy\" cannot have 2147483647 bytes in 106")
    #expect(
      error(changed(24, bytes("bf1f")))
        == "a.npz, byte 161: deflate: expected at most 8127 bytes of output, got more")
    #expect(
      error(changed(24, bytes("c11f")))
        == "a.npz, byte 55: zip: expected 8129 bytes from 106, got 8128 from 106")
    #expect(
      error(changed(20, bytes("00ffff00")))
        == "a.npz, byte 161: zip: expected entries within the file, got 16776960 more bytes")
    #expect(
      error(changed(42, bytes("50000000")))
        == "a.npz, byte 80: zip: expected the header of \"x.npy\"")
    #expect(error(changed(8, [1])) == "a.npz, byte 161: zip: \"x.npy\" is encrypted")
    #expect(
      error(changed(10, [12]))
        == "a.npz, byte 161: zip: expected \"x.npy\" to be stored (0) or deflated (8), got 12")
  }

  @Test("every truncation is refused", arguments: [stored, deflated])
  func truncations(content: [UInt8]) throws {
    for length in 0..<content.count {
      #expect(error(Array(content[..<length])) != nil)
    }
  }
}
