import Autograd
import Tensor

/// The running sums over samples from which the numbers of an epoch are computed.
///
/// The numbers are means over samples, not over batches, so the shorter last batch counts by its
/// size. The number printed is the number returned.
struct Totals {
  private let objectives: [Objective]
  private var loss = 0.0
  /// The sum of the losses for each output; only kept if there are several outputs.
  private var losses: [Double]
  /// The sums for each metric of each output.
  private var sums: [[[Double]]]
  /// The number of samples.
  private(set) var samples = 0
  /// The numbers of a custom step, by name.
  private var own: [(name: String, sum: Double)] = []

  /// Whether no batch has been added.
  var isEmpty: Bool { samples == 0 }

  init(_ objectives: [Objective]) {
    self.objectives = objectives
    losses = objectives.map { _ in 0 }
    sums = objectives.map { $0.metrics.map { _ in [0] } }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  mutating func add<Scalar>(
    _ objective: Variable<Scalar>, _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) {
    let count = target.shape[0]
    samples &+= count
    loss += Double(objective.scalar) * Double(count)
    addMetrics(ofOutput: 0, prediction, target)
  }

  @inline(__always)
  private mutating func addMetrics<Scalar>(
    ofOutput output: Int, _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) {
    for (index, metric) in objectives[output].metrics.enumerated() {
      metric.sums.add(prediction.block, target.block, to: &sums[output][index])
    }
  }

  /// Adds a batch of a network with several inputs or outputs; `losses` holds the loss of each
  /// output.
  mutating func add<Scalar>(
    _ objective: Variable<Scalar>, losses: [Variable<Scalar>], _ predictions: [Variable<Scalar>],
    _ targets: [Variable<Scalar>]
  ) {
    let count = targets[0].shape[0]
    samples += count
    loss += Double(objective.scalar) * Double(count)
    for index in objectives.indices {
      self.losses[index] += Double(losses[index].scalar) * Double(count)
      addMetrics(ofOutput: index, predictions[index], targets[index])
    }
  }

  /// Adds the numbers of a custom step, which are means over `count` samples.
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

  /// The names and values of the loss and the metrics.
  var means: [(name: String, value: Double)] {
    let count = Double(max(1, samples))
    var numbers = own.isEmpty ? [("loss", loss / count)] : own.map { ($0.name, $0.sum / count) }
    if own.isEmpty {
      if objectives.count > 1 {
        numbers += zip(objectives, losses).map { ("\($0.output)_loss", $1 / count) }
      }
      for (objective, sums) in zip(objectives, sums) {
        let prefix = objective.output.isEmpty ? "" : "\(objective.output)_"
        numbers += zip(objective.metrics, sums).map {
          (prefix + $0.name, $0.sums.value(of: $1, samples: count))
        }
      }
    }
    return numbers.map { ($0.0, $0.1.withoutNaNSign) }
  }
}

extension Double {
  /// The number, with the sign of NaN cleared: it varies between processors, and Swift prints it.
  var withoutNaNSign: Double { isNaN ? .nan : self }
}
