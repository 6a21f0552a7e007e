import Autograd
import Layers
import Tensor

/// The results of `fit`: one number per epoch for the loss and each metric.
///
/// The numbers are those of the progress line: means over the samples of an epoch, measured while
/// the weights changed.
///
/// If callbacks change the learning rate, `learning_rate` is among the names, as in Keras.
public struct History: Sendable, Equatable {
  /// The names in the order of the progress line, such as `loss`, `accuracy`, `val_loss`.
  public internal(set) var names: [String] = []
  var values: [[Double]] = []

  /// The number of epochs.
  public var epochs: Int { values.first?.count ?? 0 }

  /// The numbers under a name, one per epoch; stops if there is no such name.
  ///
  /// A history without epochs has no names and returns an empty array for any name.
  public subscript(name: String) -> [Double] {
    guard let numbers = numbers(named: name) else {
      if epochs == 0 { return [] }
      fail(
        unknownName(name, kind: "history", known: names)
          + (name.hasPrefix("val_") ? "; validation data are needed for names with val_" : ""))
    }
    return numbers
  }

  /// The numbers under a name, one per epoch; nil if there is no such name.
  public func numbers(named name: String) -> [Double]? {
    names.firstIndex(of: name).map { values[$0] }
  }

  /// Why training ended early; nil if it did not.
  public internal(set) var stopReason: String?

  /// Where the time went, if `fit` was called with `profile: true`.
  public internal(set) var profile: [Profile.Entry] = []

  mutating func append(_ measured: [(name: String, value: Double)]) {
    let epochs = epochs
    for (name, value) in measured {
      if let index = names.firstIndex(of: name) {
        values[index].append(value)
      } else {
        // A number first measured in a later epoch is missing in the earlier ones.
        names.append(name)
        values.append([Double](repeating: .nan, count: epochs) + [value])
      }
    }
    for index in values.indices where values[index].count == epochs { values[index].append(.nan) }
  }
}

extension History: CustomStringConvertible {
  /// The number of epochs, the names and the last numbers.
  public var description: String {
    let last = zip(names, values).map { "\($0): \($1.last ?? .nan)" }.joined(separator: ", ")
    return "History of \(epochs) epochs, last \(last)"
  }
}

/// The results of `evaluate`.
public struct Evaluation: Sendable, Equatable {
  /// The mean loss.
  public let loss: Double
  /// The names and values of the metrics.
  let metrics: [String: Double]

  /// The value of the loss or a metric; nil if there is no such name.
  public subscript(name: String) -> Double? { name == "loss" ? loss : metrics[name] }
  /// The fraction of samples with the right class; NaN if accuracy is not among the metrics.
  public var accuracy: Double { metrics["accuracy"] ?? .nan }
}

extension Evaluation: CustomStringConvertible {
  /// The loss and the metrics, such as `loss: 0.25, accuracy: 0.9`.
  public var description: String {
    (["loss: \(loss)"] + metrics.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
      .joined(separator: ", ")
  }
}
