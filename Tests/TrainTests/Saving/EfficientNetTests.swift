// A real network with weights that PyTorch trained: EfficientNet-Lite0, on the two photographs whose results
// PyTorch computed. The files are no part of the project; they lie beside the folder of data sets.

import ArrayFiles
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

/// The folder with the network and the photographs, or nil.
private let folder: String? = {
  let datasets = getenv("WENGERT_DATA").map { String(cString: $0) } ?? "../shared/datasets"
  let folder = "\(datasets)/../models/efficientnet-lite0"
  return isReadable("\(folder)/efficientnet-lite0.pth") ? folder : nil
}()

/// EfficientNet in the form for small machines, without squeeze and excitation.
///
/// Source: M. Tan, Q. V. Le, "EfficientNet", 2019. Members have PyTorch's names.
private struct EfficientNetLite: StorableLayer {
  /// Expansion, depthwise convolution and projection, with the input added where the shapes are equal.
  struct Block: StorableLayer {
    var expand: Conv2D<Float>?
    var expandNorm: BatchNormalization<Float>?
    var depthwise: DepthwiseConv2D<Float>
    var depthwiseNorm = BatchNormalization<Float>()
    var project: Conv2D<Float>
    var projectNorm = BatchNormalization<Float>()
    let isAdded: Bool

    init(size: Int, stride: Int, expansion: Int, from inputs: Int, to outputs: Int) {
      if expansion > 1 {
        expand = Conv2D(inputs * expansion, kernelSize: 1, useBias: false)
        expandNorm = BatchNormalization()
      }
      depthwise = DepthwiseConv2D(
        kernelSize: Size2D(height: size, width: size),
        strides: Size2D(height: stride, width: stride), padding: .same, useBias: false)
      project = Conv2D(outputs, kernelSize: 1, useBias: false)
      isAdded = stride == 1 && inputs == outputs
    }

    mutating func forEachMember(_ visit: inout some MemberVisitor<Float>) {
      visit("_expand_conv", &expand)
      visit("_bn0", &expandNorm)
      visit("_depthwise_conv", &depthwise)
      visit("_bn1", &depthwiseNorm)
      visit("_project_conv", &project)
      visit("_bn2", &projectNorm)
    }

    mutating func build(
      _ builder: inout LayerBuilder<Float>, inputShape: TensorShape
    ) throws(ShapeError) -> TensorShape {
      var shape = inputShape
      if expand != nil {
        shape = try builder.layer("_expand_conv", &expand!, inputShape: shape)
        shape = try builder.layer("_bn0", &expandNorm!, inputShape: shape)
      }
      shape = try builder.layer("_depthwise_conv", &depthwise, inputShape: shape)
      shape = try builder.layer("_bn1", &depthwiseNorm, inputShape: shape)
      shape = try builder.layer("_project_conv", &project, inputShape: shape)
      return try builder.layer("_bn2", &projectNorm, inputShape: shape)
    }

    func call(_ x: Variable<Float>, in context: Context<Float>) -> Variable<Float> {
      var y = x
      if let expand, let expandNorm {
        y = expandNorm(expand(y, in: context), in: context).clipped(to: 0...6)
      }
      y = depthwiseNorm(depthwise(y, in: context), in: context).clipped(to: 0...6)
      y = projectNorm(project(y, in: context), in: context)
      return isAdded ? y + x : y
    }
  }

  var stem = Conv2D<Float>(32, kernelSize: 3, strides: 2, padding: .same, useBias: false)
  var stemNorm = BatchNormalization<Float>()
  var blocks: [Block] = {
    // The number of blocks, the size of the window, the stride of the first, the expansion, the filters.
    let stages = [
      (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112),
      (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
    ]
    var (blocks, inputs): ([Block], Int) = ([], 32)
    for (count, size, stride, expansion, filters) in stages {
      for i in 0..<count {
        blocks.append(
          Block(
            size: size, stride: i == 0 ? stride : 1, expansion: expansion, from: inputs,
            to: filters))
        inputs = filters
      }
    }
    return blocks
  }()
  var head = Conv2D<Float>(1280, kernelSize: 1, useBias: false)
  var headNorm = BatchNormalization<Float>()
  var classes = Dense<Float>(1000)

  mutating func forEachMember(_ visit: inout some MemberVisitor<Float>) {
    visit("_conv_stem", &stem)
    visit("_bn0", &stemNorm)
    visit("_blocks", &blocks)
    visit("_conv_head", &head)
    visit("_bn1", &headNorm)
    visit("_fc", &classes)
  }

  mutating func build(
    _ builder: inout LayerBuilder<Float>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    var shape = try builder.layer("_conv_stem", &stem, inputShape: inputShape)
    shape = try builder.layer("_bn0", &stemNorm, inputShape: shape)
    shape = try builder.layers("_blocks", &blocks, inputShape: shape)
    shape = try builder.layer("_conv_head", &head, inputShape: shape)
    shape = try builder.layer("_bn1", &headNorm, inputShape: shape)
    return try builder.layer("_fc", &classes, inputShape: [shape[2]])
  }

  /// The means over all places of what the last convolution finds, [batch, 1280].
  func pooled(_ x: Variable<Float>, in context: Context<Float>) -> Variable<Float> {
    let y = stemNorm(stem(x, in: context), in: context).clipped(to: 0...6)
    let seen = blocks.reduce(y) { $1($0, in: context) }
    return headNorm(head(seen, in: context), in: context).clipped(to: 0...6).mean(axes: [1, 2])
  }

  func call(_ x: Variable<Float>, in context: Context<Float>) -> Variable<Float> {
    classes(pooled(x, in: context), in: context)
  }
}

@Suite(
  "EfficientNet-Lite0",
  .enabled(if: folder != nil, "needs models/efficientnet-lite0 beside WENGERT_DATA"))
struct EfficientNetTests {
  @Test(
    "has PyTorch's results with PyTorch's weights", arguments: [("flower", 985), ("china", 698)])
  func photographs(name: String, best: Int) throws {
    let folder = folder!
    var network = EfficientNetLite()
    var generator = RandomGenerator(seed: 1)
    network.initialize(inputShape: [224, 224, 3], using: &generator)
    let report = try network.loadWeights(
      contentsOf: "\(folder)/efficientnet-lite0.pth", naming: .pyTorch)
    #expect(report.isComplete && report.rows.count == 247)

    let pixels = try Tensor<UInt8>(contentsOfImage: "\(folder)/\(name).png", channels: 3)
    let x = ((Tensor<Float>(pixels) - 127) / 128).reshaped(to: [1, 224, 224, 3])
    let context = Context<Float>(isTraining: false)
    let pooled = network.pooled(context.tape.constant(x), in: context)
    let logits = network.classes(pooled, in: context).value
    expectClose(
      pooled.value.flattened(), try Tensor<Float>(contentsOfNPY: "\(folder)/\(name)-pooled.npy"),
      relative: 1e-4, absolute: 1e-4)
    expectClose(
      logits.flattened(), try Tensor<Float>(contentsOfNPY: "\(folder)/\(name)-logits.npy"),
      relative: 1e-4, absolute: 1e-4)
    #expect(logits.elements.indices.max { logits.elements[$0] < logits.elements[$1] } == best)
  }
}
