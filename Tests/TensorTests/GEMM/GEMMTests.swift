// The matrix product against the textbook's triple loop: sizes, layouts, starts, instruction sets.

import Tensor
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("GEMM")
struct GEMMTests {
  static let sets = Machine.supportedInstructionSets
  static let starts = StartKind.allCases

  /// The greatest error of C = start + A B with the kernels of an instruction set.
  private func floatError(
    _ set: Machine.InstructionSet, _ a: MatrixView<Float>, _ b: MatrixView<Float>,
    _ start: StartKind = .zero, layout: TestMatrix<Float>.Layout = .padded,
    blocking: Blocking? = nil
  ) -> Double {
    withUnsafePointer(to: set.floatKernels) { kernels in
      worstError(
        of: { gemm(kernels, a, b, into: $0, start: $1, blocking: blocking) }, a, b, start: start,
        layout: layout)
    }
  }

  private func doubleError(
    _ set: Machine.InstructionSet, _ a: MatrixView<Double>, _ b: MatrixView<Double>,
    _ start: StartKind = .zero, blocking: Blocking? = nil
  ) -> Double {
    withUnsafePointer(to: set.doubleKernels) { kernels in
      worstError(
        of: { gemm(kernels, a, b, into: $0, start: $1, blocking: blocking) }, a, b, start: start)
    }
  }

  @Test("A product by hand")
  func byHand() {
    let a = TestMatrix<Float>(2, 2)
    let b = TestMatrix<Float>(2, 2)
    let c = TestMatrix<Float>(2, 2)
    (a[0, 0], a[0, 1], a[1, 0], a[1, 1]) = (1, 2, 3, 4)
    (b[0, 0], b[0, 1], b[1, 0], b[1, 1]) = (5, 6, 7, 8)
    gemm(a.view, b.view, into: c.mutableView)
    #expect(c.elements == [19, 22, 43, 50])
    gemm(a.view, b.view, into: c.mutableView, start: .accumulate)
    #expect(c.elements == [38, 44, 86, 100])
    gemm(a.view, b.view, into: c.mutableView, start: .row(UnsafePointer(a.base)))
    #expect(c.elements == [20, 24, 44, 52])
  }

  @Test("Every small product of small integers is exact", arguments: sets)
  func exact(set: Machine.InstructionSet) {
    let size = 17
    let a = TestMatrix<Float>(random: size, size, seed: 3)
    let b = TestMatrix<Float>(random: size, size, seed: 4)
    for i in 0..<size {
      for j in 0..<size {
        a[i, j] = (8 * a[i, j]).rounded()
        b[i, j] = (8 * b[i, j]).rounded()
      }
    }
    let c = TestMatrix<Float>(size + 1, size + 1)
    let expected = TestMatrix<Float>(size + 1, size + 1)
    let count = (size + 1) * (size + 1)
    withUnsafePointer(to: set.floatKernels) { kernels in
      for m in 0...size {
        for n in 0...size {
          for k in 0...size {
            let left = MatrixView(
              base: UnsafePointer(a.base), rows: m, columns: k, rowStride: size, columnStride: 1)
            let right = MatrixView(
              base: UnsafePointer(b.base), rows: k, columns: n, rowStride: size, columnStride: 1)
            // Around C lies a frame that must not be touched.
            for matrix in [c, expected] { matrix.base.update(repeating: -1000, count: count) }
            func view(_ matrix: TestMatrix<Float>) -> MutableMatrixView<Float> {
              MutableMatrixView(
                base: matrix.base, rows: m, columns: n, rowStride: size + 1, columnStride: 1)
            }
            let start: GEMMStart<Float> =
              switch (m + n + k) % 3 {
              case 0: .zero
              case 1: .row(UnsafePointer(a.base))
              default: .accumulate
              }
            gemm(kernels, left, right, into: view(c), start: start)
            referenceGEMM(left, right, into: view(expected), start: start)
            if memcmp(c.base, expected.base, 4 * count) != 0 {
              Issue.record("\(m) x \(k) x \(n), start \(start)")
            }
          }
        }
      }
    }
  }

