// The bits of a product depend on its operands and the instruction set's multiply-add, on nothing
// else. Whoever compares two runs of a training relies on it.

import Tensor
import Testing

@Suite("Bits of GEMM", .serialized)
struct GEMMBitsTests {
  private static let sizes = [
    (64, 64, 64), (130, 200, 100), (32, 128, 784), (300, 40, 70), (10, 600, 90), (200, 1, 150),
    (33, 5, 9001), (40, 1, 4097), (3, 50, 8192),
  ]

  private func product(
    _ a: TestMatrix<Float>, _ b: TestMatrix<Float>, _ set: Machine.InstructionSet,
    blocking: Blocking? = nil
  ) -> [Float] {
    let c = TestMatrix<Float>(a.rows, b.columns)
    let row = TestMatrix<Float>(random: 1, b.columns, seed: 20)
    withUnsafePointer(to: set.floatKernels) {
      gemm(
        $0, a.view, b.view, into: c.mutableView, start: .row(UnsafePointer(row.base)),
        blocking: blocking)
    }
    return c.elements
  }

  /// Whether two results are equal and numbers; a function, so that a failure prints no thousands.
  private func same(_ x: [Float], _ y: [Float]) -> Bool { !x.isEmpty && x == y }

  @Test("do not depend on the number of threads", arguments: [2, 3, 5])
  func threads(count: Int) {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    for (m, n, k) in Self.sizes {
      let a = TestMatrix<Float>(random: m, k, seed: 21)
      let b = TestMatrix<Float>(random: k, n, seed: 22)
      Parallel.threadCount = 1
      let alone = product(a, b, Machine.instructionSet)
      Parallel.threadCount = count
      #expect(same(product(a, b, Machine.instructionSet), alone), "\(m) x \(k) x \(n)")
    }
  }

  @Test("do not depend on the blocks", arguments: Machine.supportedInstructionSets)
  func blocks(set: Machine.InstructionSet) {
    for (m, n, k) in Self.sizes {
      let a = TestMatrix<Float>(random: m, k, seed: 23)
      let b = TestMatrix<Float>(random: k, n, seed: 24)
      let expected = product(a, b, set)
      var blocking = Blocking(a.view, b.view, lanes: set.floatKernels.lanes, threads: 1)
      for packs in [false, true] {
        for (rows, depth, parts) in [(7, 1000, 1), (1000, 13, 3), (50, 40, 2)] {
          (blocking.packsA, blocking.packsB) = (packs, packs)
          (blocking.rows, blocking.depth) = (rows, depth)
          (blocking.rowParts, blocking.columnParts) = (parts, parts)
          #expect(same(product(a, b, set, blocking: blocking), expected), "\(m) x \(k) x \(n)")
        }
      }
    }
  }

  @Test(
    "do not depend on layout, neighbours or transposition",
    arguments: Machine.supportedInstructionSets)
  func neighbours(set: Machine.InstructionSet) {
    for (m, n, k) in Self.sizes {
      let a = TestMatrix<Float>(random: m, k, seed: 25)
      let b = TestMatrix<Float>(random: k, n, seed: 26)
      let expected = product(a, b, set)
      for layout in TestMatrix<Float>.Layout.allCases {
        let a = TestMatrix<Float>(random: m, k, layout, seed: 25)
        let b = TestMatrix<Float>(random: k, n, layout, seed: 26)
        #expect(same(product(a, b, set), expected))
      }
      for i in [0, m / 2, m - 1] {
        let row = TestMatrix<Float>(1, k)
        for p in 0..<k { row[0, p] = a[i, p] }
        #expect(same(product(row, b, set), Array(expected[i * n..<(i + 1) * n])))
      }
    }
  }

  @Test(
    "are those of one chain of fused multiply-adds, in the order of k",
    .enabled(if: hasFusedMultiplyAdd))
  func chain() {
    let a = TestMatrix<Float>(random: 20, 90, seed: 27)
    let b = TestMatrix<Float>(random: 90, 40, seed: 28)
    let row = TestMatrix<Float>(random: 1, 40, seed: 20)
    let c = product(a, b, Machine.instructionSet)
    for i in 0..<20 {
      for j in 0..<40 {
        var sum = row[0, j]
        for p in 0..<90 { sum.addProduct(a[i, p], b[p, j]) }
        #expect(c[i * 40 + j] == sum)
      }
    }
  }

  @Test(
    "of a long k are those of chains of 4,096 terms, added in order",
    .enabled(if: hasFusedMultiplyAdd), arguments: [4096, 4097, 9001])
  func chains(k: Int) {
    let a = TestMatrix<Float>(random: 7, k, seed: 29)
    let b = TestMatrix<Float>(random: k, 3, seed: 30)
    let row = TestMatrix<Float>(random: 1, 3, seed: 20)
    let c = product(a, b, Machine.instructionSet)
    for i in 0..<7 {
      for j in 0..<3 {
        var total = row[0, j]
        for first in stride(from: 0, to: k, by: 4096) {
          var sum: Float = first == 0 ? total : 0
          for p in first..<min(first + 4096, k) { sum.addProduct(a[i, p], b[p, j]) }
          total = first == 0 ? sum : total + sum
        }
        #expect(c[i * 3 + j] == total)
      }
    }
  }

  private static var hasFusedMultiplyAdd: Bool {
    #if arch(arm64)
    true
    #else
    Machine.instructionSet != .portable
    #endif
  }
}
