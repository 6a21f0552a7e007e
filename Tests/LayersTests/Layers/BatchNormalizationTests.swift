import Layers
import TestSupport
import Testing

/// A built layer whose parameters are no round numbers.
private func layer(features: Int) -> BatchNormalization<Double> {
  var layer = BatchNormalization<Double>(momentum: 0.9)
  var generator = RandomGenerator(seed: 3)
  layer.initialize(inputShape: [features], using: &generator)
  layer.weights = [
    .uniform([features], in: 0.5..<2, using: &generator), .normal([features], using: &generator),
    .normal([features], using: &generator), .uniform([features], in: 0.5..<2, using: &generator),
  ]
  return layer
}

private func samples(_ shape: TensorShape) -> Tensor<Double> {
  var generator = RandomGenerator(seed: 4)
  return .normal(shape, mean: 2, standardDeviation: 3, using: &generator)
}

@Suite("Batch normalisation")
struct BatchNormalizationTests {
  @Test("makes mean 0 and variance 1 of a batch, then beta and gamma", arguments: [1, 3])
  func training(features: Int) {
    let layer = layer(features: features)
    let y = apply(layer, samples([50, features]), isTraining: true)
    expectClose(y.mean(axis: 0), layer.beta.value, absolute: 1e-9)
    expectClose(y.standardDeviation(axis: 0), layer.gamma.value, relative: 1e-3)
  }

  @Test("takes the moving mean and variance at inference, and where it is frozen")
  func inference() {
    var layer = layer(features: 3)
    let x = samples([5, 3])
    let w = layer.weights
    let expected = w[0] * (x - w[2]) / sqrt(w[3] + 1e-3) + w[1]
    expectClose(apply(layer, x), expected)
    layer.isTrainable = false
    expectClose(apply(layer, x, isTraining: true), expected)
  }

  @Test("lets the moving mean and variance follow, over all axes but the last")
  func moving() {
    var layer = layer(features: 3)
    let x = samples([4, 5, 3])
    let before = layer.weights
    let context = Context<Double>(isTraining: true)
    _ = layer(context.tape.constant(x), in: context)
    #expect(layer.weights == before)
    layer.applyAssignments(of: context)
    let rows = x.reshaped(to: [20, 3])
    expectClose(layer.weights[2], before[2] * 0.9 + rows.mean(axis: 0) * 0.1)
    expectClose(layer.weights[3], before[3] * 0.9 + rows.variance(axis: 0) * 0.1)
    #expect(layer.weights[0] == before[0] && layer.weights[1] == before[1])
    // They are given once.
    let after = layer.weights
    layer.applyAssignments(of: context)
    #expect(layer.weights == after)
  }

  @Test("has the gradients of finite differences", arguments: [true, false])
  func gradients(isTraining: Bool) {
    let layer = layer(features: 2)
    let check = checkGradients(at: [samples([5, 2])]) { tape, variables in
      // The layer on the tape of the check: its parameters are constants there.
      let context = Context<Double>(isTraining: isTraining, tape: tape)
      return square(layer(variables[0], in: context))
    }
    #expect(check.passes, "\(check)")
  }

  @Test(
    "has the gradients of finite differences with respect to gamma and beta", arguments: [0, 1])
  func parameterGradients(slot: Int) {
    let layer = layer(features: 2)
    func height(
      _ value: Tensor<Double>
    ) -> (Variable<Double>, Context<Double>, BatchNormalization<Double>) {
      var moved = layer
      moved.weights[slot] = value
      let context = Context<Double>(isTraining: true)
      return (
        sum(square(moved(context.tape.constant(samples([5, 2])), in: context))), context, moved
      )
    }
    let value = layer.weights[slot]
    let (y, context, moved) = height(value)
    let byTape = context.tape.gradients(of: y)[moved.parameters[slot]]!.elements
    for element in 0..<2 {
      func after(_ step: Double) -> Double {
        var elements = value.elements
        elements[element] += step
        return height(Tensor(elements)).0.scalar
      }
      let h = 1e-3
      let slope = (after(-2 * h) - 8 * after(-h) + 8 * after(h) - after(2 * h)) / (12 * h)
      #expect(abs(byTape[element] - slope) < 1e-6 * max(1, abs(slope)))
    }
  }

  @Test("is counted as Keras counts it")
  func summary() {
    let network = Sequential([Dense(64, inputShape: [10]), BatchNormalization(), Dense(1)])
    let lines = network.summary().split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("batch_normalization (BatchN") && $0.contains(" 256 ") })
    #expect(lines.contains("Trainable params: 897") && lines.contains("Non-trainable params: 128"))
  }
}
