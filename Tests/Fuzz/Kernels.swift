// The fast kernels against loops that are obviously right, on every instruction set of the machine:
// random sizes, strides, offsets, results over operands, NaN and infinities among the numbers.
//
//     swift run -c release fuzz kernels --seconds 600 --seed 1
//
// Each case has a seed of its own; a failure prints it and ends the program, and `--seconds 0 --seed N`
// runs that case alone. The bounds stand where they are used; u is the distance of 1 to the next number.

import KernelTemplate
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Runs random cases for the given time; returns how many there were.
func fuzzKernels(seconds: Int, seed: UInt64) -> Int {
  let start = ContinuousClock.now
  var count = 0
  repeat {
    let seed = seed &+ UInt64(count)
    for set in Machine.supportedInstructionSets {
      if seed % 2 == 0 {
        check(set, set.floatKernels, seed)
      } else {
        check(set, set.doubleKernels, seed)
      }
    }
    count += 1
  } while start.duration(to: .now) < .seconds(seconds)
  return count
}

private func check<S: TensorFloat>(
  _ set: Machine.InstructionSet, _ kernels: Kernels<S>, _ seed: UInt64
) {
  // The same numbers for every instruction set.
  var fuzzer = KernelFuzzer<S>(
    kernels: kernels, name: "\(set) \(S.self)", seed: seed,
    generator: SplitMix64(state: seed &* 0x9E37_79B9_7F4A_7C15))
  switch seed / 2 % 6 {
  case 0, 1: fuzzer.product()
  case 2: fuzzer.elements()
  case 3: fuzzer.reductions()
  case 4: fuzzer.rows()
  default: fuzzer.copies()
  }
}

/// A buffer between guards that nobody may write to, its elements at any multiple of their size.
private final class Memory<S: TensorFloat> {
  private let room: UnsafeMutablePointer<S>
  let base: UnsafeMutablePointer<S>
  private let count: Int, total: Int
  /// Behind the elements as much as a kernel may read.
  private static var guardCount: Int { 64 }
  private static var mark: S { S(-12345) }

  init(_ values: [S], offset: Int) {
    count = values.count
    total = count + 2 * Self.guardCount + offset
    room = .allocate(capacity: total)
    room.initialize(repeating: Self.mark, count: total)
    base = room + Self.guardCount + offset
    base.update(from: values, count: count)
  }

  deinit { room.deallocate() }

  var values: [S] { Array(UnsafeBufferPointer(start: base, count: count)) }

  var isIntact: Bool {
    let first = base - room
    return (0..<total).allSatisfy {
      (first..<first + count).contains($0) || room[$0] == Self.mark
    }
  }
}

private struct KernelFuzzer<S: TensorFloat> {
  let kernels: Kernels<S>
  let name: String
  let seed: UInt64
  var generator: SplitMix64
  private var u: Double { S.ulpOfOne.asDouble }

  init(kernels: Kernels<S>, name: String, seed: UInt64, generator: SplitMix64) {
    self.kernels = kernels
    self.name = name
    self.seed = seed
    self.generator = generator
  }

  // MARK: Random operands

  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
  mutating func flag(_ oneIn: Int = 2) -> Bool { int(1...oneIn) == 1 }

  /// A length around the edges of vectors and of unrolled loops.
  mutating func length() -> Int {
    switch int(0...3) {
    case 0: int(0...20)
    case 1: int(1...6) * 16 + int(-1...1)
    case 2: int(0...300)
    default: int(0...5000)
    }
  }

  /// Numbers of any size up to `range`; NaN and infinities among them if wanted.
  mutating func numbers(_ count: Int, range: Double = 4, special: Bool = false) -> [S] {
    (0..<count).map { _ in
      if special && flag(40) {
        return [S.nan, .infinity, -.infinity, 0, S(converting: -0.0)][int(0...4)]
      }
      return S(converting: Double.random(in: -range...range, using: &generator))
    }
  }

  mutating func memory(_ values: [S]) -> Memory<S> { Memory(values, offset: int(0...17)) }

  func fail(_ what: String) -> Never {
    fatalError("kernels: seed \(seed): \(name): \(what); fuzz kernels --seconds 0 --seed \(seed)")
  }

  /// Stops unless both are NaN, both the same infinity, or no farther apart than `bound`.
  func expect(_ actual: S, _ wanted: Double, bound: Double, _ what: @autoclosure () -> String) {
    let actual = actual.asDouble
    if actual == wanted || (actual.isNaN && wanted.isNaN) { return }
    // Results beyond the largest number of the type are infinite.
    if abs(wanted) > S.greatestFiniteMagnitude.asDouble && actual.isInfinite { return }
    if wanted.isFinite && abs(actual - wanted) <= bound { return }
    fail("\(what()): got \(actual), expected \(wanted) within \(bound)")
  }

  // MARK: Products

