// What Keras and PyTorch compute: outputs, gradients and 50 steps of training for every layer, loss,
// optimizer and schedule, and how initial weights are spread. make_goldens.py says what a line of
// goldens.txt means and has the same table of networks as this file.
//
// The peers computed in float64. In Double we differ from them by at most 1e-12 of the largest number of a
// part, in Float by 1e-5, also after 50 steps.

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

@Suite("What Keras and PyTorch compute")
struct OracleTests {
  @Test("is what 50 steps of training give", arguments: goldens.filter { $0.kind == "train" })
  fileprivate func training(_ line: Line) {
    follow(line, in: Double.self, tolerance: 1e-12)
    follow(line, in: Float.self, tolerance: 1e-5)
  }

  private func follow<Scalar: TensorFloat>(
    _ line: Line, in: Scalar.Type, tolerance: Double
  ) {
    let run = Run<Scalar>(line.words[0], line.words[1], line.words[2])
    let parts = ["outputs", "gradients", "losses", "sums", "weights"]
    for (index, part) in parts.enumerated() {
      let expected = line.numbers[index]
      let scale = expected.map(abs).max() ?? 0
      expectClose(
        run.parts[index], expected, relative: 0, absolute: tolerance * scale,
        "\(part) of \(line) in \(Scalar.self)")
    }
  }

  @Test("is the rate of each of 60 steps", arguments: goldens.filter { $0.kind == "rates" })
  fileprivate func rates(_ line: Line) throws {
    let schedule = try #require(schedules[line.words[0]])
    expectClose((0..<60).map { schedule(step: $0) }, line.numbers[0], "\(line)")
  }

  @Test("is how initial weights are spread", arguments: goldens.filter { $0.kind == "spread" })
  fileprivate func spread(_ line: Line) throws {
    let initializer = try #require(initializers[line.words[0]])
    var generator = RandomGenerator(seed: 3)
    let values = initializer.make([1500, 800], &generator).reshaped(to: [-1]).sorted()
    let (count, keras) = (values.count, line.numbers[0])
    let (mean, deviation) = (values.mean(), values.standardDeviation())
    let deciles = (1...9).map { values[count * $0 / 10] }
    // Both are samples: the deciles of 1,200,000 numbers vary by 0.002 standard deviations.
    expectClose([deviation], [keras[3]], relative: 0.003, "standard deviation of \(line)")
    expectClose(
      [mean] + deciles, [keras[2]] + keras[4...], relative: 0, absolute: 0.01 * deviation,
      "mean and deciles of \(line)")
    // A normal distribution has no ends.
    if line.words[0] != "normal" {
      expectClose(
        [values[0], values[count - 1]], Array(keras[..<2]), relative: 0,
        absolute: 0.01 * deviation, "ends of \(line)")
    }
  }

  @Test("is what dropout leaves", arguments: goldens.filter { $0.kind == "drops" })
  fileprivate func drops(_ line: Line) throws {
    let rate = try #require(Double(line.words[0]))
    let context = Context<Double>(isTraining: true)
    let ones = context.tape.constant(.ones([1000, 1000]))
    let values = Dropout<Double>(rate)(ones, in: context).value
    let zeros = (values .== 0).countTrue()
    expectClose(
      [Double(zeros) / Double(values.count)], [line.numbers[0][0]], relative: 0, absolute: 0.002)
    expectClose([values.max()], [line.numbers[0][1]])
    #expect(zeros + (values .== values.max()).countTrue() == values.count)
  }

  @Test("is asked for every loss, optimizer and activation that has a name")
  func complete() {
    let words = goldens.filter { $0.kind == "train" }.map(\.words)
    func base(_ name: String) -> String { String(name.prefix { $0 != "." && $0 != "+" }) }
    let losses = Set(words.map { base($0[1]) })
    let optimizers = Set(words.map { base($0[2]) })
    #expect(Set(LossName.known.map(\.name)).subtracting(losses) == [])
    #expect(Set(OptimizerName.known.map(\.name)).subtracting(optimizers) == [])
    // A step has no derivative to learn from, and Keras has no name for the approximate GELU.
    let activations = Set(ActivationFunction.allCases.map(\.name)).subtracting([
      "step", "gelu_tanh",
    ])
    #expect(activations.subtracting(words.map { $0[0] }) == [])
    #expect(words.count { $0[3] == "both" } >= 30)
  }
}

