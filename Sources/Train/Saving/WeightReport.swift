// The report of loading a file's arrays into a network's weights.

import Layers
import Tensor

/// Which weights of a network were found in a file, and what did not fit.
///
/// ```
/// 2 of 4 parameters fit, 1 of another shape, 1 missing, 1 left over
///
///   another shape  dense.kernel    fc1.weight   expected [784, 128], got [784, 64]
///   missing        dense_1.bias    fc2.bias     is fc2.biases meant?
///   left over                      fc2.biases   [10]
///   loaded         dense.bias      fc1.bias     [128]
/// ```
public struct WeightReport: Sendable, CustomStringConvertible {
  /// The outcome for a parameter or an array.
  public enum Outcome: String, Sendable, CaseIterable {
    /// The array's shape differs from the parameter's, or its elements cannot be converted.
    case misfit = "another shape"
    /// The file has no array for this parameter.
    case missing
    /// No parameter uses this array.
    case leftOver = "left over"
    /// The parameter was loaded from the array.
    case loaded
    /// The parameter was set to zero, because the other framework leaves out such a bias.
    case zero
  }

  /// A parameter, the array it was loaded from, or both.
  public struct Row: Sendable {
    /// The outcome.
    public let outcome: Outcome
    /// The path of the parameter; empty for an array left over.
    public let parameter: String
    /// The name of the array in the file, or the expected name; several are separated by commas.
    public let array: String
    /// The shape, or the problem.
    public let detail: String
  }

  /// The parameters in network order, then the arrays left over.
  public internal(set) var rows: [Row] = []

  /// Returns the rows with one outcome.
  public func rows(_ outcome: Outcome) -> [Row] { rows.filter { $0.outcome == outcome } }

  /// Whether every parameter has a value and every array of the file was used.
  public var isComplete: Bool { problems.isEmpty }

  /// The rows that make strict loading fail.
  var problems: [Row] {
    rows.filter { [.misfit, .missing, .leftOver].contains($0.outcome) }
  }

  /// The first problem, as a sentence.
  var firstProblem: String? {
    problems.first.map { row in
      switch row.outcome {
      case .leftOver: "expected weights of the network, got an array \(row.array) of no layer"
      case .missing: "expected \(row.array) for \(row.parameter), got none"
      default: "\(row.parameter): \(row.detail)"
      }
    }
  }

  /// A line of counts and a table of all rows, problems first.
  public var description: String { table(of: Outcome.allCases) }

  /// A line of counts and a table of the rows with some outcomes.
  func table(of outcomes: [Outcome]) -> String {
    let count = rows.count { $0.outcome != .leftOver }
    let fitting = rows(.loaded).count + rows(.zero).count
    let others = [Outcome.misfit, .missing, .leftOver].compactMap { outcome in
      let count = rows(outcome).count
      let words = outcome == .misfit ? "of another shape" : outcome.rawValue
      return count == 0 ? nil : ", \(count) \(words)"
    }
    let cells = outcomes.flatMap(rows).map {
      [$0.outcome.rawValue, $0.parameter, $0.array, $0.detail]
    }
    let widths = (0..<3).map { column in cells.map { $0[column].count }.max() ?? 0 }
    let lines = cells.map { cells in
      "  "
        + zip(cells, widths).map { cell, width in
          cell + String(repeating: " ", count: width - cell.count + 2)
        }.joined() + cells[3]
    }
    let counts = "\(fitting) of \(count) parameters fit" + others.joined()
    return ([counts] + (lines.isEmpty ? [] : [""]) + lines).joined(separator: "\n")
  }
}
