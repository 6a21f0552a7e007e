// Whole files in and out of memory through POSIX. Reading gives a block of bytes that can grow by
// `realloc`, which moves pages instead of copying them; the decompressor of Inflate.swift (next)
// fills the same kind of block. Writing is atomic: the old file or the new one, never a part.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The content of a file, or what a compressed file expands to, in memory of its own.
///
/// Sendable because only this target's functions write to it, and only before they return it.
package final class FileBytes: @unchecked Sendable {
  private(set) var memory: UnsafeMutablePointer<UInt8>?
  private(set) var capacity = 0
  /// The number of bytes.
  package internal(set) var count = 0

  /// Creates an empty block.
  package init() {}

  deinit { free(memory) }

  /// Changes the capacity, keeping the content; throws if the system has no memory left.
  func reallocate(_ newCapacity: Int, path: String) throws(FileError) {
    assert(newCapacity >= count)
    guard let moved = realloc(memory, max(newCapacity, 1)) else {
      throw FileError(path: path, message: "no memory for \(newCapacity) bytes")
    }
    memory = moved.assumingMemoryBound(to: UInt8.self)
    capacity = newCapacity
  }

  /// Calls `body` with the bytes, which it must not keep.
  package func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(start: memory, count: count))
  }

  /// The bytes copied into an array.
  package var array: [UInt8] { withUnsafeBufferPointer { Array($0) } }
}

extension FileBytes {
  /// Reads a whole file, or whatever a pipe or device delivers until its end.
  ///
  /// - Throws: `FileError` if the path cannot be opened or read, is a directory, or holds more
  ///   than `limit` bytes.
  package convenience init(contentsOf path: String, limit: Int = 1 << 36) throws(FileError) {
    self.init()
    let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw systemError(path, "cannot open") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw systemError(path, "cannot read") }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw FileError(path: path, message: "expected a file, got a directory")
    }
    let size = Int(status.st_size)
    guard size <= limit else {
      throw FileError(path: path, message: "expected at most \(limit) bytes, got \(size)")
    }
    // One byte more than the size, so that the read that finds the end needs no second block.
    try reallocate(size + 1, path: path)
    while true {
      if count == capacity { try reallocate(2 * capacity + 4096, path: path) }
      let got = retrying { read(descriptor, memory! + count, min(capacity - count, 1 << 30)) }
      guard got >= 0 else { throw systemError(path, "cannot read") }
      if got == 0 { break }
      count += got
      guard count <= limit else {
        throw FileError(path: path, message: "expected at most \(limit) bytes, got more")
      }
    }
    try reallocate(count, path: path)
  }
}

/// Reads a whole file into an array.
///
/// - Throws: `FileError` as `FileBytes.init(contentsOf:limit:)` does.
package func readFile(_ path: String, limit: Int = 1 << 36) throws(FileError) -> [UInt8] {
  try FileBytes(contentsOf: path, limit: limit).array
}

/// Writes a file atomically: a temporary file beside it is filled, flushed to the disk and renamed.
///
/// - Throws: `FileError` if any step fails; then the temporary file is gone and a file that was at
///   `path` is as it was.
package func writeFile(_ bytes: [UInt8], to path: String) throws(FileError) {
  try bytes.withUnsafeBufferPointer { buffer throws(FileError) in
    try writeFile(buffer, to: path)
  }
}

/// Writes a file atomically from memory that belongs to the caller.
package func writeFile(_ bytes: UnsafeBufferPointer<UInt8>, to path: String) throws(FileError) {
  var status = stat()
  let replaces = stat(path, &status) == 0
  guard !replaces || status.st_mode & S_IFMT != S_IFDIR else {
    throw FileError(path: path, message: "expected a file to replace, got a directory")
  }
  let (descriptor, temporary) = try createTemporary(beside: path)
  var isOpen = true
  do throws(FileError) {
    // A replaced file keeps its permissions; a new one has those the process gives to new files.
    if replaces { fchmod(descriptor, status.st_mode & 0o7777) }
    var written = 0
    while written < bytes.count {
      let next = bytes.baseAddress! + written
      let put = retrying { write(descriptor, next, min(bytes.count - written, 1 << 30)) }
      guard put >= 0 else { throw systemError(path, "cannot write") }
      written += put
    }
    guard retrying({ fsync(descriptor) }) == 0 else { throw systemError(path, "cannot write") }
    isOpen = false
    guard close(descriptor) == 0 else { throw systemError(path, "cannot write") }
    guard rename(temporary, path) == 0 else { throw systemError(path, "cannot replace") }
  } catch {
    if isOpen { close(descriptor) }
    unlink(temporary)
    throw error
  }
}

/// Opens a new file whose name is `path`, the process's number and a counter.
private func createTemporary(beside path: String) throws(FileError) -> (Int32, String) {
  for attempt in 0..<1000 {
    let name = "\(path).\(getpid()).\(attempt).tmp"
    let descriptor = retrying { open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    if descriptor >= 0 { return (descriptor, name) }
    guard errno == EEXIST else { break }
  }
  throw systemError(path, "cannot write")
}

/// Repeats a system call that a signal interrupted.
private func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}

/// An error that ends in the system's own words for `errno`.
private func systemError(_ path: String, _ what: String) -> FileError {
  let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
  return FileError(path: path, message: "\(what): \(reason)")
}

/// Whether something can be read at `path`.
package func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }
