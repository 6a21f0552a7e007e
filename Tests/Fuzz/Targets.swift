// The readers and the valid files that are damaged for them.

import ArrayFiles
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A reader under test.
struct Target: Sendable {
  /// What it is called on the command line.
  let name: String
  /// Valid files.
  let seeds: @Sendable () -> [[UInt8]]
  /// Reads the file at a path as a user would, including all that is read later.
  let read: @Sendable (_ path: String) throws(FileError) -> Void
}

let targets = [
  Target(
    name: "idx",
    seeds: {
      files { path in try images.writeIDX(to: path + ".gz") }
        + files { try images.writeIDX(to: $0) } + files { try weights.writeIDX(to: $0) }
        + files { try Tensor<Int32>([1, -2, 300]).writeIDX(to: $0) }
    },
    read: { path throws(FileError) in try readAll(StoredArray(contentsOfIDX: path)) }),
  Target(
    name: "gzip",
    seeds: { [gzipCompressed(text), gzipCompressed(text) + gzipCompressed([]), dynamic] },
    read: { path throws(FileError) in
      let file = try FileBytes(contentsOf: path)
      _ = try file.withUnsafeBufferPointer { bytes throws(FileError) in
        try gunzip(bytes, limit: 1 << 24, path: path)
      }
    }),
  Target(
    name: "csv",
    seeds: {
      [
        "a,b,c\n1,2.5,x\n-3,,\"y\"\"z\n\"\n", "1;2\r\n3;4\r\n", "\u{FEFF}x\n1e300\nnan\n",
        "k;w\n11007199254740993;1,5\n-7;NA\n", "# c\n a  b\n 1\t 2.000 \n",
        "t,d\nTrue,\"x\" \n,?\n",
        (0..<40).map { _ in (0..<40).map(String.init).joined(separator: ",") }.joined(
          separator: "\n"),
      ].map { Array($0.utf8) } + [
        gzipCompressed(Array("a,b\n1,2\n".utf8)), [0xFF, 0xFE, 0x61, 0, 10, 0, 49, 0],
      ]
    },
    read: { path throws(FileError) in
      // All ways to read it must be tried, even if the first one throws.
      var errors: [FileError] = []
      do throws(FileError) { _ = try Table.readNumbers(path) } catch { errors.append(error) }
      do throws(FileError) {
        _ = try Table(
          contentsOf: path, separator: ";", decimalMark: ",", groupMark: ".", comment: "#",
          missing: ["-7", "NA"])
        _ = try Table(contentsOf: path, header: false, separator: " ", comment: "#").describe()
      } catch {
        errors.append(error)
      }
      do throws(FileError) { _ = try Table(contentsOf: path).description } catch {
        errors.append(error)
      }
      if let error = errors.last { throw error }
    }),
  Target(
    name: "npy",
    seeds: {
      files { try weights.writeNPY(to: $0) } + files { try images.writeNPY(to: $0) }
        + files { try Tensor<Bool>(true).writeNPY(to: $0) } + [fortran, fortran + fortran]
    },
    read: { path throws(FileError) in
      for array in try StoredArray.all(contentsOfNPY: path) { try readAll(array) }
    }),
  Target(
    name: "npz",
    seeds: {
      [false, true].flatMap { compressed in
        [false, true].flatMap { big in
          files { path in
            try NPZFile.write(
              arrays, to: path,
              compressed: compressed,
              isAlwaysZIP64: big)
          }
        }
      }
    },
    read: { path throws(FileError) in try readAll(NPZFile(contentsOf: path)) }),
  Target(
    name: "safetensors",
    seeds: {
      files { path in
        try SafetensorsFile.write(
          ["w": weights, "images": images, "flag": Tensor<Bool>(true), "i": Tensor<Int>([1, 2])],
          metadata: ["format": "pt"], to: path)
      }
    },
    read: { path throws(FileError) in try readAll(SafetensorsFile(contentsOf: path)) }),
  Target(
    name: "pytorch",
    seeds: { files { try PyTorchFile.write(arrays, to: $0) } + [oldCheckpoint] },
    read: { path throws(FileError) in try readAll(PyTorchFile(contentsOf: path)) }),
  Target(
    name: "gguf", seeds: { [gguf] },
    read: { path throws(FileError) in try readAll(GGUFFile(contentsOf: path)) }),
  Target(
    name: "hdf5",
    seeds: {
      files { try HDF5File.write(arrays, to: $0) }
        + files {
          try HDF5File.write(["g/flag": Tensor<Bool>(true), "g/i": Tensor<Int>([1])], to: $0)
        }
    },
    read: { path throws(FileError) in
      let file = try HDF5File(contentsOf: path)
      for name in ["/"] + file.groupNames + file.names { _ = try file.attributeNames(of: name) }
      try readAll(file)
    }),
  Target(name: "png", seeds: { pictures("png") }, read: readPNG),
  Target(name: "jpeg", seeds: { pictures("jpeg") }, read: readPicture),
  Target(name: "bmp", seeds: { pictures("bmp") }, read: readPicture),
  Target(name: "netpbm", seeds: { pictures("pbm", "pgm", "ppm") }, read: readPicture),
  Target(
    name: "cifar",
    seeds: {
      let records = [UInt8]((0..<2 * 3073).map { UInt8($0 % 10) })
      return [records, gzipCompressed(records)]
    },
    read: { path throws(FileError) in
      let (images, labels) = try cifar10Records(contentsOf: path, limit: 1000)
      use(images)
      use(labels)
    }),
  Target(
    name: "model",
    seeds: {
      models.flatMap { model in files { path in try model.save(to: path) } }
    },
    read: { path throws(FileError) in
      // Both ways to read it must be tried; what is read must work.
      var made = models[1]
      var errors: [FileError] = []
      do throws(FileError) { try made.restore(contentsOf: path) } catch { errors.append(error) }
      precondition(made.predict(Tensor<Float>.ones([3, 4])).shape == [3, 2])
      do throws(FileError) {
        let model = try Model<Sequential<Float>>(contentsOf: path)
        _ = model.summary().utf8.count
      } catch {
        errors.append(error)
      }
      if let error = errors.last { throw error }
    }),
  Target(
    name: "json",
    seeds: {
      [
        "{\"a\":[1,-2.5e-3,true,null,\"\\u00e9\\ud83d\\ude00\\n\"],\"b\":{\"c\":[[],{}]}}",
        "[0,1e5]",
      ]
      .map { Array($0.utf8) }
    },
    read: { path throws(FileError) in
      let file = try FileBytes(contentsOf: path)
      let value = try file.withUnsafeBufferPointer { bytes throws(FileError) in
        try JSON(parsing: bytes, path: path)
      }
      // What was read must come back from its text.
      let again = try value.utf8.withUnsafeBufferPointer { bytes throws(FileError) in
        try JSON(parsing: bytes, path: path)
      }
      if again != value { fatalError("json: \(value.text) is not \(again.text)") }
    }),
]

