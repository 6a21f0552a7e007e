import ArrayFiles
import Testing

// The bytes are those of Python's protobuf 7, `SerializeToString` of messages with these fields.
@Suite("Messages of Protocol Buffers")
struct ProtobufTests {
  @Test("whole numbers take seven bits a byte, negative ones ten bytes")
  func varints() {
    var message = ProtobufMessage()
    message.append(0, field: 1)
    message.append(127, field: 2)
    message.append(300, field: 16)
    message.append(-1, field: 3)
    #expect(
      message.bytes
        == [0x08, 0, 0x10, 0x7F, 0x80, 0x01, 0xAC, 0x02, 0x18] + [UInt8](repeating: 0xFF, count: 9)
        + [0x01])
  }

  @Test("numbers are little-endian, texts, messages and lists have a length")
  func others() {
    var inner = ProtobufMessage()
    inner.append("ü", field: 1)
    var message = ProtobufMessage()
    message.append(Float(1), field: 2)
    message.append(-2.0, field: 1)
    message.append(inner, field: 5)
    message.append(packed: [1, 300], field: 6)
    message.append(packed: [1.0], field: 7)
    message.append(fieldsOf: inner)
    let text: [UInt8] = [0x0A, 2, 0xC3, 0xBC]
    let expected: [UInt8] =
      [0x15, 0, 0, 0x80, 0x3F, 0x09, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0x2A, 4] + text
      + [0x32, 3, 1, 0xAC, 0x02, 0x3A, 8, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F] + text
    #expect(message.bytes == expected)
  }
}
