// Model files that release 0.1 wrote, in Goldens, go on with the bits that the release itself gave:
// goldens.txt holds, for each, four predictions, and the sum and the extremes of each weight after some
// more epochs.

import TestSupport
import Testing
import Train

private let (circles, rings) = makeCircles(samples: 40, noise: 0.1, factor: 0.3, randomState: 0)
private let x = Tensor<Float>(circles)
private let y = Tensor<Float>(rings).reshaped(to: [40, 1])
private let oneHot = Tensor<Float>(toCategorical(Tensor<Int>(rings), classes: 2))
private let rows = Tensor<Float>((0..<120).map { Float(($0 * 37) % 23) / 11 - 1 })
  .reshaped(to: [10, 12])
private let classes = Tensor<Float>(toCategorical(Tensor<Int>((0..<10).map { $0 % 3 }), classes: 3))

private let folder =
  "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast()
  .joined(separator: "/") + "/Goldens"

/// The numbers of a line `name kind numbers…` of goldens.txt.
private func golden(_ name: String, _ kind: String) throws -> [Double] {
  let text = String(decoding: try readFile(folder + "/goldens.txt"), as: UTF8.self)
  let line = text.split(separator: "\n").first { $0.hasPrefix("\(name) \(kind) ") }
  return try #require(line).split(separator: " ").dropFirst(2).map { Double($0)! }
}

@Suite("A model file of version 1")
struct Version1Tests {
  private func check<Scalar: TensorFloat>(
    _ name: String, _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, epochs: Int, sameBits: Bool = true
  ) throws {
    let path = "\(folder)/\(name).safetensors"
    var model = try Model<Sequential<Scalar>>(contentsOf: path)
    let predictions = model.predict(x[..<4]).elements.map(\.asDouble)
    // Saved and read again it is the same.
    try withTemporaryFolder { folder in
      try model.save(to: "\(folder)/again.safetensors")
      model = try Model<Sequential<Scalar>>(contentsOf: "\(folder)/again.safetensors")
    }
    model.fit(
      x, y, epochs: epochs, initialEpoch: model.epoch, batchSize: 8, verbose: 0, hints: false)
    let weights = model.weights.flatMap { [$0.sum(), $0.max(), $0.min()] }.map(\.asDouble)
    if Machine.instructionSet == .avx512 {
      #expect(predictions == (try golden(name, "predict")))
      if sameBits { #expect(weights == (try golden(name, "weights"))) }
    }
    expectClose(predictions, try golden(name, "predict"), relative: 1e-5, absolute: 1e-5)
    expectClose(weights, try golden(name, "weights"), relative: 1e-4, absolute: 1e-4)
  }

  @Test("goes on as the release would have")
  func circles() throws { try check("circles", x, y, epochs: 5) }

  @Test("goes on inside of an epoch")
  func interrupted() throws { try check("interrupted", x, y, epochs: 3) }

  @Test("holds all layers, frozen ones too")
  func layers() throws {
    // Sums over a batch, which batch normalisation takes, are more exact than they were.
    try check("layers", rows, classes, epochs: 4, sameBits: false)
    let model = try Model<Sequential<Float>>(contentsOf: "\(folder)/layers.safetensors")
    #expect(!model.network[1].isTrainable && model.network[3].isTrainable)
    let dense = try #require(model.network[1] as? Dense<Float>)
    #expect(dense.kernel.regularizer == .l1l2(l1: 1e-3, l2: 1e-2))
    #expect(dense.bias?.regularizer == .l2(0.1) && dense.activation == .relu)
    #expect((model.loss as? CategoricalCrossentropy)?.labelSmoothing == 0.1)
    #expect(model.optimizer.clipping == .globalNorm(1))
  }

  @Test("holds all activations")
  func activations() throws {
    try check("activations", Tensor<Double>(x), Tensor<Double>(y), epochs: 2)
  }

  @Test(
    "holds all optimizers and losses",
    arguments: ["rmsprop", "adagrad", "adadelta", "nadam", "adamax", "adamw"])
  func optimizers(name: String) throws {
    // The loss of that file, log cosh, keeps small errors now.
    try check(name, x, name == "rmsprop" ? oneHot : y, epochs: 4, sameBits: name != "adamax")
    let model = try Model<Sequential<Float>>(contentsOf: "\(folder)/\(name).safetensors")
    #expect(model.optimizer.name == name)
  }
}