// MARK: - Reading everything

private func readAll(_ archive: some ArrayArchive) throws(FileError) {
  var last: FileError?
  for name in archive.names {
    do throws(FileError) { try readAll(archive.array(named: name)) } catch { last = error }
  }
  if let last { throw last }
}

/// Makes a tensor of the array and prints it, so that every shape goes through the tensor's own code.
private func readAll(_ array: StoredArray) throws(FileError) {
  switch array.elementType.scalarType {
  case .bool: try use(array.tensor(of: Bool.self))
  case .uint8: try use(array.tensor(of: UInt8.self))
  case .int32: try use(array.tensor(of: Int32.self))
  case .int64: try use(array.tensor(of: Int64.self))
  case .uint64: try use(array.tensor(of: UInt64.self))
  case .float32: try use(array.tensor(of: Float.self))
  case .float64: try use(array.tensor(of: Double.self))
  default: preconditionFailure("\(array.elementType) is read as a type that computes")
  }
}

private func use<Scalar>(_ tensor: Tensor<Scalar>) {
  precondition(tensor.elements.count == tensor.shape.reduce(1, *))
  _ = tensor.description.utf8.count
}

// MARK: - Valid files

private let weights = Tensor<Float>((0..<12).map { Float($0) / 8 }, shape: [3, 4])
private let images = Tensor<UInt8>((0..<600).map { UInt8($0 % 7 * $0 % 256) }, shape: [6, 10, 10])
private let arrays: [(key: String, value: any TensorProtocol)] = [
  (key: "w", value: weights), (key: "images", value: images),
]
private let text = [UInt8]((0..<40).map { "row \($0 * $0 % 17) of a table\n" }.joined().utf8)

/// A model that was just made and one in the middle of its training, of most kinds of layers.
private let models: [Model<Sequential<Float>>] = {
  let network = Sequential([
    Dense(3, activation: .relu, inputShape: [4], kernelRegularizer: .l2(1e-3)), Dropout(0.2),
    BatchNormalization(), Reshape([3, 1]), Flatten(), LeakyReLU(), ELU(), Activation(.tanh),
    Dense(2, activation: .softmax),
  ])
  let fresh = Sequential([Dense(2, inputShape: [1])]).compile(optimizer: "sgd", loss: "mse")
  var trained = network.compile(
    optimizer: Adam(), loss: "sparse_categorical_crossentropy", metrics: ["accuracy"])
  trained.fit(
    Tensor<Float>.ones([8, 4]), Tensor<Int>([0, 1, 0, 1, 0, 1, 0, 1]), batchSize: 2,
    callbacks: [
      Callback(lossComputed: { _, state in if state.batch == 3 { state.stop("enough") } })
    ], verbose: 0, hints: false)
  return [fresh, trained]
}()

private let fortran =
  [0x93] + [UInt8]("NUMPY".utf8) + [2, 0, 60, 0, 0, 0]
  + [UInt8]("{'shape': (2, 3), 'fortran_order': True, 'descr': '>i2',}   \n".utf8.prefix(60))
  + [UInt8](0..<12)

