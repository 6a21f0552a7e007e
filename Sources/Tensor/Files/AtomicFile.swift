// Writing files, all or nothing: a temporary file in the same folder is filled, flushed to the disk
// and renamed, and renaming is one step for everybody who looks at the path. A program that is
// killed or a disk that is full leaves the old file. JSON.swift, next, is the first format.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A file that is being written and takes its place when it is complete.
package struct AtomicFile {
  fileprivate let descriptor: Int32
  fileprivate let path: String
  /// The number of bytes written.
  package private(set) var count = 0

  fileprivate init(_ descriptor: Int32, _ path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Writes bytes behind those before.
  package mutating func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let next = bytes.baseAddress! + written
      let put = retrying { write(descriptor, next, min(bytes.count - written, 1 << 30)) }
      guard put >= 0 else { throw systemError(path, "cannot write") }
      written += put
    }
    count += written
  }

  /// Writes bytes behind those before.
  package mutating func append(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
      try append(UnsafeRawBufferPointer(bytes))
    }
  }
}

/// Writes a file whose bytes `body` appends; whoever opens `path` sees the old file or the new one.
///
/// A replaced file keeps its permissions, and a link to a file stays one. A device or a pipe cannot
/// be replaced; it is written to.
///
/// - Throws: `FileError` if any step or `body` fails; then the temporary file is gone and a file that
///   was at `path` is as it was.
package func writeFile(
  to path: String, _ body: (inout AtomicFile) throws(FileError) -> Void
) throws(FileError) {
  let target = resolvingLinks(path)
  var status = stat()
  let exists = stat(target, &status) == 0
  let kind = status.st_mode & S_IFMT
  if exists, kind == S_IFDIR {
    throw FileError(path: path, message: "expected a file to replace, got a directory")
  }
  if exists, kind != S_IFREG {
    let descriptor = retrying { open(target, O_WRONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw systemError(path, "cannot write") }
    defer { close(descriptor) }
    var file = AtomicFile(descriptor, path)
    try body(&file)
    return
  }
  let (descriptor, temporary) = try createTemporary(beside: target, path: path)
  var isOpen = true
  do throws(FileError) {
    if exists { fchmod(descriptor, status.st_mode & 0o7777) }
    var file = AtomicFile(descriptor, path)
    try body(&file)
    guard flush(descriptor) == 0 else { throw systemError(path, "cannot write") }
    isOpen = false
    guard close(descriptor) == 0 else { throw systemError(path, "cannot write") }
    guard rename(temporary, target) == 0 else { throw systemError(path, "cannot replace") }
  } catch {
    if isOpen { close(descriptor) }
    unlink(temporary)
    throw error
  }
  flushFolder(of: target)
}

/// Writes a file atomically, as `writeFile(to:_:)` does.
package func writeFile(_ bytes: [UInt8], to path: String) throws(FileError) {
  try writeFile(to: path) { file throws(FileError) in try file.append(bytes) }
}

/// Writes a file atomically from memory that belongs to the caller.
package func writeFile(_ bytes: UnsafeBufferPointer<UInt8>, to path: String) throws(FileError) {
  try writeFile(to: path) { file throws(FileError) in
    try file.append(UnsafeRawBufferPointer(bytes))
  }
}

/// Creates a folder and those that it lies in, as far as they are missing.
///
/// - Throws: `FileError` if one of them cannot be created.
package func createFolder(_ path: String) throws(FileError) {
  if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
  let slash = UInt8(ascii: "/")
  if errno == ENOENT, let end = path.utf8.lastIndex(of: slash), end > path.startIndex {
    try createFolder(String(path[..<end]))
    if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
  }
  throw systemError(path, "cannot create the folder")
}

/// The path itself, or where it leads to if it is a link to something that exists.
private func resolvingLinks(_ path: String) -> String {
  var status = stat()
  guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
    let resolved = realpath(path, nil)
  else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// Opens a new file whose name is `target`, the process's number and a counter.
private func createTemporary(
  beside target: String, path: String
) throws(FileError) -> (Int32, String) {
  for attempt in 0..<1000 {
    let name = "\(target).\(getpid()).\(attempt).tmp"
    let descriptor = retrying { open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    if descriptor >= 0 { return (descriptor, name) }
    guard errno == EEXIST else { break }
  }
  throw systemError(path, "cannot write")
}

/// Waits until the file's bytes are on the disk; returns 0 if they are.
private func flush(_ descriptor: Int32) -> Int32 {
  #if canImport(Darwin)
  // There `fsync` stops at the disk's own memory; file systems that cannot do better say so.
  if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
  #endif
  return retrying { fsync(descriptor) }
}

/// Waits until the new name is on the disk too; where folders cannot be flushed, the system does it
/// when it likes, and a power failure before that brings back the old file.
private func flushFolder(of path: String) {
  let folder =
    switch path.utf8.lastIndex(of: UInt8(ascii: "/")) {
    case path.startIndex: "/"
    case let slash?: String(path[..<slash])
    case nil: "."
    }
  let descriptor = retrying { open(folder, O_RDONLY | O_CLOEXEC) }
  guard descriptor >= 0 else { return }
  _ = flush(descriptor)
  close(descriptor)
}
