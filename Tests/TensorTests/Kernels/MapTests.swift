// The element-wise kernels: functions of one and two numbers, derivatives, comparisons, bytes.

import KernelTemplate
import Tensor
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("Element-wise kernels")
struct MapTests {
  // MARK: One operand

  @Test(
    "functions agree with the C library at every length, in place too, and write nothing else",
    arguments: instructionSets, UnaryOperation.allCases)
  func unary(_ set: Machine.InstructionSet, _ operation: UnaryOperation) {
    checkUnary(Float.self, set, operation)
    checkUnary(Double.self, set, operation)
  }

  func checkUnary<S: KernelScalar>(
    _ type: S.Type, _ set: Machine.InstructionSet, _ operation: UnaryOperation
  ) {
    let kernels = S.kernels(set)
    let bound = bound(operation, type)
    for count in 0...70 {
      let x = Guarded<S>(noise(count, 20, seed: UInt64(count + 1)))
      let y = Guarded<S>(Array(repeating: 7, count: count))
      let want = x.values.map { reference(operation, Double($0)) }
      kernels.map(operation, x.pointer, y.pointer, count)
      #expect(distance(y.values, want) <= bound, "\(type) \(count)")
      kernels.map(operation, x.pointer, x.pointer, count)
      #expect(distance(x.values, want) <= bound, "\(type) \(count), in place")
      #expect(x.isIntact && y.isIntact)
    }
  }

  @Test(
    "functions are right at zeros, infinities, NaN, the edges of the range and of overflow",
    arguments: instructionSets, UnaryOperation.allCases)
  func edges(_ set: Machine.InstructionSet, _ operation: UnaryOperation) {
    checkEdges(Float.self, set, operation)
    checkEdges(Double.self, set, operation)
  }

