import ArrayFiles
import TestSupport
import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The events of a file, without their time; fails for a wrong length or checksum.
///
/// `read_events.py` beside this file reads one with TensorFlow instead.
private func events(_ path: String) throws -> [[UInt8]] {
  let bytes = try readFile(path)
  func number(_ start: Int, _ count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(bytes[start + $1]) << (8 * UInt64($1)) }
  }
  func checksum(_ range: Range<Int>) -> UInt64 {
    let crc = crc32c(Array(bytes[range]))
    return UInt64((crc >> 15 | crc << 17) &+ 0xA282_EAD8)
  }
  var (events, start): ([[UInt8]], Int) = ([], 0)
  while start < bytes.count {
    let length = Int(number(start, 8))
    let data = start + 12..<start + 12 + length
    #expect(number(start + 8, 4) == checksum(start..<start + 8))
    #expect(number(data.upperBound, 4) == checksum(data))
    // The time is the first field: a key and eight bytes.
    #expect(bytes[data.lowerBound] == 0x09)
    events.append(Array(bytes[data].dropFirst(9)))
    start = data.upperBound + 4
  }
  return events
}

private func readFile(_ path: String) throws -> [UInt8] {
  let file = try #require(fopen(path, "r"))
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 20)
  bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
  return bytes
}

private func message(_ body: (inout ProtobufMessage) -> Void) -> ProtobufMessage {
  var message = ProtobufMessage()
  body(&message)
  return message
}

/// The event of one number.
private func scalar(_ name: String, _ value: Float, step: Int) -> [UInt8] {
  let number = message {
    $0.append(name, field: 1)
    $0.append(value, field: 2)
  }
  let summary = message { $0.append(number, field: 1) }
  return message {
    $0.append(step, field: 2)
    $0.append(summary, field: 5)
  }.bytes
}

@Suite("TensorBoard")
struct EventFileTests {
  @Test("a file begins with its version, and each event is a record")
  func records() throws {
    try withTemporaryFolder { folder in
      let file = try EventFile(in: folder + "/a/b")
      try file.add("loss", 0.5, step: 0)
      try file.add("loss", .nan, step: 1)
      let events = try events(file.path)
      #expect(events.count == 3)
      #expect(
        events[0]
          == message {
            $0.append(0, field: 2)
            $0.append("brain.Event:2", field: 3)
          }.bytes)
      #expect(events[1] == scalar("loss", 0.5, step: 0))
      #expect(events[2] == scalar("loss", .nan, step: 1))
    }
  }

  @Test("two files of one second in one folder have two names")
  func names() throws {
    try withTemporaryFolder { folder in
      let (a, b) = (try EventFile(in: folder), try EventFile(in: folder))
      #expect(a.path != b.path)
    }
  }

  @Test("a folder that cannot be is a typed error")
  func unwritable() throws {
    #expect(throws: FileError.self) { try EventFile(in: "/dev/null/logs") }
  }

  @Test("a histogram holds count, sums and edges")
  func histogram() throws {
    try withTemporaryFolder { folder in
      let file = try EventFile(in: folder)
      try file.add(
        histogramOf: Tensor<Float>([1, 2, 4, .nan]), named: "w", bins: 3, step: 7)
      try file.add(histogramOf: Tensor<Float>([]), named: "empty", step: 8)
      let histogram = message {
        $0.append(1.0, field: 1)
        $0.append(4.0, field: 2)
        $0.append(3.0, field: 3)
        $0.append(7.0, field: 4)
        $0.append(21.0, field: 5)
        $0.append(packed: [2.0, 3, 4], field: 6)
        $0.append(packed: [1.0, 1, 1], field: 7)
      }
      let value = message {
        $0.append("w", field: 1)
        $0.append(histogram, field: 5)
      }
      let summary = message { $0.append(value, field: 1) }
      let events = try events(file.path)
      #expect(
        events[1]
          == message {
            $0.append(7, field: 2)
            $0.append(summary, field: 5)
          }.bytes)
      #expect(events.count == 3)
    }
  }

  @Test("pictures, texts and graphs are written")
  func others() throws {
    try withTemporaryFolder { folder in
      let file = try EventFile(in: folder)
      try file.add(Picture(values: [0, 1, 2, 3, 4, 5], width: 3, height: 2), named: "p", step: 1)
      try file.add(text: "**bold**", named: "t", step: 1)
      let tape = Tape<Float>()
      try file.add(TapeGraph(of: square(tape.variable([1, 2])).sum()))
      #expect(try events(file.path).count == 4)
    }
  }

  @Test("the callback writes training and validation under one name, and histograms by path")
  func callback() throws {
    try withTemporaryFolder { folder in
      let x: Tensor<Float> = [[1, 2], [-1, 0.5], [0.3, -2], [2, 1]]
      let y: Tensor<Float> = [[1], [0], [1], [0]]
      var model = Sequential([Dense(1, inputShape: [2])]).compile(
        optimizer: SGD(), loss: "mse", seed: 1)
      let history = model.fit(
        x, y, epochs: 3, validationSplit: 0.5,
        callbacks: [.tensorBoard(in: folder, histogramInterval: 2)], verbose: 0)
      let train = try events(try onlyFile(folder + "/train"))
      let validation = try events(try onlyFile(folder + "/validation"))
      // Version, three losses, and after epochs 0 and 2 kernel and bias.
      #expect(train.count == 1 + 3 + 4)
      #expect(validation.count == 1 + 3)
      #expect(train[1] == scalar("epoch_loss", Float(history["loss"][0]), step: 0))
      #expect(validation[3] == scalar("epoch_loss", Float(history["val_loss"][2]), step: 2))
    }
  }

  private func onlyFile(_ folder: String) throws -> String {
    let directory = try #require(opendir(folder))
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    try #require(names.count == 1)
    return "\(folder)/\(names[0])"
  }
}
