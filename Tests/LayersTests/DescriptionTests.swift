// What `print` shows of layers and what they are made of.

import Layers
import TestSupport
import Testing

/// A layer of one's own with a setting, a parameter and layers within.
private struct Block: Layer {
  let width: Int
  let note: String? = nil
  var scale = Parameter<Float>()
  var inner = Sequential([Dense(2, activation: .relu), Dropout(0.5)])

  mutating func forEachMember(_ visit: inout some MemberVisitor<Float>) {
    visit("scale", &scale)
    visit("inner", &inner)
  }
  mutating func build(
    _ builder: inout LayerBuilder<Float>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let shape = try builder.layer("inner", &inner, inputShape: inputShape)
    try builder.parameter(&scale, Array(shape), .ones)
    return shape
  }
  func call(_ x: Variable<Float>, in context: Context<Float>) -> Variable<Float> {
    inner(x, in: context) * context[scale]
  }
}

@Suite("Printed, in a few words")
struct DescriptionTests {
  @Test("a layer shows its settings, and the shapes of its parameters once it has them")
  func layers() {
    #expect("\(Dense<Float>(4, activation: .tanh))" == "Dense(units: 4, activation: tanh)")
    #expect(
      "\(Dense<Float>(1, inputShape: [2]))"
        == "Dense(units: 1, activation: linear, inputShape: [2])")
    #expect("\(Dropout<Float>(0.25))" == "Dropout(rate: 0.25)")
    #expect("\(Flatten<Float>())" == "Flatten()")
    #expect("\(Reshape<Float>([2, -1]))" == "Reshape(targetShape: [2, -1])")
    #expect("\(Activation<Float>(.softmax))" == "Activation(function: softmax)")
    #expect("\(Lambda<Float> { $0 })" == "Lambda()")
    var (layer, generator) = (Dense<Float>(4, activation: .tanh), RandomGenerator(seed: 0))
    layer.initialize(inputShape: [3], using: &generator)
    #expect("\(layer)" == "Dense(units: 4, activation: tanh, kernel: [3, 4], bias: [4])")
    #expect("\(layer.kernel)" == "Parameter(kernel, shape: [3, 4])")
    layer.kernel.isTrainable = false
    #expect("\(layer.kernel)" == "Parameter(kernel, shape: [3, 4], frozen)")
    #expect("\(Parameter<Float>())" == "Parameter(not initialised)")
  }

  @Test("a network shows its layers, one per line, and those within them")
  func networks() {
    var (network, generator) = (Sequential([Block(width: 3)]), RandomGenerator(seed: 0))
    #expect("\(Sequential())" == "Sequential()")
    network.initialize(inputShape: [5], using: &generator)
    #expect(
      "\(network)" == """
        Sequential(
          block: Block(
            width: 3
            scale: [2]
            inner: Sequential(
              dense: Dense(units: 2, activation: relu, kernel: [5, 2], bias: [2])
              dropout: Dropout(rate: 0.5)
            )
          )
        )
        """)
  }

  @Test("initial weights, penalties and activations show their names")
  func parts() {
    #expect("\(Initializer.glorotUniform)" == "glorot_uniform")
    #expect("\(Initializer.constant(0.5))" == "constant(0.5)")
    #expect("\(Initializer.uniform(in: -1..<1))" == "uniform(in: -1.0..<1.0)")
    #expect(
      "\(Initializer.normal(standardDeviation: 2))" == "normal(mean: 0.0, standardDeviation: 2.0)")
    #expect(
      "\(Initializer.truncatedNormal(standardDeviation: 2))"
        == "truncatedNormal(standardDeviation: 2.0)")
    #expect("\(Initializer { shape, _ in .ones(shape) })" == "custom")
    #expect("\(Regularizer.l2(0.5)) \(Regularizer.l1(0.25))" == "l2(0.5) l1(0.25)")
    #expect("\(Regularizer.l1l2(l1: 1, l2: 2))" == "l1l2(l1: 1.0, l2: 2.0)")
    #expect("\(ActivationFunction.leakyReLU)" == "leaky_relu")
  }
}