  func checkEdges<S: KernelScalar>(
    _ type: S.Type, _ set: Machine.InstructionSet, _ operation: UnaryOperation
  ) {
    let tiny = S.leastNonzeroMagnitude
    let huge = S.greatestFiniteMagnitude
    var x: [S] = [
      0, .infinity, 1, 0.5, 1.5, 2.5, 3.5, 0.49999997, 8_388_607.5, 4_503_599_627_370_495.5,
    ]
    x += [tiny, S.leastNormalMagnitude, S.leastNormalMagnitude * 0.75, huge, huge / 2, 1e-20]
    x += [87.2, 88.6, 88.8, 103.9, 104.1, 709.7, 709.8, 744.4, 745.2, 0.55, 0.54999, 9.1, 22.5]
    x += [3.1415927, 6432.9, 6433.1, 1e5, 52_707_178.5, 1e22, 5.5, 6.5, 10.5, 14.4, 22.6, 39.5]
    x += x.map { -$0 }
    x += [.nan]
    let y = Guarded<S>(Array(repeating: 7, count: x.count))
    let bound = bound(operation, type)
    S.kernels(set).map(operation, x, y.pointer, x.count)
    for (x, y) in zip(x, y.values) {
      let want = reference(operation, Double(x))
      // Where `Double` overflows before `S` would be exact, the reference itself is approximate.
      #expect(ulps(y, want) <= bound, "\(type) \(x): \(y), not \(want)")
      let keepsZero = S(want) == 0 && x == 0 && operation != .absolute && operation != .step
      if keepsZero && operation != .square { #expect(y.sign == S(want).sign, "\(type) \(x)") }
    }
  }

  @Test(
    "functions are within 2 ulp, tan, erf, GELU and SiLU within 4, log cosh within 8, over all floats",
    arguments: instructionSets)
  func accuracy(_ set: Machine.InstructionSet) {
    // Every 65,521st bit pattern (a prime number): all exponents, both signs.
    let x = stride(from: UInt32(0), to: .max - 65_521, by: 65_521).map(Float.init(bitPattern:))
    let y = Guarded<Float>(x)
    let operations: [UnaryOperation] = [
      .exp, .log, .tanh, .sigmoid, .exponentialMinusOne, .logOnePlus, .softplus, .sin, .cos, .tan,
      .reciprocalSquareRoot, .erf, .gelu, .geluTanh, .silu, .softsign, .logCosh,
    ]
    for operation in operations {
      set.floatKernels.map(operation, x, y.pointer, x.count)
      let worst = zip(x, y.values).map { ulps($1, reference(operation, Double($0))) }.max() ?? 0
      let bound =
        operation == .logCosh
        ? 8 : [.tan, .erf, .gelu, .geluTanh, .silu].contains(operation) ? 4.0 : 2
      #expect(worst <= bound, "\(operation)")
    }
  }

  @Test(
    "the tails of GELU and angles near multiples of π keep their digits", arguments: instructionSets
  )
  func doubles(_ set: Machine.InstructionSet) {
    // from mpmath import *; mp.prec = 4000. The angle near 2^849 is of all doubles the nearest to a
    // multiple of π/2.
    // gelu: x / 2 * erfc(-x / sqrt(2)); sin(x), cos(x); geluTanh, where c is the decimal 0.044715:
    // x / (1 + exp(-2 * sqrt(2 / pi) * (x + c * x**3)))
    let goldens: [(UnaryOperation, [(x: Double, y: Double)])] = [
      (
        .gelu,
        [
          (-37.0, -2.1184613523340935e-298), (-30.5, -3.973960635193133e-203),
          (-20.25, -3.596804726522879e-90), (-9.7, -1.4622683737458985e-21),
          (-3.3, -0.0015952996698664658), (-0.3175717, -0.1192179792336137),
          (-1e-05, -4.999960105771961e-06), (0.02, 0.01015956627433804), (2.5, 2.4844758366855597),
          (7.5, 7.499999999999761),
        ]
      ),
      (
        .geluTanh,
        [
          (-20.25, -8.852675589400316e-271), (-9.7, -9.583371189369027e-35),
          (-4.4366, -7.347595567682101e-06), (-2.0, -0.04540230591222498),
          (-1e-05, -4.999960105771961e-06), (0.02, 0.010159566221697093), (2.5, 2.484915733910001),
        ]
      ),
      (
        .sin,
        [
          (3.141592653589793, 1.2246467991473532e-16), (3141592.653589793, -2.231912181360871e-10),
          (52707178.533289135, -2.054616387300376e-09), (52707178.5, -0.033282988579403254),
          (1e22, -0.8522008497671888), (0x1p1000, -0.15920170308624243),
          (0x1.6ac5b262ca1ffp849, 1.0), (-0.7853981633974484, -0.7071067811865476),
        ]
      ),
      (
        .cos,
        [
          (3.141592653589793, -1.0), (3141592.653589793, 1.0), (52707178.533289135, 1.0),
          (52707178.5, 0.9994459678598054), (1e22, 0.523214785395139),
          (0x1p1000, 0.9872460775989135),
          (0x1.6ac5b262ca1ffp849, -4.687165924254628e-19),
          (-0.7853981633974484, 0.7071067811865475),
        ]
      ),
    ]
    for (operation, pairs) in goldens {
      let y = Guarded<Double>(pairs.map(\.y))
      set.doubleKernels.map(operation, pairs.map(\.x), y.pointer, pairs.count)
      let bound: Double = [.gelu, .geluTanh].contains(operation) ? 4 : 2
      #expect(distance(y.values, pairs.map(\.y)) <= bound, "\(operation)")
    }
  }

  @Test(
    "derivatives agree with the formulas, are added or written, over dy too",
    arguments: instructionSets, UnaryOperation.allCases)
  func gradients(_ set: Machine.InstructionSet, _ operation: UnaryOperation) {
    checkGradient(Float.self, set, operation)
    checkGradient(Double.self, set, operation)
  }

  func checkGradient<S: KernelScalar>(
    _ type: S.Type, _ set: Machine.InstructionSet, _ operation: UnaryOperation
  ) {
    let kernels = S.kernels(set)
    for count in [0, 1, 2, 7, 16, 17, 33, 70] {
      let isPositive = [
        .log, .squareRoot, .reciprocalSquareRoot, .logOnePlus, .reciprocal,
      ].contains(operation)
      let x = noise(count, 3, seed: 5, as: S.self).map { isPositive ? abs($0) + 0.1 : $0 }
      let y = Guarded<S>(x)
      kernels.map(operation, x, y.pointer, count)
      let dy = Guarded<S>(noise(count, 2, seed: 6))
      let dx = Guarded<S>(noise(count, 2, seed: 7))
      let before = dx.values
      let want = zip(x, dy.values).map { Double($1) * slope(operation, Double($0)) }
      let sum = zip(before, want).map { Double($0) + $1 }
      let close = Double(S.ulpOfOne) * 64
      kernels.mapGradient(operation, x, y.pointer, dy.pointer, dx.pointer, count, true)
      #expect(distance(dx.values, sum, absolute: close) <= 4, "\(type) \(count) added")
      kernels.mapGradient(operation, x, y.pointer, dy.pointer, dx.pointer, count, false)
      #expect(distance(dx.values, want, absolute: close) <= 4, "\(type) \(count)")
      kernels.mapGradient(operation, x, y.pointer, dy.pointer, dy.pointer, count, false)
      #expect(distance(dy.values, want, absolute: close) <= 4, "\(type) \(count) over dy")
      #expect(dx.isIntact && dy.isIntact)
    }
  }

  // MARK: Two operands

  @Test(
    "arithmetic takes arrays and repeated numbers on either side, at every length",
    arguments: instructionSets, BinaryOperation.allCases)
  func binary(_ set: Machine.InstructionSet, _ operation: BinaryOperation) {
    checkBinary(Float.self, set, operation)
    checkBinary(Double.self, set, operation)
  }

  func checkBinary<S: KernelScalar>(
    _ type: S.Type, _ set: Machine.InstructionSet, _ operation: BinaryOperation
  ) {
    let kernels = S.kernels(set)
    for count in 0...40 {
      for (aStep, bStep) in [(1, 1), (0, 1), (1, 0), (0, 0)] {
        var a = noise(max(count, 1), 3, seed: 8, as: S.self)
        var b = noise(max(count, 1), 3, seed: 9, as: S.self)
        if operation == .power { a = a.map { abs($0) } }
        if count > 3 { a[3] = .nan }
        if count > 5 { b[5] = .nan }
        if count == 7 { b[0] = 2 }
        let want = (0..<count).map {
          reference(operation, Double(a[$0 * aStep]), Double(b[$0 * bStep]))
        }
        let y = Guarded<S>(Array(repeating: 7, count: count))
        kernels.zip(operation, a, aStep, b, bStep, y.pointer, count)
        #expect(distance(y.values, want) <= 1, "\(type) \(count) \(aStep) \(bStep)")
        #expect(y.isIntact)

        let start = noise(count, 3, seed: 10, as: S.self)
        let sum = Guarded<S>(start)
        kernels.addProduct(a, aStep, b, bStep, sum.pointer, count)
        let added = (0..<count).map {
          Double(start[$0]) + Double(a[$0 * aStep]) * Double(b[$0 * bStep])
        }
        #expect(distance(sum.values, added, absolute: 16 * Double(S.ulpOfOne)) <= 1)
        #expect(sum.isIntact)
      }
    }
  }

  @Test("minimum and maximum hand on NaN from either side", arguments: instructionSets)
  func extremesOfNaN(_ set: Machine.InstructionSet) {
    let a: [Float] = [.nan, 1, .nan, -.infinity, 2]
    let b: [Float] = [1, .nan, .nan, 3, .infinity]
    let y = Guarded<Float>(Array(repeating: 7, count: 5))
    set.floatKernels.zip(.minimum, a, 1, b, 1, y.pointer, 5)
    #expect(y.values[0].isNaN && y.values[1].isNaN && y.values[2].isNaN)
    #expect(y.values[3] == -.infinity && y.values[4] == 2)
    set.floatKernels.zip(.maximum, a, 1, b, 1, y.pointer, 5)
    #expect(y.values[0].isNaN && y.values[1].isNaN && y.values[2].isNaN)
    #expect(y.values[3] == 3 && y.values[4] == .infinity)
  }

  @Test(
    "comparisons are Swift's own, NaN included", arguments: instructionSets, Comparison.allCases)
  func comparisons(_ set: Machine.InstructionSet, _ comparison: Comparison) {
    checkComparison(Float.self, set, comparison)
    checkComparison(Double.self, set, comparison)
  }

  func checkComparison<S: KernelScalar>(
    _ type: S.Type, _ set: Machine.InstructionSet, _ comparison: Comparison
  ) {
    for count in 0...70 {
      for (aStep, bStep) in [(1, 1), (0, 1), (1, 0), (0, 0)] {
        var a: [S] = (0..<max(count, 1)).map { S(($0 * 7) % 5) }
        let b: [S] = (0..<max(count, 1)).map { S(($0 * 3 + 1) % 5) }
        if count > 2 { a[2] = .nan }
        let y = Guarded<Bool>(Array(repeating: true, count: count))
        S.kernels(set).compare(comparison, a, aStep, b, bStep, y.pointer, count)
        let want = (0..<count).map { holds(comparison, a[$0 * aStep], b[$0 * bStep]) }
        #expect(y.values == want && y.isIntact, "\(type) \(count) \(aStep) \(bStep)")
      }
    }
  }

  // MARK: No operand, or bytes

  @Test("fill writes exactly its elements", arguments: instructionSets)
  func fill(_ set: Machine.InstructionSet) {
    for count in 0...70 {
      let y = Guarded<Float>(Array(repeating: 7, count: count))
      set.floatKernels.fill(y.pointer, [2.5], count)
      #expect(y.values == Array(repeating: 2.5, count: count) && y.isIntact)
      let z = Guarded<Double>(Array(repeating: 7, count: count))
      set.doubleKernels.fill(z.pointer, [2.5], count)
      #expect(z.values == Array(repeating: 2.5, count: count) && z.isIntact)
    }
  }

  @Test("bytes become numbers as by division, bit for bit", arguments: instructionSets)
  func bytes(_ set: Machine.InstructionSet) {
    for count in Array(0...70) + [256] {
      let x = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
      let y = Guarded<Float>(Array(repeating: 7, count: count))
      set.floatKernels.convert(x, y.pointer, count, 255)
      #expect(y.values == x.map { Float($0) / 255 } && y.isIntact)
      let z = Guarded<Double>(Array(repeating: 7, count: count))
      set.doubleKernels.convert(x, z.pointer, count, 3)
      #expect(z.values == x.map { Double($0) / 3 } && z.isIntact)
    }
  }

  @Test(
    "derivatives have limits at the infinities, and √x counts as constant at 0",
    arguments: instructionSets)
  func limitsOfDerivatives(_ set: Machine.InstructionSet) {
    let limits: [(UnaryOperation, x: Float, slope: Float)] = [
      (.silu, .infinity, 1), (.silu, -.infinity, 0), (.silu, 1e30, 1), (.silu, -1e30, 0),
      (.softsign, .infinity, 0), (.softsign, -.infinity, 0), (.softsign, 1e30, 0),
      (.logCosh, .infinity, 1), (.logCosh, -.infinity, -1), (.gelu, .infinity, 1),
      (.gelu, -.infinity, 0), (.geluTanh, .infinity, 1), (.geluTanh, -.infinity, 0),
      (.sigmoid, .infinity, 0), (.sigmoid, -.infinity, 0), (.tanh, .infinity, 0),
      (.tanh, -.infinity, 0), (.softplus, .infinity, 1), (.softplus, -.infinity, 0),
      (.exp, -.infinity, 0), (.exponentialMinusOne, -.infinity, 0), (.relu, .infinity, 1),
      (.relu, -.infinity, 0), (.erf, .infinity, 0), (.erf, -.infinity, 0), (.log, .infinity, 0),
      (.logOnePlus, .infinity, 0), (.squareRoot, .infinity, 0), (.squareRoot, 0, 0),
      (.squareRoot, -0.0, 0), (.reciprocal, .infinity, 0), (.reciprocalSquareRoot, .infinity, 0),
      (.absolute, 0, 0), (.absolute, -.infinity, -1),
    ]
    for (operation, x, slope) in limits {
      let (x, dy): ([Float], [Float]) = ([x], [1])
      let (y, dx) = (Guarded<Float>([7]), Guarded<Float>([7]))
      set.floatKernels.map(operation, x, y.pointer, 1)
      set.floatKernels.mapGradient(operation, x, y.pointer, dy, dx.pointer, 1, false)
      #expect(dx.values == [slope], "\(operation) \(x)")
    }
  }

  @Test("the binary cross-entropy of infinite logits is 0 or infinite", arguments: instructionSets)
  func infiniteLogits(_ set: Machine.InstructionSet) {
    let z: [Double] = [.infinity, -.infinity, .infinity, -.infinity, 40, -40, 1e300, .nan, 1]
    let t: [Double] = [1, 0, 0, 1, 1, 0, 1, 0, .nan]
    let losses = Guarded<Double>(Array(repeating: 7, count: z.count))
    set.doubleKernels.sigmoidCrossEntropy(z, t, losses.pointer, z.count)
    let tail = 4.248354255291589e-18  // mpmath: log1p(exp(-40))
    #expect(Array(losses.values[..<7]) == [0, 0, .infinity, .infinity, tail, tail, 0])
    #expect(losses.values[7].isNaN && losses.values[8].isNaN)
  }

  @Test("the binary cross-entropy is that of the sigmoid", arguments: instructionSets)
  func sigmoidCrossEntropy(_ set: Machine.InstructionSet) {
    for count in [0, 1, 5, 16, 17, 50] {
      let z = noise(count, 30, seed: 11, as: Double.self)
      let t = (0..<count).map { Double($0 % 2) }
      let losses = Guarded<Double>(Array(repeating: 7, count: count))
      set.doubleKernels.sigmoidCrossEntropy(z, t, losses.pointer, count)
      let want = zip(z, t).map { z, t in max(z, 0) - z * t + log1p(exp(-abs(z))) }
      #expect(distance(losses.values, want, absolute: 1e-14) <= 4 && losses.isIntact)
      let floats = Guarded<Float>(Array(repeating: 7, count: count))
      set.floatKernels.sigmoidCrossEntropy(
        z.map { Float($0) }, t.map { Float($0) }, floats.pointer, count)
      #expect(distance(floats.values, want, absolute: 1e-5) <= 4 && floats.isIntact)
    }
  }
}

// MARK: - References

/// f(x) by the C library in `Double`.
private func reference(_ operation: UnaryOperation, _ x: Double) -> Double {
  switch operation {
  case .negate: -x
  case .absolute: abs(x)
  case .sign: x > 0 ? 1 : x < 0 ? -1 : x
  case .square: x * x
  case .reciprocal: 1 / x
  case .squareRoot: x.squareRoot()
  case .exp: exp(x)
  case .log: log(x)
  case .tanh: tanh(x)
  case .sigmoid: x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
  case .relu: x < 0 ? 0 : x
  case .step: x.isNaN ? x : x >= 0 ? 1 : 0
  case .floor: x.rounded(.down)
  case .ceil: x.rounded(.up)
  case .round: x.rounded(.toNearestOrEven)
  case .truncate: x.rounded(.towardZero)
  case .exponentialMinusOne: expm1(x)
  case .logOnePlus: log1p(x)
  case .softplus: x.isNaN ? x : max(x, 0) + log1p(exp(-abs(x)))
  case .reciprocalSquareRoot: 1 / x.squareRoot()
  case .sin: sin(x)
  case .cos: cos(x)
  case .tan: tan(x)
  case .erf: erf(x)
  case .gelu: x == -.infinity ? -0.0 : x / 2 * erfc(-x / 2.0.squareRoot())
  case .geluTanh: x == -.infinity ? -0.0 : x / (1 + exp(-tanhArgument(x)))
  case .silu:
    x == -.infinity ? -0.0 : x < 0 ? x * exp(x / 2) * exp(x / 2) / (1 + exp(x)) : x / (1 + exp(-x))
  case .softsign: abs(x) == .infinity ? x > 0 ? 1 : -1 : x / (1 + abs(x))
  case .logCosh:
    abs(x) < 1 ? log1p(sinh(x) * sinh(x)) / 2 : abs(x) + (log1p(exp(-2 * abs(x))) - log(2))
  }
}

/// 2 √(2/π) (x + 0.044715 x³).
private func tanhArgument(_ x: Double) -> Double {
  2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
}

/// How many ulps a kernel may be away from the reference.
///
/// The references of GELU are in trouble themselves: rounding the argument of erfc or exp, up to
/// 745, costs them as many ulps.
private func bound<S: KernelScalar>(_ operation: UnaryOperation, _ type: S.Type) -> Double {
  switch operation {
  case .gelu, .geluTanh: type == Double.self ? 2000 : 4
  case .erf, .silu: 4
  case .logCosh: 8
  default: 3
  }
}

/// f'(x).
private func slope(_ operation: UnaryOperation, _ x: Double) -> Double {
  switch operation {
  case .negate: -1
  case .absolute: x > 0 ? 1 : x < 0 ? -1 : 0
  case .square: 2 * x
  case .reciprocal: -1 / (x * x)
  case .squareRoot: 0.5 / x.squareRoot()
  case .exp, .exponentialMinusOne: exp(x)
  case .log: 1 / x
  case .tanh: 1 - tanh(x) * tanh(x)
  case .sigmoid: exp(-x) / ((1 + exp(-x)) * (1 + exp(-x)))
  case .relu: x > 0 ? 1 : 0
  case .logOnePlus: 1 / (1 + x)
  case .softplus: 1 / (1 + exp(-x))
  case .reciprocalSquareRoot: -0.5 / (x * x.squareRoot())
  case .sin: cos(x)
  case .cos: -sin(x)
  case .tan: 1 + tan(x) * tan(x)
  case .erf: 2 / Double.pi.squareRoot() * exp(-x * x)
  case .gelu:
    erfc(-x / 2.0.squareRoot()) / 2 + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
  case .geluTanh: geluTanhSlope(x)
  case .silu: (1 + x * (1 - reference(.sigmoid, x))) * reference(.sigmoid, x)
  case .softsign: 1 / ((1 + abs(x)) * (1 + abs(x)))
  case .logCosh: tanh(x)
  case .sign, .step, .floor, .ceil, .round, .truncate: 0
  }
}

private func geluTanhSlope(_ x: Double) -> Double {
  let y = 1 / (1 + exp(-tanhArgument(x)))
  return y + x * y * (1 - y) * 2 * (2 / Double.pi).squareRoot() * (1 + 3 * 0.044715 * x * x)
}

private func reference(_ operation: BinaryOperation, _ a: Double, _ b: Double) -> Double {
  switch operation {
  case .add: a + b
  case .subtract: a - b
  case .multiply: a * b
  case .divide: a / b
  case .minimum: a.isNaN || b.isNaN ? .nan : min(a, b)
  case .maximum: a.isNaN || b.isNaN ? .nan : max(a, b)
  case .power: pow(a, b)
  }
}

private func holds<S: KernelScalar>(_ comparison: Comparison, _ a: S, _ b: S) -> Bool {
  switch comparison {
  case .equal: a == b
  case .notEqual: a != b
  case .less: a < b
  case .lessOrEqual: a <= b
  case .greater: a > b
  case .greaterOrEqual: a >= b
  }
}