  @Test("Small products are right to the last digits", arguments: sets)
  func small(set: Machine.InstructionSet) {
    for m in 0...13 {
      for n in 0...33 {
        let k = (5 * m + 3 * n) % 18
        let a32 = TestMatrix<Float>(random: m, k, seed: 3)
        let b32 = TestMatrix<Float>(random: k, n, seed: 4)
        let error32 = floatError(set, a32.view, b32.view, Self.starts[(m + n) % 3])
        #expect(error32 <= 1, "\(m) x \(k) x \(n)")
        let a = TestMatrix<Double>(random: m, k, seed: 3)
        let b = TestMatrix<Double>(random: k, n, seed: 4)
        let error = doubleError(set, a.view, b.view, Self.starts[(m + n) % 3])
        #expect(error <= 1, "\(m) x \(k) x \(n)")
      }
    }
  }

  /// One more and one less than what tiles, panels and blocks hold, primes, long and thin ones.
  static let sizes = [
    (23, 19, 29), (31, 33, 32), (47, 63, 64), (48, 65, 48), (49, 96, 97), (12, 127, 128),
    (6, 129, 100), (97, 193, 191), (1, 251, 64), (251, 1, 67), (64, 1, 64), (2, 131, 77),
    (3, 95, 50), (113, 10, 128), (100, 16, 5), (60, 60, 500),
  ]

  @Test("Products of larger sizes are right", arguments: sets)
  func larger(set: Machine.InstructionSet) {
    for (index, (m, n, k)) in Self.sizes.enumerated() {
      let a = TestMatrix<Float>(random: m, k, seed: 5)
      let b = TestMatrix<Float>(random: k, n, seed: 6)
      let error = floatError(set, a.view, b.view, Self.starts[index % 3])
      #expect(error <= 1, "\(m) x \(k) x \(n)")
    }
  }

  @Test(
    "Operands and results may have any layout", arguments: sets, TestMatrix<Float>.Layout.allCases)
  func layouts(set: Machine.InstructionSet, layout: TestMatrix<Float>.Layout) {
    for other in TestMatrix<Float>.Layout.allCases {
      for (m, n, k) in [(5, 3, 4), (17, 35, 40), (70, 90, 50), (65, 1, 70), (1, 65, 70)] {
        let a = TestMatrix<Float>(random: m, k, layout, seed: 7)
        let b = TestMatrix<Float>(random: k, n, other, seed: 8)
        for start in Self.starts {
          #expect(floatError(set, a.view, b.view, start) <= 1, "\(m) x \(k) x \(n), \(other)")
          #expect(floatError(set, a.view, b.view, start, layout: .byColumns) <= 1)
        }
      }
    }
  }

  @Test("Operands may repeat rows or columns or run backwards", arguments: sets)
  func stridesZeroAndNegative(set: Machine.InstructionSet) {
    let (m, n, k) = (37, 41, 43)
    let data = TestMatrix<Float>(random: 50, 50, seed: 9)
    let last = UnsafePointer(data.base + 50 * 50 - 1)
    for strides in [(0, 1), (1, 0), (0, 0), (50, 1), (1, 50)] {
      let a = MatrixView(
        base: UnsafePointer(data.base), rows: m, columns: k, rowStride: strides.0,
        columnStride: strides.1)
      let b = MatrixView(
        base: UnsafePointer(data.base), rows: k, columns: n, rowStride: strides.0,
        columnStride: strides.1)
      #expect(floatError(set, a, b) <= 1, "strides \(strides)")
      let backwards = MatrixView(
        base: last, rows: k, columns: n, rowStride: -strides.0, columnStride: -strides.1)
      #expect(floatError(set, a, backwards) <= 1, "strides \(strides)")
    }
  }

