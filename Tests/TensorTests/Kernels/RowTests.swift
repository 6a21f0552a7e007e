// The kernels of the softmax family, row by row.

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

@Suite("Row kernels")
struct RowTests {
  @Test("softmax and its logarithm agree with the definition", arguments: instructionSets)
  func softmax(_ set: Machine.InstructionSet) {
    checkSoftmax(Float.self, set)
    checkSoftmax(Double.self, set)
  }

  func checkSoftmax<S: KernelScalar>(_ type: S.Type, _ set: Machine.InstructionSet) {
    let kernels = S.kernels(set)
    let rows = 3
    for columns in Array(1...40) + [100, 1000] {
      // Far from zero: without the row's maximum taken off, the exponentials would overflow.
      let x = noise(rows * columns, 8, seed: 20, as: S.self).enumerated()
        .map { $1 + S($0 / columns) * 1000 }
      let want = distributions(x.map { Double($0) }, columns)
      let y = Guarded<S>(Array(repeating: 7, count: x.count))
      let close = 64 * Double(S.ulpOfOne)
      kernels.softmaxRows(x, y.pointer, rows, columns)
      #expect(distance(y.values, want) <= 16, "\(type) \(columns)")
      kernels.logSoftmaxRows(x, y.pointer, rows, columns)
      #expect(distance(y.values, want.map { log($0) }, absolute: close) <= 12, "\(type) \(columns)")
      #expect(y.isIntact)
      let inPlace = Guarded<S>(x)
      kernels.softmaxRows(inPlace.pointer, inPlace.pointer, rows, columns)
      #expect(distance(inPlace.values, want) <= 16 && inPlace.isIntact)
      let logarithms = Guarded<S>(x)
      kernels.logSoftmaxRows(logarithms.pointer, logarithms.pointer, rows, columns)
      #expect(logarithms.values == y.values && logarithms.isIntact)
    }
  }

  @Test("probabilities vanish at minus infinity, NaN stays in its row", arguments: instructionSets)
  func special(_ set: Machine.InstructionSet) {
    for columns in [2, 10, 40] {
      var x = [Float](repeating: 1, count: 3 * columns)
      x[1] = -.infinity
      x[columns] = .nan
      x[2 * columns] = 3000
      let y = Guarded<Float>(Array(repeating: 7, count: x.count))
      set.floatKernels.softmaxRows(x, y.pointer, 3, columns)
      let rows = (0..<3).map { Array(y.values[$0 * columns..<($0 + 1) * columns]) }
      #expect(rows[0][1] == 0)
      #expect(abs(rows[0].reduce(0, +) - 1) < 1e-5)
      #expect(rows[1].allSatisfy { $0.isNaN })
      #expect(rows[2][0] == 1 && rows[2][1...].allSatisfy { $0 == 0 })
    }
  }

  @Test(
    "gradients of softmax agree with the formulas, added or written", arguments: instructionSets)
  func gradients(_ set: Machine.InstructionSet) {
    checkGradients(Float.self, set)
    checkGradients(Double.self, set)
  }

  func checkGradients<S: KernelScalar>(_ type: S.Type, _ set: Machine.InstructionSet) {
    let kernels = S.kernels(set)
    let rows = 3
    for columns in Array(1...20) + [33, 100] {
      let count = rows * columns
      let p = distributions(noise(count, 3, seed: 21, as: Double.self), columns)
      let y = p.map { S($0) }
      let logarithms = p.map { S(log($0)) }
      let dy = noise(count, 2, seed: 22, as: S.self)
      let start = noise(count, 2, seed: 23, as: S.self)
      let sums = (0..<rows).map { i in
        (i * columns..<(i + 1) * columns).reduce((dot: 0.0, plain: 0.0)) {
          ($0.dot + Double(dy[$1]) * p[$1], $0.plain + Double(dy[$1]))
        }
      }
      let want = (0..<count).map { p[$0] * (Double(dy[$0]) - sums[$0 / columns].dot) }
      let wantLog = (0..<count).map { Double(dy[$0]) - p[$0] * sums[$0 / columns].plain }
      let close = 64 * Double(S.ulpOfOne)
      let dx = Guarded<S>(start)
      kernels.softmaxGradientRows(y, dy, dx.pointer, rows, columns, true)
      #expect(distance(dx.values, zip(start, want).map { Double($0) + $1 }, absolute: close) <= 4)
      kernels.softmaxGradientRows(y, dy, dx.pointer, rows, columns, false)
      #expect(distance(dx.values, want, absolute: close) <= 4, "\(type) \(columns)")
      kernels.logSoftmaxGradientRows(logarithms, dy, dx.pointer, rows, columns, false)
      #expect(distance(dx.values, wantLog, absolute: close) <= 4, "\(type) \(columns)")
      let sum = Guarded<S>(start)
      kernels.logSoftmaxGradientRows(logarithms, dy, sum.pointer, rows, columns, true)
      #expect(
        distance(sum.values, zip(start, wantLog).map { Double($0) + $1 }, absolute: close) <= 4)
      #expect(dx.isIntact && sum.isIntact)
    }
  }

  @Test(
    "the cross-entropy is minus the logarithm of the label's probability",
    arguments: instructionSets)
  func crossEntropy(_ set: Machine.InstructionSet) {
    checkCrossEntropy(Float.self, set)
    checkCrossEntropy(Double.self, set)
  }

  func checkCrossEntropy<S: KernelScalar>(_ type: S.Type, _ set: Machine.InstructionSet) {
    for rows in [0, 1, 7, 16, 35] {
      for columns in [1, 2, 10, 16, 17, 100] {
        let z = noise(rows * columns, 50, seed: 24, as: S.self)
        let labels = (0..<rows).map { S(($0 * 7) % columns) }
        let y = Guarded<S>(Array(repeating: 7, count: z.count))
        let losses = Guarded<S>(Array(repeating: 7, count: rows))
        S.kernels(set).softmaxCrossEntropyRows(
          z, labels, y.pointer, losses.pointer, rows, columns)
        let p = distributions(z.map { Double($0) }, columns)
        let want = (0..<rows).map { -log(p[$0 * columns + Int(labels[$0])]) }
        let close = 128 * Double(S.ulpOfOne)
        #expect(distance(losses.values, want, absolute: close) <= 4, "\(type) \(rows)x\(columns)")
        // exp(-100) and less: the probability's own relative error is that of the exponent.
        #expect(distance(y.values, p, absolute: Double(S.ulpOfOne)) <= 100)
        #expect(y.isIntact && losses.isIntact)
      }
    }
  }

  @Test("the loss is finite where the label's probability is 0", arguments: instructionSets)
  func certainty(_ set: Machine.InstructionSet) {
    let y = Guarded<Float>([7, 7])
    let loss = Guarded<Float>([7])
    set.floatKernels.softmaxCrossEntropyRows([0, 1000], [0], y.pointer, loss.pointer, 1, 2)
    #expect(loss.values == [1000] && y.values == [0, 1])
  }
}

/// Each row's softmax in `Double`.
private func distributions(_ x: [Double], _ columns: Int) -> [Double] {
  stride(from: 0, to: x.count, by: columns).flatMap { start in
    let row = x[start..<start + columns]
    let greatest = row.max() ?? 0
    let exponentials = row.map { exp($0 - greatest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }
}
