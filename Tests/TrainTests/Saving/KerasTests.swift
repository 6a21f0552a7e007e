// Models that Keras stored, with their predictions: keras_goldens.txt, written by make_keras_goldens.py, which
// tells what a line means, and checks in Keras itself what is written here.

import ArrayFiles
import TestSupport
import Testing

@testable import Train

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

/// Numbers of which each is written as four bytes in hexadecimal.
private func tensor(_ shape: Substring, _ digits: Substring) -> Tensor<Float> {
  let nibbles: [UInt32] = digits.utf8.map { UInt32($0 < 58 ? $0 - 48 : $0 - 87) }
  var numbers: [Float] = []
  for start in stride(from: 0, to: nibbles.count, by: 8) {
    var bits: UInt32 = 0
    for place in 0..<4 {
      let byte: UInt32 = nibbles[start + 2 * place] << 4 | nibbles[start + 2 * place + 1]
      bits |= byte << UInt32(8 * place)
    }
    numbers.append(Float(bitPattern: bits))
  }
  return Tensor(numbers, shape: TensorShape(shape.split(separator: "x").map { Int($0)! }))
}

private let goldens: [KerasGolden] = goldenLines("keras_goldens.txt").filter { !$0.isEmpty }.map {
  let words = $0.split(separator: " ")
  let file = try! base64Decoded(String(words[7])).withUnsafeBufferPointer {
    bytes throws(FileError) in
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
      guard !["graph", "attention", "causal"].contains(golden.name) else {
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
      // For make_keras_goldens.py.
      if let folder = kerasFolder {
        let name = "\(folder)/\(golden.name)-\(golden.form)"
        try graph.writeKeras(to: "\(name)-graph.keras")
        try NPZFile.write(["x": golden.x, "y": golden.y], to: "\(name)-graph.npz")
      }
      guard !["graph", "attention", "causal"].contains(golden.name) else { return }
      let network = try Sequential<Float>(contentsOfKeras: path)
      try network.writeKeras(to: again)
      let stack = try Sequential<Float>(contentsOfKeras: again)
      #expect(stack.weights == network.weights)
      #expect(predictions(stack, golden.x) == predictions(network, golden.x))
      if let folder = kerasFolder {
        let name = "\(folder)/\(golden.name)-\(golden.form)"
        try network.writeKeras(to: "\(name).keras")
        try NPZFile.write(["x": golden.x, "y": golden.y], to: "\(name).npz")
      }
    }
  }

  @Test("a dense layer without a bias is written and read")
  func noBias() throws {
    try withTemporaryFolder { folder in
      var network = Sequential<Float>([
        Dense(2, activation: .relu, useBias: false, inputShape: [3]), Dense(1),
      ])
      var generator = RandomGenerator(seed: 1)
      network.initialize(using: &generator)
      try network.writeKeras(to: "\(folder)/m.keras")
      let read = try Sequential<Float>(contentsOfKeras: "\(folder)/m.keras")
      #expect(read.parameterPaths == ["dense.kernel", "dense_1.kernel", "dense_1.bias"])
      #expect(read.weights == network.weights)
    }
  }

  @Test("what Keras does not have is refused")
  func refused() {
    withTemporaryFolder { folder in
      var network = Sequential<Float>([Dense(2, activation: .step, inputShape: [3])])
      var generator = RandomGenerator(seed: 1)
      network.initialize(using: &generator)
      do throws(FileError) {
        try network.writeKeras(to: "\(folder)/m.keras")
        Issue.record("written")
      } catch {
        #expect(error.message.contains("Keras has no activation function \"step\""))
      }
    }
  }

  @Test(
    "errors name the layer and the setting",
    arguments: [
      ("dense", "\"Dense\"", "\"Dunse\"", "this library has no layer \"Dunse\""),
      ("dense", "\"units\": 4", "\"units\": 5", "expected shape [6, 5] for"),
      ("dense", "\"units\": 4", "\"units\": 0", "the number of units must be positive"),
      ("dense", "\"units\": 4", "\"units\":\"\"", "units"),
      ("dense", "\"units\": 4", "\"units\":[4", "expected"),
      (
        "dense", "\"use_bias\": true", "\"use_bias\": 1111", "expected use_bias to be true or false"
      ),
      ("dense", "\"Sequential\"", "\"Sequentiel\"", "expected Sequential or Functional"),
      ("normalization", "\"axis\": -1", "\"axis\":  0", "expected the last axis, got \"[0]\""),
      ("bidirectional", "\"stateful\": false", "\"stateful\": true ", "expected stateful to be"),
      ("conv2d", "\"channels_last\"", "\"channels_fast\"", "expected data_format to be"),
      (
        "conv2d", "\"kernel_size\": [3, 3]", "\"kernel_size\": [3   ]",
        "expected 2 sizes for kernel_"
      ),
      (
        "graph", "\"keras_history\": [\"add\"", "\"keras_history\": [\"odd\"",
        "takes what no layer gives"
      ),
      ("attention", "\"Add\"", "\"Dot\"", "expected two inputs of equal shapes with one axis"),
    ])
  func messages(_ name: String, _ old: String, _ new: String, _ expected: String) throws {
    let golden = try #require(goldens.first { $0.name == name && $0.form == "h5" })
    var file = golden.file
    let start = try #require(file.firstRange(of: Array(old.utf8))?.lowerBound)
    file.replaceSubrange(start..<start + old.utf8.count, with: new.utf8)
    #expect(file.count == golden.file.count)
    let message = try #require(try error(file, golden.form))
    #expect(message.contains(expected), "got: \(message)")
  }

  @Test("damaged files are refused or read, and never stop the program")
  func damage() throws {
    for golden in goldens where ["dense", "causal"].contains(golden.name) {
      for part in 0..<16 {
        let count = golden.file.count * part / 16
        #expect(try error(Array(golden.file[..<count]), golden.form) != nil, "\(count) bytes")
      }
      var generator = RandomGenerator(seed: 7)
      for _ in 0..<32 {
        var file = golden.file
        file[Int.random(in: 0..<file.count, using: &generator)] ^= 1 << 5
        _ = try error(file, golden.form)
      }
    }
  }

  @Test("networks are not read without end")
  func nesting() {
    var model: JSON = ["class_name": "Dense", "config": ["name": "d", "units": 2]]
    for _ in 0..<40 {
      model = ["class_name": "Sequential", "config": ["name": "s", "layers": [model]]]
    }
    #expect(throws: FileError.self) { _ = try KerasReader(path: "m").network(model) }
  }

  @Test("what an operation takes besides results of layers is refused")
  func scalars() throws {
    let x: JSON = [
      "class_name": "__keras_tensor__", "config": ["keras_history": ["x", 0, 0]],
    ]
    func message(_ type: JSON, _ call: JSON) -> String? {
      let model: JSON = [
        "class_name": "Functional",
        "config": [
          "layers": [
            ["class_name": "InputLayer", "config": ["name": "x", "batch_shape": [.null, 4]]],
            [
              "module": "keras.src.ops.numpy", "class_name": type, "config": ["name": "y"],
              "inbound_nodes": [call],
            ],
          ],
          "input_layers": ["x", 0, 0], "output_layers": ["y", 0, 0],
        ],
      ]
      do throws(FileError) {
        _ = try KerasReader(path: "m").network(model)
        return nil
      } catch {
        return error.message
      }
    }
    #expect(message("Add", ["args": [x, x], "kwargs": [:]]) == nil)
    #expect(
      message("Multiply", ["args": [x, 2.5], "kwargs": [:]])
        == "the call of the layer \"y\": expected results of layers only, got \"2.5\"")
    #expect(
      message("Add", ["args": [x, x], "kwargs": ["mask": x]])?.contains("the argument \"mask\"")
        == true)
    #expect(
      message("Softmax", ["args": [x], "kwargs": [:]])
        == "the layer \"y\": expected a layer, got the operation \"Softmax\"")
  }

  /// What the error says that reading a file gives.
  private func error(_ file: [UInt8], _ form: String) throws -> String? {
    try withTemporaryFolder { folder in
      let path = "\(folder)/model.\(form)"
      try writeFile(file, to: path)
      do throws(FileError) {
        _ = try Graph<Float>(contentsOfKeras: path)
        return nil
      } catch {
        return error.message
      }
    }
  }
}
