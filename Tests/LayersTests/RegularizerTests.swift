import Layers
import TestSupport
import Testing

@Suite("Regularizers")
struct RegularizerTests {
  @Test("are their formulas")
  func formulas() {
    let tape = Tape<Double>()
    func penalty(_ regularizer: Regularizer) -> Double {
      regularizer(tape.variable([[1, -2], [0.5, 3]])).scalar
    }
    // Magnitudes 1 + 2 + 0.5 + 3, squares 1 + 4 + 0.25 + 9.
    expectClose(
      [
        penalty(.l1(0.1)), penalty(.l2(0.2)), penalty(.l1l2(l1: 0.1, l2: 0.2)),
        penalty(Regularizer()), penalty(.l1()), penalty(.l2()),
      ],
      [0.65, 2.85, 3.5, 0, 0.065, 0.1425])
  }

  @Test("have the gradients of finite differences")
  func gradients() {
    let check = checkGradients(at: [[[1, -2], [0.5, 3]]]) { _, variables in
      Regularizer.l1l2(l1: 0.3, l2: 0.2)(variables[0])
    }
    #expect(check.passes, "\(check)")
  }

  @Test("count for kernels that are trained, not for biases and not for frozen layers")
  func penalty() {
    var network = Sequential<Double>([
      Dense(2, inputShape: [2], kernelInitializer: .constant(2), kernelRegularizer: .l2(0.5)),
      Dense(3, kernelInitializer: .constant(-1), kernelRegularizer: .l1(1)), Dense(1),
    ])
    var generator = RandomGenerator(seed: 0)
    network.initialize(using: &generator)
    func penalty() -> Double? {
      network.penalty(in: Context(isTraining: true)).map { $0.scalar }
    }
    #expect(penalty() == 0.5 * 16 + 6)
    network[0].isTrainable = false
    #expect(penalty() == 6)
    network.isTrainable = false
    #expect(penalty() == nil)
  }
}

@Suite("Freezing")
struct FreezingTests {
  @Test("concerns all weights of a layer, is counted, and can be undone")
  func layers() {
    var network = Sequential([Dense(3, inputShape: [2]), BatchNormalization(), Dense(1)])
    var generator = RandomGenerator(seed: 0)
    network.initialize(using: &generator)
    #expect(network.parameterCounts == (9 + 6 + 4, 6))
    network[0].isTrainable = false
    network[1].isTrainable = false
    #expect(network.parameterCounts == (4, 9 + 6 + 6))
    #expect(!network[0].isTrainable && network[2].isTrainable && network.isTrainable)
    network.isTrainable = true
    // The moving statistics of batch normalisation are never trained.
    #expect(network.parameterCounts == (9 + 6 + 4, 6))
    #expect(network.summary().contains("Non-trainable params: 6"))
  }
}
