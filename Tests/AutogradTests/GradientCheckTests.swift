// The judge is judged: it must find every kind of wrong derivative.

import Autograd
import Testing

/// y = x + b with b repeated along the rows, and a derivative that goes wrong as told.
private struct FaultySum: TapeOperation {
  typealias Scalar = Double

  enum Fault: CaseIterable { case none, factor, sign, missingSum, nan, oneElement, overwrites }

  let fault: Fault

  var name: String { "faulty" }

  func outputShape(_ pass: ForwardPass<Double>) -> TensorShape { pass.input(0).shape }

  func forward(_ pass: ForwardPass<Double>) {
    let (x, b, y) = (pass.input(0), pass.input(1), pass.output)
    for i in 0..<x.count { y.base[i] = x.base[i] + b.base[i % b.count] }
  }

  func backward(_ pass: BackwardPass<Double>) {
    let dy = pass.outputGradient
    guard let (dx, _) = pass.zeroedGradient(0), let (db, count) = pass.zeroedGradient(1) else {
      return
    }
    for i in 0..<dy.count {
      dx[i] += dy.base[i]
      if fault != .missingSum || i < count { db[i % count] += dy.base[i] }
    }
    switch fault {
    case .none, .missingSum: break
    case .factor: for i in 0..<count { db[i] *= 1.00001 }
    case .sign: for i in 0..<count { db[i] = -db[i] }
    case .nan: db[0] = .nan
    case .oneElement: dx[dy.count - 1] += 1e-4
    case .overwrites: for i in 0..<dy.count { dx[i] = dy.base[i] }
    }
  }
}

@Suite("The gradient check")
struct GradientCheckTests {
  private func check(_ fault: FaultySum.Fault) -> GradientCheck {
    checkGradients(at: [anyNumbers([3, 4]), anyNumbers([4])]) { tape, x in
      tape.record(FaultySum(fault: fault), x[0], x[1])
    }
  }

  @Test("passes a right derivative")
  func right() { #expect(check(.none).passes) }

  @Test(
    "finds a wrong derivative",
    arguments: [.factor, .sign, .missingSum, .nan, .oneElement] as [FaultySum.Fault])
  private func wrong(_ fault: FaultySum.Fault) { #expect(!check(fault).passes) }

  @Test("finds a gradient that overwrites others, where contributions add up")
  func overwriting() {
    let check = checkGradients(at: [anyNumbers([3, 4]), anyNumbers([4])]) { tape, x in
      tape.record(FaultySum(fault: .overwrites), x[0], x[1]) + x[0] * x[0]
    }
    #expect(!check.passes)
  }

  @Test("names the place of the largest error")
  func place() {
    let result = check(.oneElement)
    #expect(result.place == (0, 11))
    #expect(abs(result.byTape - result.byDifferences - 1e-4) < 1e-9)
    #expect(result.description.hasPrefix("variable 0, element 11: "))
    #expect(check(.nan).place == (1, 0))
  }

  @Test("judges a pullback")
  func pullback() {
    func check(_ derivative: @escaping (Tensor<Double>) -> Tensor<Double>) -> Bool {
      checkGradients(at: [anyNumbers([5])]) { tape, x in
        let value = x[0].value
        return tape.record("cube", of: x[0], value: value * value * value) { dy in
          [derivative(value) * dy]
        }
      }.passes
    }
    #expect(check { 3 * $0 * $0 })
    #expect(!check { 2 * $0 * $0 })
    #expect(!check { -3 * $0 * $0 })
    #expect(!check { $0 * 0 })
    #expect(!check { $0 * .nan })
    #expect(!check { $0 * .infinity })
  }

  @Test("finds a result that depends on a detached value")
  func detached() {
    let check = checkGradients(at: [[1, 2]]) { tape, x in x[0] * tape.constant(x[0].value) }
    #expect(!check.passes)
  }

  @Test("takes large and small points and results with one element")
  func points() {
    for numbers in [[1e6, -2e6, 3e6], [1e-6, -1e-6, 0], [3]] {
      let check = checkGradients(at: [Tensor(numbers)]) { _, x in sum(square(x[0])) }
      #expect(check.passes, "\(check)")
    }
  }
}
