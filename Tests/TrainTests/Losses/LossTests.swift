import TestSupport
import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The loss of predictions that are computed by `output` from the numbers `x`.
private func value(
  of loss: any Loss, _ x: Tensor<Double>, _ target: Tensor<Double>,
  output: (Variable<Double>) -> Variable<Double> = { $0 }
) -> [Double] {
  let tape = Tape<Double>()
  return loss(output(tape.constant(x)), tape.constant(target)).value.elements
}

/// The C library's logarithm; `log` is also a function of tensors here.
private func logarithm(_ x: Double) -> Double { log(x) as Double }

/// Rows of probabilities, none of them near 0 or 1.
private let probabilities: Tensor<Double> = [
  [0.2, 0.5, 0.3], [0.7, 0.1, 0.2], [0.05, 0.05, 0.9],
]
private let oneHot: Tensor<Double> = [[0, 1, 0], [0, 0, 1], [0, 0, 1]]
private let logits: Tensor<Double> = [[0.3, -1.2, 2], [0, 0.1, -3], [4, 4, -0.5]]

@Suite("Losses")
struct LossTests {
  @Test("are their formulas")
  func formulas() {
    let pairs = Array(zip(probabilities.elements, oneHot.elements))
    func expect(_ loss: some Loss, _ formula: (_ p: Double, _ t: Double) -> Double) {
      expectClose(
        value(of: loss, probabilities, oneHot), pairs.map { formula($0.0, $0.1) },
        Comment(rawValue: loss.name))
    }
    expect(MeanSquaredError()) { p, t in (p - t) * (p - t) }
    expect(MeanAbsoluteError()) { p, t in p > t ? p - t : t - p }
    expect(Hinge()) { p, t in max(0, t == 1 ? 1 - p : 1 + p) }
    expect(BinaryCrossentropy()) { p, t in -logarithm(t == 1 ? p : 1 - p) }
    expectClose(value(of: .hinge, [[0.5], [-3], [2]], [[-1], [-1], [1]]), [1.5, 0, 0])
    let picked = [0.5, 0.2, 0.9].map { -logarithm($0) }
    expectClose(value(of: .categoricalCrossentropy, probabilities, oneHot), picked)
    expectClose(value(of: .sparseCategoricalCrossentropy, probabilities, [1, 2, 2]), picked)
    expectClose(value(of: .sparseCategoricalCrossentropy, probabilities, [[1], [2], [2]]), picked)
  }

  @Test("normalise rows of probabilities that do not add up to 1, as Keras does")
  func unnormalised() {
    let x: Tensor<Double> = [[1, 3], [0.5, 0.5]]
    expectClose(
      value(of: .categoricalCrossentropy, x, [[0, 1], [1, 0]]), [-logarithm(0.75), -logarithm(0.5)])
  }

  @Test("agree between logits and probabilities")
  func paths() {
    // Another operation after the sigmoid or softmax hides the numbers before it.
    let plain = { (x: Variable<Double>) in x * 1 }
    let labels: Tensor<Double> = [1, 2, 0]
    expectClose(
      value(of: .binaryCrossentropy, logits, oneHot) { sigmoid($0) },
      value(of: .binaryCrossentropy, logits, oneHot) { plain(sigmoid($0)) }, relative: 1e-6)
    expectClose(
      value(of: .categoricalCrossentropy, logits, oneHot) { softmax($0) },
      value(of: .categoricalCrossentropy, logits, oneHot) { plain(softmax($0)) }, relative: 1e-6)
    expectClose(
      value(of: .sparseCategoricalCrossentropy, logits, labels) { softmax($0) },
      value(of: .sparseCategoricalCrossentropy, logits, labels) { plain(softmax($0)) },
      relative: 1e-6)
  }

  @Test("take the numbers before a sigmoid or softmax: exact where probabilities are 0 and 1")
  func extremeLogits() {
    let x: Tensor<Double> = [[1000, -1000]]
    expectClose(value(of: .binaryCrossentropy, x, [[0, 1]]) { sigmoid($0) }, [1000, 1000])
    expectClose(value(of: .categoricalCrossentropy, x, [[0, 1]]) { softmax($0) }, [2000])
    expectClose(value(of: .sparseCategoricalCrossentropy, x, [1]) { softmax($0) }, [2000])
    // From probabilities they are cut off as in Keras.
    let cut = -logarithm(1e-7)
    expectClose(value(of: .binaryCrossentropy, [[0, 1]], [[1, 0]]), [cut, cut], relative: 1e-8)
    expectClose(value(of: .categoricalCrossentropy, [[1, 0]], [[0, 1]]), [cut])
    let sparse = value(of: .sparseCategoricalCrossentropy, [[1, 0]], [1])
    expectClose(sparse, [cut], relative: 1e-8)
  }

  @Test("treat the mistakes of both classes alike")
  func symmetry() {
    let tape = Tape<Float>()
    let p = tape.variable([[1, 0], [0.25, 0.75]])
    let losses = BinaryCrossentropy()(p, tape.constant([[0, 1], [0, 1]]))
    #expect(losses.value[0, 0] == losses.value[0, 1] && losses.value[1, 0] == losses.value[1, 1])
    expectClose(losses.value[0, 0...], [16.118095, 16.118095])
  }

