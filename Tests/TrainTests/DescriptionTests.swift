// What `print` shows of a model and what it is compiled of.

import Testing
import Train

@Suite("Printed, in a few words")
struct DescriptionTests {
  @Test("optimizers, losses and metrics show their settings")
  func parts() {
    #expect("\(SGD())" == "SGD(learningRate: 0.01, momentum: 0.0, nesterov: false)")
    #expect("\(Adam())".hasPrefix("Adam(learningRate: 0.001, beta1: 0.9, beta2: 0.999"))
    #expect(
      "\(SGD().clipped(to: .norm(1)))"
        == "ClippedOptimizer(base: SGD(learningRate: 0.01, momentum: 0.0, nesterov: false), "
        + "clipping: norm(1.0))")
    #expect("\(Huber(delta: 2))" == "Huber(delta: 2.0)")
    #expect("\(MeanSquaredError())" == "MeanSquaredError()")
    #expect("\(BinaryCrossentropy())" == "BinaryCrossentropy(labelSmoothing: 0.0)")
    #expect("\(Metric.accuracy)" == "accuracy")
    #expect("\(OptimizerState<Float>())" == "State before the first step")
  }

  @Test("a model shows its network, how it is trained and how long it was")
  func models() {
    var model = Sequential([Dense(1, activation: .sigmoid, inputShape: [2])])
      .compile(optimizer: .sgd(), loss: .binaryCrossentropy, metrics: [.accuracy])
    func text(_ epochs: Int) -> String {
      """
      Sequential(
        dense: Dense(units: 1, activation: sigmoid, inputShape: [2], kernel: [2, 1], bias: [1])
      )
      optimizer: SGD(learningRate: 0.01, momentum: 0.0, nesterov: false), \
      loss: BinaryCrossentropy(labelSmoothing: 0.0), metrics: accuracy, epochs trained: \(epochs)
      """
    }
    #expect("\(model)" == text(0))
    let (x, y) = (Tensor<Float>([[0, 1], [1, 0]]), Tensor<Float>([0, 1]))
    let history = model.fit(x, y, epochs: 2, verbose: 0)
    #expect("\(model)" == text(2))
    #expect("\(model.optimizerState)" == "State of sgd after step 2")
    #expect("\(history)".hasPrefix("History of 2 epochs, last loss: "))
    let result = model.evaluate(x, y, verbose: 0)
    #expect("\(result)" == "loss: \(result.loss), accuracy: \(result.accuracy)")
  }
}
