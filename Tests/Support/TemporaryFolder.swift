// Folders for the files of a test.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Calls `body` with the path of a new folder, and removes it with all that it holds afterwards.
public func withTemporaryFolder<Result>(_ body: (String) throws -> Result) rethrows -> Result {
  let folder = makeTemporaryFolder()
  defer { removeTree(folder) }
  return try body(folder)
}

/// Calls `body` with the path of a new folder, and removes it with all that it holds afterwards.
public func withAsyncTemporaryFolder<Result>(
  _ body: (String) async throws -> Result
) async rethrows -> Result {
  let folder = makeTemporaryFolder()
  defer { removeTree(folder) }
  return try await body(folder)
}

private func makeTemporaryFolder() -> String {
  let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  var template = Array("\(root)/wengert-test.XXXXXX".utf8CString)
  guard let folder = mkdtemp(&template).map({ String(cString: $0) }) else {
    fatalError("no temporary folder under \(root)")
  }
  return folder
}

private func removeTree(_ path: String) {
  if unlink(path) == 0 { return }
  for name in names(in: path) { removeTree("\(path)/\(name)") }
  rmdir(path)
}

/// The names of the files in a folder, sorted.
public func names(in folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}
