// Files that h5py wrote in every form: hdf5_goldens.txt, written by make_hdf5_goldens.py, which tells what
// a line means.

import ArrayFiles
import TestSupport
import Testing

/// A file of the goldens and the lines about it.
struct HDF5Golden: CustomTestStringConvertible {
  let name: String
  let content: [UInt8]
  var lines: [[String]] = []
  var testDescription: String { name }
}

private let goldens: [HDF5Golden] = {
  var files: [HDF5Golden] = []
  for line in goldenLines("hdf5_goldens.txt") where !line.isEmpty {
    let words = line.split(separator: " ").map(String.init)
    if words[0] == "file" {
      let content = try! unzlibbed(base64Decoded(words[2]), limit: 1 << 24)
      files.append(HDF5Golden(name: words[1], content: content))
    } else {
      files[files.count - 1].lines.append(words)
    }
  }
  return files
}()

private func shape(_ word: String) -> TensorShape {
  TensorShape(word == "-" ? [] : word.split(separator: "x").map { Int($0)! })
}

private func texts(_ word: String) -> [String] {
  if word == "--" { return [] }
  return word.split(separator: ",").map {
    $0 == "-" ? "" : String(decoding: bytes(String($0)), as: UTF8.self)
  }
}

/// Compares an array with the words `type shape values` of a golden line.
private func check(_ array: StoredArray, _ words: ArraySlice<String>, _ place: String) throws {
  let (type, sizes) = (words[words.startIndex], words[words.startIndex + 1])
  let values = words[(words.startIndex + 2)...]
  #expect(array.elementType.rawValue == type, "\(place)")
  #expect(array.shape == shape(sizes), "\(place)")
  func compare<Scalar: TensorScalar>(_: Scalar.Type, _ number: (Scalar) -> Double) throws {
    let tensor: Tensor<Scalar> = try array.tensor()
    if values.first == "crc" {
      let crc = tensor.withUnsafeBytes { crc32($0.bindMemory(to: UInt8.self)) }
      #expect(UInt32(values.last!) == crc, "\(place)")
    } else {
      let expected =
        values.first == "-"
        ? [] : values.first!.split(separator: ",").map { UInt64($0, radix: 16)! }
      let found = tensor.elements.map(number)
      #expect(
        found.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern } == expected, "\(place)")
    }
  }
  switch array.elementType {
  case .bool: try compare(Bool.self) { $0 ? 1 : 0 }
  case .uint8: try compare(UInt8.self) { Double($0) }
  case .int8: try compare(Int8.self) { Double($0) }
  case .uint16: try compare(UInt16.self) { Double($0) }
  case .int16: try compare(Int16.self) { Double($0) }
  case .uint32: try compare(UInt32.self) { Double($0) }
  case .int32: try compare(Int32.self) { Double($0) }
  case .uint64: try compare(UInt64.self) { Double($0) }
  case .int64: try compare(Int64.self) { Double($0) }
  case .float16, .float32: try compare(Float.self) { Double($0) }
  case .float64: try compare(Double.self) { $0 }
  default: Issue.record("\(place): a type that h5py does not write")
  }
}

private func open(_ content: [UInt8], _ body: (HDF5File) throws -> Void) throws {
  try withFile(content, called: "x.h5") { path in try body(HDF5File(contentsOf: path)) }
}

@Suite("HDF5")
struct HDF5Tests {
  @Test("what h5py wrote is read", arguments: goldens)
  func reading(_ golden: HDF5Golden) throws {
    #expect(!golden.lines.isEmpty)
    try open(golden.content) { file in
      for line in golden.lines {
        let place = "\(golden.name): \(line.prefix(3).joined(separator: " "))"
        switch line[0] {
        case "array":
          #expect(file.names.contains(line[1]), "\(place)")
          try check(file.array(named: line[1]), line[2...], place)
        case "texts":
          let found = try file.strings(named: line[1])
          #expect(found == texts(line[3]), "\(place)")
        case "attribute":
          let value = try file.attribute(line[2], of: line[1])
          let names = try file.attributeNames(of: line[1])
          #expect(names.contains(line[2]), "\(place)")
          switch value {
          case .texts(let found): #expect(found == texts(line[5]), "\(place)")
          case .numbers(let array): try check(array, line[3...], place)
          case nil: Issue.record("\(place): not found")
          }
        default:
          let error = fileError { () throws(FileError) in _ = try file.array(named: line[1]) }
          let words = line[2...].joined(separator: " ")
          #expect(error?.message.contains(words) == true, "\(place): \(error?.message ?? "read")")
        }
      }
    }
  }

