import ArrayFiles
import TestSupport
import Testing

/// A file with this header and these bytes behind it.
private func npy(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
  let count = header.utf8.count
  let length = [UInt8(count & 0xFF), UInt8(count >> 8)] + (version == 1 ? [] : [0, 0])
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + data
}

private func header(_ type: String, _ shape: String, fortran: Bool = false) -> String {
  "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
}

private func read<Scalar>(_ content: [UInt8]) throws -> Tensor<Scalar> {
  var result: Tensor<Scalar>?
  try withFile(content, called: "x.npy") { result = try Tensor(contentsOfNPY: $0) }
  return try #require(result)
}

private func written<Scalar>(_ tensor: Tensor<Scalar>) throws -> [UInt8] {
  var result: [UInt8] = []
  try withTemporaryFolder { folder in
    try tensor.writeNPY(to: "\(folder)/x.npy")
    result = try readFile("\(folder)/x.npy")
  }
  return result
}

@Suite("NPY")
struct NPYTests {
  // f = io.BytesIO(); numpy.save(f, numpy.array([[1, 2, 3], [4, 5, 6]], "<f4")); f.getvalue()
  @Test("the bytes are those that NumPy writes")
  func bytesOfNumPy() throws {
    let blanks = { (count: Int) in String(repeating: " ", count: count) }
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" + blanks(58) + "\n"
    let golden = npy(
      text, bytes("0000803f 00000040 00004040 00008040 0000a040 0000c040"))
    let tensor: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
    #expect(try written(tensor) == golden)
    #expect(try read(golden) == tensor)
    // A view is written as what it shows.
    #expect(try written(tensor.transposed().copied().transposed()) == golden)

    // The same of numpy.array(1.5), numpy.zeros((0, 3), "<i4"), numpy.array([7], "u1")
    #expect(
      try written(Tensor<Double>(1.5))
        == npy(
          "{'descr': '<f8', 'fortran_order': False, 'shape': (), }" + blanks(62) + "\n",
          bytes("000000000000f83f")))
    #expect(
      try written(Tensor<Int32>.zeros([0, 3]))
        == npy(
          "{'descr': '<i4', 'fortran_order': False, 'shape': (0, 3), }" + blanks(58) + "\n", []))
    #expect(
      try written(Tensor<UInt8>([7]))
        == npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }" + blanks(60) + "\n", [7])
    )
  }

  @Test("every element type of tensors comes back with its bits")
  func roundTrips() throws {
    func check<Scalar: TensorScalar>(_ values: [Scalar]) throws {
      for shape in [[values.count], [values.count, 1], [1, 1, values.count], [0, values.count]] {
        let kept = shape.contains(0) ? [] : values
        let tensor = Tensor(kept, shape: TensorShape(shape))
        let back: Tensor<Scalar> = try read(try written(tensor))
        #expect(back.shape == tensor.shape)
        #expect(try written(back) == written(tensor))
        #expect(shape.contains(0) || back.elements.map(\.description) == values.map(\.description))
      }
      let scalar: Tensor<Scalar> = try read(try written(Tensor(values[0])))
      #expect(scalar.rank == 0 && scalar.scalar == values[0])
    }
    try check([Float(-0.0), .nan, .infinity, -.leastNonzeroMagnitude, .pi, 1])
    try check([-0.0, Double.nan, -.infinity, .leastNonzeroMagnitude, .pi])
    try check([Int32.min, -1, 0, .max])
    try check([Int64.min, -1, 0, .max])
    try check([Int.min, -1, 0, .max])
    try check([UInt8](0...255))
    try check([true, false, true])
    try check([Int8.min, -1, 0, .max])
    try check([Int16.min, -1, 0, .max])
    try check([UInt16.min, 1, .max])
    try check([UInt32.min, 1, .max])
    try check([UInt64.min, 1, .max])
    #if !(os(macOS) && arch(x86_64))
    try check([Float16(-0.0), .nan, .infinity, -.leastNonzeroMagnitude, .pi])
    #endif
  }

  @Test("other orders and types of numbers are converted")
  func conversions() throws {
    // numpy.array([1, 0.1], ">f4").tobytes(), and so on
    #expect(
      try read(npy(header(">f4", "(2,)"), bytes("3f8000003dcccccd"))) == [1, 0.1] as Tensor<Float>)
    #expect(
      try read(npy(header(">f8", "(1,)"), bytes("3fb999999999999a"))) == [0.1] as Tensor<Double>)
    #expect(
      try read(npy(header(">i4", "(2,)"), bytes("fffffffe00000001"))) == [-2, 1] as Tensor<Int32>)
    #expect(try read(npy(header(">i8", "(1,)"), bytes("fffffffffffffffe"))) == [-2] as Tensor<Int>)
    #expect(
      try read(npy(header("=i2", "(2,)"), bytes("feff0180"))) == [-2, -32767] as Tensor<Int32>)
    #expect(try read(npy(header(">i2", "(1,)"), bytes("fffe"))) == [-2] as Tensor<Int32>)
    #expect(try read(npy(header("<u2", "(1,)"), bytes("feff"))) == [65534] as Tensor<Int32>)
    #expect(try read(npy(header("|i1", "(2,)"), bytes("fe7f"))) == [-2, 127] as Tensor<Int32>)
    #expect(
      try read(npy(header("<u4", "(1,)"), bytes("feffffff"))) == [4_294_967_294] as Tensor<Int64>)
    // Narrow types also come as they are.
    #expect(try read(npy(header(">i2", "(1,)"), bytes("fffe"))) == [-2] as Tensor<Int16>)
    #expect(try read(npy(header(">u2", "(1,)"), bytes("fffe"))) == [65534] as Tensor<UInt16>)
    #expect(try read(npy(header("|i1", "(2,)"), bytes("fe7f"))) == [-2, 127] as Tensor<Int8>)
    #expect(
      try read(npy(header(">u4", "(1,)"), bytes("fffffffe"))) == [4_294_967_294] as Tensor<UInt32>)
    #expect(
      try read(npy(header(">u8", "(1,)"), bytes("fffffffffffffffe")))
        == Tensor([UInt64.max - 1]))
    #expect(
      try read(npy(header("|b1", "(4,)"), bytes("00010280"))) == [false, true, true, true]
        as Tensor<Bool>)
    // numpy.array([1, -2.5, 65504, 6e-8, 2**-14, inf, -0.0], "<f2")
    let halves: Tensor<Float> = try read(
      npy(header("<f2", "(7,)"), bytes("003c00c1ff7b01000004007c0080")))
    #expect(halves.elements == [1, -2.5, 65504, 0x1p-24, 0x1p-14, .infinity, 0])
    #expect(halves[6].scalar.sign == .minus)
    let nan: Tensor<Float> = try read(npy(header(">f2", "(1,)"), bytes("7e01")))
    #expect(nan.scalar.isNaN)
  }

  #if !(os(macOS) && arch(x86_64))
  @Test("all numbers of 16 bits become the Float that the processor makes of them")
  func halves() throws {
    let data = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let tensor: Tensor<Float> = try read(npy(header("<f2", "(65536,)"), data))
    for (index, value) in tensor.elements.enumerated() {
      let expected = Float(Float16(bitPattern: UInt16(index)))
      #expect(value.bitPattern == expected.bitPattern || (value.isNaN && expected.isNaN))
    }
  }
  #endif

  @Test("an array in Fortran order is a transposed view, whole and in part")
  func fortran() throws {
    // numpy.asfortranarray(numpy.arange(12, dtype="u1").reshape(3, 2, 2)).tobytes("A")
    let content = npy(
      header("|u1", "(3, 2, 2)", fortran: true), [0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11])
    let expected = Tensor<UInt8>(Array(0..<12), shape: [3, 2, 2])
    #expect(try read(content) == expected)
    try withFile(content, called: "x.npy") { path in
      let array = try StoredArray(contentsOfNPY: path)
      #expect(array.shape == [3, 2, 2] && array.elementType == .uint8)
      for range in [0..<0, 0..<1, 1..<3, 2..<3, 3..<3] {
        let rows: Tensor<UInt8> = try array.rows(range)
        #expect(rows == expected[range])
      }
    }
    #expect(
      try read(npy(header("<f4", "(0, 3)", fortran: true), [])) == Tensor<Float>.zeros([0, 3]))
    #expect(
      try read(npy(header("<f4", "()", fortran: true), bytes("0000803f"))) == Tensor<Float>(1))
  }

  @Test("rows are read without the rest")
  func rows() throws {
    let tensor = Tensor<Float>((0..<60).map { Float($0) }, shape: [5, 3, 4])
    try withFile(try written(tensor), called: "x.npy") { path in
      let array = try StoredArray(contentsOfNPY: path)
      for range in [0..<0, 0..<5, 1..<3, 4..<5] {
        let rows: Tensor<Float> = try array.rows(range)
        #expect(rows == tensor[range])
      }
      #expect(try array.tensor(of: Float.self) == tensor)
    }
  }

  @Test("versions 2 and 3, other blanks, quotes and orders of keys are read", arguments: [1, 2, 3])
  func versions(version: UInt8) throws {
    let text = " { \"shape\" : (2L, ) ,'fortran_order':False,\n\"descr\" :\"<i4\"}  "
    let tensor: Tensor<Int32> = try read(npy(text, bytes("01000000ffffffff"), version: version))
    #expect(tensor == [1, -1])
  }

  @Test("asking for another type names the one in the file and the way out")
  func otherType() throws {
    let double = npy(header("<f8", "(1,)"), bytes("0000000000000000"))
    #expect(
      errorReading(double, called: "x.npy") { path throws(FileError) in
        _ = try Tensor<Float>(contentsOfNPY: path)
      } == "x.npy: expected float32 elements, got float64; read it as a tensor of float64, which "
        + "Tensor<Float>(…) converts")
    #expect(
      errorReading(npy(header("<u8", "(0,)"), []), called: "x.npy") { path throws(FileError) in
        _ = try Tensor<Int>(contentsOfNPY: path)
      } == "x.npy: expected int64 elements, got uint64; read it as a tensor of uint64, which "
        + "Tensor<Int>(…) converts")
  }

  // f = open("x.npy", "wb"); numpy.save(f, …); numpy.save(f, …): numpy.load("x.npy") is the first one
  @Test("of several arrays in one file the first is read, or all of them")
  func several() throws {
    let first = npy(header("<f4", "(2,)"), bytes("0000803f 00000040"))
    let second = npy(header("|u1", "(1, 3)"), [7, 8, 9])
    #expect(try read(first + second) == [1, 2] as Tensor<Float>)
    try withFile(first + second + first, called: "x.npy") { path in
      let arrays = try StoredArray.all(contentsOfNPY: path)
      #expect(arrays.map(\.shape) == [[2], [1, 3], [2]])
      #expect(try arrays[1].tensor() == [[7, 8, 9]] as Tensor<UInt8>)
      #expect(try arrays[2].tensor() == [1, 2] as Tensor<Float>)
    }
    let cut = errorReading(first + second.dropLast(), called: "x.npy") { path throws(FileError) in
      _ = try StoredArray.all(contentsOfNPY: path)
    }
    let place = first.count + second.count - 3
    #expect(
      cut == "x.npy, byte \(place): expected 3 bytes of uint8 elements with shape [1, 3], got 2")
  }

  @Test(
    "what is wrong is named with its byte",
    arguments: [
      ([], "byte 0: expected an NPY file (93 4e 55 4d 50 59), got nothing"),
      (
        bytes("504b0304 0000"),
        "byte 0: expected an NPY file (93 4e 55 4d 50 59), got 50 4b 03 04 00 00; "
          + "this is a ZIP archive: unpack it first"
      ),
      (bytes("934e554d5059 0100 01"), "byte 9: expected a header of at least 10 bytes, got 9"),
      (
        bytes("934e554d5059 0200 0100 00"),
        "byte 11: expected a header of at least 12 bytes, got 11"
      ),
      (npy("{}", [], version: 4), "byte 6: expected version 1.0, 2.0 or 3.0, got 4.0"),
      (
        bytes("934e554d5059 0200 ffffffff 7b"),
        "byte 8: expected a header of at most 1 bytes, got 4294967295"
      ),
      (npy("{}", []), "byte 12: expected descr, fortran_order, shape in the header, got less"),
      (npy("{'a':1}", []), "byte 11: expected descr, fortran_order and shape, got \"a\""),
      (
        npy("{'descr':'<f4','descr':'<f4'}", []),
        "byte 25: expected descr, fortran_order and shape, got \"descr\""
      ),
      (
        npy(header("|O", "(1,)"), []),
        "byte 20: expected elements of type b1, u1, i1, u2, i2, u4, i4, i8, f2, f4 or f8, got \"|O\""
      ),
      (
        npy(header("|f4", "(1,)"), []),
        "byte 20: expected elements of type b1, u1, i1, u2, i2, u4, i4, i8, f2, f4 or f8, got \"|f4\""
      ),
      (
        npy("{'descr': [('a', '<f4')], }", []),
        "byte 20: expected elements of type b1, u1, i1, u2, i2, u4, i4, i8, f2, f4 or f8, got "
          + "\"a list of fields\""
      ),
      (npy("{'descr': '<f4", []), "byte 20: expected a string with an end, got 27"),
      (
        npy(header("<f4", "(2)"), bytes("00000000")),
        "byte 67: expected 8 bytes of float32 elements with shape [2], got 4"
      ),
      (
        npy(header("<f4", "()"), bytes("0000000000")),
        "byte 66: expected 4 bytes of float32 elements with shape [], got 5"
      ),
      (
        npy(header("<f4", "(1000000000000,)"), []),
        "byte 80: expected 4000000000000 bytes of float32 elements with shape [1000000000000], got 0"
      ),
      (
        npy(header("<f4", "(4294967296, 4294967296, 0)"), []),
        "byte 10: expected a shape that fits in memory, got [4294967296, 4294967296, 0]"
      ),
      (npy(header("<f4", "(99999999999999999999,)"), []), "byte 61: expected a size"),
      (npy(header("<f4", "(-1,)"), []), "byte 61: expected a size"),
      (npy(header("<f4", "(1,1,1,1,1,1,1,1,1)"), []), "byte 10: expected at most 8 axes, got 9"),
      (npy("{'fortran_order': 1}", []), "byte 28: expected True or False, got 31"),
      (npy("{'fortran_order' True}", []), "byte 27: expected \":\", got 54"),
      (npy("{'fortran_order':True 1", []), "byte 32: expected \",\" or \"}\", got 31"),
      (npy("[]", []), "byte 10: expected \"{\", got 5b"),
      (npy("{'shape':1}", []), "byte 19: expected \"(\", got 31"),
      (
        npy(header("<f4", "(0,)") + "x", []),
        "byte 68: expected blanks until the end of the header, got 78"
      ),
    ] as [([UInt8], String)])
  func mistakes(content: [UInt8], message: String) throws {
    #expect(
      errorReading(content, called: "x.npy") { path throws(FileError) in
        _ = try StoredArray(contentsOfNPY: path)
      } == "x.npy, " + message)
  }

  @Test("every truncation is refused")
  func truncations() throws {
    let content = try written([[1, 2], [3, 4]] as Tensor<Float>)
    for length in 0..<content.count {
      #expect(throws: FileError.self) { try read(Array(content[..<length])) as Tensor<Float> }
    }
  }
}
