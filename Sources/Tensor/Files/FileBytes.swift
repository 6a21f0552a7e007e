// Files in memory through POSIX: read as a whole, or mapped, so that only the pages that are looked
// at are read. A block can grow by `realloc`, which moves pages instead of copying them; the
// decompressor of Inflate.swift fills the same kind of block. The way out is AtomicFile.swift, next.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The content of a file, or what a compressed file expands to.
///
/// Sendable because only this target's functions write to it, and only before they return it.
package final class FileBytes: @unchecked Sendable {
  private(set) var memory: UnsafeMutablePointer<UInt8>?
  private(set) var capacity = 0
  /// The number of bytes.
  package internal(set) var count = 0
  private var isMapped = false

  /// Creates an empty block.
  package init() {}

  deinit {
    if isMapped { munmap(memory, count) } else { free(memory) }
  }

  /// Changes the capacity, keeping the content; throws if the system has no memory left.
  func reallocate(_ newCapacity: Int, path: String) throws(FileError) {
    assert(newCapacity >= count && !isMapped)
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
    let (descriptor, status) = try openForReading(path)
    defer { close(descriptor) }
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

extension FileBytes {
  /// A copy of bytes in memory.
  convenience init(_ bytes: [UInt8], path: String) throws(FileError) {
    self.init()
    try reallocate(bytes.count, path: path)
    _ = UnsafeMutableBufferPointer(start: memory, count: bytes.count).initialize(from: bytes)
    count = bytes.count
  }
}

extension FileBytes {
  /// Maps a file into memory for reading; a pipe or device is read until its end instead.
  ///
  /// The file may be replaced meanwhile, as `writeFile` does it, but must not be made shorter.
  ///
  /// - Throws: `FileError` if the path cannot be opened or mapped, or is a directory.
  package convenience init(mapping path: String) throws(FileError) {
    let (descriptor, status) = try openForReading(path)
    defer { close(descriptor) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      try self.init(contentsOf: path)
      return
    }
    self.init()
    // An empty range cannot be mapped.
    guard status.st_size > 0 else { return }
    let pages = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let pages, pages != MAP_FAILED else { throw systemError(path, "cannot map") }
    memory = pages.assumingMemoryBound(to: UInt8.self)
    count = Int(status.st_size)
    capacity = count
    isMapped = true
  }
}

/// Opens a file, which must not be a directory.
private func openForReading(_ path: String) throws(FileError) -> (descriptor: Int32, stat) {
  let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC) }
  guard descriptor >= 0 else { throw systemError(path, "cannot open") }
  var status = stat()
  var error: FileError?
  if fstat(descriptor, &status) != 0 {
    error = systemError(path, "cannot read")
  } else if status.st_mode & S_IFMT == S_IFDIR {
    error = FileError(path: path, message: "expected a file, got a directory")
  }
  if let error {
    close(descriptor)
    throw error
  }
  return (descriptor, status)
}

/// Reads a whole file into an array.
///
/// - Throws: `FileError` as `FileBytes.init(contentsOf:limit:)` does.
package func readFile(_ path: String, limit: Int = 1 << 36) throws(FileError) -> [UInt8] {
  try FileBytes(contentsOf: path, limit: limit).array
}

/// Repeats a system call that a signal interrupted.
func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}

/// An error that ends in the system's own words for `errno`.
func systemError(_ path: String, _ what: String) -> FileError {
  let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
  return FileError(path: path, message: "\(what): \(reason)")
}

/// Whether something can be read at `path`.
package func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }
