// IDX, the container of the MNIST data sets: two zero bytes, a type code, the rank, one big-endian
// 32-bit size per dimension, then the elements row by row. Only unsigned bytes occur in practice,
// plain or compressed by gzip.

/// The content of an IDX file of unsigned bytes, such as `train-images-idx3-ubyte.gz`.
///
/// ```swift
/// let images = try IDXFile(contentsOf: "train-images-idx3-ubyte.gz")
/// images.shape  // [60000, 28, 28]
/// ```
public struct IDXFile: Sendable {
  /// The sizes of the dimensions, slowest first; the first one counts the samples.
  public let shape: [Int]
  /// The number of elements.
  public let count: Int
  private let file: FileBytes
  private var headerSize: Int { 4 + 4 * shape.count }

  /// Reads an IDX file, decompressing it if it begins like a gzip file, whatever its name.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The largest number of elements to accept.
  /// - Throws: `FileError` if the file cannot be read, holds elements other than unsigned bytes, or
  ///   is shorter or longer than its header says.
  public init(contentsOf path: String, limit: Int = 1 << 32) throws(FileError) {
    let raw = try FileBytes(contentsOf: path)
    let isCompressed = raw.withUnsafeBufferPointer { isGzip($0) }
    guard isCompressed else {
      try self.init(raw, path: path, limit: limit)
      return
    }
    // First only the header, because it tells how much output to allow. An error that stops the
    // first run early comes again in the second one.
    let beginning = FileBytes()
    raw.withUnsafeBufferPointer {
      try? gunzip($0, into: beginning, limit: largestHeader, path: path)
    }
    let allowed =
      if beginning.count >= largestHeader {
        try beginning.withUnsafeBufferPointer { bytes throws(FileError) in
          let (shape, count) = try parseHeader(bytes, path: path, limit: limit)
          return 4 + 4 * shape.count + count
        }
      } else {
        largestHeader
      }
    let expanded = try raw.withUnsafeBufferPointer { bytes throws(FileError) in
      try gunzip(bytes, limit: max(allowed, largestHeader), path: path)
    }
    try self.init(expanded, path: path, limit: limit)
  }

  private init(_ file: FileBytes, path: String, limit: Int) throws(FileError) {
    self.file = file
    (shape, count) = try file.withUnsafeBufferPointer { bytes throws(FileError) in
      try parseHeader(bytes, path: path, limit: limit)
    }
    guard file.count - headerSize == count else {
      throw FileError(
        path: path, location: .byte(headerSize),
        message: "expected \(count) bytes after the header, got \(file.count - headerSize)")
    }
  }

  /// Calls `body` with the elements, row by row, without copying them.
  public func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try file.withUnsafeBufferPointer { all throws(Failure) in
      try body(UnsafeBufferPointer(rebasing: all[headerSize...]))
    }
  }

  /// The elements, row by row, copied into an array.
  public var bytes: [UInt8] { withUnsafeBufferPointer { Array($0) } }
}

/// The size of the header of the highest rank.
private let largestHeader = 4 + 4 * 8

/// Checks the header and returns the sizes and their product, which is at most `limit`.
private func parseHeader(
  _ bytes: UnsafeBufferPointer<UInt8>, path: String, limit: Int
) throws(FileError) -> (shape: [Int], count: Int) {
  func fault(_ offset: Int, _ message: String) -> FileError {
    FileError(path: path, location: .byte(offset), message: message)
  }
  guard bytes.count >= 4 else {
    throw fault(bytes.count, "expected an IDX header of at least 8 bytes, got \(bytes.count)")
  }
  guard bytes[0] == 0, bytes[1] == 0 else {
    throw fault(0, "expected an IDX header (00 00 08), got \(hexadecimal(bytes.prefix(3)))")
  }
  guard bytes[2] == 0x08 else {
    let names: [UInt8: String] = [
      0x09: "signed byte", 0x0B: "short", 0x0C: "int", 0x0D: "float", 0x0E: "double",
    ]
    throw fault(
      2,
      "expected the type code 08 (unsigned byte), got \(hexadecimal([bytes[2]]))"
        + " (\(names[bytes[2]] ?? "unknown"))")
  }
  let rank = Int(bytes[3])
  guard 1...8 ~= rank else { throw fault(3, "expected a rank of 1 to 8, got \(rank)") }
  guard bytes.count >= 4 + 4 * rank else {
    throw fault(
      bytes.count, "expected an IDX header of \(4 + 4 * rank) bytes, got \(bytes.count)")
  }
  let shape = (1...rank).map { axis in
    (0..<4).reduce(0) { $0 << 8 | Int(bytes[4 * axis + $1]) }
  }
  // A size of 0 makes the product zero, but the products of the other sizes must fit as well.
  var count = 1
  for size in shape {
    let (product, overflows) = count.multipliedReportingOverflow(by: max(size, 1))
    guard !overflows, product <= limit else {
      throw fault(4, "expected at most \(limit) elements, got the shape \(shape)")
    }
    count = product
  }
  return (shape, shape.contains(0) ? 0 : count)
}

// MARK: - Tensors

extension Tensor<UInt8> {
  /// The array that an IDX file holds.
  public init(_ file: IDXFile) {
    self = file.withUnsafeBufferPointer { Tensor(Array($0), shape: TensorShape(file.shape)) }
  }

  /// Reads an IDX file, plain or compressed.
  ///
  /// - Throws: `FileError` as `IDXFile.init(contentsOf:limit:)` does.
  public init(contentsOfIDX path: String) throws(FileError) {
    self.init(try IDXFile(contentsOf: path))
  }

  /// Writes the tensor, atomically, to an IDX file, which is compressed if its name ends in `.gz`.
  ///
  /// - Throws: `FileError` if the file cannot be written; then an older one is as it was.
  /// - Precondition: The tensor has at least one axis, and no size of 2^32 or more.
  public func writeIDX(to path: String) throws(FileError) {
    require(
      rank > 0 && shape.allSatisfy { $0 < 1 << 32 },
      "writeIDX: expected one to eight axes with sizes below 2^32, got shape \(shape)")
    var header: [UInt8] = [0, 0, 0x08, UInt8(rank)]
    for size in shape {
      header += (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) }
    }
    try withUnsafeBytes { elements throws(FileError) in
      if path.hasSuffix(".gz") {
        try writeFile(gzipCompressed(header + elements), to: path)
      } else {
        try writeFile(to: path) { file throws(FileError) in
          try file.append(header)
          try file.append(elements)
        }
      }
    }
  }
}
