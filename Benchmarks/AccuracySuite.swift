// Measures the errors of the kernels' functions in ulps (units in the last place), for each
// instruction set.
//
//     swift run -c release benchmarks accuracy
//     swift run -c release benchmarks accuracy --exhaustive
//
// Float is compared with the C library in Double: at every 997th bit pattern, or at all of them.
// Double is compared with the C library in 80 bits, if the processor supports them: at a hundred
// thousand or a hundred million random numbers. Both include special cases: zeros, infinities, NaN,
// powers of two, multiples of π/2, and their neighbours. The program ends with status 1 if an error
// exceeds its bound or a special value is wrong.

import CommandLineOptions
import KernelTemplate
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

#if arch(x86_64)
private typealias Extended = Float80
#else
private typealias Extended = Double
#endif

func accuracySuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  let isExhaustive = options.has("exhaustive")
  var isGood = true
  if !reporter.isJSON {
    print(
      padded("function", 22) + padded("scalar", 8) + padded("set", 10)
        + "largest error  bound  wrong specials  at")
  }

  func report(_ function: Function, _ scalar: String, _ worst: [Worst]) {
    for (set, worst) in zip(Machine.supportedInstructionSets, worst) {
      if !(worst.error <= function.bound) || worst.wrongSpecials > 0 { isGood = false }
      let name = "\(function.operation)"
      if reporter.isJSON {
        let workload = "accuracy-\(name)-\(scalar)-\(set.rawValue)"
        reporter.report(workload, metric: "ulps", unit: "ulp", [worst.error])
        reporter.report(
          workload, metric: "wrong-specials", unit: "values", [Double(worst.wrongSpecials)])
      } else {
        print(
          padded(name, 22) + padded(scalar, 8) + padded(set.rawValue, 10)
            + leftPadded(formatFixed(worst.error, decimals: 3), 13)
            + leftPadded("\(Int(function.bound))", 7) + leftPadded("\(worst.wrongSpecials)", 16)
            + "  \(worst.place)")
      }
    }
    fflush(nil)
  }

  for function in functions {
    if reporter.wants("accuracy-\(function.operation)-f32") {
      report(function, "f32", worstFloats(function, stride: isExhaustive ? 1 : 997))
    }
    #if arch(x86_64)
    if reporter.wants("accuracy-\(function.operation)-f64") {
      report(function, "f64", worstDoubles(function, samples: isExhaustive ? 100_000_000 : 100_000))
    }
    #endif
  }
  if !isGood { exit(1) }
}

// MARK: - References

/// A function of the kernels, its bound in ulps and its reference.
private struct Function: Sendable {
  let operation: UnaryOperation
  let bound: Double
  let double: @Sendable (Double) -> Double
  let extended: @Sendable (Extended) -> Extended

  init(
    _ operation: UnaryOperation, _ bound: Double, _ double: @escaping @Sendable (Double) -> Double,
    _ extended: @escaping @Sendable (Extended) -> Extended
  ) {
    self.operation = operation
    self.bound = bound
    self.double = double
    self.extended = extended
  }
}

private let functions: [Function] = [
  Function(.exp, 2, { exp($0) }, { exp($0) }),
  Function(.log, 2, { log($0) }, { log($0) }),
  Function(.exponentialMinusOne, 2, { expm1($0) }, { expm1($0) }),
  Function(.logOnePlus, 2, { log1p($0) }, { log1p($0) }),
  Function(.tanh, 2, { tanh($0) }, { tanh($0) }),
  Function(
    .sigmoid, 2, { $0 >= 0 ? 1 / (1 + exp(-$0)) : exp($0) / (1 + exp($0)) },
    { $0 >= 0 ? 1 / (1 + exp(-$0)) : exp($0) / (1 + exp($0)) }),
  Function(
    .softplus, 2, { $0.isNaN ? $0 : max($0, 0) + log1p(exp(-abs($0))) },
    { $0.isNaN ? $0 : max($0, 0) + log1p(exp(-abs($0))) }),
  Function(
    .reciprocalSquareRoot, 2, { 1 / $0.squareRoot() }, { 1 / $0.squareRoot() }),
  Function(.sin, 2, { sin($0) }, { sin($0) }),
  Function(.cos, 2, { cos($0) }, { cos($0) }),
  Function(.tan, 4, { tan($0) }, { tan($0) }),
  Function(.erf, 4, { erf($0) }, { erf($0) }),
  Function(
    .gelu, 4, { $0 == -.infinity ? -0.0 : $0 * 0.5 * erfc(-$0 * 0.5.squareRoot()) },
    preciseGELU),
  Function(
    .geluTanh, 4,
    {
      $0 == -.infinity
        ? -0.0 : $0 / (1 + exp(-1.5957691216057308 * ($0 + 0.044715 * $0 * $0 * $0)))
    }, preciseGELUTanh),
  Function(.silu, 4, silu, silu),
  Function(
    .softsign, 2, { $0.isInfinite ? $0 > 0 ? 1 : -1 : $0 / (1 + abs($0)) },
    { $0.isInfinite ? $0 > 0 ? 1 : -1 : $0 / (1 + abs($0)) }),
  Function(.logCosh, 8, logCosh, logCosh),
]

