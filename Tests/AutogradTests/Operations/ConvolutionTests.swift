// Convolutions against PyTorch's numbers (make_convolutions.py), against the textbook's loops bit by bit, and against
// finite differences.

import Autograd
import KernelTemplate
import TestSupport
import Testing

/// The kinds of convolution, with the same call.
enum ConvolutionKind: String, CaseIterable {
  case convolution, transposed, depthwise

  func callAsFunction<Scalar>(
    _ x: Variable<Scalar>, _ kernel: Variable<Scalar>, bias: Variable<Scalar>?,
    strides: Size2D = 1, padding: Padding = .valid, dilation: Size2D = 1, groups: Int = 1
  ) -> Variable<Scalar> {
    switch self {
    case .convolution:
      Autograd.convolution(
        x, kernel, bias: bias, strides: strides, padding: padding, dilation: dilation,
        groups: groups)
    case .transposed:
      transposedConvolution(
        x, kernel, bias: bias, strides: strides, padding: padding, dilation: dilation)
    case .depthwise:
      depthwiseConvolution(
        x, kernel, bias: bias, strides: strides, padding: padding, dilation: dilation)
    }
  }
}

private func example(
  _ kind: ConvolutionKind, _ x: TensorShape, _ kernel: TensorShape, bias: Int? = nil,
  strides: Size2D = 1, padding: Padding = .valid, dilation: Size2D = 1, groups: Int = 1
) -> GradientCase {
  GradientCase(
    "\(kind) of strides \(strides), padding \(padding), dilation \(dilation), \(groups) groups",
    [anyNumbers(x), anyNumbers(kernel, seed: 2)] + (bias.map { [anyNumbers([$0], seed: 3)] } ?? [])
  ) {
    kind(
      $0[0], $0[1], bias: $0.count > 2 ? $0[2] : nil, strides: strides, padding: padding,
      dilation: dilation, groups: groups)
  }
}

let convolutionCases: [GradientCase] = [
  example(.convolution, [2, 4, 3, 2], [3, 2, 2, 3], bias: 3),
  example(.convolution, [1, 5, 4, 4], [2, 3, 2, 2], strides: [2, 1], padding: .same, groups: 2),
  example(.convolution, [1, 5, 6, 1], [2, 2, 1, 2], padding: .same, dilation: [2, 3]),
  example(.convolution, [2, 6, 2], [3, 2, 2], bias: 2, padding: .causal, dilation: 2),
  example(.convolution, [2, 3, 2, 2], [1, 1, 2, 3], bias: 3),
  example(.transposed, [2, 2, 3, 2], [3, 2, 2, 2], bias: 2, strides: [2, 1]),
  example(.transposed, [1, 2, 2, 1], [4, 3, 2, 1], strides: 2, padding: .same),
  example(.transposed, [1, 3, 2], [2, 3, 2], bias: 3, dilation: 2),
  example(.depthwise, [2, 4, 3, 3], [2, 3, 3, 1], bias: 3),
  example(.depthwise, [1, 5, 5, 2], [3, 3, 2, 1], strides: [2, 1], padding: .same),
  example(.depthwise, [1, 4, 4, 2], [2, 2, 2, 3], bias: 6, padding: .same, dilation: 2),
  example(.depthwise, [2, 6, 3], [3, 3, 1], padding: .causal),
  GradientCase(
    "convolution and relu",
    [anyNumbers([1, 3, 3, 2]), anyNumbers([2, 2, 2, 3], seed: 2), anyNumbers([3], seed: 3)],
    reference: nil
  ) { convolution($0[0], $0[1], $0[2], Window(strides: 1, padding: .valid), activation: .tanh) },
]

/// Element i of tensor `seed` is sin(0.7 i + seed) / 2.
private func numbers<Scalar: TensorFloat>(_ shape: TensorShape, _ seed: Int) -> Tensor<Scalar> {
  let angles = (0..<shape.elementCount).map { 0.7 * Double($0) + Double(seed) }
  return Tensor<Scalar>(sin(Tensor(angles, shape: shape)) * 0.5)
}

