// Batch normalisation taken into the weights of the layer before it, for inference.

import Tensor

/// A layer that calls layers within one after another.
protocol FoldingLayer {
  /// Takes each batch normalisation within into the layer before it, where that can be done.
  mutating func foldMembers()
}

extension Layer {
  /// The network for inference without the batch normalisations that come right after a dense layer or a
  /// convolution without activation function: they are taken into its weights.
  ///
  /// The new network computes what this one does at inference, but for rounding, in fewer steps. It is not meant to
  /// be trained. Sequences of layers within, and graphs, are treated in the same way; in a graph, a layer whose
  /// result is used elsewhere too stays as it is.
  ///
  /// ```swift
  /// let fast = model.network.foldingBatchNormalization()
  /// ```
  public func foldingBatchNormalization() -> Self {
    require(isInitialized, "foldingBatchNormalization: the network has no weights yet")
    var result = self
    var visitor = FoldingVisitor<Scalar>()
    visitor.visit(&result, "network")
    result.numberParameters()
    return result
  }

  /// The layer with a batch normalisation taken into its weights, if that can be done.
  fileprivate func folding(_ next: any Layer<Scalar>) -> (any Layer<Scalar>)? {
    guard let normalization = next as? BatchNormalization<Scalar> else { return nil }
    let (scale, shift) = normalization.inferenceScaleAndShift
    return switch self {
    case let layer as Dense<Scalar>: layer.rescaled(by: scale, shift: shift)
    case let layer as any ConvolutionLayer<Scalar>: layer.rescaled(by: scale, shift: shift)
    case let layer as any SeparableConvolutionLayer<Scalar>:
      layer.rescaled(by: scale, shift: shift)
    default: nil
    }
  }
}

/// Folds the layers within a network, innermost first.
private struct FoldingVisitor<Scalar: TensorFloat>: MemberVisitor {
  mutating func visit(_ parameter: inout Parameter<Scalar>, _ name: MemberName) {}

  mutating func visit<Member: Layer>(_ layer: inout Member, _ name: MemberName)
  where Member.Scalar == Scalar {
    layer.forEachMember(&self)
    guard var folding = layer as? any FoldingLayer else { return }
    folding.foldMembers()
    layer = folding as! Member
  }
}

extension Sequential: FoldingLayer {
  mutating func foldMembers() {
    var folded: [any Layer<Scalar>] = []
    for layer in layers {
      if let merged = folded.last?.folding(layer) {
        folded[folded.count - 1] = merged
      } else {
        folded.append(layer)
      }
    }
    layers = folded
  }
}

extension Residual: FoldingLayer {
  mutating func foldMembers() { layers.foldMembers() }
}

extension Graph: FoldingLayer {
  mutating func foldMembers() {
    foldSteps { layer, next in layer.folding(next) }
  }
}

// MARK: - Weights

// Each of these gives the layer whose results are `scale` times those of this one plus `shift`, with a number of each
// for every element of the last axis; nil if an activation function comes after the weighted sums.

extension Dense {
  fileprivate func rescaled(by scale: Tensor<Scalar>, shift: Tensor<Scalar>) -> Self? {
    guard activation == .linear else { return nil }
    var result = self
    result.kernel.value = kernel.value * scale
    result.bias = bias ?? Parameter()
    result.bias?.value = bias.map { $0.value * scale + shift } ?? shift
    return result
  }
}

extension ConvolutionLayer {
  fileprivate func rescaled(by scale: Tensor<Scalar>, shift: Tensor<Scalar>) -> Self? {
    guard let core = core.rescaled(by: scale, shift: shift) else { return nil }
    var result = self
    result.core = core
    return result
  }
}

extension SeparableConvolutionLayer {
  fileprivate func rescaled(by scale: Tensor<Scalar>, shift: Tensor<Scalar>) -> Self? {
    guard let core = pointwise.rescaled(by: scale, shift: shift) else { return nil }
    var result = self
    result.pointwise = core
    return result
  }
}

extension ConvolutionCore {
  fileprivate func rescaled(by scale: Tensor<Scalar>, shift: Tensor<Scalar>) -> Self? {
    guard activation == .linear else { return nil }
    // Where the kernel has the results, see its description.
    let factors =
      switch kind {
      case .plain: scale
      case .transposed: scale.expandingShape(at: -1)
      case .depthwise: scale.reshaped(to: [-1, filters])
      }
    var result = self
    result.kernel.value = kernel.value * factors
    result.bias = bias ?? Parameter()
    result.bias?.value = bias.map { $0.value * scale + shift } ?? shift
    return result
  }
}
