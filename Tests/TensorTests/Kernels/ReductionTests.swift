// The reducing kernels: sums and extremes of rows and columns, positions.

import KernelTemplate
import Tensor
import Testing

@Suite("Reducing kernels")
struct ReductionTests {
  @Test(
    "reductions agree with plain loops at every length",
    arguments: instructionSets, Reduction.allCases)
  func rows(_ set: Machine.InstructionSet, _ reduction: Reduction) {
    checkRow(Float.self, set, reduction)
    checkRow(Double.self, set, reduction)
  }

  func checkRow<S: KernelScalar>(
    _ type: S.Type, _ set: Machine.InstructionSet, _ reduction: Reduction
  ) {
    for count in Array(0...70) + [127, 128, 129, 300, 1000, 4097, 9000] {
      let range = reduction == .product ? 1.2 : 3
      let x = Guarded<S>(noise(count, range, seed: UInt64(count + 3)))
      let out = Guarded<S>([7])
      S.kernels(set).reduce(reduction, x.pointer, count, out.pointer)
      let values = x.values.map { Double($0) }
      let want = reference(reduction, values)
      // Terms may cancel: the error is measured by their magnitudes.
      let terms = values.map { reduction == .sumOfSquares ? $0 * $0 : abs($0) }
      let isSum = reduction == .sum || reduction == .sumOfSquares
      let absolute = isSum ? 2 * terms.reduce(0, +) * Double(S.ulpOfOne) : 0
      let tolerance: Double = reduction == .product ? Double(2 + count) : 4
      #expect(distance(out.values, [want], absolute: absolute) <= tolerance, "\(type) \(count)")
      #expect(out.isIntact)
    }
  }

  @Test("one NaN anywhere makes the result NaN; infinities add up", arguments: instructionSets)
  func special(_ set: Machine.InstructionSet) {
    let out = Guarded<Float>([7])
    for count in [1, 5, 16, 17, 64, 100, 700] {
      for place in [0, count / 2, count - 1] {
        var x = noise(count, 3, as: Float.self)
        x[place] = .nan
        for reduction in Reduction.allCases {
          set.floatKernels.reduce(reduction, x, count, out.pointer)
          #expect(out.values[0].isNaN, "\(reduction) \(count) \(place)")
        }
        x[place] = .infinity
        set.floatKernels.reduce(.sum, x, count, out.pointer)
        #expect(out.values[0] == .infinity)
        set.floatKernels.reduce(.maximum, x, count, out.pointer)
        #expect(out.values[0] == .infinity)
        x[place] = -.infinity
        set.floatKernels.reduce(.sum, x, count, out.pointer)
        #expect(out.values[0] == -.infinity)
        set.floatKernels.reduce(.minimum, x, count, out.pointer)
        #expect(out.values[0] == -.infinity)
      }
    }
  }