/// A line of convolutions.txt and the answers behind it.
private struct Golden {
  let name: String
  let kind: ConvolutionKind
  let x: TensorShape
  let kernel: TensorShape
  let strides: Size2D
  let dilation: Size2D
  let groups: Int
  let padding: Padding
  var answers: [[Double]] = []

  init(_ words: [Substring]) {
    func sizes(_ word: Substring) -> [Int] { word.split(separator: ",").map { Int($0)! } }
    name = words.joined(separator: " ")
    kind = ConvolutionKind(rawValue: String(words[1]))!
    (x, kernel) = (TensorShape(sizes(words[2])), TensorShape(sizes(words[3])))
    strides = Size2D(height: Int(words[4])!, width: Int(words[5])!)
    dilation = Size2D(height: Int(words[6])!, width: Int(words[7])!)
    (groups, padding) = (Int(words[8])!, Padding(rawValue: String(words[9]))!)
  }

  static let all: [Golden] = {
    var all: [Golden] = []
    for line in goldenLines("convolutions.txt") where !line.isEmpty {
      let words = line.split(separator: " ")
      if words[0] == "case" {
        all.append(Golden(words))
      } else {
        all[all.count - 1].answers.append(words.dropFirst().map { Double($0)! })
      }
    }
    return all
  }()

  /// Expects PyTorch's result and gradients.
  func check<Scalar: TensorFloat>(_: Scalar.Type) {
    let filters =
      switch kind {
      case .convolution: kernel[3]
      case .transposed: kernel[2]
      case .depthwise: kernel[2] * kernel[3]
      }
    let tape = Tape<Scalar>()
    let inputs = [numbers(x, 1), numbers(kernel, 2), numbers([filters], 3)].map {
      tape.variable($0 as Tensor<Scalar>)
    }
    let y = kind(
      inputs[0], inputs[1], bias: inputs[2], strides: strides, padding: padding,
      dilation: dilation, groups: groups)
    let gradients = tape.gradients(of: sum(y * tape.constant(numbers(y.shape, 4))))
    let found = [y.value] + inputs.map { gradients[$0] }
    let tolerance = Scalar.self == Double.self ? 1e-12 : 1e-5
    for (part, (value, golden)) in zip(["y", "dx", "dk", "db"], zip(found, answers)) {
      expectClose(
        value.elements.map { Double($0) }, golden, relative: tolerance, absolute: tolerance,
        "\(part) of \(name) in \(Scalar.self)")
    }
  }
}

// MARK: - The textbook's loops

/// A convolution by loops, each sum in the order that is documented.
private struct Textbook {
  let x: Tensor<Float>
  let kernel: Tensor<Float>
  var strides: Size2D = 1
  var dilation: Size2D = 1
  var groups = 1
  var padding = Padding.valid

  private var window: Window {
    Window(strides: strides, dilation: dilation, padding: padding, groups: groups)
  }

  private static let isFused: Bool = {
    let (a, b): ([Float], [Float]) = ([1 + .ulpOfOne], [1 - .ulpOfOne])
    var sum: [Float] = [-1]
    Float.kernels.pointee.multiply(
      .elements(a), .elements(b), to: &sum, count: 1, accumulate: true)
    return sum[0] != 0
  }()

  private static func add(_ a: Float, _ b: Float, to sum: inout Float) {
    sum = isFused ? sum.addingProduct(a, b) : sum + a * b
  }

  var outputShape: TensorShape {
    let size = window.outputSize(
      of: Size2D(height: x.shape[1], width: x.shape[2]),
      kernel: Size2D(height: kernel.shape[0], width: kernel.shape[1]))
    return [x.shape[0], size.height, size.width, kernel.shape[3]]
  }