  /// C = start + A B of any layout.
  ///
  /// Bound: (k + 2) u (|start| + Σ|a||b|), Higham 2002, section 3.1.
  mutating func product() {
    let small = flag()
    let (m, n, k) =
      small
      ? (int(1...20), int(1...20), int(0...40)) : (int(1...150), int(1...150), int(0...300))
    let special = flag(4)
    let a = matrix(m, k, numbers(m * k, special: special))
    let b = matrix(k, n, numbers(k * n, special: special))
    let bias = numbers(n)
    let biasMemory = memory(bias)
    let before = numbers(m * n)
    let gap = int(0...5)
    let byColumns = flag(3)
    let (rowStride, columnStride) = byColumns ? (1, m + gap) : (n + gap, 1)
    var c = [S](repeating: S(777), count: (byColumns ? n : m) * (byColumns ? m + gap : n + gap))
    for i in 0..<m {
      for j in 0..<n { c[i * rowStride + j * columnStride] = before[i * n + j] }
    }
    let result = memory(c)
    let kind = int(0...2)
    let start: GEMMStart<S> =
      kind == 0 ? .zero : kind == 1 ? .row(UnsafePointer(biasMemory.base)) : .accumulate
    withUnsafePointer(to: kernels) {
      gemm(
        $0, a.view, b.view,
        into: MutableMatrixView(
          base: result.base, rows: m, columns: n, rowStride: rowStride, columnStride: columnStride),
        start: start)
    }
    let values = result.values
    for i in 0..<m {
      for j in 0..<n {
        let first = kind == 0 ? 0 : kind == 1 ? bias[j].asDouble : before[i * n + j].asDouble
        var (sum, size) = (first, abs(first))
        for p in 0..<k {
          let term = a.view[i, p].asDouble * b.view[p, j].asDouble
          sum += term
          size += abs(term)
        }
        let at = i * rowStride + j * columnStride
        expect(
          values[at], sum, bound: Double(k + 2) * u * size,
          "product \(m) x \(k) x \(n) start \(kind) at \(i), \(j)")
        c[at] = values[at]
      }
    }
    for at in c.indices where c[at] == S(777) && values[at] != S(777) {
      fail("product \(m) x \(k) x \(n) wrote between rows")
    }
    if !result.isIntact { fail("product \(m) x \(k) x \(n) wrote outside of its result") }
  }

  /// A matrix by rows, by columns, with gaps or with both strides larger than 1, and what keeps it.
  private mutating func matrix(
    _ rows: Int, _ columns: Int, _ values: [S]
  ) -> (view: MatrixView<S>, memory: Memory<S>) {
    let gap = int(0...4)
    let (rowStride, columnStride) =
      switch int(0...3) {
      case 0: (columns, 1)
      case 1: (columns + gap, 1)
      case 2: (1, rows + gap)
      default: (2 * columns + gap, 2)
      }
    var spread = [S](repeating: .nan, count: max(rows * rowStride, 0) + columns * columnStride + 1)
    for i in 0..<rows {
      for j in 0..<columns { spread[i * rowStride + j * columnStride] = values[i * columns + j] }
    }
    let memory = memory(spread)
    return (
      MatrixView(
        base: UnsafePointer(memory.base), rows: rows, columns: columns, rowStride: rowStride,
        columnStride: columnStride), memory
    )
  }

  // MARK: Elements

  /// Sums and their like, also into an operand.
  ///
  /// Bound: exact but for the rounding, u |result|.
  mutating func elements() {
    let count = length()
    let special = flag()
    let (a, b) = (numbers(count, special: special), numbers(count, special: special))
    let (aStep, bStep) = (flag(4) ? 0 : 1, flag(4) ? 0 : 1)
    if count == 0 { return }
    let operations: [(BinaryOperation, (Double, Double) -> Double)] = [
      (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }),
      (.divide, { $0 / $1 }),
    ]
    let (operation, function) = operations[int(0...3)]
    let (x, y) = (memory(a), memory(b))
    // The result is a place of its own or that of an operand with as many elements.
    let target = aStep == 1 && flag(3) ? x : bStep == 1 && flag(3) ? y : memory(b)
    kernels.zip(operation, x.base, aStep, y.base, bStep, target.base, count)
    let result = target.values
    for i in 0..<count {
      let wanted = function(a[i * aStep].asDouble, b[i * bStep].asDouble)
      expect(result[i], wanted, bound: u * abs(wanted), "\(operation) of \(count) at \(i)")
    }
    if !target.isIntact { fail("\(operation) of \(count) wrote outside") }

