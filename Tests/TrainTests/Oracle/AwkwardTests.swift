// What functions, losses and metrics give for awkward numbers, and their derivatives, against
// make_awkward.py, which says what a line of awkward.txt means and where PyTorch and Keras differ from it.

import TestSupport
import Testing
import Train

@Suite("Awkward numbers in a network")
struct AwkwardTests {
  @Test("functions and their derivatives", arguments: names(of: "function"))
  func functions(_ name: String) throws {
    func check<S: TensorFloat>(_: S.Type, _ line: Line) throws {
      let tape = Tape<S>()
      let x = tape.variable(Tensor(line.numbers[0].map { S($0) }))
      let y = try #require(function(name, x))
      line.expect(y.value, 1, "value")
      line.expect(tape.gradients(of: sum(y))[x], 2, "derivative")
    }
    for line in lines("function", name) {
      line.type == "f4" ? try check(Float.self, line) : try check(Double.self, line)
    }
  }

  @Test("activations, which are those functions")
  func activations() throws {
    // The kernels' tests have the approximate GELU, and rows of logits the softmax and its logarithm.
    let others: Set<ActivationFunction> = [.softmax, .logSoftmax, .geluTanh]
    let names = [ActivationFunction.exponential: "exp"]
    for activation in ActivationFunction.allCases where !others.contains(activation) {
      let line = try #require(lines("function", names[activation] ?? activation.name).last)
      let tape = Tape<Double>()
      let x = tape.variable(Tensor(line.numbers[0]))
      let y = activation(x)
      line.expect(y.value, 1, "value")
      line.expect(tape.gradients(of: sum(y))[x], 2, "derivative")
    }
  }

  @Test("losses and their derivatives", arguments: names(of: "loss"))
  func losses(_ name: String) throws {
    func check<S: TensorFloat>(_: S.Type, _ line: Line) throws {
      let tape = Tape<S>()
      let p = tape.variable(Tensor(line.numbers[0].map { S($0) }))
      let t = tape.constant(Tensor(line.numbers[1].map { S($0) }))
      let function = try #require(loss(name))
      let values = function(name.hasSuffix(".logits") ? sigmoid(p) : p, t)
      line.expect(values.value, 2, "loss")
      line.expect(tape.gradients(of: sum(values))[p], 3, "derivative")
    }
    for line in lines("loss", name) {
      line.type == "f4" ? try check(Float.self, line) : try check(Double.self, line)
    }
  }

  @Test("losses of rows of logits and their derivatives", arguments: names(of: "rows"))
  func rows(_ name: String) throws {
    func check<S: TensorFloat>(_: S.Type, _ line: Line) throws {
      let tape = Tape<S>()
      let z = tape.variable(Tensor([line.numbers[0].map { S($0) }]))
      let targets = Tensor(line.numbers[1].map { S($0) })
      let t = tape.constant(targets.count == 1 ? targets : targets.reshaped(to: [1, 3]))
      let function = try #require(loss(name))
      let value = function(softmax(z), t)
      line.expect(value.value, 2, "loss")
      line.expect(tape.gradients(of: sum(value))[z], 3, "derivative")
    }
    for line in lines("rows", name) {
      line.type == "f4" ? try check(Float.self, line) : try check(Double.self, line)
    }
  }

  @Test("metrics, in batches of three", arguments: names(of: "metric"))
  func metrics(_ name: String) throws {
    let metric = try #require(Metric(name))
    for line in lines("metric", name) {
      let model = Sequential<Double>([Lambda(inputShape: [1]) { $0 * 1 }])
        .compile(optimizer: "sgd", loss: "mse", metrics: [metric])
      let (p, t) = (Tensor(line.numbers[0]), Tensor(line.numbers[1]))
      let result = model.evaluate(
        p.expandingShape(at: 1), t.expandingShape(at: 1), batchSize: 3, verbose: 0)
      line.expect(Tensor([try #require(result[name])]), 2, name)
    }
  }

  @Test("the file has all its cases")
  func complete() {
    #expect(allLines.count >= 250 && names(of: "function").count >= 23)
    #expect(names(of: "loss").count >= 8 && names(of: "metric").count >= 5)
  }
}

private func function<S>(_ name: String, _ x: Variable<S>) -> Variable<S>? {
  switch name {
  case "exp": exp(x)
  case "log": log(x)
  case "sqrt": sqrt(x)
  case "rsqrt": rsqrt(x)
  case "square": square(x)
  case "abs": abs(x)
  case "sin": sin(x)
  case "cos": cos(x)
  case "tan": tan(x)
  case "erf": erf(x)
  case "logCosh": logCosh(x)
  default: ActivationFunction(name as String)?(x)
  }
}

private func loss(_ name: String) -> (any Loss)? {
  name == "huber.infinity"
    ? Huber(delta: .infinity) : LossName(String(name.prefix { $0 != "." }))?.loss
}

// MARK: - The file

private struct Line: Sendable {
  let kind: String
  let name: String
  let type: String
  let tolerance: Double
  let numbers: [[Double]]

  /// Expects the numbers of a part, within the tolerance.
  func expect<S: TensorFloat>(_ actual: Tensor<S>, _ part: Int, _ what: String) {
    let expected = numbers[part]
    #expect(actual.count == expected.count)
    // The last part of all but metrics are derivatives.
    let isDerivative = part == numbers.count - 1 && kind != "metric"
    // A tape makes zeros of subnormal results, and of those of steps on the way.
    let absolute =
      (isDerivative ? tolerance * Double(S.ulpOfOne) : 0)
      + (kind == "metric" ? 0 : Double(S.leastNormalMagnitude))
    for (i, (a, e)) in zip(actual.elements.map(\.asDouble), expected).enumerated() {
      let limit = absolute + tolerance * Double(S(e).ulp)
      let isRight = a == e || a.isNaN && e.isNaN || abs(a - e) <= limit
      let operands = numbers[..<part].map { i < $0.count ? "\($0[i])" : "\($0)" }
      #expect(isRight, "\(what) of \(name) of \(S.self) at \(operands): \(a), expected \(e)")
    }
  }
}

private let allLines: [Line] = {
  let path =
    "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/awkward.txt"
  guard let bytes = try? readFile(path) else { fail("there is no \(path)") }
  return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
    let parts = line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
    return Line(
      kind: parts[0][0], name: parts[0][1], type: parts[0][2], tolerance: Double(parts[0][3])!,
      numbers: parts.dropFirst().map { $0.map { Double($0)! } })
  }
}()

private func lines(_ kind: String, _ name: String) -> [Line] {
  allLines.filter { $0.kind == kind && $0.name == name }
}

private func names(of kind: String) -> [String] {
  Set(allLines.filter { $0.kind == kind }.map(\.name)).sorted()
}
