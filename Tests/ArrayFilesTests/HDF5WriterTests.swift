import ArrayFiles
import TestSupport
import Testing

@Suite("Writing HDF5")
struct HDF5WriterTests {
  private let arrays: [(key: String, value: any TensorProtocol)] = [
    ("layers/dense/vars/0", Tensor<Float>([1, 4, 2, 5, 3, 6], shape: [3, 2]).transposed()),
    ("layers/dense/vars/1", [0.5, -.infinity, .nan] as Tensor<Double>),
    ("flags", [true, false, true] as Tensor<Bool>), ("b", [1, 2, 255] as Tensor<UInt8>),
    ("i", Tensor<Int64>([-1, 1 << 40])), ("s", Tensor<Int16>([-300, 7])),
    ("one", Tensor<Int32>(-7)),
    ("empty/é", Tensor<Float>.zeros([0, 2])),
  ]

  @Test("what is written is read back, in the order of names")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/x.h5"
      try HDF5File.write(arrays, to: path)
      let file = try HDF5File(contentsOf: path)
      #expect(
        file.names == [
          "b", "empty/é", "flags", "i", "layers/dense/vars/0", "layers/dense/vars/1", "one", "s",
        ])
      #expect(try file["layers/dense/vars/0"] == [[1, 2, 3], [4, 5, 6]] as Tensor<Float>)
      let special: Tensor<Double> = try file["layers/dense/vars/1"]
      #expect(special.elements[..<2] == [0.5, -.infinity] && special.elements[2].isNaN)
      #expect(try file["flags"] == [true, false, true] as Tensor<Bool>)
      #expect(try file["b"] == [1, 2, 255] as Tensor<UInt8>)
      #expect(try file["i"] == Tensor<Int64>([-1, 1 << 40]))
      #expect(try file["s"] == Tensor<Int16>([-300, 7]))
      #expect(try file["one"] == Tensor<Int32>(-7))
      #expect(try file["empty/é"] == Tensor<Float>.zeros([0, 2]))
      #expect(try readFile(path) == HDF5File.bytes(arrays))
      try HDF5File.write([:], to: path)
      #expect(try HDF5File(contentsOf: path).names == [])
    }
  }

  @Test("groups may have any number of members", arguments: [8, 9, 300])
  func groups(count: Int) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/x.h5"
      let many = (0..<count).map {
        (key: "g/\($0)", value: Tensor<Int32>(Int32($0)) as any TensorProtocol)
      }
      try HDF5File.write(many, to: path)
      let file = try HDF5File(contentsOf: path)
      #expect(file.names.count == count)
      for index in stride(from: 0, to: count, by: 7) {
        #expect(try file["g/\(index)"] == Tensor<Int32>(Int32(index)))
      }
    }
  }
}