// MARK: - The file

/// A line of goldens.txt: `kind words… | numbers | numbers …`.
private struct Line: Sendable, CustomTestStringConvertible {
  let kind: String
  let words: [String]
  let numbers: [[Double]]

  var testDescription: String { words.joined(separator: " ") }
}

private let goldens: [Line] = {
  let path =
    "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/goldens.txt"
  guard let bytes = try? readFile(path) else { fail("there is no \(path)") }
  return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
    let parts = line.split(separator: "|")
    let words = parts[0].split(separator: " ").map(String.init)
    return Line(
      kind: words[0], words: Array(words.dropFirst()),
      numbers: parts.dropFirst().map { $0.split(separator: " ").map { Double($0)! } })
  }
}()

// MARK: - The table

/// Multiples of 1/64 in ±reach, as make_goldens.py makes them.
private func numbers<Scalar: TensorFloat>(
  _ seed: UInt64, _ shape: TensorShape, reach: Int
) -> Tensor<Scalar> {
  var state = seed &* 0x9E37_79B9_7F4A_7C15
  let values = (0..<shape.elementCount).map { _ -> Scalar in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let number = Int(state >> 33) % (2 * reach * 64 + 1)
    return Scalar(Double(number) / 64 - Double(reach))
  }
  return Tensor(values, shape: shape)
}

private let (samples, inputs, outputs, steps) = (6, 3, 2, 50)

/// The name without what stands behind the point: `huber` of `huber.half`.
private func base(_ name: String) -> String { String(name.prefix { $0 != "." }) }

private func targets<Scalar: TensorFloat>(_ loss: String) -> Tensor<Scalar> {
  let t: Tensor<Scalar> = numbers(2, [samples, outputs], reach: 2)
  let isPositive = t.elements.map { $0 > 0 }
  let classes = stride(from: 0, to: t.count, by: outputs).map { isPositive[$0] }
  switch loss == "hinge.binary" ? "binary_crossentropy" : base(loss) {
  case "binary_crossentropy":
    return Tensor(isPositive.map { $0 ? 1 : 0 }, shape: t.shape)
  case "hinge": return Tensor(isPositive.map { $0 ? 1 : -1 }, shape: t.shape)
  case "categorical_crossentropy":
    return Tensor(classes.flatMap { $0 ? [0, 1] : [1, 0] }, shape: t.shape)
  case "sparse_categorical_crossentropy":
    return Tensor(classes.map { $0 ? 1 : 0 }, shape: [samples])
  case "kl_divergence":
    let share = (t[0..., 0] + Scalar(2.5)) / 5
    return stack([share, 1 - share], axis: 1)
  default: return t
  }
}

