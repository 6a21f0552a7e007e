// The types that elements have in files: those of tensors, and some that become one when they are
// read. The loops that do it are here. StoredArray.swift, next, is an array whose elements are still
// in the file.

/// The type of the elements of an array in a file, by NumPy's name.
///
/// All but `bfloat16` can be read as they are. Narrow ones can also be read as the type that computes with
/// all their values.
public enum ElementType: String, Sendable, CaseIterable {
  /// Truth values, one byte each.
  case bool
  /// Read as `UInt8`.
  case uint8
  /// Read as they are, or as `Int32`.
  case int8, uint16, int16, int32
  /// Read as they are, or as `Int64` or `Int`.
  case uint32, int64
  /// Read as it is.
  case uint64
  /// Open Compute's 8 bits for weights, of 4 and 5 bits of exponent; read as `Float`.
  case float8e4m3 = "float8_e4m3fn", float8e5m2 = "float8_e5m2"
  /// IEEE 754's 16 bits, read as they are or as `Float`, and the upper half of a `Float`, read as `Float`.
  case float16, bfloat16
  /// Read as `Float`.
  case float32
  /// Read as `Double`.
  case float64

  /// The type in which elements of a tensor are written.
  init(_ type: ScalarType) { self = ElementType(rawValue: type.rawValue)! }

  /// The number of bytes of an element.
  public var byteCount: Int {
    switch self {
    case .bool, .uint8, .int8, .float8e4m3, .float8e5m2: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  /// The element type of a tensor that computes with all values of this type.
  public var scalarType: ScalarType {
    switch self {
    case .bool: .bool
    case .uint8: .uint8
    case .int8, .uint16, .int16, .int32: .int32
    case .uint32, .int64: .int64
    case .uint64: .uint64
    case .float8e4m3, .float8e5m2, .float16, .bfloat16, .float32: .float32
    case .float64: .float64
    }
  }

  /// Whether a tensor of `type` can hold the elements: the same type, or the one that computes.
  func isReadable(as type: ScalarType) -> Bool {
    type == scalarType || type.rawValue == rawValue
  }

  /// Writes `count` elements of a file to the memory of a tensor of `type`.
  func convert(
    _ source: UnsafeRawPointer, isBigEndian: Bool, to target: UnsafeMutableRawPointer,
    as type: ScalarType, count: Int
  ) {
    if type.rawValue == rawValue && self != .bool {
      switch byteCount {
      case 1: target.copyMemory(from: source, byteCount: count)
      case 2: map(source, isBigEndian, to: target, count) { (word: UInt16) in word }
      case 4: map(source, isBigEndian, to: target, count) { (word: UInt32) in word }
      default: map(source, isBigEndian, to: target, count) { (word: UInt64) in word }
      }
      return
    }
    switch self {
    // A byte other than 0 and 1 is no Bool, so the bytes are not copied.
    case .bool: map(source, isBigEndian, to: target, count) { (byte: UInt8) in byte != 0 }
    case .int8: map(source, isBigEndian, to: target, count) { (word: Int8) in Int32(word) }
    case .uint16: map(source, isBigEndian, to: target, count) { (word: UInt16) in Int32(word) }
    case .int16: map(source, isBigEndian, to: target, count) { (word: Int16) in Int32(word) }
    case .uint32: map(source, isBigEndian, to: target, count) { (word: UInt32) in Int64(word) }
    case .float8e4m3: map(source, isBigEndian, to: target, count, fromFloat8)
    // The upper half of a number of 16 bits.
    case .float8e5m2:
      map(source, isBigEndian, to: target, count) { (byte: UInt8) in
        HalfPrecision.float(UInt16(byte) &<< 8)
      }
    case .float16:
      map(source, isBigEndian, to: target, count) { (word: UInt16) in HalfPrecision.float(word) }
    case .bfloat16:
      map(source, isBigEndian, to: target, count) { (word: UInt16) in UInt32(word) &<< 16 }
    case .uint8, .int32, .uint64, .int64, .float32, .float64:
      fail("convert: \(self) is read as it is, not as \(type)")
    }
  }
}

/// Writes `transform` of each word to `target`.
@inline(__always)
private func map<Word: FixedWidthInteger & BitwiseCopyable, Result: BitwiseCopyable>(
  _ source: UnsafeRawPointer, _ isBigEndian: Bool, to target: UnsafeMutableRawPointer,
  _ count: Int, _ transform: (Word) -> Result
) {
  let result = target.assumingMemoryBound(to: Result.self)
  let size = MemoryLayout<Word>.size
  for index in 0..<count {
    let word = source.loadUnaligned(fromByteOffset: index &* size, as: Word.self)
    result[index] = transform(isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word))
  }
}

/// The bits of the Float that equals a number of 8 bits: sign, 4 bits of exponent, 3 of fraction; without
/// infinity, with one NaN.
@inline(__always)
private func fromFloat8(_ byte: UInt8) -> UInt32 {
  let sign = UInt32(byte & 0x80) &<< 24
  if byte & 0x7F == 0x7F { return sign | 0x7FC0_0000 }
  // The difference of the biases is 127 - 7.
  return sign | (Float(bitPattern: UInt32(byte & 0x7F) &<< 20) * 0x1p120).bitPattern
}
