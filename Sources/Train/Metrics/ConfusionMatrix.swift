// The confusion matrix. Next: `Mistakes.swift`, the individual samples.

import Layers
import Tensor

/// How often samples of each class were predicted as each class (scikit-learn's
/// `confusion_matrix`).
///
/// ```swift
/// let matrix = ConfusionMatrix(model.predict(x), y, classNames: fashionClassNames)
/// print(matrix)                      // a row per class, a column per prediction
/// matrix.recall(of: 6)
/// ```
public struct ConfusionMatrix: Sendable, Equatable {
  /// The number of samples, indexed by [class][predicted class].
  public let counts: [[Int]]
  /// The names of the classes, for printing.
  public let classNames: [String]

  /// Counts the predicted classes for each target class.
  ///
  /// - Parameters:
  ///   - predictions: rows of class scores, [samples, classes], or one number per sample, which
  ///     means class 1 if it is above 0.5.
  ///   - targets: class indices, [samples], or one-hot rows.
  ///   - classNames: the names of the classes; if empty, their numbers are used.
  public init<P: TensorNumber, T: TensorNumber>(
    _ predictions: Tensor<P>, _ targets: Tensor<T>, classNames: [String] = []
  ) {
    let operation = "ConfusionMatrix"
    self.init(
      predicted: predictions.predictedClasses(operation).classes,
      expected: targets.targetClasses(operation),
      classes: max(2, predictions.rank == 2 ? predictions.shape[1] : 2), classNames: classNames)
  }

  /// Counts pairs of class indices.
  ///
  /// - Parameters:
  ///   - predicted: the predicted class of each sample.
  ///   - expected: the right class of each sample.
  ///   - classes: the minimum number of classes; larger indices increase it.
  ///   - classNames: the names of the classes; if empty, their numbers are used.
  public init(
    predicted: [Int], expected: [Int], classes: Int = 0, classNames: [String] = []
  ) {
    require(
      predicted.count == expected.count,
      "ConfusionMatrix: \(predicted.count) predictions and \(expected.count) targets differ in number"
    )
    let largest = max(predicted.max() ?? -1, expected.max() ?? -1)
    let size = max(classes, classNames.count, largest.addingSaturated(1))
    require(
      size <= 1 << 15,
      "ConfusionMatrix: class \(size - 1) makes a matrix too large for memory; classes count from 0 "
        + "without gaps")
    require(
      classNames.isEmpty || classNames.count == size,
      "ConfusionMatrix: \(classNames.count) names do not fit \(size) classes")
    var counts = [[Int]](repeating: [Int](repeating: 0, count: size), count: size)
    for (guess, truth) in zip(predicted, expected) {
      require(
        guess >= 0 && truth >= 0,
        "ConfusionMatrix: class \(min(guess, truth)) is negative, classes count from 0")
      counts[truth][guess] += 1
    }
    self.counts = counts
    self.classNames = classNames.isEmpty ? (0..<size).map(String.init) : classNames
  }

  /// The number of samples.
  public var total: Int { counts.joined().reduce(0, +) }
  /// The fraction of samples with the right class; NaN without samples.
  public var accuracy: Double {
    (Double(counts.indices.map { counts[$0][$0] }.reduce(0, +)) / Double(total)).withoutNaNSign
  }
  /// The fraction of samples predicted as the class that belong to it; 0 if there are none.
  public func precision(of label: Int) -> Double {
    check(label, "precision")
    return share(counts[label][label], of: counts.map { $0[label] }.reduce(0, +))
  }
  /// The fraction of the class's samples that were predicted as it; 0 if there are none.
  public func recall(of label: Int) -> Double {
    check(label, "recall")
    return share(counts[label][label], of: counts[label].reduce(0, +))
  }
  /// The harmonic mean of precision and recall of a class; 0 if both are 0.
  public func f1Score(of label: Int) -> Double {
    check(label, "f1Score")
    let both = counts[label].reduce(0, +) + counts.map { $0[label] }.reduce(0, +)
    return share(2 * counts[label][label], of: both)
  }

  private func check(_ label: Int, _ name: String) {
    require(
      counts.indices.contains(label),
      "ConfusionMatrix.\(name): \(label) is not one of the \(counts.count) classes 0..<\(counts.count)"
    )
  }

  private func share(_ part: Int, of all: Int) -> Double {
    all == 0 ? 0 : Double(part) / Double(all)
  }
}

extension ConfusionMatrix: CustomStringConvertible {
  /// One row per class and one column per prediction, with precision, recall and F1 at the end of a
  /// row.
  public var description: String {
    let names = classNames.map { String($0.prefix(12)) }
    var table = [["class"] + names + ["precision", "recall", "F1"]]
    for (label, row) in counts.enumerated() {
      let shares = [precision(of: label), recall(of: label), f1Score(of: label)]
      table.append(
        [names[label]] + row.map(String.init) + shares.map { formatFixed($0, decimals: 4) })
    }
    return aligned(table) + "\naccuracy \(formatFixed(accuracy, decimals: 4)) of \(total) samples"
  }
}

/// Formats rows of cells as lines with aligned columns: the first column left, the others right.
func aligned(_ table: [[String]]) -> String {
  let widths = (table.first ?? []).indices.map { column in
    table.map { $0[column].count }.max() ?? 0
  }
  return table.map { row in
    let cells = zip(row, widths).enumerated().map { column, cell in
      let space = String(repeating: " ", count: cell.1 - cell.0.count)
      return column == 0 ? cell.0 + space : space + cell.0
    }
    return cells.joined(separator: "  ")
  }.joined(separator: "\n")
}
