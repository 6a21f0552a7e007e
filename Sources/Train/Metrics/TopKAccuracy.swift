import Autograd
import Layers
import Tensor

extension Metric {
  /// The fraction of samples whose class is among the `k` highest scores of its row.
  ///
  /// Targets are class indices or one-hot rows. As in Keras, ties count in the sample's favour.
  ///
  /// The name is Keras's `top_k_categorical_accuracy` for Keras's default `k` of 5, and contains
  /// the number otherwise: `top_3_categorical_accuracy`.
  public static func topKAccuracy(_ k: Int = 5) -> Metric {
    require(k > 0, "topKAccuracy: k must be positive, got \(k)")
    let name = "top_\(k == 5 ? "k" : "\(k)")_categorical_accuracy"
    return Metric(name, .larger, TopKAccuracy(k: k))
  }

  /// The metric for a name that contains the number `k`; nil for other names.
  static func topKAccuracy(named name: String) -> Metric? {
    guard name.hasPrefix("top_"), name.hasSuffix("_categorical_accuracy"),
      let k = Int(name.dropFirst(4).prefix { $0.isNumber }), k > 0
    else { return nil }
    let metric = topKAccuracy(k)
    return metric.name == name ? metric : nil
  }
}

private struct TopKAccuracy: MetricSums {
  let k: Int

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func add<Scalar: TensorFloat>(
    _ prediction: Block<Scalar>, _ target: Block<Scalar>, to sums: inout [Double]
  ) {
    guard prediction.count > 0 else { return }
    let shape = prediction.shape
    let (samples, width) = (shape[0], shape[shape.rank - 1])
    let rows = prediction.count / width
    let isSparse = target.count == rows
    var right = 0
    for row in 0..<rows {
      let p = prediction.base + row * width
      let label =
        isSparse
        ? Int(exactly: target.base[row].asDouble) ?? -1
        : Scalar.kernels.pointee.argument(.maximum, target.base + row * width, width)
      require(
        label >= 0 && label < width,
        "top_k_categorical_accuracy: label \(target.base[row]) is not one of the classes 0..<\(width)"
      )
      let own = p[label]
      let better = (0..<width).count { p[$0] > own }
      if own == own && better < k { right += 1 }
    }
    sums[0] += Double(right) * Double(samples) / Double(rows)
  }
}
