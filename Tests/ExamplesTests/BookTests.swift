// The book keeps its word: its programs compile, and the numbers of its longest example are the library's.

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

@Suite("The book")
struct BookTests {
  @Test("finds its documents, and no fence is passed over")
  func documents() throws {
    let documents = Document.all()
    for name in ["README.md", "Sources/Train/Train.docc/OneStep.md"] {
      #expect(documents.contains { $0.name == name })
    }
    #expect(documents.count { $0.name.contains(".docc/") } >= 12)
    for document in documents {
      let programs = document.programs.joined()
      #expect(document.fences.allSatisfy { programs.contains("line: \($0.line))") })
      // A fence that is open to the end would hide all behind it.
      #expect(document.lines.count { $0.hasPrefix("```") } % 2 == 0, "\(document.name)")
    }
    #expect(documents.reduce(0) { $0 + $1.fences.count } >= 35)
  }

  @Test(
    "holds only programs that compile",
    .enabled(if: run("command -v swiftc").status == 0, "there is no swiftc"))
  func programs() throws {
    let modules = try #require(productsFolder, "no modules beside the tests") + "/Modules"
    let folder = run("mktemp -d").output.split(separator: "\n").joined()
    defer { _ = run("rm -r '\(folder)'") }
    for (number, program) in Document.all().flatMap(\.programs).enumerated() {
      let file = try #require(fopen("\(folder)/program\(number).swift", "w"))
      fputs(program, file)
      fclose(file)
    }
    // The manifests of packages need the module that the package manager comes with.
    let manifests =
      "$(dirname $(dirname $(readlink -f $(command -v swiftc))))/lib/swift/pm/ManifestAPI"
    let result = run(
      "cd '\(folder)' && swiftc -typecheck -parse-as-library -swift-version 6 -suppress-warnings "
        + "-package-description-version 6.2 -I '\(modules)' -I \(manifests) *.swift")
    #expect(result.status == 0, "\(result.output)")
  }

  @Test("gives the numbers of one step as the library computes them")
  func oneStep() throws {
    let document = try #require(Document("Sources/Train/Train.docc/OneStep.md"))
    var written: [Substring] = []
    var isCode = false
    for line in document.lines {
      if line.hasPrefix("```") { isCode = line.hasPrefix("```swift") }
      if !isCode { written += line.matches(of: /-?[0-9]+\.[0-9]+/).map(\.output) }
    }
    let step = OneStep()
    let expected = step.numbers
    let picture = try #require(Document("Sources/Train/Train.docc/circles-step.svg"))
    #expect(picture.lines.joined(separator: "\n") == step.picture)
    try #require(written.count == expected.count)
    for (index, (text, value)) in zip(written, expected).enumerated() {
      let decimals = text.split(separator: ".")[1].count
      // Half of the last digit, and what instruction sets may differ by.
      var tolerance = 0.5
      for _ in 0..<decimals { tolerance /= 10 }
      let number = try #require(Double(text))
      #expect(abs(number - value) <= tolerance + 2e-6, "number \(index): \(text), not \(value)")
    }
  }
}

/// The step of the article, computed beside it.
private struct OneStep {
  /// All numbers with decimals, in the order of reading.
  private(set) var numbers: [Double] = []
  /// The drawing of the tape.
  private(set) var picture = ""

  private mutating func add(_ values: Double...) { numbers += values }

  /// The rows of several matrices side by side; those that are lower end earlier.
  private mutating func add(rows matrices: Tensor<Float>...) {
    for row in 0..<(matrices.map { $0.rank < 2 ? 1 : $0.shape[0] }.max() ?? 0) {
      for matrix in matrices {
        let elements = matrix.elements.map(Double.init)
        let width = matrix.shape.last ?? 1
        if row * width < elements.count { numbers += elements[row * width..<(row + 1) * width] }
      }
    }
  }

  init() {
    let (points, classes) = makeCircles(samples: 1000, noise: 0.1, factor: 0.2, randomState: 0)
    let x = Tensor<Float>(points[1..<3])
    let t = Tensor<Float>(classes[1..<3]).expandingShape(at: -1)
    var network = Sequential([
      Dense(4, activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid),
    ])
    var generator = RandomGenerator(seed: 0)
    network.initialize(using: &generator)
    let (W, v) = (network.weights[0], network.weights[2])
    func number(_ tensor: Tensor<Float>, _ row: Int, _ column: Int) -> Double {
      Double(tensor[row, column])
    }

    // Forth: by the formulas, on tensors.
    let z = matmul(x, W)
    let h = tanh(z)
    let s = matmul(h, v)
    let p = 1 / (1 + exp(-s))
    let losses = -(t * log(p) + (1 - t) * log(1 - p))
    let meanLoss = Double(losses.mean())
    add(rows: x, t)
    add(rows: W, v)
    add(rows: z)
    add(rows: h)
    add(number(x, 0, 0), number(W, 0, 0), number(x, 0, 1), number(W, 1, 0), 0, number(z, 0, 0))
    add(rows: s)
    add(rows: p)
    add(rows: losses)
    add(meanLoss)

    // Back: by the formulas too; the tape has to agree with them.
    let ds = (p - t) * 0.5
    let dv = matmul(h.transposed(), ds)
    let dh = matmul(ds, v.transposed())
    let local = 1 - h * h
    let dz = dh * local
    let dW = matmul(x.transposed(), dz)
    let (db, dc) = (dz.sum(axis: 0), ds.sum(axis: 0))
    add(1, 0.5, 1, 0.5, 0.5)
    add(rows: p - t, ds)
    add(1)
    add(rows: dv, dc, dh)
    add(
      number(h, 0, 0), number(ds, 0, 0), number(h, 1, 0), number(ds, 1, 0), number(dv, 0, 0))
    add(rows: local)
    add(rows: dz)
    add(rows: dW)
    add(rows: db)

    func tapeLoss(_ network: Sequential<Float>) -> Variable<Float> {
      let tape = Context<Float>(isTraining: true)
      return BinaryCrossentropy()(
        network(tape.tape.constant(x), in: tape), tape.tape.constant(t)
      ).mean()
    }
    func loss(with change: Float) -> Double {
      var changed = network
      changed.weights[2][0, 0] += change
      return Double(tapeLoss(changed).scalar)
    }
    add((loss(with: 0.01) - loss(with: -0.01)) / 0.02)

    // The step: by the library.
    let context = Context<Float>(isTraining: true)
    let recorded = BinaryCrossentropy()(
      network(context.tape.constant(x), in: context), context.tape.constant(t)
    ).mean()
    picture = TapeGraph(of: recorded).naming(parametersOf: network).svg()
    let before = number(W, 0, 0)
    var state = OptimizerState<Float>()
    SGD(learningRate: 0.5).update(
      &network, along: context.tape.gradients(of: recorded), state: &state)
    let after = network.weights
    expectClose(after[0], W - dW * 0.5, relative: 1e-5, absolute: 1e-6)
    expectClose(after[1], db * -0.5, relative: 1e-5, absolute: 1e-6)
    expectClose(after[2], v - dv * 0.5, relative: 1e-5, absolute: 1e-6)
    expectClose(after[3], dc * -0.5, relative: 1e-5, absolute: 1e-6)
    add(0.5, before, before, 0.5, number(dW, 0, 0), number(after[0], 0, 0))
    add(rows: after[0], after[2])
    // The table of the article has the bias beside the last row of the second kernel.
    numbers.insert(contentsOf: after[1].elements.map(Double.init), at: numbers.count - 1)
    add(rows: after[3])
    add(Double(tapeLoss(network).scalar), meanLoss)
  }
}
