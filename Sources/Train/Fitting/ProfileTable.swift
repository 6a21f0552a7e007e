// The profile of a training run as a table, with a roofline comparison.

import Autograd
import Tensor

/// A table with one row per layer, operation and direction: calls, time, share, rates and
/// efficiency.
///
/// The last column compares the time with the shortest possible one: the operations at the peak
/// rate of multiply-adds on registers, or the bytes at the rate of copying in memory, whichever
/// takes longer. More than 100 % means that operands came from the caches.
func profileTable<Scalar: TensorFloat>(
  _ entries: [Profile.Entry], of _: Scalar.Type
) -> String {
  let flopRate = Ceilings.multiplyAddRate(Scalar.self) * Double(Parallel.threadCount)
  let byteRate = Ceilings.copyRate()
  let whole = entries.reduce(0) { $0 + $1.seconds }
  let steps = Double(max(1, entries.map(\.calls).max() ?? 1))
  var rows = [
    ["layer", "operation", "", "calls", "us/step", "share", "GFLOP/s", "GB/s", "of ceiling"]
  ]
  for entry in entries.sorted(by: { $0.seconds > $1.seconds }) {
    let least = max(Double(entry.flops) / flopRate, Double(entry.bytes) / byteRate)
    let rate = { (count: Int, decimals: Int) in
      count == 0 ? "" : formatFixed(1e-9 * Double(count) / entry.seconds, decimals: decimals)
    }
    rows.append([
      entry.layer, entry.operation, entry.phase == .other ? "" : entry.phase.rawValue,
      "\(entry.calls)", formatFixed(1e6 * entry.seconds / steps, decimals: 2),
      formatFixed(100 * entry.seconds / whole, decimals: 1) + " %", rate(entry.flops, 2),
      rate(entry.bytes, 2),
      least == 0 ? "" : formatFixed(100 * least / entry.seconds, decimals: 0) + " %",
    ])
  }
  rows.append([
    "", "sum", "", "", formatFixed(1e6 * whole / steps, decimals: 2), "100.0 %", "", "", "",
  ])
  let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
  let lines = rows.map { row in
    zip(row, widths).enumerated().map { column, cell in
      let blanks = String(repeating: " ", count: cell.1 - cell.0.count)
      return column < 3 ? cell.0 + blanks : blanks + cell.0
    }.joined(separator: "  ")
  }
  return """
    Where the time went; ceilings: \(formatFixed(1e-9 * flopRate, decimals: 0)) GFLOP/s with \
    \(Parallel.threadCount) threads, \(formatFixed(1e-9 * byteRate, decimals: 1)) GB/s
    \(lines.joined(separator: "\n"))
    """
}