  @Test("Every way to cut a product is right", arguments: sets)
  func blockings(set: Machine.InstructionSet) {
    let (m, n, k) = (67, 150, 83)
    for layout in TestMatrix<Float>.Layout.allCases {
      let a = TestMatrix<Float>(random: m, k, layout, seed: 10)
      let b = TestMatrix<Float>(random: k, n, layout, seed: 11)
      for start in Self.starts {
        for packsA in [false, true] {
          var blocking = Blocking(a.view, b.view, lanes: set.floatKernels.lanes, threads: 1)
          (blocking.packsA, blocking.packsB) = (packsA, true)
          (blocking.rows, blocking.depth) = (30, 20)
          (blocking.rowParts, blocking.columnParts) = (2, 3)
          #expect(floatError(set, a.view, b.view, start, blocking: blocking) <= 1)
        }
      }
    }
    let a = TestMatrix<Double>(random: m, k, .byColumns, seed: 10)
    let b = TestMatrix<Double>(random: k, n, .byColumns, seed: 11)
    var blocking = Blocking(a.view, b.view, lanes: set.doubleKernels.lanes, threads: 1)
    (blocking.packsA, blocking.packsB, blocking.depth) = (true, true, 30)
    #expect(doubleError(set, a.view, b.view, blocking: blocking) <= 1)
  }

  @Test("A product too large for the level-2 cache is right in both types")
  func large() {
    let n = 400
    let k = Machine.caches.l2 / 4 / n + 100
    let a = TestMatrix<Float>(random: 70, k, seed: 12)
    let b = TestMatrix<Float>(random: k, n, seed: 13)
    #expect(Blocking(a.view, b.view, lanes: 16, threads: 1).packsA)
    #expect(
      worstError(of: { gemm(a.view, b.view, into: $0, start: $1) }, a.view, b.view, start: .row)
        <= 1)
    let a64 = TestMatrix<Double>(random: 70, k, seed: 12)
    let b64 = TestMatrix<Double>(random: k, n, seed: 13)
    #expect(
      worstError(
        of: { gemm(a64.view, b64.view, into: $0, start: $1) }, a64.view, b64.view,
        start: .accumulate) <= 1)
  }

  @Test(
    "Without an inner dimension the result is the start",
    arguments: TestMatrix<Float>.Layout.allCases)
  func emptyInnerDimension(layout: TestMatrix<Float>.Layout) {
    let a = TestMatrix<Float>(3, 0, layout)
    let b = TestMatrix<Float>(0, 2, layout)
    let c = TestMatrix<Float>(3, 2)
    gemm(a.view, b.view, into: c.mutableView)
    #expect(c.elements == [0, 0, 0, 0, 0, 0])
    let row = TestMatrix<Float>(random: 1, 2)
    gemm(a.view, b.view, into: c.mutableView, start: .row(UnsafePointer(row.base)))
    #expect(c.elements == row.elements + row.elements + row.elements)
    let before = c.elements
    gemm(a.view, b.view, into: c.mutableView, start: .accumulate)
    #expect(c.elements == before)
  }

  @Test("NaN and infinity stay in their row and column", arguments: sets)
  func nonFinite(set: Machine.InstructionSet) {
    let a = TestMatrix<Float>(random: 20, 30, .padded, seed: 14)
    let b = TestMatrix<Float>(random: 30, 21, .padded, seed: 15)
    let c = TestMatrix<Float>(20, 21)
    a[3, 7] = .nan
    b[4, 20] = .infinity
    withUnsafePointer(to: set.floatKernels) {
      gemm($0, a.view, b.view, into: c.mutableView, start: .zero)
    }
    for i in 0..<20 {
      for j in 0..<21 {
        #expect(c[i, j].isNaN == (i == 3))
        if i != 3 { #expect(c[i, j].isInfinite == (j == 20)) }
      }
    }
  }

  @Test("Shapes that do not fit stop the program")
  func mistakes() async {
    await #expect(processExitsWith: .failure) {
      let a = TestMatrix<Float>(2, 3)
      let b = TestMatrix<Float>(2, 3)
      gemm(a.view, b.view, into: TestMatrix<Float>(2, 3).mutableView)
    }
  }
}
