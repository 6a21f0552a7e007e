// What other frameworks call the weights of layers, and how they lay them out: one rule for each kind of
// layer. `WeightLoading.swift`, next, applies the rules to a network and a file.

import Layers
import Tensor

/// How the weights in a file are named and laid out.
public enum WeightNaming: Sendable, CaseIterable {
  /// As this library does it: a weight lies under its path, such as `encoder.dense_1.kernel`.
  case wengert
  /// As PyTorch's modules do it.
  ///
  /// A layer has the name of its member in the module, and weights are called `weight` and `bias`,
  /// `running_mean`, `weight_ih_l0` or `in_proj_weight`. Kernels are transposed, the gates of GRU stand in
  /// another order, LSTM has two biases, which are added, and attention keeps three kernels in one tensor. A
  /// bias that is not in the file is zero, as in modules made with `bias=False`.
  case pyTorch
}

/// Weights of a layer that come of some tensors of a file; without tensors they stay as they are, without
/// weights the tensors are not needed.
struct WeightRule {
  /// The paths in the layer.
  let ours: [String]
  /// The names in the file, behind that of the layer.
  let theirs: [String]
  let layout: WeightLayout
  /// Whether weights that are not in the file are zero.
  var isOptional = false

  init(_ ours: [String], _ theirs: [String], _ layout: WeightLayout, isOptional: Bool = false) {
    (self.ours, self.theirs, self.layout, self.isOptional) = (ours, theirs, layout, isOptional)
  }

  init(_ ours: String, _ theirs: String, _ layout: WeightLayout = .same, isOptional: Bool = false) {
    self.init([ours], [theirs], layout, isOptional: isOptional)
  }
}

extension WeightNaming {
  /// The rules for the weights of a layer and of those within that have other names than its members.
  func rules(for layer: some Layer) -> [WeightRule] {
    switch self {
    case .wengert: []
    case .pyTorch: pyTorchRules(layerTypeName(layer), within: layer.layersWithin.map { $0.layer })
    }
  }

  /// The name of a member of a layer, where it is not ours; an empty one for what is no module of its own.
  func name(ofMember member: String, of layer: some Layer) -> String {
    switch self {
    case .wengert: member
    case .pyTorch: pyTorchMembers[layerTypeName(layer)]?[member] ?? member
    }
  }
}

// MARK: - PyTorch

/// The names of layers within layers of the library.
private let pyTorchMembers: [String: [String: String]] = [
  "TransformerEncoder": [
    "attention": "self_attn", "attention_norm": "norm1", "feed_forward": "",
    "feed_forward_norm": "norm2",
  ],
  "TransformerDecoder": [
    "self_attention": "self_attn", "self_attention_norm": "norm1",
    "cross_attention": "multihead_attn", "cross_attention_norm": "norm2", "feed_forward": "",
    "feed_forward_norm": "norm3",
  ],
  "FeedForward": ["expand": "linear1", "contract": "linear2"],
]

private func pyTorchRules(_ type: String, within: [any Layer]) -> [WeightRule] {
  switch type {
  case "Dense", "Projection", "Conv1D", "Conv2D", "Conv1DTranspose", "Conv2DTranspose":
    return [
      WeightRule("kernel", "weight", .kernel), WeightRule("bias", "bias", isOptional: true),
    ]
  case "DepthwiseConv1D", "DepthwiseConv2D":
    return [
      WeightRule("kernel", "weight", .depthwise), WeightRule("bias", "bias", isOptional: true),
    ]
  case "SeparableConv1D", "SeparableConv2D":
    // Two modules of these names, which PyTorch has no layer for.
    return [
      WeightRule("depthwise_kernel", "depthwise.weight", .depthwise),
      WeightRule("pointwise_kernel", "pointwise.weight", .kernel),
      WeightRule("bias", "pointwise.bias", isOptional: true),
    ]
  case "BatchNormalization":
    return [
      WeightRule("gamma", "weight"), WeightRule("beta", "bias"),
      WeightRule("moving_mean", "running_mean"), WeightRule("moving_variance", "running_var"),
      WeightRule([], ["num_batches_tracked"], .same),
    ]
  case "LayerNormalization", "GroupNormalization", "InstanceNormalization":
    return [WeightRule("gamma", "weight"), WeightRule("beta", "bias", isOptional: true)]
  case "Embedding", "PositionEmbedding":
    return [WeightRule("embeddings", "weight")]
  case "LSTM", "GRU", "SimpleRNN":
    return pyTorchRecurrentRules(type, "", "_l0")
  case "Bidirectional":
    guard let kind = within.first.map({ layerTypeName($0) }) else { return [] }
    return pyTorchRecurrentRules(kind, "forward.", "_l0")
      + pyTorchRecurrentRules(kind, "backward.", "_l0_reverse")
  case "MultiHeadAttention":
    let parts = ["query", "key", "value"]
    return [
      WeightRule(parts.map { "\($0).kernel" }, ["in_proj_weight"], .stacked),
      WeightRule(parts.map { "\($0).bias" }, ["in_proj_bias"], .stacked, isOptional: true),
      WeightRule("output.kernel", "out_proj.weight", .kernel),
      WeightRule("output.bias", "out_proj.bias", isOptional: true),
    ]
  default: return []
  }
}

