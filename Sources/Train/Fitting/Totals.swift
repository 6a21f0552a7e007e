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
  /// The outputs of a network that has several, and the sums of their losses and metrics.
  private let outputs: [OutputTerms]
  private var outputLosses: [Double]
  private var outputSums: [[[Double]]]
  /// The numbers of a step of one's own, by name.
  private var own: [(name: String, sum: Double)] = []

  /// Whether no batch was added.
  var isEmpty: Bool { samples == 0 }

  init(metrics: [Metric], outputs: [OutputTerms]) {
    self.metrics = metrics
    self.outputs = outputs
    sums = metrics.map { _ in [0] }
    outputLosses = outputs.map { _ in 0 }
    outputSums = outputs.map { $0.metrics.map { _ in [0] } }
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

  /// Adds a batch of a network with several inputs or outputs; `losses` are those of its outputs.
  mutating func add<Scalar>(
    _ objective: Variable<Scalar>, losses: [Variable<Scalar>], _ predictions: [Variable<Scalar>],
    _ targets: [Variable<Scalar>]
  ) {
    if outputs.isEmpty { return add(objective, predictions[0], targets[0]) }
    let count = targets[0].shape[0]
    samples += count
    loss += Double(objective.scalar) * Double(count)
    for (index, output) in outputs.enumerated() {
      outputLosses[index] += Double(losses[index].scalar) * Double(count)
      for (place, metric) in output.metrics.enumerated() {
        metric.sums.add(
          predictions[index].block, targets[index].block, to: &outputSums[index][place])
      }
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
    var numbers = own.isEmpty ? [("loss", loss / count)] : own.map { ($0.name, $0.sum / count) }
    if own.isEmpty && outputs.isEmpty {
      numbers += zip(metrics, sums).map { ($0.name, $0.sums.value(of: $1, samples: count)) }
    } else if own.isEmpty {
      numbers += zip(outputs, outputLosses).map { ("\($0.name)_loss", $1 / count) }
      for (output, sums) in zip(outputs, outputSums) {
        numbers += zip(output.metrics, sums).map {
          ("\(output.name)_\($0.name)", $0.sums.value(of: $1, samples: count))
        }
      }
    }
    return numbers.map { ($0.0, $0.1.withoutNaNSign) }
  }
}

extension Double {
  /// The number; a NaN without its sign, which processors set as they please and Swift would print.
  var withoutNaNSign: Double { isNaN ? .nan : self }
}
