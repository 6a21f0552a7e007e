// Grid search: tries all combinations of hyper-parameters.

import Layers
import Tensor

/// The results of a search over hyper-parameters, best first.
///
/// ```swift
/// let search = gridSearch(["units": [4, 8, 16], "rate": [0.1, 0.01]], for: .smaller) { combination in
///   var model = Sequential([
///     Dense(Int(combination["units"]!), activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid),
///   ]).compile(optimizer: SGD(learningRate: combination["rate"]!), loss: .binaryCrossentropy)
///   return model.fit(x, y, epochs: 20, validationSplit: 0.2, verbose: 0)["val_loss"].last!
/// }
/// print(search)
/// ```
public struct GridSearch: Sendable, Equatable {
  /// The names of the hyper-parameters, in the order given.
  public let names: [String]
  /// The combinations and their scores, best first; NaN scores come last.
  public let results: [Result]

  /// One combination and its score.
  public struct Result: Sendable, Equatable {
    /// The value of each hyper-parameter.
    public let combination: [String: Double]
    /// The score that the closure returned.
    public let score: Double
  }

  /// The best combination.
  public var best: Result { results[0] }
}

/// Tries all combinations of hyper-parameters, one after another.
///
/// - Parameters:
///   - parameters: the values of each hyper-parameter; the last varies fastest.
///   - direction: whether a smaller or a larger score is better.
///   - train: trains with a combination and returns its score, such as the last validation loss.
/// - Returns: the combinations and scores, best first; ties keep the order of trial.
public func gridSearch(
  _ parameters: KeyValuePairs<String, [Double]>, for direction: Direction = .smaller,
  train: (_ combination: [String: Double]) throws -> Double
) rethrows -> GridSearch {
  for (name, values) in parameters {
    require(!values.isEmpty, "gridSearch: \"\(name)\" has no values to try")
    require(
      parameters.count { $0.key == name } == 1, "gridSearch: \"\(name)\" is given twice")
  }
  var combinations: [[String: Double]] = [[:]]
  for (name, values) in parameters {
    combinations = combinations.flatMap { combination in
      values.map { value in combination.merging([name: value]) { $1 } }
    }
  }
  var results: [GridSearch.Result] = []
  for combination in combinations {
    results.append(.init(combination: combination, score: try train(combination)))
  }
  let order = results.indices.sorted { a, b in
    let (first, second) = (results[a].score, results[b].score)
    if first.isNaN || second.isNaN || first == second {
      return first.isNaN == second.isNaN ? a < b : second.isNaN
    }
    return direction == .larger ? first > second : first < second
  }
  return GridSearch(names: parameters.map(\.key), results: order.map { results[$0] })
}

extension GridSearch: CustomStringConvertible {
  /// A table with one row per combination, best first.
  public var description: String {
    let rows = results.enumerated().map { place, result in
      ["\(place + 1)"] + names.map { "\(Float(result.combination[$0]!))" }
        + ["\(Float(result.score))"]
    }
    return aligned([["place"] + names + ["score"]] + rows)
  }
}
