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

@Suite("Files")
struct FileBytesTests {
  @Test("what is written is read back, and replaced", arguments: [0, 1, 4096, 1_000_003])
  func roundTrip(count: Int) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/data"
      let data = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0) }
      try writeFile(data, to: path)
      #expect(try readFile(path) == data)
      try writeFile([1, 2, 3], to: path)
      #expect(try readFile(path) == [1, 2, 3])
      #expect(names(in: folder) == ["data"])
    }
  }

  @Test("a replaced file keeps its permissions")
  func permissions() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/data"
      try writeFile([1], to: path)
      chmod(path, 0o600)
      try writeFile([2], to: path)
      var status = stat()
      #expect(stat(path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
    }
  }

  @Test("missing files, missing folders and directories are named")
  func failures() throws {
    withTemporaryFolder { folder in
      #expect(
        fileError { () throws(FileError) in _ = try readFile("\(folder)/none") }?.description
          == "\(folder)/none: cannot open: No such file or directory")
      #expect(
        fileError { () throws(FileError) in _ = try readFile(folder) }?.message
          == "expected a file, got a directory")
      #expect(
        fileError { () throws(FileError) in try writeFile([1], to: "\(folder)/none/data") }?.message
          == "cannot write: No such file or directory")
      #expect(
        fileError { () throws(FileError) in try writeFile([1], to: folder) }?.message
          == "expected a file to replace, got a directory")
      #expect(names(in: folder) == [])
    }
  }

  @Test("a mapped file has the same bytes, also an empty one, and outlives its replacement")
  func mapping() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/data"
      try writeFile([], to: path)
      #expect(try FileBytes(mapping: path).array == [])
      let data = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* $0) }
      try writeFile(data, to: path)
      let mapped = try FileBytes(mapping: path)
      try writeFile([1], to: path)
      #expect(mapped.array == data)
      #expect(try FileBytes(mapping: path).array == [1])
      #expect(try FileBytes(mapping: "/dev/null").array == [])
      #expect(
        fileError { () throws(FileError) in _ = try FileBytes(mapping: folder) }?.message
          == "expected a file, got a directory")
    }
  }

  @Test("a file beyond the limit is refused, also one that does not tell its size")
  func limit() throws {
    try withTemporaryFolder { folder in
      try writeFile([1, 2, 3], to: "\(folder)/data")
      #expect(
        fileError { () throws(FileError) in _ = try readFile("\(folder)/data", limit: 2) }?.message
          == "expected at most 2 bytes, got 3")
      #expect(
        fileError { () throws(FileError) in _ = try readFile("/dev/zero", limit: 100_000) }?.message
          == "expected at most 100000 bytes, got more")
    }
  }

  @Test("an error tells path, place and message")
  func descriptions() {
    #expect(FileError(path: "a", message: "m").description == "a: m")
    #expect(FileError(path: "a", location: .line(3), message: "m").description == "a, line 3: m")
    #expect(FileError(path: "a", location: .byte(0), message: "m").description == "a, byte 0: m")
  }
}
