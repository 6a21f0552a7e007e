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

/// How many processes are killed while they write.
private let killCount = getenv("WENGERT_KILLS").flatMap { Int(String(cString: $0)) } ?? 25

@Suite("Writing files")
struct AtomicFileTests {
  @Test("a write that fails leaves the old file and no other")
  func failedWrite() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/data"
      try writeFile([1, 2, 3], to: path)
      // The second page cannot be read, so writing fails half way, as on a full disk.
      let page = Int(getpagesize())
      let memory = try #require(
        mmap(nil, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0))
      defer { munmap(memory, 2 * page) }
      #expect(mprotect(memory + page, page, PROT_NONE) == 0)
      let error = fileError { () throws(FileError) in
        let bytes = memory.assumingMemoryBound(to: UInt8.self)
        try writeFile(UnsafeBufferPointer(start: bytes, count: 2 * page), to: path)
      }
      #expect(error?.message == "cannot write: Bad address")
      #expect(try readFile(path) == [1, 2, 3])
      #expect(names(in: folder) == ["data"])
    }
  }

  @Test("a process that is killed while it writes leaves one of its files, whole")
  func kills() async throws {
    var generator = SplitMix64(state: 1)
    try await withAsyncTemporaryFolder { folder in
      let path = "\(folder)/data"
      var seen: Set<Int> = []
      for _ in 0..<killCount {
        let microseconds = UInt32.random(in: 0..<20_000, using: &generator)
        await #expect(processExitsWith: .signal(SIGKILL)) {
          [path = path as String, microseconds = microseconds as UInt32] in
          // The first file is there before the clock runs.
          try writeFile([UInt8](repeating: 0, count: 1), to: path)
          var thread = pthread_t(bitPattern: 0)
          delay = microseconds
          pthread_create(
            &thread, nil,
            { _ in
              usleep(delay); kill(getpid(), SIGKILL); return nil
            }, nil)
          // The content tells the length, so that a mixture of two files would show.
          var number = 0
          while true {
            number += 1
            let byte = UInt8(truncatingIfNeeded: number)
            try writeFile([UInt8](repeating: byte, count: 1 + Int(byte) * 1000), to: path)
          }
        }
        let data = try readFile(path)
        let byte = try #require(data.first)
        #expect(data == [UInt8](repeating: byte, count: 1 + Int(byte) * 1000))
        seen.insert(data.count)
      }
      #expect(seen.count > 1 || killCount < 5)
    }
  }

  @Test("where there is no room for the new file the old one stays")
  func fullDisk() async throws {
    await #expect(processExitsWith: .success) {
      // A limit on the size of files ends a write like a full disk: some bytes still fit.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
      #if canImport(Glibc)
      let result = setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      #else
      let result = setrlimit(RLIMIT_FSIZE, &limit)
      #endif
      #expect(result == 0)
      try withTemporaryFolder { folder in
        try writeFile([1, 2, 3], to: "\(folder)/data")
        let error = fileError { () throws(FileError) in
          try writeFile([UInt8](repeating: 4, count: 1_000_000), to: "\(folder)/data")
        }
        #expect(error?.description == "\(folder)/data: cannot write: File too large")
        #expect(try readFile("\(folder)/data") == [1, 2, 3])
        #expect(names(in: folder) == ["data"])
      }
    }
  }

  @Test("an error of the caller leaves the old file")
  func thrownByBody() throws {
    try withTemporaryFolder { folder in
      try writeFile([1], to: "\(folder)/data")
      let mine = FileError(path: "elsewhere", message: "mine")
      let error = fileError { () throws(FileError) in
        try writeFile(to: "\(folder)/data") { file throws(FileError) in
          try file.append([2, 3])
          throw mine
        }
      }
      #expect(error == mine)
      #expect(try readFile("\(folder)/data") == [1])
      #expect(names(in: folder) == ["data"])
    }
  }

  @Test("a link stays a link, and the file behind it is replaced")
  func links() throws {
    try withTemporaryFolder { folder in
      try writeFile([1], to: "\(folder)/data")
      #expect(symlink("data", "\(folder)/link") == 0)
      try writeFile([2], to: "\(folder)/link")
      #expect(try readFile("\(folder)/data") == [2])
      var status = stat()
      #expect(lstat("\(folder)/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
      #expect(names(in: folder) == ["data", "link"])
    }
  }

  @Test("a device is written to, not replaced")
  func devices() throws {
    try writeFile([1, 2], to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    #if os(Linux)
    let error = fileError { () throws(FileError) in try writeFile([1], to: "/dev/full") }
    #expect(error?.message == "cannot write: No space left on device")
    #endif
  }

  @Test("a path without a folder is a file in the current one")
  func currentFolder() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryFolder { folder in
        #expect(chdir(folder) == 0)
        try writeFile([7], to: "data")
        #expect(try readFile("\(folder)/data") == [7])
      }
    }
  }
}

/// When the process is to be killed; a global, since a thread's start takes no closure with state.
private nonisolated(unsafe) var delay: UInt32 = 0
