import Layers
import TestSupport
import Testing

private let images = numbers([2, 7, 6, 4], 1)
private let sequences = numbers([2, 9, 4], 1)

/// Keras's numbers by the name of what they are.
let convolutionGoldens: [Substring: [Double]] = {
  var table: [Substring: [Double]] = [:]
  for line in goldenLines("convolutions.txt") where !line.isEmpty {
    let words = line.split(separator: " ")
    table[words[0]] = words[2...].map { Double($0)! }
  }
  return table
}()

@Suite("Convolution layers")
struct ConvolutionLayerTests {
  @Test("have Keras's results, gradients and numbers of parameters")
  func keras() {
    func check<Scalar: TensorFloat>(_: Scalar.Type) {
      func check<L: Layer<Scalar>>(_ name: String, _ layer: L, _ x: Tensor<Double>) {
        expectKeras(name, layer, [x])
        var (layer, generator) = (layer, RandomGenerator(seed: 1))
        layer.initialize(inputShape: TensorShape(Array(x.shape.dropFirst())), using: &generator)
        let count = layer.weights.reduce(0) { $0 + $1.count }
        #expect(Double(count) == convolutionGoldens["\(name).count"[...]]?[0])
      }
      func image(_ name: String, _ layer: some Layer<Scalar>) { check(name, layer, images) }
      func sequence(_ name: String, _ layer: some Layer<Scalar>) { check(name, layer, sequences) }
      image("conv2d", Conv2D(3, kernelSize: 3))
      image(
        "conv2d.same",
        Conv2D(3, kernelSize: [3, 2], strides: [2, 3], padding: .same, activation: .tanh))
      image("conv2d.even", Conv2D(3, kernelSize: 4, strides: 2, padding: .same, useBias: false))
      image("conv2d.dilated", Conv2D(3, kernelSize: 3, padding: .same, dilationRate: 2))
      image("conv2d.groups", Conv2D(6, kernelSize: 3, groups: 2, activation: .relu))
      sequence("conv1d", Conv1D(3, kernelSize: 3, strides: 2))
      sequence("conv1d.same", Conv1D(3, kernelSize: 4, padding: .same, activation: .sigmoid))
      sequence("conv1d.causal", Conv1D(3, kernelSize: 3, padding: .causal, dilationRate: 2))
      image("conv2d_transpose", Conv2DTranspose(3, kernelSize: 3, strides: 2))
      image(
        "conv2d_transpose.same",
        Conv2DTranspose(3, kernelSize: 4, strides: 2, padding: .same, activation: .relu))
      image("conv2d_transpose.wide", Conv2DTranspose(3, kernelSize: [2, 3], strides: 3))
      sequence("conv1d_transpose", Conv1DTranspose(3, kernelSize: 3, strides: 2))
      sequence(
        "conv1d_transpose.same", Conv1DTranspose(3, kernelSize: 5, strides: 2, padding: .same))
      image("depthwise_conv2d", DepthwiseConv2D(kernelSize: 3))
      image(
        "depthwise_conv2d.same",
        DepthwiseConv2D(kernelSize: 3, strides: 2, padding: .same, depthMultiplier: 2))
      sequence("depthwise_conv1d", DepthwiseConv1D(kernelSize: 3, strides: 2, activation: .tanh))
      image(
        "separable_conv2d",
        SeparableConv2D(5, kernelSize: 3, depthMultiplier: 2, activation: .tanh))
      image("separable_conv2d.same", SeparableConv2D(5, kernelSize: 3, strides: 2, padding: .same))
      sequence("separable_conv1d", SeparableConv1D(5, kernelSize: 3, padding: .same))
    }
    check(Double.self)
    check(Float.self)
  }