@Sendable
private func silu(_ x: Double) -> Double {
  x == -.infinity ? -0.0 : x < 0 ? x * exp(x / 2) * exp(x / 2) / (1 + exp(x)) : x / (1 + exp(-x))
}

@Sendable
private func silu(_ x: Extended) -> Extended { x == -.infinity ? -0.0 : x / (1 + exp(-x)) }

@Sendable
private func logCosh(_ x: Double) -> Double {
  let a = abs(x)
  return a < 1 ? log1p(sinh(a) * sinh(a)) / 2 : a + (log1p(exp(-2 * a)) - log(2))
}

@Sendable
private func logCosh(_ x: Extended) -> Extended {
  let a = abs(x)
  return a < 1 ? log1p(sinh(a) * sinh(a)) / 2 : a + (log1p(exp(-2 * a)) - log(2))
}

// erfc and exp turn the rounding of a large argument into a relative error, so even with 80 bits
// the rounding error has to be compensated.

@Sendable
private func preciseGELU(_ x: Extended) -> Extended {
  if x == -.infinity { return -0.0 }
  // √½ in two parts; t + low = -x √½.
  let (high, low): (Extended, Extended) = (0xb504_f333_f9de_6484p-64, 0xb2fb_1366_ea95_7d3ep-129)
  let t = -x * high
  if abs(x) > 1000 { return x / 2 * erfc(t) }
  let rest = (-t).addingProduct(-x, high) - x * low
  return x / 2 * (erfc(t) - 1.128379167095512573896 * exp(-t * t) * rest)
}

@Sendable
private func preciseGELUTanh(_ x: Extended) -> Extended {
  if x == -.infinity { return -0.0 }
  // 2 √(2/π) and 0.044715 in two parts.
  let (a, aLow): (Extended, Extended) = (0xcc42_299e_a1b2_8468p-63, 0xfcb3_c500_bab8_e2ffp-128)
  let (b, bLow): (Extended, Extended) = (0xb727_136a_400f_ba88p-68, 0x9aaa_3ad1_8d25_edd0p-134)
  if abs(x) > 1000 { return x / (1 + exp(-a * (x + b * x * x * x))) }
  let square = x * x
  let squareLow = (-square).addingProduct(x, x)
  let term = b * square
  let termLow = (-term).addingProduct(b, square) + bLow * square + b * squareLow
  let sum = 1 + term
  let part = sum - 1
  let sumLow = (1 - (sum - part)) + (term - part) + termLow
  let product = x * sum
  let productLow = (-product).addingProduct(x, sum) + x * sumLow
  let v = a * product
  let vLow = (-v).addingProduct(a, product) + aLow * product + a * productLow
  return x / (1 + exp(-v) * (1 - vLow))
}

// MARK: - Measurement

/// The largest error of a function on one instruction set.
private struct Worst {
  var error = 0.0
  var place = 0.0
  /// The number of wrong NaN, infinities and signs of zero.
  var wrongSpecials = 0

  mutating func note(error: Double, at x: Double) {
    if error > self.error { (self.error, place) = (error, x) }
  }

  mutating func merge(_ other: Worst) {
    note(error: other.error, at: other.place)
    wrongSpecials += other.wrongSpecials
  }
}

/// Calls `body` with each part of the work on all threads; returns the worst errors by instruction
/// set.
private func worst(pieces: Int, _ body: (_ piece: Int, inout [Worst]) -> Void) -> [Worst] {
  let sets = Machine.supportedInstructionSets.count
  let none = Array(repeating: Worst(), count: sets)
  var results = Array(repeating: none, count: pieces)
  results.withUnsafeMutableBufferPointer { results in
    nonisolated(unsafe) let results = results
    Parallel.run(pieces: pieces) { body($0, &results[$0]) }
  }
  return results.reduce(into: none) { total, part in
    for i in 0..<sets { total[i].merge(part[i]) }
  }
}

private let chunk = 4096

private func worstFloats(_ function: Function, stride: Int) -> [Worst] {
  let edges = edges(of: Float.self)
  let patterns = (1 << 32) / stride
  let pieces = stride == 1 ? 1024 : 64
  return worst(pieces: pieces + 1) { piece, worst in
    let range =
      piece == pieces
      ? 0..<edges.count : patterns * piece / pieces..<patterns * (piece + 1) / pieces
    var x = [Float](repeating: 0, count: chunk)
    var y = x
    var want = [Double](repeating: 0, count: chunk)
    var start = range.lowerBound
    while start < range.upperBound {
      let count = min(chunk, range.upperBound - start)
      for i in 0..<count {
        x[i] =
          piece == pieces
          ? edges[start + i]
          : Float(bitPattern: UInt32(truncatingIfNeeded: (start + i) * stride))
        want[i] = function.double(Double(x[i]))
      }
      for (set, kernels) in Machine.supportedInstructionSets.map(\.floatKernels).enumerated() {
        kernels.map(function.operation, x, &y, count)
        compare(x, y, want, count, &worst[set])
      }
      start += count
    }
  }
}

