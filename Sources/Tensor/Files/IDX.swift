// IDX, the container of the MNIST data sets: two zero bytes, a type code, the rank, one big-endian
// 32-bit size per dimension, then the elements row by row, the highest byte of each first. The file may
// be compressed by gzip. CSV.swift, next, reads tables.

extension Tensor {
  /// Reads an IDX file, plain or compressed by gzip, whatever its name.
  ///
  /// ```swift
  /// let images = try Tensor<UInt8>(contentsOfIDX: "train-images-idx3-ubyte.gz")
  /// images.shape  // [60000, 28, 28]
  /// ```
  /// - Throws: `FileError` as `StoredArray(contentsOfIDX:limit:)` does, and if the elements are of
  ///   another type than `Scalar`.
  public init(contentsOfIDX path: String) throws(FileError) {
    self = try StoredArray(contentsOfIDX: path).tensor()
  }

  /// Writes the tensor, atomically, to an IDX file, which is compressed if its name ends in `.gz`.
  ///
  /// - Throws: `FileError` if the file cannot be written; then an older one is as it was.
  /// - Precondition: The format has the type of the elements (`UInt8`, `Int32`, `Float`, `Double`); the
  ///   tensor has at least one axis, and no size of 2^32 or more.
  public func writeIDX(to path: String) throws(FileError) {
    require(
      rank > 0 && shape.allSatisfy { $0 < 1 << 32 },
      "writeIDX: expected one to eight axes with sizes below 2^32, got shape \(shape)")
    guard let code = codes.first(where: { $0.type == elementType })?.code else {
      fail(
        "writeIDX: the format has no elements of type \(elementType), expected uint8, int32, float32 "
          + "or float64; convert them with Tensor<Int32>(…)")
    }
    var header: [UInt8] = [0, 0, code, UInt8(rank)]
    for size in shape {
      header += (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) }
    }
    let size = elementType.byteCount
    try withUnsafeBytes { elements throws(FileError) in
      var swapped = [UInt8](elements)
      for start in stride(from: 0, to: size > 1 ? swapped.count : 0, by: size) {
        swapped[start..<start + size].reverse()
      }
      if path.hasSuffix(".gz") {
        try writeFile(gzipCompressed(header + swapped), to: path)
      } else {
        try writeFile(to: path) { file throws(FileError) in
          try file.append(header)
          try file.append(swapped)
        }
      }
    }
  }
}

extension StoredArray {
  /// Looks at the array of an IDX file, which is decompressed if it begins like a gzip file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The largest number of elements to accept.
  /// - Throws: `FileError` if the file cannot be read, is damaged, or is shorter or longer than its
  ///   header says.
  public init(contentsOfIDX path: String, limit: Int = 1 << 32) throws(FileError) {
    let limit = min(limit, 1 << 48)  // so that no number of bytes overflows
    let raw = try FileBytes(mapping: path)
    let isCompressed = raw.withUnsafeBufferPointer { isGzip($0) }
    let file = isCompressed ? try expanded(raw, path: path, limit: limit) : raw
    let header = try file.withUnsafeBufferPointer { bytes throws(FileError) in
      try readHeader(bytes, path: path, limit: limit)
    }
    guard file.count - header.offset == header.byteCount else {
      throw FileError(
        path: path, location: .byte(header.offset),
        message: "expected \(header.byteCount) bytes after the header, got "
          + "\(file.count - header.offset)")
    }
    self.init(
      elementType: header.type, shape: TensorShape(header.sizes), isBigEndian: true,
      isFortranOrder: false, file: file, offset: header.offset, path: path)
  }
}

/// The codes of the element types.
private let codes: [(code: UInt8, type: ElementType)] = [
  (0x08, .uint8), (0x09, .int8), (0x0B, .int16), (0x0C, .int32), (0x0D, .float32),
  (0x0E, .float64),
]

/// The size of the header of the highest rank.
private let largestHeader = 4 + 4 * AxisList.maximumCount

/// Decompresses a file, up to the size that its own header tells.
private func expanded(
  _ raw: FileBytes, path: String, limit: Int
) throws(FileError) -> FileBytes {
  // First only the header, because it tells how much output to allow. An error that stops the first
  // run early comes again in the second one.
  let beginning = FileBytes()
  raw.withUnsafeBufferPointer {
    try? gunzip($0, into: beginning, limit: largestHeader, path: path)
  }
  var allowed = largestHeader
  if beginning.count >= largestHeader {
    let header = try beginning.withUnsafeBufferPointer { bytes throws(FileError) in
      try readHeader(bytes, path: path, limit: limit)
    }
    allowed = max(allowed, header.offset + header.byteCount)
  }
  return try raw.withUnsafeBufferPointer { bytes throws(FileError) in
    try gunzip(bytes, limit: allowed, path: path)
  }
}

/// Checks the header and returns what it says, and where the elements begin.
private func readHeader(
  _ bytes: UnsafeBufferPointer<UInt8>, path: String, limit: Int
) throws(FileError) -> (type: ElementType, sizes: [Int], byteCount: Int, offset: Int) {
  func fault(_ offset: Int, _ message: String) -> FileError {
    FileError(path: path, location: .byte(offset), message: message)
  }
  guard bytes.count >= 4 else {
    throw fault(bytes.count, "expected an IDX header of at least 8 bytes, got \(bytes.count)")
  }
  guard bytes[0] == 0, bytes[1] == 0 else {
    throw fault(
      0,
      "expected an IDX header (00 00 08), got \(hexadecimal(bytes.prefix(3)))" + kindHint(bytes))
  }
  guard let type = codes.first(where: { $0.code == bytes[2] })?.type else {
    throw fault(
      2,
      "expected a type code of 08, 09, 0b, 0c, 0d or 0e, got \(hexadecimal([bytes[2]]))"
        + kindHint(bytes))
  }
  let rank = Int(bytes[3])
  guard 1...AxisList.maximumCount ~= rank else {
    throw fault(3, "expected a rank of 1 to \(AxisList.maximumCount), got \(rank)")
  }
  let offset = 4 + 4 * rank
  guard bytes.count >= offset else {
    throw fault(bytes.count, "expected an IDX header of \(offset) bytes, got \(bytes.count)")
  }
  let sizes = (1...rank).map { axis in
    (0..<4).reduce(0) { $0 << 8 | Int(bytes[4 * axis + $1]) }
  }
  // A size of 0 makes the product zero, but the products of the other sizes must fit as well.
  var count = 1
  for size in sizes {
    let (product, overflows) = count.multipliedReportingOverflow(by: max(size, 1))
    guard !overflows, product <= limit else {
      throw fault(4, "expected at most \(limit) elements, got the shape \(sizes)")
    }
    count = product
  }
  let (_, byteCount) = try checkedShape(sizes, of: type, path: path, location: 4)
  return (type, sizes, byteCount, offset)
}
