import Autograd
import Layers
import Tensor

/// What `fit` measured, one number per epoch for the loss and each metric.
///
/// The numbers are those of the progress line: means over the samples of an epoch, taken while the weights
/// changed.
///
/// Where callbacks change the learning rate, `learning_rate` is among the names, as in Keras.
public struct History: Sendable, Equatable {
  /// The names in the order of the progress line, such as `loss`, `accuracy`, `val_loss`.
  public internal(set) var names: [String] = []
  var values: [[Double]] = []

  /// The number of epochs.
  public var epochs: Int { values.first?.count ?? 0 }

  /// The numbers of one name, one per epoch; stops if nothing of that name was measured.
  ///
  /// A history without epochs has no names, and gives no numbers for any.
  public subscript(name: String) -> [Double] {
    guard let numbers = numbers(named: name) else {
      if epochs == 0 { return [] }
      fail(
        unknownName(name, kind: "history", known: names)
          + (name.hasPrefix("val_") ? "; validation data are needed for names with val_" : ""))
    }
    return numbers
  }

  /// The numbers of one name, one per epoch; nil if nothing of that name was measured.
  public func numbers(named name: String) -> [Double]? {
    names.firstIndex(of: name).map { values[$0] }
  }

  /// Why training ended before its last epoch; nil if it did not.
  public internal(set) var stopReason: String?

  /// Where the time went, if `fit` was asked to tell.
  public internal(set) var profile: [Profile.Entry] = []

  mutating func append(_ measured: [(name: String, value: Double)]) {
    let epochs = epochs
    for (name, value) in measured {
      if let index = names.firstIndex(of: name) {
        values[index].append(value)
      } else {
        // What is measured from a later epoch on has no number in those before.
        names.append(name)
        values.append([Double](repeating: .nan, count: epochs) + [value])
      }
    }
    for index in values.indices where values[index].count == epochs { values[index].append(.nan) }
  }
}

extension History: CustomStringConvertible {
  /// The names, the number of epochs and the last numbers.
  public var description: String {
    let last = zip(names, values).map { "\($0): \($1.last ?? .nan)" }.joined(separator: ", ")
    return "History of \(epochs) epochs, last \(last)"
  }
}

/// What `evaluate` measured.
public struct Evaluation: Sendable, Equatable {
  /// The mean loss.
  public let loss: Double
  /// The names and values of the metrics.
  let metrics: [String: Double]

  /// The value of a metric.
  public subscript(name: String) -> Double? { name == "loss" ? loss : metrics[name] }
  /// The share of samples whose class is right; NaN if accuracy is not among the metrics.
  public var accuracy: Double { metrics["accuracy"] ?? .nan }
}

extension Evaluation: CustomStringConvertible {
  /// The loss and the metrics: `loss: 0.25, accuracy: 0.9`.
  public var description: String {
    (["loss: \(loss)"] + metrics.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
      .joined(separator: ", ")
  }
}
