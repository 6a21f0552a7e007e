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
  /// The number of samples.
  private(set) var samples = 0
  /// The numbers of a step of one's own, by name.
  private var own: [(name: String, sum: Double)] = []

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

  /// Adds the numbers of a step of one's own, means over `count` samples.
  mutating func add(_ numbers: KeyValuePairs<String, Double>, count: Int) {
    samples += count
    for (name, value) in numbers {
      let share = value * Double(count)
      if let index = own.firstIndex(where: { $0.name == name }) {
        own[index].sum += share
      } else {
        own.append((name, share))
      }
    }
  }

  /// The name and value of the loss and of each metric.
  var means: [(name: String, value: Double)] {
    let count = Double(max(1, samples))
    let numbers =
      own.isEmpty
      ? [("loss", loss / count)]
        + zip(metrics, sums).map { ($0.name, $0.sums.value(of: $1, samples: count)) }
      : own.map { ($0.name, $0.sum / count) }
    return numbers.map { ($0.0, $0.1.withoutNaNSign) }
  }
}

extension Double {
  /// The number; a NaN without its sign, which processors set as they please and Swift would print.
  var withoutNaNSign: Double { isNaN ? .nan : self }
}
