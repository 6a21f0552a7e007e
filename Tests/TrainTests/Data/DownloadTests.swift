import ArrayFiles
import TestSupport
import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private let hasCurl = access("/usr/bin/curl", X_OK) == 0

private let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 7 >> 3) }

/// Calls `body` with a folder that contains `content` as `source`, and the address of that file.
private func withSource(_ body: (_ folder: String, _ address: String) throws -> Void) throws {
  try withTemporaryFolder { folder in
    try writeFile(content, to: "\(folder)/source")
    try body(folder, "file://\(folder)/source")
  }
}

private func fetched(_ download: Download, _ folder: String) throws -> [UInt8] {
  try readFile(try download.fetch(into: "\(folder)/a/b", verbose: .silent))
}

private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

@Suite("Downloads", .enabled(if: hasCurl, "needs curl"))
struct DownloadTests {
  @Test("a file is fetched, checked and kept")
  func fetching() throws {
    try withSource { folder, address in
      let download = Download(from: [address], byteCount: content.count, sha256: sha256(content))
      #expect(download.name == "source")
      let path = try download.fetch(into: "\(folder)/a/b", verbose: .silent)
      #expect(path == "\(folder)/a/b/source")
      #expect(try readFile(path) == content)
      #expect(!exists(path + ".part"))
      // The second time nothing is fetched.
      remove("\(folder)/source")
      #expect(try download.fetch(into: "\(folder)/a/b", verbose: .silent) == path)
    }
  }

  @Test("what an interrupted transfer left is not fetched again", arguments: [1, 50_000, 100_000])
  func resuming(present: Int) throws {
    try withSource { folder, address in
      try createFolder("\(folder)/a/b")
      let path = "\(folder)/a/b/source"
      // The beginning is not that of the source, so it shows that it was kept.
      let mixed = [UInt8](repeating: 255, count: present) + content[present...]
      try writeFile(Array(mixed[..<present]), to: path + ".part")
      let download = Download(from: [address], byteCount: content.count, sha256: sha256(mixed))
      #expect(try fetched(download, folder) == mixed)
    }
  }

  @Test("a wrong file is refused, and the next transfer starts afresh")
  func wrongContent() throws {
    try withSource { folder, address in
      let path = "\(folder)/a/b/source"
      try createFolder("\(folder)/a/b")
      try writeFile([1, 2, 3], to: path + ".part")
      let download = Download(from: [address], byteCount: content.count, sha256: sha256(content))
      let error = #expect(throws: FileError.self) {
        try download.fetch(into: "\(folder)/a/b", verbose: .silent)
      }
      let got = sha256([1, 2, 3] + content[3...])
      #expect(
        error?.description == """
          \(path): cannot download the file
            \(address): expected a file with SHA-256 \(sha256(content)), got \(got)
          To fetch it by hand, where there is a network, type
            curl --location --create-dirs --output '\(path)' '\(address)'
          or copy it to that place from elsewhere.
          """)
      #expect(!exists(path))
      #expect(try fetched(download, folder) == content)
    }
  }

  @Test("the second address serves where the first one fails")
  func mirrors() throws {
    try withSource { folder, address in
      let download = Download(
        from: [address + ".gone", address], name: "source", byteCount: content.count,
        sha256: sha256(content))
      let got = try fetched(download, folder)
      #expect(got == content)
    }
  }

  @Test("a longer part, and a longer file at the address, are no harm")
  func tooLong() throws {
    try withSource { folder, address in
      try createFolder("\(folder)/a/b")
      try writeFile(content + content, to: "\(folder)/a/b/source.part")
      let download = Download(from: [address], byteCount: content.count, sha256: sha256(content))
      #expect(try fetched(download, folder) == content)
      remove("\(folder)/a/b/source")
      let short = Download(from: [address], byteCount: 10, sha256: sha256(content))
      #expect(throws: FileError.self) { try short.fetch(into: "\(folder)/a/b", verbose: .silent) }
      #expect(!exists("\(folder)/a/b/source"))
    }
  }

  @Test("without a file, a network or curl the message says what to do")
  func problems() async {
    await #expect(processExitsWith: .success) {
      try withSource { folder, address in
        func message() -> String {
          let download = Download(
            from: [address + ".gone"], name: "source", byteCount: 1, sha256: "")
          do throws(FileError) {
            try download.fetch(into: "\(folder)/a/b", verbose: .silent)
            return ""
          } catch {
            return error.message
          }
        }
        #expect(message().contains("\(address).gone: curl error 37"))
        #expect(
          message().contains("\n  curl --location --create-dirs --output '\(folder)/a/b/source'"))
        setenv("PATH", folder, 1)
        #expect(message().contains("\(address).gone: there is no program called curl"))
        #expect(!exists("\(folder)/a/b/source.part"))
      }
    }
  }

  @Test("the folder is that of WENGERT_CACHE, or one in the home folder")
  func folders() async {
    await #expect(processExitsWith: .success) {
      func folder() -> String? { try? Download.defaultFolder() }
      setenv("WENGERT_CACHE", "/somewhere", 1)
      #expect(folder() == "/somewhere")
      unsetenv("WENGERT_CACHE")
      setenv("HOME", "/me", 1)
      #if canImport(Darwin)
      #expect(folder() == "/me/Library/Caches/wengert")
      #else
      #expect(folder() == "/me/.cache/wengert")
      #endif
      unsetenv("HOME")
      #expect(folder() == nil)
    }
  }
}