private func pyTorchRecurrentRules(
  _ type: String, _ member: String, _ suffix: String
) -> [WeightRule] {
  let isGRU = type == "GRU"
  return [
    WeightRule("\(member)kernel", "weight_ih\(suffix)", isGRU ? .gruKernel : .kernel),
    WeightRule("\(member)recurrent_kernel", "weight_hh\(suffix)", isGRU ? .gruKernel : .kernel),
    WeightRule(
      ["\(member)bias"], ["bias_ih\(suffix)", "bias_hh\(suffix)"], isGRU ? .gruBiases : .sum,
      isOptional: true),
  ] + [0, 1].map { WeightRule(["\(member)states.\($0)"], [], .same) }
}

// MARK: - Layouts

/// How tensors of a file become weights, and the other way round.
enum WeightLayout {
  case same
  /// Outputs, inputs, places: of a kernel here places, inputs, outputs.
  case kernel
  /// Channels · multiplier, 1, places: here places, channels, multiplier.
  case depthwise
  /// Two tensors that are added.
  case sum
  /// Three kernels or biases on top of each other.
  case stacked
  /// A kernel whose gates r, z, n are here z, r, n.
  case gruKernel
  /// Two biases of which the gates r, z, n are here z, r, n in two rows.
  case gruBiases

  /// The weights that tensors of a file are, of these shapes; nil if the tensors cannot be any.
  func decode<Scalar: TensorFloat>(
    _ tensors: [Tensor<Scalar>], shapes: [TensorShape]
  ) -> [Tensor<Scalar>]? {
    guard let first = tensors.first else { return [] }
    switch self {
    case .same: return tensors
    case .kernel: return first.rank < 2 ? nil : [placesFirst(first)]
    case .depthwise:
      guard first.rank > 2, first.count == shapes[0].elementCount else { return nil }
      return [placesFirst(first).reshaped(to: shapes[0])]
    case .sum: return first.shape == tensors[1].shape ? [first + tensors[1]] : nil
    case .stacked:
      guard 1...2 ~= first.rank, first.shape[0].isMultiple(of: 3) else { return nil }
      return first.split(into: 3).map { $0.transposed() }
    case .gruKernel:
      guard first.rank == 2, first.shape[0].isMultiple(of: 3) else { return nil }
      return [swappingGates(first).transposed()]
    case .gruBiases:
      guard first.rank == 1, first.shape == tensors[1].shape, first.count.isMultiple(of: 3) else {
        return nil
      }
      return [stack(tensors.map(swappingGates))]
    }
  }

  /// The tensors of a file that weights are; `decode` gives the same weights of them.
  func encode<Scalar: TensorFloat>(_ weights: [Tensor<Scalar>]) -> [Tensor<Scalar>] {
    guard let first = weights.first else { return [] }
    switch self {
    case .same: return weights
    case .kernel: return [placesLast(first)]
    case .depthwise:
      let places = Array(first.shape.dropLast(2))
      return [placesLast(first.reshaped(to: places + [1, first.shape.suffix(2).reduce(1, *)]))]
    case .sum: return [first, Tensor.zeros(first.shape)]
    case .stacked: return [concatenate(weights.map { $0.transposed() })]
    case .gruKernel: return [swappingGates(first.transposed())]
    case .gruBiases: return first.split(into: 2).map { swappingGates($0.flattened()) }
    }
  }
}

/// [outputs, inputs, places…] as [places…, inputs, outputs].
private func placesFirst<Scalar>(_ kernel: Tensor<Scalar>) -> Tensor<Scalar> {
  kernel.transposed(permutation: Array(2..<kernel.rank) + [1, 0])
}

/// [places…, inputs, outputs] as [outputs, inputs, places…].
private func placesLast<Scalar>(_ kernel: Tensor<Scalar>) -> Tensor<Scalar> {
  let rank = kernel.rank
  return kernel.transposed(permutation: [rank - 1, rank - 2] + Array(0..<rank - 2))
}

/// The first of three equal parts behind the second.
private func swappingGates<Scalar: TensorFloat>(_ gates: Tensor<Scalar>) -> Tensor<Scalar> {
  let parts = gates.split(into: 3)
  return concatenate([parts[1], parts[0], parts[2]])
}
