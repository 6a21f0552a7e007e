// TensorBoard event files: records with checksums, each of which is a Protocol Buffers message.
//
//     length, 8 bytes; its checksum; the event; its checksum          (TensorFlow's TFRecord)
//     event: wall_time = 1, step = 2, file_version = 3, graph_def = 4, summary = 5
//
// The callback that writes them during `fit` is in `Callbacks/TensorBoard.swift`.

import ArrayFiles
import Autograd
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A TensorBoard event file of numbers, histograms, images and texts over time.
///
/// ```swift
/// let events = try EventFile(in: "logs/run1")
/// for step in 0..<100 {
///   try events.add("loss", losses[step], step: step)
/// }
/// ```
///
/// Then `tensorboard --logdir logs` shows the runs in a browser. Each event is written immediately,
/// so TensorBoard can follow a running training, and a program that is stopped leaves complete
/// events.
public final class EventFile {
  /// The path of the file: `events.out.tfevents.<seconds>.<host>.<process>` in the folder.
  public let path: String
  private let file: Int32

  /// Creates an event file in a folder; missing folders are created.
  ///
  /// - Throws: `FileError` if the folder or the file cannot be created.
  public init(in folder: String) throws(FileError) {
    try createFolder(folder)
    var (file, path, attempt) = (Int32(-1), "", 0)
    repeat {
      path = "\(folder)/events.out.tfevents.\(Int(wallTime())).\(hostName()).\(getpid()).\(attempt)"
      file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      attempt += 1
    } while file < 0 && errno == EEXIST
    guard file >= 0 else {
      throw FileError(path: path, message: "cannot write: \(String(cString: strerror(errno)))")
    }
    (self.file, self.path) = (file, path)
    var version = ProtobufMessage()
    version.append("brain.Event:2", field: 3)
    try append(version, step: 0)
  }

  deinit { close(file) }

  /// Adds a number.
  ///
  /// - Parameters:
  ///   - name: the name of the curve; a prefix up to a slash defines a group.
  ///   - value: the number, stored as `Float`.
  ///   - step: the position on the horizontal axis.
  /// - Throws: `FileError` if the file cannot be written.
  public func add(_ name: String, _ value: Double, step: Int) throws(FileError) {
    var summary = ProtobufMessage()
    summary.append(Float(value), field: 2)
    try append(summary, named: name, step: step)
  }

  /// Adds a histogram of a tensor's finite elements, with `bins` intervals of equal width.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func add<Scalar: TensorFloat>(
    histogramOf tensor: Tensor<Scalar>, named name: String, bins: Int = 30, step: Int
  ) throws(FileError) {
    let values = tensor.elements.map { Double($0) }.filter(\.isFinite)
    let (counts, edges) = Tensor(values).histogram(bins: bins)
    var histogram = ProtobufMessage()
    histogram.append(values.min() ?? 0, field: 1)
    histogram.append(values.max() ?? 0, field: 2)
    histogram.append(Double(values.count), field: 3)
    histogram.append(values.reduce(0, +), field: 4)
    histogram.append(values.reduce(0) { $0 + $1 * $1 }, field: 5)
    histogram.append(packed: Array(edges.elements.dropFirst()), field: 6)
    histogram.append(packed: counts.elements.map { Double($0) }, field: 7)
    var summary = ProtobufMessage()
    summary.append(histogram, field: 5)
    try append(summary, named: name, step: step)
  }

  /// Adds an image, without its captions.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func add(_ picture: Picture, named name: String, step: Int) throws(FileError) {
    var image = ProtobufMessage()
    image.append(picture.rows, field: 1)
    image.append(picture.columns, field: 2)
    image.append(picture.format.rawValue, field: 3)
    image.append(picture.png(), field: 4)
    var summary = ProtobufMessage()
    summary.append(image, field: 4)
    try append(summary, named: name, step: step)
  }

  /// Adds a text, which TensorBoard renders as Markdown.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func add(text: String, named name: String, step: Int) throws(FileError) {
    var (plugin, metadata) = (ProtobufMessage(), ProtobufMessage())
    plugin.append("text", field: 1)
    metadata.append(plugin, field: 1)
    var (dimension, shape, tensor) = (ProtobufMessage(), ProtobufMessage(), ProtobufMessage())
    dimension.append(1, field: 1)
    shape.append(dimension, field: 2)
    tensor.append(7, field: 1)  // DT_STRING
    tensor.append(shape, field: 2)
    tensor.append(text, field: 8)
    var summary = ProtobufMessage()
    summary.append(metadata, field: 9)
    summary.append(tensor, field: 8)
    try append(summary, named: name, step: step)
  }

  /// Adds the graph recorded on a tape, grouped by layers if the tape had a profile.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func add(_ graph: TapeGraph) throws(FileError) {
    let names = graph.nodes.enumerated().map { position, node in
      (node.layer.isEmpty ? "" : node.layer + "/") + "\(node.name)_\(position)"
    }
    var definition = ProtobufMessage()
    for (name, node) in zip(names, graph.nodes) {
      var entry = ProtobufMessage()
      entry.append(name, field: 1)
      entry.append(node.name, field: 2)
      for input in node.inputs { entry.append(names[input], field: 3) }
      definition.append(entry, field: 1)
    }
    var event = ProtobufMessage()
    event.append(definition, field: 4)
    try append(event, step: 0)
  }

  private func append(
    _ value: ProtobufMessage, named name: String, step: Int
  ) throws(FileError) {
    var (named, summary, event) = (ProtobufMessage(), ProtobufMessage(), ProtobufMessage())
    named.append(name, field: 1)
    named.append(fieldsOf: value)
    summary.append(named, field: 1)
    event.append(summary, field: 5)
    try append(event, step: step)
  }

  /// Writes an event with the current time as one record, in a single call.
  private func append(_ content: ProtobufMessage, step: Int) throws(FileError) {
    var event = ProtobufMessage()
    event.append(wallTime(), field: 1)
    event.append(step, field: 2)
    event.append(fieldsOf: content)
    let length = littleEndian(UInt64(event.bytes.count))
    let record =
      length + littleEndian(maskedChecksum(length)) + event.bytes
      + littleEndian(maskedChecksum(event.bytes))
    let written = record.withUnsafeBytes { write(file, $0.baseAddress!, $0.count) }
    guard written == record.count else {
      throw FileError(
        path: path,
        message: written < 0
          ? "cannot write: \(String(cString: strerror(errno)))"
          : "only \(written) of \(record.count) bytes could be written")
    }
  }
}

/// The seconds since 1970.
private func wallTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

private func hostName() -> String {
  var name = [CChar](repeating: 0, count: 256)
  gethostname(&name, name.count - 1)
  return name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
}

private func littleEndian<Bits: FixedWidthInteger>(_ bits: Bits) -> [UInt8] {
  withUnsafeBytes(of: bits.littleEndian) { Array($0) }
}

/// TFRecord's checksum: the CRC-32C rotated by 15 bits, plus a constant.
private func maskedChecksum(_ bytes: [UInt8]) -> UInt32 {
  let crc = crc32c(bytes)
  return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
}
