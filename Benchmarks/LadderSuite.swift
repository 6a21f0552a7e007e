// One matrix product, rung by rung, from three nested loops to the library's, with the gain of each
// step. Every rung is checked against the one below it. The article MatrixMultiplication.md in
// Sources/Tensor/Tensor.docc explains them. ConvolutionLadder.swift has the rungs of a convolution.

import CommandLineOptions
import KernelTemplate
import Tensor

func ladderSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  for n in [512, 1024] { climb(n, reporter) }
  climbConvolution(reporter)
}

/// Writes the product of two n x n row-major matrices to the third.
private typealias Multiply = (UnsafePointer<Float>, UnsafePointer<Float>, Output, Int) -> Void
private typealias Input = UnsafePointer<Float>
private typealias Output = UnsafeMutablePointer<Float>

private func climb(_ n: Int, _ reporter: Reporter) {
  let threads = Parallel.threadCount
  defer { Parallel.threadCount = threads }
  var rungs: [(name: String, threads: Int, multiply: Multiply)] = [
    ("1-naive", 1, naive), ("2-reordered", 1, reordered), ("3-blocked", 1, blocked),
    ("4-register-tile", 1, tiled),
  ]
  for set in Machine.supportedInstructionSets.reversed() {
    rungs.append(("\(rungs.count + 1)-\(set.rawValue)", 1, library(set.floatKernels)))
  }
  if threads > 1 {
    rungs.append(
      ("\(rungs.count + 1)-\(threads)-threads", threads, library(Float.kernels.pointee)))
  }

  var generator = RandomGenerator(seed: 1)
  let a = Tensor<Float>.uniform([n, n], using: &generator)
  let b = Tensor<Float>.uniform([n, n], using: &generator)
  var below: (result: Tensor<Float>, rate: Double)?
  for rung in rungs {
    let workload = "ladder-\(n)-\(rung.name)"
    guard reporter.wants(workload) else { continue }
    Parallel.threadCount = rung.threads
    var c = Tensor<Float>(repeating: .nan, shape: [n, n])
    let base = c.mutableBase
    let seconds = Reporter.sample { rung.multiply(a.base, b.base, base, n) }
    let rates = seconds.map { 2e-9 * Double(n * n * n) / $0 }
    reporter.report(workload, metric: "rate", unit: "GFLOP/s", rates)
    if let below {
      let error = (abs(c - below.result) / below.result).max()
      require(
        error <= Float(n) * .ulpOfOne, "\(workload): differs by \(error) from the rung below")
      reporter.report(
        workload, metric: "factor", unit: "times", [Reporter.median(of: rates) / below.rate])
    }
    below = (c, Reporter.median(of: rates))
  }
}

// MARK: - The rungs

/// Row times column, as on paper; every step down a column of B jumps by n numbers.
private func naive(_ a: Input, _ b: Input, _ c: Output, _ n: Int) {
  for i in 0..<n {
    for j in 0..<n {
      var sum: Float = 0
      for k in 0..<n { sum += a[i &* n &+ k] * b[k &* n &+ j] }
      c[i &* n &+ j] = sum
    }
  }
}

/// The two inner loops are exchanged: rows of B are added, which the compiler vectorises.
private func reordered(_ a: Input, _ b: Input, _ c: Output, _ n: Int) {
  c.update(repeating: 0, count: n * n)
  for i in 0..<n {
    for k in 0..<n { addRow(a[i &* n &+ k], b + k &* n, c + i &* n, n) }
  }
}

/// The same in blocks: a part of B that fits into the level-2 cache is used by all rows of A.
private func blocked(_ a: Input, _ b: Input, _ c: Output, _ n: Int) {
  let (depth, width) = (128, 256)
  c.update(repeating: 0, count: n * n)
  for column in stride(from: 0, to: n, by: width) {
    for start in stride(from: 0, to: n, by: depth) {
      for i in 0..<n {
        for k in start..<min(start + depth, n) {
          addRow(
            a[i &* n &+ k], b + (k &* n &+ column), c + (i &* n &+ column), min(width, n - column))
        }
      }
    }
  }
}

@inline(__always)
private func addRow(_ factor: Float, _ row: Input, _ sums: Output, _ count: Int) {
  for j in 0..<count { sums[j] += factor * row[j] }
}

/// A and B are packed in the order of use, and the sums stay in registers over all of k.
///
/// Each step of k loads 4 + 8 numbers for 32 multiplications; `n` is a multiple of 8 here.
private func tiled(_ a: Input, _ b: Input, _ c: Output, _ n: Int) {
  typealias Tile = InlineArray<4, InlineArray<8, Float>>
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 12 * n) { copies in
    let panel = copies.baseAddress!
    let rows = panel + 8 * n
    for column in stride(from: 0, to: n, by: 8) {
      for k in 0..<n {
        for j in 0..<8 { panel[8 &* k &+ j] = b[k &* n &+ (column &+ j)] }
      }
      for row in stride(from: 0, to: n, by: 4) {
        for k in 0..<n {
          for i in 0..<4 { rows[4 &* k &+ i] = a[(row &+ i) &* n &+ k] }
        }
        var tile = Tile(repeating: InlineArray(repeating: 0))
        for k in 0..<n {
          for i in 0..<4 {
            for j in 0..<8 {
              tile[unchecked: i][unchecked: j] += rows[4 &* k &+ i] * panel[8 &* k &+ j]
            }
          }
        }
        for i in 0..<4 {
          for j in 0..<8 { c[(row &+ i) &* n &+ (column &+ j)] = tile[unchecked: i][unchecked: j] }
        }
      }
    }
  }
}

/// The library's product with the kernels of one instruction set.
private func library(_ kernels: Kernels<Float>) -> Multiply {
  { a, b, c, n in
    withUnsafePointer(to: kernels) { kernels in
      gemm(
        kernels, MatrixView(base: a, rows: n, columns: n, rowStride: n, columnStride: 1),
        MatrixView(base: b, rows: n, columns: n, rowStride: n, columnStride: 1),
        into: MutableMatrixView(base: c, rows: n, columns: n, rowStride: n, columnStride: 1),
        start: .zero)
    }
  }
}