private func network<Scalar: TensorFloat>(_ name: String, _ loss: String) -> Sequential<Scalar> {
  let head: ActivationFunction =
    switch base(loss) {
    case "binary_crossentropy": .sigmoid
    case "categorical_crossentropy", "sparse_categorical_crossentropy", "kl_divergence": .softmax
    default: .linear
    }
  func dense(
    _ activation: ActivationFunction = .linear, units: Int = 4, kernel: Regularizer? = nil,
    bias: Regularizer? = nil
  ) -> Dense<Scalar> {
    Dense(units, activation: activation, kernelRegularizer: kernel, biasRegularizer: bias)
  }
  let body: [any Layer<Scalar>] =
    switch name {
    case "batchnorm":
      [dense(), BatchNormalization<Scalar>(), Activation<Scalar>(.tanh)]
    case "batchnormfast":
      [dense(.tanh), BatchNormalization<Scalar>(momentum: 0.8, epsilon: 1e-2)]
    case "LeakyReLU": [dense(), LeakyReLU<Scalar>(negativeSlope: 0.3)]
    case "ELU": [dense(), ELU<Scalar>(alpha: 0.7)]
    case "reshape":
      [dense(.tanh), Reshape<Scalar>([2, 2]), dense(.sigmoid, units: 3), Flatten<Scalar>()]
    case "deep": [dense(.tanh, units: 5), dense(.sigmoid), dense(.softplus, units: 3)]
    case "l1": [dense(.tanh, kernel: .l1(0.03))]
    case "l2": [dense(.tanh, kernel: .l2(0.05), bias: .l2(0.01))]
    case "l1l2": [dense(.tanh, kernel: .l1l2(l1: 0.01, l2: 0.02))]
    case "bare": []
    case "lambda": [dense(), Lambda<Scalar> { $0 * $0 / 2 }]
    case "frozen": [dense(.tanh)]
    default: [dense(ActivationFunction(stringLiteral: name))]
    }
  var network = Sequential<Scalar>(body + [Dense<Scalar>(outputs, activation: head)])
  if name == "frozen" { network[0].isTrainable = false }
  return network
}

private func loss(_ name: String) -> any Loss {
  switch name {
  case "huber.half": Huber(delta: 0.5)
  case "hinge.binary": Hinge()
  case "binary_crossentropy.smoothed": BinaryCrossentropy(labelSmoothing: 0.1)
  case "categorical_crossentropy.smoothed": CategoricalCrossentropy(labelSmoothing: 0.1)
  default: LossName(stringLiteral: name).loss
  }
}

private let schedules: [String: LearningRateSchedule] = [
  "exponential": .exponentialDecay(from: 0.1, steps: 10, decayRate: 0.5),
  "exponential.staircase":
    .exponentialDecay(from: 0.1, steps: 10, decayRate: 0.5, staircase: true),
  "cosine": .cosineDecay(from: 0.1, steps: 40),
  "cosine.alpha": .cosineDecay(from: 0.1, steps: 40, alpha: 0.2),
  "cosine.warmup": .cosineDecay(from: 0.01, steps: 30, warmupTarget: 0.1, warmupSteps: 10),
  "piecewise":
    .piecewiseConstant(boundaries: [10, 25, 40], rates: [0.1, 0.05, 0.02, 0.01]),
  "polynomial": .polynomialDecay(from: 0.1, to: 0.01, steps: 40, power: 2),
  "polynomial.line": .polynomialDecay(from: 0.1, steps: 40),
  "inverse": .inverseTimeDecay(from: 0.1, steps: 10, decayRate: 0.5),
]

private func optimizer(_ name: String) -> any Optimizer {
  switch name {
  case "sgd": SGD(learningRate: 0.1)
  case "sgd.momentum": SGD(learningRate: 0.05, momentum: 0.9)
  case "sgd.nesterov": SGD(learningRate: 0.05, momentum: 0.9, nesterov: true)
  case "sgd.value": SGD(learningRate: 0.1).clipped(to: .value(0.1))
  case "sgd.norm": SGD(learningRate: 0.1).clipped(to: .norm(0.3))
  case "sgd.globalnorm": SGD(learningRate: 0.1).clipped(to: .globalNorm(0.5))
  case "adam": Adam()
  case "adam.fast": Adam(learningRate: 0.02, beta1: 0.8, beta2: 0.99)
  case "adam.sharp": Adam(learningRate: 0.02, epsilon: 1e-30)
  case "adamw": AdamW(learningRate: 0.01)
  case "adamw.sharp": AdamW(learningRate: 0.01, weightDecay: 0.1, epsilon: 1e-30)
  case "nadam": Nadam(learningRate: 0.01)
  case "adamax": Adamax(learningRate: 0.01)
  case "adamax.sharp": Adamax(learningRate: 0.01, epsilon: 1e-30)
  case "rmsprop": RMSprop(learningRate: 0.01)
  case "rmsprop.sharp": RMSprop(learningRate: 0.002, rho: 0.8, epsilon: 1e-30)
  case "adagrad": Adagrad(learningRate: 0.1)
  case "adagrad.sharp": Adagrad(learningRate: 0.1, initialAccumulator: 0.3, epsilon: 1e-30)
  case "adadelta": Adadelta(learningRate: 1)
  case "adadelta.slow": Adadelta(learningRate: 1, rho: 0.9, epsilon: 1e-6)
  case let name where name.hasPrefix("adam+"): Adam()
  default: SGD()  // With a schedule.
  }
}

