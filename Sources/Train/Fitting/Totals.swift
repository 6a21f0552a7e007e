import Autograd
import Tensor

/// The sums over samples from which the numbers of an epoch are made.
///
/// They are means over samples, not over batches, so the last, shorter batch counts by its length, and the
/// number printed is the number returned.
struct Totals {
  private let metrics: [Metric]
  private var loss = 0.0
  private var sums: [[Double]]
  private var samples = 0

  /// Whether no batch was added.
  var isEmpty: Bool { samples == 0 }

  init(metrics: [Metric]) {
    self.metrics = metrics
    sums = metrics.map { _ in [0] }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  mutating func add<Scalar>(
    _ objective: Variable<Scalar>, _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) {
    let count = target.shape[0]
    samples &+= count
    loss += Double(objective.scalar) * Double(count)
    for index in metrics.indices {
      metrics[index].sums.add(prediction.block, target.block, to: &sums[index])
    }
  }

  /// The name and value of the loss and of each metric.
  var means: [(name: String, value: Double)] {
    let count = Double(max(1, samples))
    return [("loss", (loss / count).withoutNaNSign)]
      + zip(metrics, sums).map { ($0.name, $0.sums.value(of: $1, samples: count).withoutNaNSign) }
  }
}

extension Double {
  /// The number; a NaN without its sign, which processors set as they please and Swift would print.
  var withoutNaNSign: Double { isNaN ? .nan : self }
}
