// What became of the weights of a network and the arrays of a file when they were brought together.

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
  /// What became of a parameter or of an array.
  public enum Outcome: String, Sendable, CaseIterable {
    /// The array has another shape than the parameter, or elements that cannot be converted.
    case misfit = "another shape"
    /// The file does not have it.
    case missing
    /// No parameter asked for it.
    case leftOver = "left over"
    /// The parameter has the array's values.
    case loaded
    /// The parameter is zero, since the other framework leaves out such a bias.
    case zero
  }

  /// A parameter, what it was made of, or both.
  public struct Row: Sendable {
    /// What became of it.
    public let outcome: Outcome
    /// The path of the parameter; empty for what is left over.
    public let parameter: String
    /// The name of the array in the file, or the expected one; several have commas between them.
    public let array: String
    /// The shape, or what is wrong.
    public let detail: String
  }

  /// The parameters in the order of the network, then what is left over.
  public internal(set) var rows: [Row] = []

  /// The rows of one outcome.
  public func rows(_ outcome: Outcome) -> [Row] { rows.filter { $0.outcome == outcome } }

  /// Whether every parameter has a value and every array of the file was used.
  public var isComplete: Bool { problems.isEmpty }

  /// The rows that loading stops at.
  var problems: [Row] {
    rows.filter { [.misfit, .missing, .leftOver].contains($0.outcome) }
  }

  /// The first problem as a sentence.
  var firstProblem: String? {
    problems.first.map { row in
      switch row.outcome {
      case .leftOver: "expected weights of the network, got an array \(row.array) of no layer"
      case .missing: "expected \(row.array) for \(row.parameter), got none"
      default: "\(row.parameter): \(row.detail)"
      }
    }
  }

  /// A line of counts and a table of all rows, the problems first.
  public var description: String { table(of: Outcome.allCases) }

  /// A line of counts and a table of the rows of some outcomes.
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
