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

// The numbers are those of Keras 3.15 in Double with the same weights and data: `fit` with
// `loss_weights={"class": 1, "age": 0.25}`, batches of 3, not shuffled, SGD(0.1). Keras keeps the rate as a
// `Float`, so that its numbers are off by some 1e-8.

private func numbers(_ count: Int, _ width: Int, _ value: (Int, Int) -> Double) -> Tensor<Double> {
  Tensor((0..<count * width).map { value($0 / width, $0 % width) }, shape: [count, width])
}

private let a = numbers(7, 2) { sin(Double($0 + $1)) }
private let b = numbers(7, 3) { cos(Double(2 * $0 + $1)) }
private let classes = Tensor<Int>((0..<7).map { $0 % 3 })
private let ages = Tensor<Double>((0..<7).map { 0.5 * Double($0) - 1 })

private func weights(_ rows: Int, _ columns: Int, _ step: Double) -> Tensor<Double> {
  Tensor((0..<rows * columns).map { sin(step * Double($0) + 1) * 0.5 }, shape: [rows, columns])
}

private let network = Graph<Double> { g in
  let (a, b) = (g.input([2], name: "a"), g.input([3], name: "b"))
  let both = g.layer(Concatenate<Double>())(a, b)
  let hidden = g.layer(Dense<Double>(4, activation: .tanh), name: "hidden")(both)
  g.output(g.layer(Dense<Double>(3, activation: .softmax), name: "kinds")(hidden), name: "class")
  g.output(g.layer(Dense<Double>(1), name: "years")(hidden), name: "age")
}

private func model() -> Model<Graph<Double>> {
  var model = network.compile(
    optimizer: SGD(learningRate: 0.1),
    objectives: [
      "age": Objective("mse", weight: 0.25, metrics: ["mae"]),
      "class": Objective(.sparseCategoricalCrossentropy, metrics: [.accuracy]),
    ])
  model.weights = [
    weights(5, 4, 1), .zeros([4]), weights(4, 3, 2), .zeros([3]), weights(4, 1, 3), .zeros([1]),
  ]
  return model
}

private let data = Dataset<Double>(
  inputs: ["b": b, "a": a], targets: ["age": ages, "class": classes])

private func expectClose(_ numbers: [Double], _ expected: [Double], within tolerance: Double = 1e-7)
{
  #expect(numbers.count == expected.count)
  for (number, expected) in zip(numbers, expected) { #expect(abs(number - expected) < tolerance) }
}

@Suite("Networks of several inputs and outputs")
struct SeveralOutputsTests {
  @Test("train, are evaluated and predict as in Keras, by name")
  func keras() throws {
    var model = model()
    let history = try model.fit(data, epochs: 3, batchSize: 3, shuffle: false, verbose: 0)
    expectClose(
      history["loss"], [1.4907360970082735, 1.3442314441298482, 1.2399931860966238])
    expectClose(
      history["class_loss"], [1.1604474306745363, 1.0584384311156163, 0.9770349669880529])
    expectClose(
      history["age_loss"], [1.3211546653349484, 1.1431720520569277, 1.0518328764342837])
    expectClose(
      history["class_accuracy"], [0.42857142857142855, 0.5714285714285714, 0.5714285714285714])
    expectClose(
      history["age_mae"], [0.9389628938266209, 0.8787689916789532, 0.8564372807741165])

    let result = try model.evaluate(data, verbose: 0)
    expectClose([result.loss], [1.1561852866002507])
    expectClose(
      ["class_loss", "age_loss", "class_accuracy", "age_mae"].map { result[$0] ?? .nan },
      [0.9157746423385522, 0.9616425770467946, 0.5714285714285714, 0.8251059023397309])

    let results = try model.predictOutputs(Dataset(inputs: ["a": a, "b": b]), batchSize: 2)
    #expect(results.keys.sorted() == ["age", "class"])
    expectClose(
      results["class"]![6].elements,
      [0.49976538595245346, 0.30980490590026766, 0.1904297081472789])
    expectClose(results["age"]![6].elements, [0.657043730852189])
  }

  @Test("weights of samples count for their output, as in a loop by hand")
  func sampleWeights() throws {
    let share = Tensor<Double>([1, 2, 0.5, 1, 1, 0, 3])
    var (model, byHand) = (model(), model())
    try model.fit(
      Dataset(
        inputs: [a, b], targets: [classes, ages], weights: [share, Tensor.ones([7])]),
      epochs: 2, batchSize: 7, shuffle: false, verbose: 0)
    let context = Context<Double>(isTraining: true)
    for _ in 0..<2 {
      byHand.step(in: context) { network, context in
        let tape = context.tape
        let results = network([tape.constant(a), tape.constant(b)], in: context)
        let kinds = SparseCategoricalCrossentropy()(
          results[0], tape.constant(Tensor<Double>(classes)))
        let years = MeanSquaredError()(
          results[1], tape.constant(ages.expandingShape(at: -1)))
        return (kinds * tape.constant(share)).mean() + 0.25 * years.mean()
      }
    }
    for (weights, expected) in zip(model.weights, byHand.weights) {
      expectClose(weights.elements, expected.elements, within: 1e-13)
    }
  }

  @Test("one output and several inputs take a loss alone, and the shapes from the data")
  func severalInputs() throws {
    let sum = Graph<Double> { g in
      let (left, right) = (g.input(name: "left"), g.input(name: "right"))
      g.output(g.layer(Dense<Double>(1))(g.layer(Add<Double>())(left, right)))
    }
    var model = sum.compile(optimizer: .adam(learningRate: 0.1), loss: .meanSquaredError)
    let data = Dataset<Double>(inputs: ["right": b, "left": b], targets: ["output": ages])
    let history = try model.fit(data, epochs: 30, verbose: 0)
    #expect(history["loss"].last! < history["loss"][0])
    let result = try model.predict(Dataset(inputs: ["left": b, "right": b]))
    #expect(result.shape == [7, 1])
  }

  @Test("callbacks know whether a number of an output should rise or fall")
  func monitors() throws {
    var model = model()
    for monitor in ["val_class_accuracy", "age_loss", "val_age_mae"] {
      let history = try model.fit(
        data, epochs: 2, validationData: data, callbacks: [.earlyStopping(monitor: monitor)],
        verbose: 0)
      #expect(history["loss"].count == 2)
    }
  }

  @Test("are stored with the losses of all outputs")
  func storing() throws {
    try withTemporaryFolder { folder in
      var model = model()
      try model.fit(data, batchSize: 3, verbose: 0)
      try model.save(to: folder + "/two.safetensors")
      var again = try Model<Graph<Double>>(contentsOf: folder + "/two.safetensors")
      let (first, second) = (
        try model.fit(data, epochs: 2, batchSize: 3, verbose: 0),
        try again.fit(data, epochs: 2, batchSize: 3, verbose: 0)
      )
      #expect(first.names == second.names)
      #expect(model.weights == again.weights)
      #expect(first["age_loss"] == second["age_loss"])
    }
  }

  @Test("names that are missing or unknown stop with a sentence")
  func mistakes() async {
    await #expect(processExitsWith: .failure) {
      var model = model()
      try! model.fit(Dataset(inputs: ["a": a, "c": b], targets: ["age": ages, "class": classes]))
    }
    await #expect(processExitsWith: .failure) {
      _ = network.compile(optimizer: SGD(), objectives: ["age": Objective("mse")])
    }
    await #expect(processExitsWith: .failure) {
      _ = try! model().predict(data)
    }
  }
}
