// An array that is still in its file: type and shape are known, the elements are read when a tensor
// is made of them. What the formats with several arrays have in common follows below.
// NPY.swift, next, is the simplest of the formats.

/// An array in a file, whose elements are read when they are asked for.
///
/// ```swift
/// let images = try StoredArray(contentsOfNPY: "images.npy")
/// images.shape                                            // [60000, 28, 28]
/// let some: Tensor<UInt8> = try images.rows(0..<1000)     // reads these rows only
/// ```
/// The file may be replaced while arrays refer to it, but must not be made shorter.
public struct StoredArray: Sendable {
  /// The type of the elements in the file.
  public let elementType: ElementType
  /// The sizes of the axes.
  public let shape: TensorShape
  let isBigEndian: Bool
  /// Whether the first axis is the one whose neighbours lie side by side.
  let isFortranOrder: Bool
  let file: FileBytes
  /// Where the elements begin; the file is known to hold all of them.
  let offset: Int
  /// What errors call the array: a path, perhaps with the name of the array in the file.
  let path: String
  /// The number of bytes of the elements in the file.
  var byteCount: Int { shape.elementCount * elementType.byteCount }

  /// The whole array as a tensor; of an array in Fortran order it is a transposed view.
  ///
  /// - Throws: `FileError` if the elements are of another type than `Scalar`.
  public func tensor<Scalar>(
    of type: Scalar.Type = Scalar.self
  ) throws(FileError) -> Tensor<Scalar> {
    // A single number is a row of one.
    if shape.rank > 0 { return try rows(0..<shape[0]) }
    return try elements(0..<1, of: 1).reshaped(to: [] as TensorShape)
  }

  /// A range of the first axis as a tensor; the rest of the file is not looked at.
  ///
  /// - Precondition: the array has an axis, and `range` lies in it.
  /// - Throws: `FileError` if the elements are of another type than `Scalar`.
  public func rows<Scalar>(_ range: Range<Int>) throws(FileError) -> Tensor<Scalar> {
    require(shape.rank > 0, "rows: \(path) holds a single number, which has no rows")
    require(
      range.lowerBound >= 0 && range.upperBound <= shape[0],
      "rows: \(range) is out of range for shape \(shape)")
    let result = shape.replacing(axis: 0, with: range.count)
    if isFortranOrder {
      let columns = shape[0] == 0 ? 0 : shape.elementCount / shape[0]
      let reversed = TensorShape(result.reversed())
      return try elements(range, of: shape[0], times: columns).reshaped(to: reversed).transposed()
    }
    let row = shape.removing(axis: 0).elementCount
    return try elements(range.lowerBound * row..<range.upperBound * row, of: shape[0] * row)
      .reshaped(to: result)
  }

  /// The same range of each of `times` runs of `length` elements.
  private func elements<Scalar>(
    _ range: Range<Int>, of length: Int, times: Int = 1
  ) throws(FileError) -> Tensor<Scalar> {
    guard elementType.isReadable(as: Scalar.scalarType) else { throw otherType(Scalar.self) }
    var result = Tensor<Scalar>(uninitialized: [range.count * times])
    let target = UnsafeMutableRawPointer(result.mutableBase)
    file.withUnsafeBufferPointer { bytes in
      guard result.count > 0, let base = bytes.baseAddress else { return }
      let stride = MemoryLayout<Scalar>.stride
      for run in 0..<times {
        let first = (run * length + range.lowerBound) * elementType.byteCount
        elementType.convert(
          UnsafeRawPointer(base + offset + first), isBigEndian: isBigEndian,
          to: target + run * range.count * stride, as: Scalar.scalarType, count: range.count)
      }
    }
    return result
  }

  private func otherType<Scalar: TensorScalar>(_: Scalar.Type) -> FileError {
    let known = elementType.scalarType
    return FileError(
      path: path,
      message: "expected \(Scalar.scalarType) elements, got \(elementType); read it as a tensor of "
        + "\(known), which Tensor<\(Scalar.self)>(…) converts")
  }
}

/// The shape of these sizes and its number of bytes.
///
/// - Throws: `FileError` if a tensor cannot have that shape, or its bytes cannot be counted.
func checkedShape(
  _ sizes: [Int], of type: ElementType, path: String, location: Int
) throws(FileError) -> (shape: TensorShape, byteCount: Int) {
  guard sizes.count <= AxisList.maximumCount else {
    throw FileError(
      path: path, location: .byte(location),
      message: "expected at most \(AxisList.maximumCount) axes, got \(sizes.count)")
  }
  // A size of 0 makes the product zero, but the products of the other sizes must fit as well.
  var byteCount = type.byteCount
  for size in sizes {
    let (product, overflows) = byteCount.multipliedReportingOverflow(by: max(size, 1))
    guard size >= 0, !overflows else {
      throw FileError(
        path: path, location: .byte(location),
        message: "expected a shape that fits in memory, got \(sizes)")
    }
    byteCount = product
  }
  return (TensorShape(sizes), sizes.contains(0) ? 0 : byteCount)
}

/// A file that holds several arrays by name: `NPZFile`, `SafetensorsFile`, `PyTorchFile`, `GGUFFile`.
///
/// `arrayArchive(contentsOf:)` opens any of them.
///
/// ```swift
/// let file = try NPZFile(contentsOf: "mnist.npz")
/// let images: Tensor<UInt8> = try file["x_train"]
/// ```
public protocol ArrayArchive: Sendable {
  /// The names of the arrays, in the order of the file.
  var names: [String] { get }
  /// The array of a name, whose elements are not read yet.
  ///
  /// - Throws: `FileError` if there is none, or if it is damaged.
  func array(named name: String) throws(FileError) -> StoredArray
}

extension ArrayArchive {
  /// The array of a name as a tensor.
  ///
  /// Throws `FileError` if there is none, if it is damaged, or if its elements are of another type.
  public subscript<Scalar>(name: String) -> Tensor<Scalar> {
    get throws(FileError) { try array(named: name).tensor() }
  }
}

/// A tensor of any element type: `Tensor` is the only one.
///
/// A list of tensors of different types, such as a file can hold, is one of `any TensorProtocol`.
public protocol TensorProtocol: Sendable {
  /// The type of the elements.
  static var scalarType: ScalarType { get }
  /// The sizes of the axes.
  var shape: TensorShape { get }
  /// Calls `body` with the memory of the elements in row-major order.
  func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result
}

extension Tensor: TensorProtocol {
  /// The type of the elements.
  public static var scalarType: ScalarType { Scalar.scalarType }

  /// Calls `body` with the memory of the elements in row-major order; free if they lie so.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let whole = contiguous()
    defer { withExtendedLifetime(whole) {} }
    return try body(
      UnsafeRawBufferPointer(start: whole.base, count: count * MemoryLayout<Scalar>.stride))
  }
}

extension TensorProtocol {
  /// The type in which the elements are written.
  var elementType: ElementType { ElementType(Self.scalarType) }
}

extension UnsafeBufferPointer<UInt8> {
  /// A number of `count` bytes, lowest first.
  func number(at offset: Int, count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(self[offset + $1]) << UInt64(8 * $1) }
  }
}

extension [UInt8] {
  /// Appends a number in `count` bytes, lowest first.
  mutating func append(_ number: some BinaryInteger, count: Int) {
    for index in 0..<count { append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }
}
