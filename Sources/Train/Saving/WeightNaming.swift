// The names and layouts that other frameworks use for weights: one rule per kind of layer. Next:
// `WeightLoading.swift` applies the rules to a network and a file.

import Layers
import Tensor

/// The names and layouts of the weights in a file.
public enum WeightNaming: Sendable, CaseIterable {
  /// This library's own: a weight is named by its path, such as `encoder.dense_1.kernel`.
  case wengert
  /// Those of PyTorch's modules.
  ///
  /// A layer has the name of its member in the module. Weights are called `weight` and `bias`,
  /// `running_mean`, `weight_ih_l0` or `in_proj_weight`. Kernels are transposed, the gates of a GRU
  /// have another order, an LSTM has two biases, which are added, and attention keeps three kernels
  /// in one tensor. A bias that is not in the file is zero, as in modules made with `bias=False`.
  case pyTorch
}

/// Maps some tensors of a file to weights of a layer.
///
/// If there are no tensors, the weights are left unchanged; if there are no weights, the tensors
/// are ignored.
struct WeightRule {
  /// The paths of the weights inside the layer.
  let ours: [String]
  /// The names in the file, after the layer's name.
  let theirs: [String]
  let layout: WeightLayout
  /// Whether weights missing from the file become zero.
  var isOptional = false

  init(_ ours: [String], _ theirs: [String], _ layout: WeightLayout, isOptional: Bool = false) {
    (self.ours, self.theirs, self.layout, self.isOptional) = (ours, theirs, layout, isOptional)
  }

  init(_ ours: String, _ theirs: String, _ layout: WeightLayout = .same, isOptional: Bool = false) {
    self.init([ours], [theirs], layout, isOptional: isOptional)
  }
}

extension WeightNaming {
  /// The rules for the weights of a layer, and of inner layers whose names differ from its members.
  func rules(for layer: some Layer) -> [WeightRule] {
    switch self {
    case .wengert: []
    case .pyTorch: pyTorchRules(layerTypeName(layer), within: layer.layersWithin.map { $0.layer })
    }
  }

  /// The framework's name for a member of a layer; empty if the member is not a separate module.
  func name(ofMember member: String, of layer: some Layer) -> String {
    switch self {
    case .wengert: member
    case .pyTorch: pyTorchMembers[layerTypeName(layer)]?[member] ?? member
    }
  }
}

// MARK: - PyTorch

/// PyTorch's names for the inner layers of this library's layers.
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
    // Two modules with these names; PyTorch has no layer for this.
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

/// How tensors of a file become weights, and how weights become tensors.
enum WeightLayout {
  case same
  /// A kernel: [outputs, inputs, positions…] in the file, [positions…, inputs, outputs] here.
  case kernel
  /// A depthwise kernel: [channels · multiplier, 1, positions…] in the file, [positions…, channels,
  /// multiplier] here.
  case depthwise
  /// Two tensors that are added to give one weight.
  case sum
  /// Three kernels or biases stacked in one tensor.
  case stacked
  /// A GRU kernel: gates r, z, n in the file, z, r, n here.
  case gruKernel
  /// Two GRU biases with gates r, z, n in the file; two rows with gates z, r, n here.
  case gruBiases

  /// Converts tensors of a file to weights of the given shapes; nil if they do not fit.
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

  /// Converts weights to tensors of a file; `decode` gives the same weights back.
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

/// Transposes [outputs, inputs, positions…] to [positions…, inputs, outputs].
private func placesFirst<Scalar>(_ kernel: Tensor<Scalar>) -> Tensor<Scalar> {
  kernel.transposed(permutation: Array(2..<kernel.rank) + [1, 0])
}

/// Transposes [positions…, inputs, outputs] to [outputs, inputs, positions…].
private func placesLast<Scalar>(_ kernel: Tensor<Scalar>) -> Tensor<Scalar> {
  let rank = kernel.rank
  return kernel.transposed(permutation: [rank - 1, rank - 2] + Array(0..<rank - 2))
}

/// Swaps the first and second of three equal parts.
private func swappingGates<Scalar: TensorFloat>(_ gates: Tensor<Scalar>) -> Tensor<Scalar> {
  let parts = gates.split(into: 3)
  return concatenate([parts[1], parts[0], parts[2]])
}