/// What PyTorch wrote before 1.6, by hand: the dictionary {"w": a transposed view of two rows, "n": 7}.
private let oldCheckpoint: [UInt8] = {
  func bytes(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }
  let magic = "\u{80}\u{2}\u{8A}\u{A}l\u{FC}\u{9C}F\u{F9} j\u{A8}P\u{19}.\u{80}\u{2}M\u{E9}\u{3}."
  let storage = "(U\u{7}storagectorch\nFloatStorage\nU\u{1}0U\u{3}cpuK\u{6}tQ"
  let tensor =
    "ctorch._utils\n_rebuild_tensor_v2\n(\(storage)K\u{0}K\u{3}K\u{2}\u{86}K\u{1}K\u{3}\u{86}"
    + "\u{89}ccollections\nOrderedDict\n)RtR"
  let pickle = "\u{80}\u{2}}q\u{0}(U\u{1}w\(tensor)X\u{1}\u{0}\u{0}\u{0}nK\u{7}u."
  return bytes("\(magic)\u{80}\u{2}}.\(pickle)\u{80}\u{2}]U\u{1}0a.") + [6, 0, 0, 0, 0, 0, 0, 0]
    + (0..<24).map { UInt8($0 * 5) }
}()

/// A GGUF file, by hand: a fact, and 32 numbers in a block of Q8_0 behind two Floats.
private let gguf: [UInt8] = {
  func number(_ value: Int, _ count: Int = 8) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  func text(_ text: String) -> [UInt8] { number(text.utf8.count) + [UInt8](text.utf8) }
  let facts =
    text("a") + number(8, 4) + text("b") + text("l") + number(9, 4) + number(4, 4)
    + number(1) + number(3, 4)
  let header =
    [UInt8]("GGUF".utf8) + number(3, 4) + number(2) + number(2) + facts
    + text("w") + number(2, 4) + number(1) + number(2) + number(0, 4) + number(0)
    + text("q") + number(1, 4) + number(32) + number(8, 4) + number(32)
  return header + number(0, (32 - header.count % 32) % 32) + (0..<66).map { UInt8($0) }
}()

// gzip.compress(bytes(i * i % 251 % 16 for i in range(600)), mtime=0): a block with codes of its own.
private let dynamic: [UInt8] = [
  0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xED, 0x8F, 0x39, 0x0E, 0x02, 0x40,
  0x08, 0x45, 0x61, 0xD8, 0x06, 0x06, 0x86, 0xFB, 0xDF, 0x56, 0x34, 0x16, 0xC6, 0xDE, 0xCE, 0x8A,
  0x90, 0xBF, 0xE4, 0x3F, 0x40, 0x76, 0x70, 0x46, 0x78, 0x5F, 0x51, 0xBF, 0x72, 0xFD, 0xC4, 0xB9,
  0xD4, 0x9B, 0x80, 0x65, 0x97, 0xAF, 0xEA, 0xDB, 0x96, 0x84, 0xE9, 0x75, 0xF1, 0x2C, 0x38, 0x95,
  0x25, 0xA1, 0xDD, 0x09, 0xE8, 0x37, 0x88, 0x84, 0xA3, 0x8C, 0x72, 0x74, 0x52, 0x48, 0x11, 0xD3,
  0x64, 0x17, 0x9A, 0x7C, 0xAC, 0xC9, 0x21, 0xD9, 0x86, 0x50, 0x66, 0x95, 0x43, 0xE5, 0x66, 0xE3,
  0x3B, 0x82, 0xDD, 0xF8, 0xF9, 0x3F, 0xF5, 0x80, 0x6D, 0x4F, 0x7F, 0xAE, 0x60, 0x98, 0x5E, 0xE7,
  0x54, 0x13, 0x49, 0xD0, 0xF1, 0x65, 0x92, 0x55, 0xF0, 0xF4, 0xC6, 0x75, 0x84, 0xEC, 0xD6, 0x90,
  0x99, 0x72, 0x60, 0x1D, 0xBC, 0xA3, 0x4F, 0xCE, 0x66, 0x6A, 0x2D, 0xAF, 0x2D, 0x93, 0xDF, 0x4D,
  0x77, 0x50, 0x5E, 0x48, 0x2A, 0x5F, 0xA8, 0xF0, 0x47, 0xFF, 0x1D, 0xFA, 0x03, 0xF4, 0x45, 0x5F,
  0x5E, 0x58, 0x02, 0x00, 0x00,
]

/// The file that `write` leaves at the path that it is given, possibly with `.gz` behind it.
private func files(_ write: (String) throws -> Void) -> [[UInt8]] {
  let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  let path = "\(root)/fuzz-seed-\(getpid())"
  do {
    try write(path)
    let actual = isReadable(path) ? path : path + ".gz"
    defer { unlink(actual) }
    return [try readFile(actual)]
  } catch {
    fatalError("\(error)")
  }
}
