// Which classes are taken for which. Next: `Mistakes.swift`, the single samples.

import Layers
import Tensor

/// How often each class was predicted for each class: scikit-learn's `confusion_matrix`.
///
/// ```swift
/// let matrix = ConfusionMatrix(model.predict(x), y, classNames: fashionClassNames)
/// print(matrix)                      // a row per class, a column per prediction
/// matrix.recall(of: 6)
/// ```
public struct ConfusionMatrix: Sendable, Equatable {
  /// The numbers of samples, [class][predicted class].
  public let counts: [[Int]]
  /// The names of the classes, for printing.
  public let classNames: [String]

  /// Counts predictions for targets.
  ///
  /// - Parameters:
  ///   - predictions: rows of class scores, [samples, classes], or one number per sample, which is class
  ///     1 if above 0.5.
  ///   - targets: class indices, [samples], or one-hot rows.
  ///   - classNames: the names of the classes; their numbers if empty.
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
  ///   - predicted: the class given to each sample.
  ///   - expected: the right ones.
  ///   - classes: the least number of classes; larger indices make it larger.
  ///   - classNames: the names of the classes; their numbers if empty.
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
  /// The share of samples whose class is right; NaN without samples.
  public var accuracy: Double {
    (Double(counts.indices.map { counts[$0][$0] }.reduce(0, +)) / Double(total)).withoutNaNSign
  }
  /// The share of samples predicted as a class that are of it; 0 if there are none.
  public func precision(of label: Int) -> Double {
    check(label, "precision")
    return share(counts[label][label], of: counts.map { $0[label] }.reduce(0, +))
  }
  /// The share of a class's samples that are predicted as it; 0 if there are none.
  public func recall(of label: Int) -> Double {
    check(label, "recall")
    return share(counts[label][label], of: counts[label].reduce(0, +))
  }
  /// The harmonic mean of precision and recall of a class; 0 if both are.
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
  /// A row per class with precision, recall and F1 at its end; predictions are in the columns.
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

/// Rows of cells as lines, each column as wide as its widest cell; the first to the left, others to the
/// right.
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