  @Test("stand in a summary with Keras's names, shapes and counts")
  func summary() {
    let network = Sequential([
      Conv2D(32, kernelSize: 3, activation: .relu, inputShape: [28, 28, 1]),
      Conv2D(64, kernelSize: 3, strides: 2), SeparableConv2D(16, kernelSize: 3, padding: .same),
      Conv2DTranspose(3, kernelSize: 4, strides: 2, padding: .same),
      DepthwiseConv2D(kernelSize: 5, depthMultiplier: 2),
    ])
    let rows = network.summary().split(separator: "\n")
    for (name, shape, count) in [
      ("conv2d (Conv2D)", "(None, 26, 26, 32)", "320"),
      ("conv2d_1 (Conv2D)", "(None, 12, 12, 64)", "18496"),
      ("separable_conv2d (Sep", "(None, 12, 12, 16)", "1616"),
      ("conv2d_transpose (Con", "(None, 24, 24, 3)", "771"),
      ("depthwise_conv2d (Dep", "(None, 20, 20, 6)", "156"),
    ] {
      let row = rows.first { $0.hasPrefix(name) } ?? ""
      #expect(row.contains(shape) && row.contains(" \(count) "), "\(name): \(row)")
    }
  }

  @Test("have parameters by Keras's names")
  func names() {
    var generator = RandomGenerator(seed: 1)
    var network = Sequential<Float>([
      Conv2D(2, kernelSize: 1, inputShape: [3, 3, 1]), SeparableConv2D(2, kernelSize: 3),
    ])
    network.initialize(using: &generator)
    #expect(
      network.parameterPaths.suffix(3).map { $0.split(separator: ".").last } == [
        "depthwise_kernel", "pointwise_kernel", "bias",
      ])
  }

  @Test("begin with weights that count the whole window as inputs and outputs")
  func initialWeights() {
    var generator = RandomGenerator(seed: 1)
    var layer = Conv2D<Double>(64, kernelSize: 3, inputShape: [8, 8, 32])
    layer.initialize(using: &generator)
    let limit = (6.0 / Double(9 * 32 + 9 * 64)).squareRoot()
    let largest = abs(layer.core.kernel.value).max()
    #expect(largest <= limit && largest > 0.99 * limit)
    #expect(layer.core.bias?.value == .zeros([64]))
  }

  @Test("see nothing of what comes later where they are causal")
  func causal() {
    var generator = RandomGenerator(seed: 1)
    var network = Sequential<Double>([
      Conv1D(4, kernelSize: 2, padding: .causal, activation: .relu, inputShape: [8, 1]),
      Conv1D(1, kernelSize: 2, padding: .causal, dilationRate: 2),
    ])
    #expect(network.initialize(using: &generator) == [8, 1])
    let y = apply(network, numbers([1, 8, 1], 1))
    var changed = numbers([1, 8, 1], 1)
    changed[0, 5, 0] = 7
    let other = apply(network, changed)
    #expect(y[0, 0..<5] == other[0, 0..<5] && y[0, 5, ...] != other[0, 5, ...])
  }

  @Test("say what is wrong with a sample")
  func shapes() {
    func message(_ layer: some Layer<Float>, _ shape: TensorShape) -> String {
      do {
        let shapes = try layer.outputShapes(for: [shape])
        return "\(shapes)"
      } catch {
        return error.description
      }
    }
    #expect(message(Conv2D(4, kernelSize: 3), [28, 28]).contains("[height, width, channels]"))
    #expect(message(Conv1D(4, kernelSize: 3), [28]).contains("[steps, channels]"))
    #expect(message(Conv2D(4, kernelSize: 5), [4, 9, 1]).contains("does not fit"))
    #expect(message(Conv2D(4, kernelSize: 3, groups: 2), [9, 9, 3]).contains("3 channels"))
    #expect(message(Conv2D(4, kernelSize: 3, padding: .same), [1, 1, 1]) == "[[1, 1, 4]]")
  }

  @Test("stop where settings make no sense", arguments: ["filters", "groups", "strides", "causal"])
  func mistakes(mistake: String) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [mistake] in
      switch mistake {
      case "filters": _ = Conv2D<Float>(0, kernelSize: 3)
      case "groups": _ = Conv2D<Float>(3, kernelSize: 3, groups: 2)
      case "strides": _ = Conv1D<Float>(3, kernelSize: 3, strides: 0)
      default: _ = Conv2D<Float>(3, kernelSize: 3, padding: .causal)
      }
    }
    #expect(message(of: result, contains: "Conv", mistake))
  }
}
