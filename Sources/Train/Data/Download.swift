// Downloads of files, cached in a folder of the user. The system's `curl` does the transfer
// (Curl.swift, next). This file makes it safe: an interrupted transfer is resumed, and a file gets
// its final name only when its checksum is right.

import ArrayFiles
import Layers

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A file published at one or more addresses.
///
/// ```swift
/// let names = Download(
///   from: ["https://example.org/names.txt"], byteCount: 228_145,
///   sha256: "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d")
/// let path = try names.fetch()
/// ```
public struct Download: Sendable {
  /// The addresses of the file, which are tried in this order.
  public let addresses: [String]
  /// The name of the file on this machine.
  public let name: String
  /// The size of the file in bytes.
  public let byteCount: Int
  /// The SHA-256 of the file's bytes in hexadecimal, as `sha256sum` prints it.
  public let sha256: String

  /// Describes a file.
  ///
  /// - Parameters:
  ///   - addresses: The addresses of the file, at least one.
  ///   - name: The local name; by default the last part of the first address.
  ///   - byteCount: Its size in bytes.
  ///   - sha256: The SHA-256 of its bytes in hexadecimal.
  public init(from addresses: [String], name: String? = nil, byteCount: Int, sha256: String) {
    require(!addresses.isEmpty, "download: expected at least one address, got none")
    self.addresses = addresses
    self.name = name ?? addresses[0].split(separator: "/").last.map(String.init) ?? addresses[0]
    self.byteCount = byteCount
    self.sha256 = sha256
  }

  /// Returns the path of the file, after downloading it if it is not there.
  ///
  /// An existing file with the right name and size is used as it is. During a download the file is
  /// called `name.part`; an interrupted download is resumed from there.
  ///
  /// - Parameters:
  ///   - folder: The folder for the file, created if it is missing; `defaultFolder()` if nil.
  ///   - verbose: Whether to print the address and, on a terminal, a progress bar.
  /// - Returns: The path of the file.
  /// - Throws: `FileError` if no address provides the file. The message says where to put the file,
  ///   and gives a command that downloads it there.
  @discardableResult
  public func fetch(
    into folder: String? = nil, verbose: Verbosity = .bar
  ) throws(FileError) -> String {
    let folder = if let folder { folder } else { try Self.defaultFolder() }
    let path = "\(folder)/\(name)"
    if size(of: path) == byteCount { return path }
    try createFolder(folder)

    // Two processes must not write the same partial file; the second one waits and then finds the
    // file.
    let part = path + ".part"
    let descriptor = open(part, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else {
      throw failure(path, ["cannot write \(part): \(String(cString: strerror(errno)))"])
    }
    defer { close(descriptor) }
    if size(of: path) == byteCount { return path }

    var reasons: [String] = []
    for address in addresses {
      if let reason = transfer(address, to: part, verbose: verbose) {
        reasons.append("\(address): \(reason)")
        continue
      }
      guard rename(part, path) == 0 else {
        throw failure(path, ["cannot write it: \(String(cString: strerror(errno)))"])
      }
      return path
    }
    if size(of: part) == 0 { unlink(part) }
    throw failure(path, reasons)
  }

  /// Downloads the rest of the partial file and checks it; returns a description of the error, or
  /// nil.
  private func transfer(_ address: String, to part: String, verbose: Verbosity) -> String? {
    let (cannotResume, badRange): (Int32, Int32) = (33, 36)
    var present = size(of: part) ?? 0
    if present > byteCount {
      truncate(part, 0)
      present = 0
    }
    if present < byteCount {
      if verbose != .silent { print("Downloading \(address)") }
      var result = curl(from: address, to: part, limit: byteCount, showsBar: verbose == .bar)
      if present > 0, [cannotResume, badRange].contains(result.status) {
        truncate(part, 0)
        result = curl(from: address, to: part, limit: byteCount, showsBar: verbose == .bar)
      }
      if let problem = result.problem { return problem }
    }
    // A wrong file cannot be fixed by resuming, so the next transfer starts from the beginning.
    let got = size(of: part) ?? 0
    guard got == byteCount else {
      truncate(part, 0)
      return "expected \(byteCount) bytes, got \(got)"
    }
    let digest = try? FileBytes(mapping: part).withUnsafeBufferPointer { ArrayFiles.sha256($0) }
    guard digest == sha256 else {
      truncate(part, 0)
      return "expected a file with SHA-256 \(sha256), got \(digest ?? "no file")"
    }
    return nil
  }

  private func failure(_ path: String, _ reasons: [String]) -> FileError {
    FileError(
      path: path,
      message: "cannot download the file\n  " + reasons.joined(separator: "\n  ")
        + "\nTo fetch it by hand, where there is a network, type"
        + "\n  curl --location --create-dirs --output '\(path)' '\(addresses[0])'"
        + "\nor copy it to that place from elsewhere.")
  }

  /// The folder for downloads: `WENGERT_CACHE` if set, else `~/.cache/wengert`, or on Apple's
  /// systems `~/Library/Caches/wengert`.
  ///
  /// - Throws: `FileError` if neither `WENGERT_CACHE` nor `HOME` is set.
  public static func defaultFolder() throws(FileError) -> String {
    if let folder = getenv("WENGERT_CACHE") { return String(cString: folder) }
    guard let home = getenv("HOME") else {
      throw FileError(
        path: "~", message: "HOME is not set; set WENGERT_CACHE to the folder for downloads")
    }
    #if canImport(Darwin)
    return String(cString: home) + "/Library/Caches/wengert"
    #else
    return String(cString: home) + "/.cache/wengert"
    #endif
  }
}

/// The size of a file in bytes, or nil if it does not exist.
private func size(of path: String) -> Int? {
  var status = stat()
  return stat(path, &status) == 0 ? Int(status.st_size) : nil
}