  /// Calls `body` with the offsets of a result, a weight and a pixel that are multiplied, in the order of the
  /// results and of the kernel; the pixel is nil in the zeros around the image.
  private func forEachTerm(_ body: (_ y: Int, _ weight: Int, _ pixel: Int?) -> Void) {
    let (y, k, x) = (outputShape, kernel.shape, x.shape)
    func before(_ axis: Int, _ stride: Int, _ dilation: Int) -> Int {
      let extent = (k[axis] - 1) * dilation + 1
      return switch padding {
      case .valid: 0
      case .causal: extent - 1
      case .same: max(0, (y[axis + 1] - 1) * stride + extent - x[axis + 1]) / 2
      }
    }
    let top = before(0, strides.height, dilation.height)
    let left = before(1, strides.width, dilation.width)
    for n in 0..<y[0] {
      for i in 0..<y[1] {
        for j in 0..<y[2] {
          for f in 0..<y[3] {
            for u in 0..<k[0] {
              for v in 0..<k[1] {
                for c in 0..<k[2] {
                  let row = i * strides.height + u * dilation.height - top
                  let column = j * strides.width + v * dilation.width - left
                  let channel = f / (k[3] / groups) * k[2] + c
                  let isInside = (0..<x[1]).contains(row) && (0..<x[2]).contains(column)
                  body(
                    ((n * y[1] + i) * y[2] + j) * y[3] + f, ((u * k[1] + v) * k[2] + c) * k[3] + f,
                    isInside ? ((n * x[1] + row) * x[2] + column) * x[3] + channel : nil)
                }
              }
            }
          }
        }
      }
    }
  }

  func value(_ bias: [Float]) -> [Float] {
    let (x, kernel) = (x.elements, kernel.elements)
    var y = (0..<outputShape.elementCount).map { bias[$0 % bias.count] }
    forEachTerm { Self.add($2.map { x[$0] } ?? 0, kernel[$1], to: &y[$0]) }
    return y
  }

  /// The kernel's gradient for at most `longestChain` windows.
  func kernelGradient(_ dy: [Float]) -> [Float] {
    let x = x.elements
    var dk = [Float](repeating: 0, count: kernel.count)
    forEachTerm { Self.add($2.map { x[$0] } ?? 0, dy[$0], to: &dk[$1]) }
    return dk
  }

  /// The images' gradient: for each pixel the taps in order, and for each tap the filters.
  func imageGradient(_ dy: [Float]) -> [Float] {
    let kernel = kernel.elements
    var terms: [(pixel: Int, weight: Int, y: Int)] = []
    forEachTerm { if let pixel = $2 { terms.append((pixel, $1, $0)) } }
    // A weight's number grows with tap and filter; windows that see a pixel through the same one do not exist.
    terms.sort { ($0.pixel, $0.weight) < ($1.pixel, $1.weight) }
    var dx = [Float](repeating: 0, count: x.count)
    for term in terms { Self.add(dy[term.y], kernel[term.weight], to: &dx[term.pixel]) }
    return dx
  }
}

private func random(_ shape: TensorShape, seed: UInt64) -> Tensor<Float> {
  var generator = RandomGenerator(seed: seed)
  return .normal(shape, using: &generator)
}

/// Shapes that reach every form: views and copies, few and many channels, packed weights, one long row.
private let textbooks: [Textbook] = [
  Textbook(x: random([2, 9, 7, 1], seed: 1), kernel: random([3, 3, 1, 5], seed: 2)),
  Textbook(
    x: random([2, 9, 8, 3], seed: 1), kernel: random([5, 4, 3, 17], seed: 2), strides: [2, 3],
    padding: .same),
  Textbook(x: random([2, 6, 7, 24], seed: 1), kernel: random([3, 2, 24, 9], seed: 2)),
  Textbook(
    x: random([1, 7, 9, 30], seed: 1), kernel: random([3, 3, 30, 16], seed: 2), dilation: [1, 2],
    padding: .same),
  Textbook(
    x: random([1, 7, 9, 8], seed: 1), kernel: random([2, 3, 2, 12], seed: 2), strides: [1, 2],
    groups: 4, padding: .causal),
  Textbook(x: random([3, 5, 5, 33], seed: 1), kernel: random([1, 1, 33, 7], seed: 2)),
  Textbook(
    x: random([3, 5, 5, 6], seed: 1), kernel: random([1, 1, 6, 7], seed: 2), strides: 2,
    padding: .same),
  Textbook(x: random([1, 4, 3, 150], seed: 1), kernel: random([3, 3, 150, 100], seed: 2)),
  Textbook(x: random([1, 1, 600, 2], seed: 1), kernel: random([1, 3, 2, 3], seed: 2)),
]

