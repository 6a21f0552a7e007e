import Layers
import Tensor

/// Whether a smaller or a larger number is better.
public enum Direction: Sendable {
  /// As the metric declares; losses are better when smaller.
  case automatic
  /// Smaller is better, as for losses and errors.
  case smaller
  /// Larger is better, as for accuracies.
  case larger
}

/// Tracks the best value so far of a number that is measured each epoch.
struct Monitor {
  let name: String
  private let minDelta: Double
  private let direction: Direction
  private var isLarger = false
  private(set) var best: Double?

  init(_ name: String, minDelta: Double = 0, direction: Direction) {
    self.name = name
    self.minDelta = abs(minDelta)
    self.direction = direction
  }

  /// Forgets earlier numbers; stops if the direction is not known for `model`.
  mutating func begin<Network: Layer>(_ model: Model<Network>) {
    best = nil
    let known = direction == .automatic ? model.direction(of: name) : direction
    require(
      known != .automatic,
      "callback: whether a smaller or a larger \"\(name)\" is better is not known; pass direction: "
        + ".smaller or .larger, to the callback or to the metric")
    isLarger = known == .larger
  }

  /// The monitored number of this epoch; stops if it was not measured.
  func value(in state: TrainingState) -> Double {
    guard let value = state[name] else {
      fail(
        unknownName(name, kind: "callback: monitor", known: state.measured.map(\.name))
          + (name.hasPrefix("val_") ? "; validation data are needed for names with val_" : ""))
    }
    return value
  }

  /// Records the number of this epoch and returns whether it beats the best so far by more than
  /// `minDelta`.
  mutating func improves(in state: TrainingState) -> Bool {
    let value = value(in: state)
    guard !value.isNaN else { return false }
    if let best, !(isLarger ? value - minDelta > best : value + minDelta < best) { return false }
    best = value
    return true
  }
}

extension Model {
  /// The direction that the metric of this name declares; `.automatic` if there is none.
  fileprivate func direction(of name: String) -> Direction {
    let name = name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
    if name == "loss" { return .smaller }
    for objective in objectives where name.hasPrefix(objective.output + "_") {
      let own = name.dropFirst(objective.output.count + 1)
      if own == "loss" { return .smaller }
      if let metric = objective.metrics.first(where: { $0.name == own }) {
        return metric.direction
      }
    }
    return (metrics.first { $0.name == name } ?? Metric(name))?.direction ?? .automatic
  }
}
