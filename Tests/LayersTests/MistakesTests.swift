import Layers
import TestSupport
import Testing

@Suite("A mistake with a network")
struct MistakesTests {
  @Test("too few weights are set")
  func weightCount() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var network = builtNetwork()
      network.weights = Array(network.weights.dropLast())
    }
    #expect(message(of: result, contains: "weights: got 3 tensors for 4 parameters"))
  }

  @Test("weights of another shape are set")
  func weightShape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var network = builtNetwork()
      var weights = network.weights
      weights[2] = weights[2].transposed()
      network.weights = weights
    }
    #expect(message(of: result, contains: "weights:", "[4, 10]", "kernel", "[10, 4]"))
  }

  @Test("the shape of a sample is not known")
  func inputShape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Sequential([Dense(3)]).summary() }
    #expect(message(of: result, contains: "shape of a sample is not known", "inputShape"))
  }

  @Test("the given shape is not the stated one")
  func otherInputShape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var network = Sequential([Dense(3, inputShape: [2])])
      var generator = RandomGenerator(seed: 0)
      network.initialize(inputShape: [5], using: &generator)
    }
    #expect(message(of: result, contains: "Sequential:", "[5]", "[2]"))
  }

  @Test("a network without layers is built")
  func noLayers() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var network = Sequential()
      var generator = RandomGenerator(seed: 0)
      network.initialize(inputShape: [5], using: &generator)
    }
    #expect(message(of: result, contains: "at least one layer"))
  }

  @Test("a network computes before it is initialised")
  func notInitialised() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = apply(Sequential([Dense(3, inputShape: [2])]), [[1, 2]]) }
    #expect(
      message(of: result, contains: "parameter:", "not initialised", "initialize(using:)"))
  }

  @Test("samples of another size are given")
  func samples() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = apply(builtNetwork(), .zeros([1, 2, 4])) }
    #expect(message(of: result, contains: "dense:", "[1, 2, 4]", "[3, 5]", "last axis"))
  }

  @Test("a path names no part of the network")
  func path() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var network = builtNetwork()
      network.freeze("dense_1.kernal")
    }
    #expect(message(of: result, contains: "freeze:", "did you mean \"dense_1.kernel\"?"))
  }

  @Test("an activation is misspelt")
  func activation() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Dense<Float>(3, activation: "rleu") }
    #expect(message(of: result, contains: "no \"rleu\"", "did you mean \"relu\"?"))
  }

  @Test("a layer has no units")
  func units() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Dense<Float>(0) }
    #expect(message(of: result, contains: "Dense:", "positive, got 0"))
  }

  @Test("a dropout rate is a percentage")
  func rate() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Dropout<Float>(20) }
    #expect(message(of: result, contains: "Dropout:", "0..<1", "20.0"))
  }
}
