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
    for count in 0...70 {
      let x = Guarded<S>(noise(count, 20, seed: UInt64(count + 1)))
      let y = Guarded<S>(Array(repeating: 7, count: count))
      let want = x.values.map { reference(operation, Double($0)) }
      kernels.map(operation, x.pointer, y.pointer, count)
      #expect(distance(y.values, want) <= 3, "\(type) \(count)")
      kernels.map(operation, x.pointer, x.pointer, count)
      #expect(distance(x.values, want) <= 3, "\(type) \(count), in place")
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
    x += x.map { -$0 }
    x += [.nan]
    let y = Guarded<S>(Array(repeating: 7, count: x.count))
    S.kernels(set).map(operation, Guarded(x).pointer, y.pointer, x.count)
    for (x, y) in zip(x, y.values) {
      let want = reference(operation, Double(x))
      // Where `Double` overflows before `S` would be exact, the reference itself is approximate.
      #expect(ulps(y, want) <= 3, "\(type) \(x): \(y), not \(want)")
      let keepsZero = S(want) == 0 && x == 0 && operation != .absolute && operation != .step
      if keepsZero && operation != .square { #expect(y.sign == S(want).sign, "\(type) \(x)") }
    }
  }

  @Test("exp, log and their relatives are within 2 ulp over all floats", arguments: instructionSets)
  func accuracy(_ set: Machine.InstructionSet) {
    // Every 65,521st bit pattern (a prime number): all exponents, both signs.
    let x = stride(from: UInt32(0), to: .max - 65_521, by: 65_521).map(Float.init(bitPattern:))
    let y = Guarded<Float>(x)
    let operations: [UnaryOperation] = [
      .exp, .log, .tanh, .sigmoid, .exponentialMinusOne, .logOnePlus, .softplus,
    ]
    for operation in operations {
      set.floatKernels.map(operation, x, y.pointer, x.count)
      let worst = zip(x, y.values).map { ulps($1, reference(operation, Double($0))) }.max() ?? 0
      #expect(worst <= 2, "\(operation)")
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
      let isPositive = [.log, .squareRoot, .logOnePlus, .reciprocal].contains(operation)
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
  case .sign, .step, .floor, .ceil, .round, .truncate: 0
  }
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