  @Test("the first place of an extreme or of a NaN is found anywhere", arguments: instructionSets)
  func places(_ set: Machine.InstructionSet) {
    func check<S: KernelScalar>(_: S.Type) {
      let kernels = S.kernels(set)
      for count in Array(1...70) + [127, 128, 129, 4095, 4096, 4097, 9000] {
        // All below zero, which is what a vector holds behind the last number.
        let values: [S] = noise(count, seed: UInt64(count), as: S.self).map { -abs($0) - 1 }
        for place in Set([0, count / 3, count / 2, count - 2, count - 1]) where place >= 0 {
          for (value, reduction) in [
            (S(0), ArgumentReduction.maximum), (-9, .minimum), (.nan, .maximum), (.nan, .minimum),
          ] {
            var planted = values
            planted[place] = value
            if place < count - 1 { planted[count - 1] = value }
            let x = Guarded(planted)
            #expect(kernels.argument(reduction, x.pointer, count) == place, "\(count) \(value)")
            #expect(x.isIntact)
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("a sum has the same bits wherever its operand lies", arguments: instructionSets)
  func alignment(_ set: Machine.InstructionSet) {
    let values = noise(5000, 3, as: Float.self)
    let room = UnsafeMutablePointer<Float>.allocate(capacity: 5100)
    defer { room.deallocate() }
    let out = Guarded<Float>([7])
    var results: Set<UInt32> = []
    for offset in 0..<20 {
      (room + offset).initialize(from: values, count: values.count)
      set.floatKernels.reduce(.sum, room + offset, values.count, out.pointer)
      results.insert(out.values[0].bitPattern)
    }
    #expect(results.count == 1)
  }

  @Test("the error of long sums of floats does not grow", arguments: instructionSets)
  func longSum(_ set: Machine.InstructionSet) {
    let count = 3_000_001
    let x = [Float](repeating: 0.1, count: count)
    let out = Guarded<Float>([7])
    set.floatKernels.reduce(.sum, x, count, out.pointer)
    #expect(ulps(out.values[0], Double(Float(0.1)) * Double(count)) <= 2)
    // Down a column as well.
    set.floatKernels.reduceColumns(.sum, x, count, 1, 1, out.pointer, false)
    #expect(ulps(out.values[0], Double(Float(0.1)) * Double(count)) <= 2)
  }

  @Test(
    "columns agree with plain loops, with gaps between rows too",
    arguments: instructionSets, Reduction.allCases)
  func columns(_ set: Machine.InstructionSet, _ reduction: Reduction) {
    checkColumns(Float.self, set, reduction)
    checkColumns(Double.self, set, reduction)
  }

  func checkColumns<S: KernelScalar>(
    _ type: S.Type, _ set: Machine.InstructionSet, _ reduction: Reduction
  ) {
    for rows in [0, 1, 2, 3, 4, 5, 9, 30] {
      for columns in Array(0...20) + [31, 32, 33, 63, 64, 65, 100, 128, 131] {
        let stride = columns + rows % 3
        let x = noise(rows * stride + 1, 1.5, seed: 12, as: S.self)
        let y = Guarded<S>(noise(columns, 3, seed: 13))
        let before = y.values.map { Double($0) }
        let want = (0..<columns).map { j in
          reference(reduction, (0..<rows).map { Double(x[$0 * stride + j]) })
        }
        let absolute = 256 * Double(S.ulpOfOne)
        if reduction == .sum || reduction == .sumOfSquares {
          S.kernels(set).reduceColumns(reduction, x, rows, columns, stride, y.pointer, true)
          let sum = zip(before, want).map { $0 + $1 }
          #expect(
            distance(y.values, sum, absolute: absolute) <= 4, "\(type) \(rows)x\(columns) added")
        }
        S.kernels(set).reduceColumns(reduction, x, rows, columns, stride, y.pointer, false)
        let tolerance: Double = reduction == .product ? Double(2 + rows) : 4
        #expect(
          distance(y.values, want, absolute: absolute) <= tolerance, "\(type) \(rows)x\(columns)")
        #expect(y.isIntact)
      }
    }
  }

  @Test("NaN in one column stays in that column", arguments: instructionSets)
  func columnOfNaN(_ set: Machine.InstructionSet) {
    var x = noise(7 * 70, 3, as: Float.self)
    x[3 * 70 + 65] = .nan
    x[6 * 70 + 2] = .nan
    let y = Guarded<Float>(Array(repeating: 7, count: 70))
    for reduction in Reduction.allCases {
      set.floatKernels.reduceColumns(reduction, x, 7, 70, 70, y.pointer, false)
      #expect(y.values.indices.filter { y.values[$0].isNaN } == [2, 65], "\(reduction)")
    }
  }

  @Test("the first of equal extremes is found at every place", arguments: instructionSets)
  func positions(_ set: Machine.InstructionSet) {
    checkPositions(Float.self, set)
    checkPositions(Double.self, set)
  }

  func checkPositions<S: KernelScalar>(_ type: S.Type, _ set: Machine.InstructionSet) {
    let kernels = S.kernels(set)
    for count in Array(1...70) + [130, 1000, 4096, 4097, 9000] {
      for place in Set([0, 1 % count, count / 3, count / 2, count - 1]) {
        var x = noise(count, 3, as: S.self)
        x[place] = 5
        x[count - 1] = 5
        #expect(kernels.argument(.maximum, x, count) == place, "\(type) \(count)")
        x[place] = -5
        x[count - 1] = -5
        #expect(kernels.argument(.minimum, x, count) == place, "\(type) \(count)")
        x[place] = .nan
        x[count - 1] = .nan
        #expect(kernels.argument(.maximum, x, count) == place, "\(type) \(count) NaN")
        #expect(kernels.argument(.minimum, x, count) == place, "\(type) \(count) NaN")
      }
      let same = [S](repeating: -.infinity, count: count)
      #expect(kernels.argument(.maximum, same, count) == 0)
      #expect(kernels.argument(.minimum, [S](repeating: .infinity, count: count), count) == 0)
    }
    #expect(kernels.argument(.maximum, [-0.0, 0.0], 2) == 0)
  }
}

private func reference(_ reduction: Reduction, _ x: [Double]) -> Double {
  switch reduction {
  case .sum: exactSum(x)
  case .product: x.reduce(1, *)
  case .minimum: x.reduce(.infinity, min)
  case .maximum: x.reduce(-.infinity, max)
  case .sumOfSquares: exactSum(x.map { $0 * $0 })
  }
}

/// The sum with the rounding errors added at the end (Neumaier).
private func exactSum(_ terms: [Double]) -> Double {
  var (sum, lost) = (0.0, 0.0)
  for term in terms {
    let next = sum + term
    lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }
  return sum + lost
}
