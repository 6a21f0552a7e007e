// The optimizers' steps against the formulas of Keras 3 in `Double`.

import KernelTemplate
import Tensor
import Testing

@Suite("Optimizer kernels")
struct UpdateTests {
  @Test("every optimizer follows its formula at every length", arguments: instructionSets)
  func formulas(_ set: Machine.InstructionSet) {
    check(Float.self, set)
    check(Double.self, set)
  }

  func check<S: KernelScalar>(_ type: S.Type, _ set: Machine.InstructionSet) {
    let kernels = S.kernels(set)
    for count in Array(0...40) + [70] {
      let w = noise(count, 1, seed: 30, as: S.self)
      let g = noise(count, 1, seed: 31, as: S.self)
      let m = noise(count, 1, seed: 32, as: S.self)
      let v = noise(count, 1, seed: 33, as: S.self).map { abs($0) }

      expectStep("sgd", w, [m]) { w, _ in
        kernels.sgd(w, g, count, 0.1)
      } formula: { i, w, _ in
        w - 0.1 * Double(g[i])
      }
      expectStep("momentum", w, [m]) {
        kernels.momentum($0, g, $1[0], count, 0.1, 0.9, false)
      } formula: { i, w, s in
        s[0] = 0.9 * s[0] - 0.1 * Double(g[i])
        return w + s[0]
      }
      expectStep("nesterov", w, [m]) {
        kernels.momentum($0, g, $1[0], count, 0.1, 0.9, true)
      } formula: { i, w, s in
        s[0] = 0.9 * s[0] - 0.1 * Double(g[i])
        return w + 0.9 * s[0] - 0.1 * Double(g[i])
      }
      expectStep("adam", w, [m, v]) {
        kernels.adam($0, g, $1[0], $1[1], count, 0.01, 0.9, 0.999, 1e-7, 0.75)
      } formula: { i, w, s in
        s[0] = 0.9 * s[0] + 0.1 * Double(g[i])
        s[1] = 0.999 * s[1] + 0.001 * Double(g[i] * g[i])
        return 0.75 * w - 0.01 * s[0] / (s[1].squareRoot() + 1e-7)
      }
      expectStep("nadam", w, [m, v]) {
        kernels.nadam($0, g, $1[0], $1[1], count, 0.01, 0.02, 1.5, 0.9, 0.999, 1e-3)
      } formula: { i, w, s in
        s[0] = 0.9 * s[0] + 0.1 * Double(g[i])
        s[1] = 0.999 * s[1] + 0.001 * Double(g[i] * g[i])
        return w - (0.01 * s[0] + 0.02 * Double(g[i])) / ((1.5 * s[1]).squareRoot() + 1e-3)
      }
      expectStep("adamax", w, [m, v]) {
        kernels.adamax($0, g, $1[0], $1[1], count, 0.01, 0.9, 0.999, 1e-3)
      } formula: { i, w, s in
        s[0] = 0.9 * s[0] + 0.1 * Double(g[i])
        s[1] = max(0.999 * s[1], abs(Double(g[i])))
        return w - 0.01 * s[0] / (s[1] + 1e-3)
      }
      expectStep("adadelta", w, [v, v]) {
        kernels.adadelta($0, g, $1[0], $1[1], count, 0.1, 0.9, 1e-3)
      } formula: { i, w, s in
        s[0] = 0.9 * s[0] + 0.1 * Double(g[i] * g[i])
        let step = Double(g[i]) * ((s[1] + 1e-3) / (s[0] + 1e-3)).squareRoot()
        s[1] = 0.9 * s[1] + 0.1 * step * step
        return w - 0.1 * step
      }
      expectStep("rmsprop", w, [v]) {
        kernels.rmsprop($0, g, $1[0], count, 0.01, 0.9, 1e-7)
      } formula: { i, w, s in
        s[0] = 0.9 * s[0] + 0.1 * Double(g[i] * g[i])
        return w - 0.01 * Double(g[i]) / (s[0] + 1e-7).squareRoot()
      }
      expectStep("adagrad", w, [v]) {
        kernels.adagrad($0, g, $1[0], count, 0.01, 1e-7)
      } formula: { i, w, s in
        s[0] += Double(g[i] * g[i])
        return w - 0.01 * Double(g[i]) / (s[0] + 1e-7).squareRoot()
      }
    }
  }

  /// Runs one step of a kernel and the same step of a formula for one weight and its state.
  func expectStep<S: KernelScalar>(
    _ name: String, _ w: [S], _ state: [[S]],
    kernel: (UnsafeMutablePointer<S>, [UnsafeMutablePointer<S>]) -> Void,
    formula: (Int, Double, inout [Double]) -> Double
  ) {
    let weights = Guarded<S>(w)
    let states = state.map { Guarded<S>($0) }
    kernel(weights.pointer, states.map(\.pointer))
    let close = 32 * Double(S.ulpOfOne)
    for i in w.indices {
      var s = state.map { Double($0[i]) }
      let want = formula(i, Double(w[i]), &s)
      #expect(abs(Double(weights.values[i]) - want) < close, "\(name) \(S.self) \(w.count)")
      for (guarded, want) in zip(states, s) {
        #expect(abs(Double(guarded.values[i]) - want) < close, "\(name) \(S.self), state")
      }
    }
    #expect(weights.isIntact && states.allSatisfy { $0.isIntact })
  }
}