  @Test("of small errors keep their digits, those of infinite ones are infinite")
  func smallErrors() {
    func loss(_ loss: some Loss, _ errors: Tensor<Float>) -> Tensor<Float> {
      let tape = Tape<Float>()
      return loss(tape.constant(errors), tape.constant(.zeros(like: errors))).value
    }
    // mpmath: log(cosh(x))
    expectClose(
      loss(.logCosh, [1e-4, -1e-8, 0.5, 1, -3, 50, .infinity]),
      [5e-9, 5e-17, 0.12011451, 0.43378083, 2.3093285, 49.306853, .infinity], relative: 1e-6,
      absolute: 0)
    #expect(loss(.huber(delta: .infinity), [3, -0.5, .infinity]) == [4.5, 0.125, .infinity])
    #expect(loss(.huber(delta: 1), [3, -0.5, -.infinity]) == [2.5, 0.125, .infinity])
    #expect(loss(.huber(delta: 1e300), [3]) == [4.5])
  }

  @Test("have the gradients of finite differences", arguments: ["plain", "sigmoid", "softmax"])
  func gradients(output: String) {
    let x = output == "plain" ? probabilities : logits
    func predict(_ x: Variable<Double>) -> Variable<Double> {
      output == "plain" ? x : output == "sigmoid" ? sigmoid(x) : softmax(x)
    }
    for loss in LossName.known {
      let target: Tensor<Double> =
        loss is SparseCategoricalCrossentropy ? [1, 2, 0] : loss is Hinge ? 2 * oneHot - 1 : oneHot
      let check = checkGradients(at: [x]) { tape, variables in
        loss(predict(variables[0]), tape.constant(target))
      }
      #expect(check.passes, "\(loss.name): \(check)")
    }
  }

  @Test("have finite gradients for logits of ±1000", arguments: ["sigmoid", "softmax"])
  func extremeGradients(output: String) {
    let tape = Tape<Float>()
    let x = tape.variable([[1000, -1000, 0]])
    let losses: [any Loss] =
      output == "sigmoid"
      ? [.binaryCrossentropy] : [.categoricalCrossentropy, .sparseCategoricalCrossentropy]
    for loss in losses {
      let target: Tensor<Float> = loss is SparseCategoricalCrossentropy ? [1] : [[0, 1, 0]]
      let y = loss(output == "sigmoid" ? sigmoid(x) : softmax(x), tape.constant(target)).mean()
      #expect(y.scalar.isFinite)
      let gradient = tape.gradients(of: y)[x].elements
      #expect(gradient.allSatisfy(\.isFinite) && gradient[0] > 0 && gradient[1] < 0)
    }
  }

  @Test("have Keras's names")
  func names() {
    #expect(
      LossName.known.map(\.name) == [
        "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy",
        "kl_divergence", "mean_squared_error", "mean_absolute_error", "huber", "log_cosh", "hinge",
      ])
    #expect(BinaryCrossentropy.logLoss.name == "binary_crossentropy")
    #expect(LossName("huber" as String)?.loss is Huber && LossName("huberr" as String) == nil)
  }

  /// Values by Keras 3.15.1 in float64.
  ///
  /// ```
  /// z = [[1, -1, 2.5], [0.2, 0.1, 1], [-40, 4.5, 0]]; y = [[0.3, -1.2, 2], [0, 0.1, -3], [4, 4, -0.5]]
  /// q = [[0.1, 0.6, 0.3], [0.25, 0.5, 0.25], [0, 0.1, 0.9]]   # p and t: probabilities and oneHot above
  /// for loss, a, b in [(Huber(), z, y), (Huber(delta=0.5), z, y), (LogCosh(), z, y),
  ///                    (KLDivergence(), q, p), (BinaryCrossentropy(label_smoothing=0.1), t, p),
  ///                    (CategoricalCrossentropy(label_smoothing=0.1), t, p)]:
  ///   print(float(loss(a, b)))
  /// ```
  @Test("are Keras's numbers")
  func keras() {
    let z: Tensor<Double> = [[1, -1, 2.5], [0.2, 0.1, 1], [-40, 4.5, 0]]
    let y: Tensor<Double> = [[0.3, -1.2, 2], [0, 0.1, -3], [4, 4, -0.5]]
    let q: Tensor<Double> = [[0.1, 0.6, 0.3], [0.25, 0.5, 0.25], [0, 0.1, 0.9]]
    func mean(_ loss: some Loss, _ prediction: Tensor<Double>, _ target: Tensor<Double>) -> Double {
      let values = value(of: loss, prediction, target)
      return values.reduce(0, +) / Double(values.count)
    }
    expectClose(
      [
        mean(.huber(), y, z), mean(.huber(delta: 0.5), y, z), mean(.logCosh, y, z),
        mean(.klDivergence, probabilities, q),
        mean(.binaryCrossentropy(labelSmoothing: 0.1), probabilities, oneHot),
        mean(.categoricalCrossentropy(labelSmoothing: 0.1), probabilities, oneHot),
      ],
      [
        5.295555555555556, 2.7100000000000004, 5.2490434357804965, 0.23749720386344939,
        0.5459833742571047, 0.8765179149228134,
      ], relative: 1e-6)
    let smoothed = BinaryCrossentropy(labelSmoothing: 0.1)
    expectClose(
      value(of: smoothed, logits, oneHot) { sigmoid($0) },
      value(of: smoothed, logits, oneHot) { sigmoid($0) * 1 }, relative: 1e-6)
  }
}
