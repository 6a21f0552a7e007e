// The rank of each cell among the distinct values of its column. Sorting, grouping, counting and
// joining use it, so that they only deal with small integers.

import ArrayFiles
import Tensor

/// The ranks of a column's cells among its distinct values in ascending order.
struct Ranks {
  /// The rank of each row, from 0; equal cells have equal ranks.
  var ofRows: [Int]
  /// The number of ranks.
  var count: Int
  /// The rank of missing cells, which is the last one; nil if none is missing.
  var missing: Int?
}

extension CSVColumn {
  /// The ranks: numbers in numerical order, texts in byte order, missing cells last.
  var ranks: Ranks {
    switch self {
    case .numbers(let numbers):
      return ranked(numbers.count, isMissing: { numbers[$0].isNaN }) { numbers[$0] < numbers[$1] }
    case .integers(let integers):
      return ranked(integers.count, isMissing: { _ in false }) { integers[$0] < integers[$1] }
    case .texts(let texts):
      // Texts often repeat, so each distinct text is compared only once.
      var firstRows: [ExactName: Int] = [:]
      var distinct: [Int] = []
      let numbers = texts.indices.map { row in
        let number = firstRows[ExactName(texts[row]), default: distinct.count]
        if number == distinct.count {
          firstRows[ExactName(texts[row])] = number
          distinct.append(row)
        }
        return number
      }
      var ranks = ranked(distinct.count, isMissing: { texts[distinct[$0]].isEmpty }) {
        texts[distinct[$0]].utf8.lexicographicallyPrecedes(texts[distinct[$1]].utf8)
      }
      ranks.ofRows = numbers.map { ranks.ofRows[$0] }
      return ranks
    }
  }
}

/// The ranks of `count` values, compared by their positions.
@inline(__always)
private func ranked(
  _ count: Int, isMissing: (Int) -> Bool, _ precedes: (Int, Int) -> Bool
) -> Ranks {
  let order = (0..<count).filter { !isMissing($0) }.sorted(by: precedes)
  var ranks = Ranks(ofRows: [Int](repeating: 0, count: count), count: 0)
  for (place, position) in order.enumerated() {
    if place > 0, precedes(order[place - 1], position) { ranks.count += 1 }
    ranks.ofRows[position] = ranks.count
  }
  if !order.isEmpty { ranks.count += 1 }
  if order.count < count {
    ranks.missing = ranks.count
    for position in 0..<count where isMissing(position) { ranks.ofRows[position] = ranks.count }
    ranks.count += 1
  }
  return ranks
}

extension Table {
  /// The ranks of the rows by several columns; earlier columns take precedence.
  func ranks(of names: [String]) -> Ranks {
    require(!names.isEmpty, "table: expected at least one column to tell rows apart")
    var result = column(names[0]).ranks
    for name in names.dropFirst() {
      let next = column(name).ranks
      let pairs = zip(result.ofRows, next.ofRows).map { $0 * next.count + $1 }
      result = CSVColumn.integers(pairs).ranks
    }
    return result
  }
}