@Suite("Convolution")
struct ConvolutionTests {
  @Test("has the derivative of finite differences", arguments: convolutionCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("has PyTorch's results and gradients")
  func goldens() {
    #expect(Golden.all.count > 60)
    for golden in Golden.all {
      golden.check(Double.self)
      golden.check(Float.self)
    }
  }

  @Test("has the bits of the textbook's loops, on any number of threads")
  func textbook() {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    for textbook in textbooks {
      let dy = random(textbook.outputShape, seed: 3)
      let bias = random([textbook.kernel.shape[3]], seed: 4)
      let name = "\(textbook.x.shape) \(textbook.kernel.shape)"
      let expected = [
        textbook.value(bias.elements), textbook.kernelGradient(dy.elements),
        textbook.imageGradient(dy.elements),
      ]
      for threads in [1, 2, 3] {
        Parallel.threadCount = threads
        let tape = Tape<Float>()
        let (x, kernel) = (tape.variable(textbook.x), tape.variable(textbook.kernel))
        let y = convolution(
          x, kernel, bias: tape.constant(bias), strides: textbook.strides,
          padding: textbook.padding, dilation: textbook.dilation, groups: textbook.groups)
        let gradients = tape.gradients(of: sum(y * tape.constant(dy)))
        #expect(y.value.elements == expected[0], "y of \(name)")
        #expect(gradients[kernel].elements == expected[1], "dk of \(name)")
        #expect(gradients[x].elements == expected[2], "dx of \(name)")
      }
    }
  }

  @Test("has the same bits on any number of threads", arguments: ConvolutionKind.allCases)
  func threads(kind: ConvolutionKind) {
    func bits() -> [Tensor<Float>] {
      let tape = Tape<Float>()
      let filters = kind == .depthwise ? 1 : 40
      let x = tape.variable(random([3, 40, 41, 40], seed: 1))
      let kernel = tape.variable(random([3, 3, 40, filters], seed: 2))
      let bias = tape.variable(random([40], seed: 3))
      let y = kind(x, kernel, bias: bias, padding: .same)
      let gradients = tape.gradients(of: sum(y * y))
      return [y.value, gradients[x], gradients[kernel], gradients[bias]]
    }
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 1
    let expected = bits()
    for threads in [2, 3] {
      Parallel.threadCount = threads
      #expect(bits() == expected)
    }
  }

  @Test("sums the weights' gradients of many windows as closely as in Double")
  func longSums() {
    // 12,288 windows: three chains.
    let x = random([3, 64, 64, 2], seed: 1)
    func gradient<Scalar: TensorFloat>(_: Scalar.Type) -> [Double] {
      let tape = Tape<Scalar>()
      let kernel = tape.variable(Tensor<Scalar>.ones([3, 3, 2, 2]))
      let images = tape.constant(Tensor<Scalar>(x) + 1)
      let y = convolution(images, kernel, padding: .same)
      return tape.gradients(of: mean(y))[kernel].elements.map { Double($0) }
    }
    expectClose(gradient(Float.self), gradient(Double.self), relative: 3e-6)
  }

  @Test("of no images has no results and gradients of 0", arguments: ConvolutionKind.allCases)
  func empty(kind: ConvolutionKind) {
    let tape = Tape<Double>()
    let (x, kernel) = (tape.variable(.ones([0, 5, 4, 3])), tape.variable(.ones([3, 2, 3, 1])))
    let transposed = kind == .transposed ? kernel.reshaped(to: [3, 2, 1, 3]) : kernel
    let filters = kind == .depthwise ? 3 : 1
    let bias = tape.variable(.ones([filters]))
    let y = kind(x, transposed, bias: bias)
    #expect(y.shape == (kind == .transposed ? [0, 7, 5, 1] : [0, 3, 3, filters]))
    let gradients = tape.gradients(of: sum(y))
    #expect(gradients[x].shape == [0, 5, 4, 3])
    #expect(gradients[kernel] == .zeros([3, 2, 3, 1]) && gradients[bias] == .zeros([filters]))
  }

  @Test("passes NaN and infinity on to the windows that see them")
  func notFinite() {
    let tape = Tape<Float>()
    var x = Tensor<Float>.ones([1, 1, 8, 1])
    x[0, 0, 2, 0] = .nan
    x[0, 0, 7, 0] = .infinity
    let kernel = tape.constant(Tensor<Float>.ones([1, 2, 1, 1]))
    let y = convolution(tape.constant(x), kernel).value.elements
    #expect(y.map(\.isNaN) == [false, true, true, false, false, false, false])
    #expect(y[6] == .infinity && y[5] == 2)
  }

  @Test("of windows in steps does not see what lies behind the last one")
  func leftover() {
    let tape = Tape<Double>()
    let x = tape.variable(Tensor<Double>.ones([1, 6, 6, 1]))
    let y = convolution(x, tape.constant(.ones([2, 2, 1, 1])), strides: 3)
    #expect(y.shape == [1, 2, 2, 1])
    let dx = tape.gradients(of: sum(y))[x]
    let seen: Tensor<Double> = [1, 1, 0, 1, 1, 0]
    #expect(dx.reshaped(to: [6, 6]) == seen.reshaped(to: [6, 1]) * seen)
  }

  @Test("uses the memory of the last step again")
  func memory() {
    let tape = Tape<Float>()
    var places: [[UnsafeMutablePointer<Float>]] = []
    for step in 0..<4 {
      tape.reset()
      let x = tape.variable(random([2, 6, 6, 2], seed: UInt64(step)))
      let y = convolution(x, tape.variable(.ones([3, 3, 2, 4])), padding: .same)
      _ = tape.gradients(of: sum(y))
      places.append(
        (0..<tape.count).filter { tape.nodes[$0].operation != nil }.map {
          tape.nodes[$0].gradient
        })
    }
    #expect(places[3] == places[2])
  }

  @Test("of shapes that do not fit stops with a sentence")
  func mistakes() async {
    var result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      _ = convolution(tape.variable(.ones([2, 5, 5, 3])), tape.variable(.ones([3, 3, 4, 8])))
    }
    #expect(message(of: result, contains: "convolution:", "[2, 5, 5, 3]", "[3, 3, 4, 8]"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tape = Tape<Float>()
      _ = convolution(tape.variable(.ones([2, 5, 2, 3])), tape.variable(.ones([3, 3, 3, 8])))
    }
    #expect(message(of: result, contains: "a kernel of 3 x 3", "does not fit", "5 x 2"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tape = Tape<Float>()
      _ = transposedConvolution(
        tape.variable(.ones([2, 5, 3])), tape.variable(.ones([3, 3, 3])),
        bias: tape.variable(.ones([4])))
    }
    #expect(message(of: result, contains: "transposedConvolution:", "bias", "[3]", "[4]"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tape = Tape<Float>()
      _ = depthwiseConvolution(
        tape.variable(.ones([2, 5, 5, 3])), tape.variable(.ones([3, 3, 3])))
    }
    #expect(message(of: result, contains: "depthwiseConvolution:", "four axes", "[3, 3, 3]"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tape = Tape<Float>()
      _ = convolution(
        tape.variable(.ones([2, 5, 5, 3])), tape.variable(.ones([3, 3, 3, 8])), strides: [0, 1])
    }
    #expect(message(of: result, contains: "strides 0 x 1"))
  }
}
