import Layers
import TestSupport
import Testing

private let kernel: Tensor<Double> = [[1, 2], [0.5, -1], [-2, 0.25]]
private let x: Tensor<Double> = [[1, -1, 2], [0.5, 3, 0]]

/// A dense layer with that kernel and u = [0.6, 0.8].
private func layer(iterations: Int = 1) -> SpectralNormalization<Double> {
  var layer = SpectralNormalization<Double>(Dense(2), powerIterations: iterations)
  var generator = RandomGenerator(seed: 1)
  layer.initialize(inputShape: [3], using: &generator)
  layer.weights = [kernel, [0, 0], [0.6, 0.8]]
  return layer
}

@Suite("Spectral normalisation")
struct SpectralNormalizationTests {
  // The numbers are NumPy's, from the formulas in the type's description.
  @Test(
    "divides the kernel by the singular value that the iterations find",
    arguments: [
      (1, [0.6474105055214219, 0.762141481183446], -1.4156612268480073, 0.8089492724845756),
      (3, [0.6988355243871421, 0.7152823986752002], -1.411277884274382, 0.8064445052996468),
    ])
  func training(iterations: Int, u: [Double], first: Double, second: Double) {
    var layer = layer(iterations: iterations)
    let context = Context<Double>(isTraining: true)
    let y = layer(context.tape.constant(x), in: context)
    expectClose(y.value, Tensor([[first, -first], [second, -second]]))
    #expect(layer.weights[2] == [0.6, 0.8])
    layer.applyAssignments(of: context)
    expectClose(layer.weights[2], Tensor(u))
    #expect(layer.weights[0] == kernel)
  }

  @Test("makes the greatest singular value 1 after enough steps")
  func convergence() throws {
    var layer = layer()
    let context = Context<Double>(isTraining: true)
    for _ in 0..<300 {
      context.tape.reset()
      _ = layer(context.tape.constant(x), in: context)
      layer.applyAssignments(of: context)
    }
    let divided = apply(layer, .identity(3))
    let greatest = try kernel.singularValues().elements[0]
    expectClose(divided, kernel / greatest, relative: 1e-9)
  }

  @Test("follows the kernel in training only, and not while it is frozen")
  func following() {
    var layer = layer()
    // σ = 2.467792535850613 with u as it is.
    let expected = matmul(x, kernel) / 2.467792535850613
    expectClose(apply(layer, x), expected)
    layer.isTrainable = false
    let context = Context<Double>(isTraining: true)
    expectClose(layer(context.tape.constant(x), in: context).value, expected)
    #expect(!context.hasAssignments)
  }

  @Test("follows both batches of a step in which it is called twice")
  func twice() {
    var (once, twice) = (layer(iterations: 2), layer())
    let contexts = [Context<Double>(isTraining: true), Context<Double>(isTraining: true)]
    _ = once(contexts[0].tape.constant(x), in: contexts[0])
    for _ in 0..<2 { _ = twice(contexts[1].tape.constant(x), in: contexts[1]) }
    once.applyAssignments(of: contexts[0])
    twice.applyAssignments(of: contexts[1])
    expectClose(once.weights[2], twice.weights[2])
  }

  @Test("has the gradients of finite differences with respect to the kernel")
  func gradients() {
    // With u as it is, σ = ‖W u‖ exactly.
    func height(_ kernel: Tensor<Double>) -> (Variable<Double>, Tensor<Double>?) {
      var moved = layer()
      moved.weights[0] = kernel
      let tape = Tape<Double>()
      let context = Context<Double>(isTraining: false, tape: tape)
      let y = sum(square(moved(tape.constant(x), in: context)))
      return (y, tape.gradients(of: y)[moved.parameters[0]])
    }
    let byTape = height(kernel).1!.elements
    for element in 0..<6 {
      func after(_ step: Double) -> Double {
        var elements = kernel.elements
        elements[element] += step
        return height(Tensor(elements).reshaped(to: [3, 2])).0.scalar
      }
      let h = 1e-3
      let slope = (after(-2 * h) - 8 * after(-h) + 8 * after(h) - after(2 * h)) / (12 * h)
      #expect(abs(byTape[element] - slope) < 1e-6 * max(1, abs(slope)))
    }
  }

  @Test("leaves a kernel of zeros as it is")
  func zeros() {
    var layer = layer()
    layer.weights[0] = .zeros([3, 2])
    layer.weights[1] = [1, 2]
    #expect(apply(layer, x, isTraining: true) == [[1, 2], [1, 2]])
  }

  @Test("wraps convolutions and embeddings in a network")
  func network() {
    let network = Sequential<Float>([
      SpectralNormalization(
        Conv2D(4, kernelSize: 3, activation: .relu, inputShape: [6, 5, 2])),
      Flatten(), SpectralNormalization(Dense(1, useBias: false)),
    ])
    var built = network
    var generator = RandomGenerator(seed: 1)
    built.initialize(using: &generator)
    #expect(
      built.parameterPaths == [
        "spectral_normalization.layer.kernel", "spectral_normalization.layer.bias",
        "spectral_normalization.vector_u", "spectral_normalization_1.layer.kernel",
        "spectral_normalization_1.vector_u",
      ])
    #expect(apply(built, .ones([2, 6, 5, 2]), isTraining: true).shape == [2, 1])
  }

  @Test("says that a layer has no kernel")
  func mistake() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Sequential<Float>([Dense(2, inputShape: [3]), SpectralNormalization(Flatten())]).summary()
    }
    #expect(message(of: result, contains: "Flatten has no kernel to divide"))
  }
}
