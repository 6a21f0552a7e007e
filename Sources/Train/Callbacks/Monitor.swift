import Layers
import Tensor

/// Whether a smaller or a larger number is better.
public enum Direction: Sendable {
  /// Larger for accuracies, precision, recall and their like, smaller for all others.
  case automatic
  /// Losses and errors.
  case smaller
  /// Accuracies and their like.
  case larger
}

/// The best value so far of a number that is measured each epoch.
struct Monitor {
  let name: String
  private let minDelta: Double
  private let isLarger: Bool
  private(set) var best: Double?

  init(_ name: String, minDelta: Double = 0, direction: Direction) {
    self.name = name
    self.minDelta = abs(minDelta)
    isLarger =
      switch direction {
      case .smaller: false
      case .larger: true
      case .automatic:
        ["acc", "precision", "recall", "f1", "r2", "auc"].contains { name.contains($0) }
      }
  }

  mutating func reset() { best = nil }

  /// The number of this epoch; stops if it is not measured.
  func value(in state: TrainingState) -> Double {
    guard let value = state[name] else {
      fail(
        unknownName(name, kind: "callback: monitor", known: state.measured.map(\.name))
          + (name.hasPrefix("val_") ? "; validation data are needed for names with val_" : ""))
    }
    return value
  }

  /// Takes the number of this epoch; whether it is better than the best before by more than the least
  /// difference.
  mutating func improves(in state: TrainingState) -> Bool {
    let value = value(in: state)
    guard !value.isNaN else { return false }
    if let best, !(isLarger ? value - minDelta > best : value + minDelta < best) { return false }
    best = value
    return true
  }
}
