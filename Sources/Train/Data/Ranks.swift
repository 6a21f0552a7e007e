// The place of each cell of a column among its different values: what sorting, grouping, counting and
// joining have in common. Afterwards they deal with small integers only.

import ArrayFiles
import Tensor

/// The places of a column's cells among its different values in ascending order.
struct Ranks {
  /// The rank of each row, from 0; equal cells have equal ranks.
  var ofRows: [Int]
  /// The number of ranks.
  var count: Int
  /// The rank of missing cells, the last one, or nil if none is missing.
  var missing: Int?
}

extension CSVColumn {
  /// Numbers in their order, texts in that of their bytes, missing cells behind all others.
  var ranks: Ranks {
    switch self {
    case .numbers(let numbers):
      return ranked(numbers.count, isMissing: { numbers[$0].isNaN }) { numbers[$0] < numbers[$1] }
    case .integers(let integers):
      return ranked(integers.count, isMissing: { _ in false }) { integers[$0] < integers[$1] }
    case .texts(let texts):
      // Texts come again and again: each is looked at once.
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

/// Ranks of `count` values that are compared by their positions.
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
  /// The ranks of the rows by several columns, the first one deciding.
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