  @Test("there are as many files and lines as the script wrote")
  func count() {
    #expect(goldens.count == 27)
    #expect(goldens.reduce(0) { $0 + $1.lines.count } == 869)
  }

  @Test("paths are listed group by group, in the order of names, each group once")
  func paths() throws {
    for golden in goldens where golden.name.hasPrefix("groups") {
      try open(golden.content) { file in
        #expect(file.names.first == "a/b/c/d/e")
        #expect(file.names.suffix(2) == ["many/number_9", "same"])
        #expect(file.names.count == 90 + 3)
        #expect(file.groupNames.prefix(5) == ["a", "a/b", "a/b/c", "a/b/c/d", "empty_group"])
        #expect(try file["/a/b/c/d/e"] == [0, 1, 2, 3] as Tensor<Double>)
        let none = try file.attribute("none")
        #expect(none == nil)
      }
    }
  }

  @Test("a file that is cut off anywhere is refused")
  func truncation() throws {
    for golden in goldens where golden.content.count < 40000 {
      let step = max(golden.content.count / 12, 1)
      for count in stride(from: 0, to: golden.content.count, by: step) {
        try withFile(Array(golden.content[..<count]), called: "x.h5") { path in
          // The superblock knows how long the file is.
          #expect(throws: FileError.self) { _ = try HDF5File(contentsOf: path) }
        }
      }
    }
  }

  @Test("a file with bytes changed is read or refused, and nothing else happens")
  func damage() throws {
    var generator = SplitMix64(state: 5)
    for golden in goldens where golden.content.count < 40000 {
      for _ in 0..<6 {
        var content = golden.content
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<content.count, using: &generator)
          content[place] = [0, 1, 0x7F, 0xFF, .random(in: 0...255, using: &generator)]
            .randomElement(using: &generator)!
        }
        try withFile(content, called: "x.h5") { path in
          guard let file = try? HDF5File(contentsOf: path) else { return }
          for name in file.names {
            _ = try? file.array(named: name)
            _ = try? file.strings(named: name)
          }
          for name in ["/"] + file.groupNames {
            for attribute in (try? file.attributeNames(of: name)) ?? [] {
              _ = try? file.attribute(attribute, of: name)
            }
          }
        }
      }
    }
  }

  @Test("errors say what is wrong, and where")
  func messages() throws {
    func error(_ content: [UInt8]) -> String? {
      errorReading(content, called: "x.h5") { path throws(FileError) in
        let file = try HDF5File(contentsOf: path)
        for name in file.names { _ = try file.array(named: name) }
      }
    }
    #expect(
      error([0x93] + Array("NUMPY".utf8))
        == "x.h5, byte 0: hdf5: expected an HDF5 file (89 48 44 46), got 93 4e 55 4d; this is an NPY file: "
        + "read it with Tensor(contentsOfNPY:)")
    let golden = goldens.first { $0.name == "user-block-latest" }!
    #expect(error(golden.content) == nil)
    // The checksum of the root's header.
    var content = golden.content
    let header = content.indices.first { content[$0...].starts(with: Array("OHDR".utf8)) }!
    content[header + 8] ^= 1
    #expect(error(content)?.hasPrefix("x.h5, byte \(header): hdf5: expected the checksum ") == true)
    #expect(
      error(Array(golden.content.dropLast()))
        == "x.h5, byte 540: hdf5: expected a file that ends where it says; it is cut off")
    try open(golden.content) { file in
      let missing = fileError { () throws(FileError) in _ = try file.array(named: "g/y") }
      #expect(missing?.message == "expected an array \"g/y\", got \"g/x\"")
      let typed = fileError { () throws(FileError) in let _: Tensor<Float> = try file["g/x"] }
      #expect(typed?.message.hasPrefix("expected float32 elements, got int64") == true)
    }
  }

  @Test("lookup3 gives the published values")
  func jenkins() {
    // Self-test of lookup3.c: hashlittle("", 0, 0) and hashlittle("Four score and seven years ago", 30, 0)
    func hash(_ text: String) -> UInt32 { Array(text.utf8).withUnsafeBufferPointer { lookup3($0) } }
    #expect(hash("") == 0xDEAD_BEEF)
    #expect(hash("Four score and seven years ago") == 0x1777_0551)
  }
}