private func compare(
  _ x: [Float], _ y: [Float], _ want: [Double], _ count: Int, _ worst: inout Worst
) {
  for i in 0..<count {
    let (got, exact) = (y[i], want[i])
    let rounded = Float(exact)
    if got.isFinite && rounded.isFinite {
      // The reciprocal of the ulp of `rounded`, a power of two.
      let exponent = max(1, Int(rounded.bitPattern >> 23 & 255))
      let scale = Double(bitPattern: UInt64(1023 + 150 - exponent) << 52)
      let error = abs(Double(got) - exact) * scale
      if error > worst.error { worst.note(error: error, at: Double(x[i])) }
      if rounded == 0 && got == 0 && rounded.sign != got.sign { worst.wrongSpecials += 1 }
    } else if !(got == rounded || got.isNaN && rounded.isNaN) {
      worst.wrongSpecials += 1
    }
  }
}

#if arch(x86_64)
private func worstDoubles(_ function: Function, samples: Int) -> [Worst] {
  let edges = edges(of: Double.self)
  let pieces = 64
  return worst(pieces: pieces + 1) { piece, worst in
    let total = piece == pieces ? edges.count : samples / pieces
    var generator = RandomGenerator(seed: UInt64(piece))
    var x = [Double](repeating: 0, count: chunk)
    var y = x
    var want = [Float80](repeating: 0, count: chunk)
    var start = 0
    while start < total {
      let count = min(chunk, total - start)
      for i in 0..<count {
        x[i] = piece == pieces ? edges[start + i] : sample(i, &generator)
        want[i] = function.extended(Float80(x[i]))
      }
      for (set, kernels) in Machine.supportedInstructionSets.map(\.doubleKernels).enumerated() {
        kernels.map(function.operation, x, &y, count)
        compare(x, y, want, count, &worst[set])
      }
      start += count
    }
  }
}

/// A random number: any bit pattern, one from an interval, or one near a multiple of π/2.
private func sample(_ i: Int, _ generator: inout RandomGenerator) -> Double {
  let bits = generator.next()
  let uniform = Double(Int64(bitPattern: bits)) * 0x1p-63
  switch i % 5 {
  case 0: return Double(bitPattern: bits)
  case 1: return uniform
  case 2: return uniform * 30
  case 3: return uniform * 800
  default: return Double(Float80(bits >> (38 + bits % 26)) * (Float80.pi / 2))
  }
}

private func compare(
  _ x: [Double], _ y: [Double], _ want: [Float80], _ count: Int, _ worst: inout Worst
) {
  for i in 0..<count {
    let (got, exact) = (y[i], want[i])
    let rounded = Double(exact)
    if got.isFinite && rounded.isFinite {
      let unit = max(rounded.ulp, .leastNonzeroMagnitude)
      worst.note(error: Double(abs(Float80(got) - exact) / Float80(unit)), at: x[i])
      if rounded == 0 && got == 0 && rounded.sign != got.sign { worst.wrongSpecials += 1 }
    } else if !(got == rounded || got.isNaN && rounded.isNaN) {
      worst.wrongSpecials += 1
    }
  }
}
#endif

/// Zeros, infinities, NaN, every power of two, multiples of π/2, the ends of the kernels'
/// intervals, and the three neighbours of each on both sides.
private func edges<S: BinaryFloatingPoint>(of type: S.Type) -> [S] {
  var centers: [S] = [0, .infinity, .greatestFiniteMagnitude]
  var power = S.leastNonzeroMagnitude
  while power.isFinite {
    centers.append(power)
    power *= 2
  }
  centers += (1...5000).map { S(Double($0) * (Double.pi / 2)) }
  centers += [
    0.3465735, 0.41421356, 0.55, 0.70710678, 0.8, 1.4142135, 6, 11, 14.5, 15, 22, 39, 40, 87.336,
    88.722839, 103.27893, 103.97208, 104, 6433, 0x1.6ac5b262ca1ffp849, 708.39641, 709.782712893384,
    744.44007,
    745.133219101941, 746, 52_707_178,
  ]
  var all: [S] = [.nan]
  for center in centers {
    var (up, down) = (center, center)
    for _ in 0..<4 {
      all += [up, -up, down, -down]
      (up, down) = (up.nextUp, down.nextDown)
    }
  }
  return all
}