    // Functions with an exact result, in place or not.
    let unary: [(UnaryOperation, (Double) -> Double)] = [
      (.negate, { -$0 }), (.absolute, { abs($0) }), (.square, { $0 * $0 }),
      (.squareRoot, { $0.squareRoot() }), (.relu, { $0.isNaN ? $0 : max($0, 0) }),
      (.floor, { $0.rounded(.down) }), (.ceil, { $0.rounded(.up) }),
    ]
    let (map, mapped) = unary[int(0...unary.count - 1)]
    let source = memory(a)
    let out = flag() ? source : memory(b)
    kernels.map(map, source.base, out.base, count)
    for (i, value) in out.values.enumerated() {
      let wanted = mapped(a[i].asDouble)
      expect(value, wanted, bound: u * abs(wanted), "\(map) of \(count) at \(i)")
    }
    if !out.isIntact { fail("\(map) of \(count) wrote outside") }
  }

  // MARK: Reductions

  /// Bound of a sum: (count + 2) u Σ|x|; extremes are exact, NaN wins.
  mutating func reductions() {
    let special = flag(3)
    let x = numbers(length(), special: special)
    let source = memory(x)
    let out = memory([S(7)])
    let values = x.map(\.asDouble)
    kernels.reduce(.sum, source.base, x.count, out.base)
    let size = values.reduce(0) { $0 + abs($1) }
    expect(
      out.values[0], values.reduce(0, +), bound: Double(x.count + 2) * u * size,
      "sum of \(x.count)")
    if !values.isEmpty {
      for (reduction, wanted) in [
        (Reduction.maximum, values.max()!), (.minimum, values.min()!),
      ] {
        kernels.reduce(reduction, source.base, x.count, out.base)
        let hasNaN = values.contains(where: \.isNaN)
        expect(out.values[0], hasNaN ? .nan : wanted, bound: 0, "\(reduction) of \(x.count)")
      }
    }
    if !out.isIntact { fail("a reduction of \(x.count) wrote outside") }

    let (rows, columns) = (int(1...60), int(1...100))
    let stride = columns + int(0...5)
    let table = numbers(rows * stride, special: special)
    let before = numbers(columns)
    let accumulates = flag()
    let (from, to) = (memory(table), memory(before))
    kernels.reduceColumns(.sum, from.base, rows, columns, stride, to.base, accumulates)
    for (j, value) in to.values.enumerated() {
      var (sum, size) = (accumulates ? before[j].asDouble : 0, abs(before[j].asDouble))
      for i in 0..<rows {
        sum += table[i * stride + j].asDouble
        size += abs(table[i * stride + j].asDouble)
      }
      expect(value, sum, bound: Double(rows + 2) * u * size, "sum of column \(j) of \(columns)")
    }
    if !to.isIntact { fail("sums of \(rows) x \(columns) wrote outside") }
  }

  // MARK: Rows

  /// Softmax of rows.
  ///
  /// Bound: (columns + 8 + |x - max|) u relative, for rounding x - max moves the power
  /// by as much, and the least normal number.
  mutating func rows() {
    let (rows, columns) = (int(1...20), int(1...150))
    let x = numbers(rows * columns, range: [1, 20, 200][int(0...2)])
    let source = memory(x)
    let target = flag() ? source : memory([S](repeating: 0, count: x.count))
    kernels.softmaxRows(source.base, target.base, rows, columns)
    let result = target.values
    for i in 0..<rows {
      let row = x[i * columns..<(i + 1) * columns].map(\.asDouble)
      let powers = row.map { exponential($0 - row.max()!) }
      let sum = powers.reduce(0, +)
      for j in 0..<columns {
        let wanted = powers[j] / sum
        expect(
          result[i * columns + j], wanted,
          bound: (Double(columns + 8) + abs(row[j] - row.max()!)) * u * wanted
            + S.leastNormalMagnitude.asDouble,
          "softmax of \(rows) x \(columns) at \(i), \(j)")
      }
    }
    if !target.isIntact { fail("softmax of \(rows) x \(columns) wrote outside") }
  }

  // MARK: Copies

  /// Views of tensors: transposed, cut with steps, gathered; every element exactly.
  mutating func copies() {
    let (rows, columns) = (int(1...90), int(1...90))
    let values = numbers(rows * columns)
    let (from, to) = (memory(values), memory([S](repeating: 0, count: rows * columns)))
    // Read by columns: the transposed matrix.
    kernels.copyMatrix(from.base, 1, columns, to.base, rows, columns, rows)
    let copied = to.values
    for j in 0..<columns {
      for i in 0..<rows where copied[j * rows + i] != values[i * columns + j] {
        fail("copy of \(rows) x \(columns) transposed at \(i), \(j)")
      }
    }
    if !to.isIntact { fail("copy of \(rows) x \(columns) wrote outside") }

    let tensor = Tensor<S>(values, shape: [rows, columns])
    let positions = (0..<int(0...50)).map { _ in int(0...rows - 1) }
    let taken = tensor.rows(positions).elements
    for (place, row) in positions.enumerated() {
      for j in 0..<columns where taken[place * columns + j] != values[row * columns + j] {
        fail("row \(row) of \(rows) x \(columns) gathered")
      }
    }
    let turned = tensor.transposed().contiguous().elements
    if turned != copied { fail("transposed \(rows) x \(columns)") }
  }
}

private func exponential(_ x: Double) -> Double { exp(x) }
