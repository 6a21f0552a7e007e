// Protocol Buffers, the wire format of ONNX and of TensorBoard, as far as they need it: a message is a
// row of fields, each a key (number and kind) and a value. There is no schema here; the formats' files
// know their fields' numbers.

/// A message that is being written: its fields in the order of the calls.
package struct ProtobufMessage {
  /// The encoded message.
  package private(set) var bytes: [UInt8] = []

  /// An empty message.
  package init() {}

  /// The ways in which a value is stored, the lower three bits of a key.
  private enum Kind: UInt64 {
    case varint = 0
    case eightBytes = 1
    case lengthDelimited = 2
    case fourBytes = 5
  }

  /// Appends a whole number.
  package mutating func append(_ value: Int, field: Int) {
    append(key: field, .varint)
    append(varint: UInt64(bitPattern: Int64(value)))
  }

  /// Appends a number of four bytes.
  package mutating func append(_ value: Float, field: Int) {
    append(key: field, .fourBytes)
    append(littleEndian: value.bitPattern)
  }

  /// Appends a number of eight bytes.
  package mutating func append(_ value: Double, field: Int) {
    append(key: field, .eightBytes)
    append(littleEndian: value.bitPattern)
  }

  /// Appends a text.
  package mutating func append(_ text: String, field: Int) {
    append(Array(text.utf8), field: field)
  }

  /// Appends a message within this one.
  package mutating func append(_ message: ProtobufMessage, field: Int) {
    append(message.bytes, field: field)
  }

  /// Appends bytes.
  package mutating func append(_ value: [UInt8], field: Int) {
    append(key: field, .lengthDelimited)
    append(varint: UInt64(value.count))
    bytes += value
  }

  /// Appends all fields of another message.
  package mutating func append(fieldsOf other: ProtobufMessage) { bytes += other.bytes }

  /// Appends whole numbers as one field.
  package mutating func append(packed values: [Int], field: Int) {
    var packed = ProtobufMessage()
    for value in values { packed.append(varint: UInt64(bitPattern: Int64(value))) }
    append(packed, field: field)
  }

  /// Appends numbers of eight bytes as one field.
  package mutating func append(packed values: [Double], field: Int) {
    var packed = ProtobufMessage()
    for value in values { packed.append(littleEndian: value.bitPattern) }
    append(packed, field: field)
  }

  private mutating func append(key field: Int, _ kind: Kind) {
    append(varint: UInt64(field) << 3 | kind.rawValue)
  }

  /// Seven bits a byte, the lowest first; the upper bit says that more follow.
  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append<Bits: FixedWidthInteger>(littleEndian bits: Bits) {
    withUnsafeBytes(of: bits.littleEndian) { bytes += $0 }
  }
}