private let initializers: [String: Initializer] = [
  "glorot_uniform": .glorotUniform, "glorot_normal": .glorotNormal, "he_uniform": .heUniform,
  "he_normal": .heNormal, "lecun_uniform": .lecunUniform, "lecun_normal": .lecunNormal,
  "uniform": .uniform(in: -0.3..<0.5), "normal": .normal(mean: 0.1, standardDeviation: 0.5),
  "truncated_normal": .truncatedNormal(standardDeviation: 0.5),
]

// MARK: - Training

/// Fifty steps of one network, as `fit` makes them.
private struct Run<Scalar: TensorFloat> {
  /// Outputs, gradients, losses, sums and weights.
  let parts: [[Double]]

  init(_ networkName: String, _ lossName: String, _ optimizerName: String) {
    let (x, y): (Tensor<Scalar>, Tensor<Scalar>) = (
      numbers(1, [samples, inputs], reach: 2), targets(lossName)
    )
    let loss = loss(lossName)
    let rule = optimizer(optimizerName)
    var network: Sequential<Scalar> = network(networkName, lossName)
    var generator = RandomGenerator(seed: 0)
    network.initialize(inputShape: [inputs], using: &generator)
    var seed: UInt64 = 10
    let isFrozen = networkName == "frozen"
    network.forEachParameter { parameter in
      guard parameter.isTrainable || isFrozen else { return }
      parameter.value = numbers(seed, parameter.value.shape, reach: 1)
      seed += 1
    }

    // The first step by hand, for the gradients.
    let context = Context<Scalar>(isTraining: true)
    let given = context.tape.variable(x)
    let prediction = network(given, in: context)
    var objective = loss(prediction, context.tape.constant(y)).mean()
    if let penalty = network.penalty(in: context) { objective = objective + penalty }
    let first = prediction.value
    let gradients = context.tape.gradients(of: objective)
    var slopes: [Double] = []
    for parameter in network.parameters where parameter.isTrainable {
      slopes += gradients[context[parameter]].elements.map(\.asDouble)
    }
    slopes += gradients[given].elements.map(\.asDouble)

    var model = network.compiled(rule, loss)
    var sums: [Double] = []
    var callbacks: [Callback<Sequential<Scalar>>] = [
      Callback(epochEnded: { model, _ in sums.append(mixed(model.weights)) })
    ]
    if let plus = optimizerName.firstIndex(of: "+") {
      let name = String(optimizerName[plus...].dropFirst())
      callbacks.append(.learningRate(schedules[name]!))
    }
    let history = model.fit(
      x, y, epochs: steps, batchSize: samples, shuffle: false, callbacks: callbacks,
      verbose: 0, hints: false)
    parts = [
      first.elements.map(\.asDouble), slopes, history["loss"], sums,
      model.weights.flatMap { $0.elements.map(\.asDouble) },
    ]
  }
}

/// The sum of all weights, each times one of 1, 2, … 7.
private func mixed<Scalar: TensorFloat>(_ weights: [Tensor<Scalar>]) -> Double {
  weights.flatMap(\.elements).enumerated()
    .reduce(0) { $0 + $1.element.asDouble * Double(1 + $1.offset % 7) }
}

extension Layer {
  /// `compile` with an optimizer and a loss of types that are not known here.
  fileprivate func compiled(_ optimizer: any Optimizer, _ loss: any Loss) -> Model<Self> {
    func open<O: Optimizer, L: Loss>(_ optimizer: O, _ loss: L) -> Model<Self> {
      compile(optimizer: optimizer, loss: loss)
    }
    return open(optimizer, loss)
  }
}
