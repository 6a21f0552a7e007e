// Models that Keras stored, with their predictions: keras_goldens.txt, written by make_keras_goldens.py, which
// tells what a line means and checks what is written here in Keras itself.

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

/// Where the networks that are written stay for Keras, if a test run is to leave them.
private let kerasFolder = getenv("KERAS_FOLDER").map { String(cString: $0) }

/// A model that Keras stored.
struct KerasGolden: CustomTestStringConvertible, Sendable {
  let name: String
  let form: String
  let x: Tensor<Float>
  let y: Tensor<Float>
  let file: [UInt8]
  var testDescription: String { "\(name).\(form)" }
}

private func tensor(_ shape: Substring, _ digits: Substring) -> Tensor<Float> {
  let bytes = digits.utf8.map { $0 < 58 ? $0 - 48 : $0 - 87 }
  let words = stride(from: 0, to: bytes.count, by: 8).map { start in
    (0..<4).reduce(UInt32(0)) {
      $0 | UInt32(bytes[start + 2 * $1] << 4 | bytes[start + 2 * $1 + 1]) << UInt32(8 * $1)
    }
  }
  return Tensor(
    words.map(Float.init(bitPattern:)),
    shape: TensorShape(shape.split(separator: "x").map { Int($0)! }))
}

/// The bytes that a text in base64 stands for.
private func base64Decoded(_ text: Substring) -> [UInt8] {
  let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var (bytes, bits, count) = ([UInt8](), 0, 0)
  for letter in text.utf8 {
    guard let value = letters.firstIndex(of: letter) else { break }
    (bits, count) = ((bits << 6 | value) & 0xFFFF, count + 6)
    if count >= 8 {
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> count))
    }
  }
  return bytes
}

private let goldens: [KerasGolden] = goldenLines("keras_goldens.txt").filter { !$0.isEmpty }.map {
  let words = $0.split(separator: " ")
  let file = try! base64Decoded(words[7]).withUnsafeBufferPointer { bytes throws(FileError) in
    try zlibDecompressed(bytes, limit: 1 << 24, path: "golden").array
  }
  return KerasGolden(
    name: String(words[1]), form: String(words[2]), x: tensor(words[3], words[4]),
    y: tensor(words[5], words[6]), file: file)
}

/// Calls `body` with the path of a golden file.
private func withGolden(_ golden: KerasGolden, _ body: (String) throws -> Void) throws {
  try withTemporaryFolder { folder in
    let path = "\(folder)/model.\(golden.form)"
    try writeFile(golden.file, to: path)
    try body(path)
  }
}

private func predictions<Network: Layer<Float>>(
  _ network: Network, _ x: Tensor<Float>
) -> Tensor<Float> {
  let context = Context<Float>(isTraining: false)
  return network([context.tape.constant(x)], in: context)[0].value
}

@Suite("Keras's files")
struct KerasTests {
  @Test("a network read from a file predicts what Keras predicts", arguments: goldens)
  func reading(_ golden: KerasGolden) throws {
    try withGolden(golden) { path in
      let graph = try Graph<Float>(contentsOfKeras: path)
      expectClose(predictions(graph, golden.x), golden.y, absolute: 1e-5)
      guard !["graph", "attention"].contains(golden.name) else {
        #expect(throws: FileError.self) { _ = try Sequential<Float>(contentsOfKeras: path) }
        return
      }
      let network = try Sequential<Float>(contentsOfKeras: path)
      expectClose(predictions(network, golden.x), golden.y, absolute: 1e-5)
    }
  }

  @Test("what is written is read again with the same bits", arguments: goldens)
  func roundTrip(_ golden: KerasGolden) throws {
    // Keras has a network within a network as a model of its own.
    guard golden.name != "nested" else { return }
    try withGolden(golden) { path in
      let graph = try Graph<Float>(contentsOfKeras: path)
      let again = "\(path).keras"
      try graph.writeKeras(to: again)
      let read = try Graph<Float>(contentsOfKeras: again)
      #expect(read.weights == graph.weights)
      #expect(predictions(read, golden.x) == predictions(graph, golden.x))
      guard !["graph", "attention"].contains(golden.name) else { return }
      let network = try Sequential<Float>(contentsOfKeras: path)
      try network.writeKeras(to: again)
      let stack = try Sequential<Float>(contentsOfKeras: again)
      #expect(stack.weights == network.weights)
      #expect(predictions(stack, golden.x) == predictions(network, golden.x))
      // For make_keras_goldens.py.
      if let folder = kerasFolder {
        let name = "\(folder)/\(golden.name)-\(golden.form)"
        try network.writeKeras(to: "\(name).keras")
        try NPZFile.write(["x": golden.x, "y": golden.y], to: "\(name).npz")
      }
    }
  }

  @Test("errors name the layer and the setting")
  func messages() throws {
    func error(_ configuration: JSON) throws -> String? {
      try withTemporaryFolder { folder in
        let path = "\(folder)/m.keras"
        try KerasFile.write(configuration: configuration, [], to: path)
        do throws(FileError) {
          _ = try Sequential<Float>(contentsOfKeras: path)
          return nil
        } catch {
          return error.message
        }
      }
    }
    func model(_ layer: JSON) -> JSON {
      [
        "class_name": "Sequential",
        "config": ["name": "m", "layers": [layer]], "build_config": ["input_shape": [.null, 4]],
      ]
    }
    #expect(
      try error(model(["class_name": "Conv7D", "config": ["name": "c"]]))
        == "the layer \"c\": this library has no layer \"Conv7D\" that it reads from Keras's files")
    #expect(
      try error(model(["class_name": "Dot", "config": ["name": "d"]])) != nil)
    #expect(
      try error(model(["class_name": "Dense", "config": ["name": "d", "units": 0]]))?.contains(
        "the number of units must be positive") == true)
    #expect(
      try error(model(["class_name": "Dense", "config": ["name": "d", "units": 2]]))?.contains(
        "expected an array \"layers/dense/vars/0\"") == true)
    #expect(
      try error(
        model(["class_name": "LSTM", "config": ["name": "l", "units": 2, "stateful": true]]))
        == "the layer \"l\": expected stateful to be false, got \"true\"")
  }
}
