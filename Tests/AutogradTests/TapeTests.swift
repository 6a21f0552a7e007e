import Autograd
import TestSupport
import Testing

/// A small network by hand, and its gradients.
private func step(
  _ tape: Tape<Double>, rows: Int, seed: UInt64
) -> (loss: Double, value: Tensor<Double>, gradients: [Tensor<Double>]) {
  tape.reset()
  let x = tape.constant(anyNumbers([rows, 5], seed: seed))
  let w = tape.variable(anyNumbers([5, 3], seed: 100))
  let b = tape.variable(anyNumbers([3], seed: 101))
  let y = softmax(dense(x, w, b, activation: .tanh) * 2 + x.mean(axis: 1, keepingDimensions: true))
  let loss = (y * log(y)).mean()
  let gradients = tape.gradients(of: loss)
  return (loss.scalar, y.value, [gradients[w], gradients[b]])
}

@Suite("The tape")
struct TapeTests {
  @Test("adds up what a variable contributes in several places")
  func usedTwice() {
    let tape = Tape<Double>()
    let x = tape.variable([1, 2, 3])
    let y = x * x + 2 * x
    // The derivative of x³ + 2 x² is 3 x² + 4 x.
    #expect(tape.gradients(of: sum(y * x))[x] == [7, 20, 39])
  }

  @Test("gives zeros for what the result does not depend on")
  func unused() {
    let tape = Tape<Float>()
    let (x, y) = (tape.variable([1, 2]), tape.variable([[3], [4]]))
    let gradients = tape.gradients(of: sum(x))
    #expect(gradients[y] == [[0], [0]] && gradients[x] == [1, 1])
  }

  @Test("lets go of what was recorded when it is reset")
  func forgets() {
    final class Witness {}
    weak var witness: Witness?
    let tape = Tape<Float>()
    do {
      let strong = Witness()
      witness = strong
      let x = tape.variable([1])
      _ = tape.record("same", of: x, value: x.value) { [strong] dy in
        withExtendedLifetime(strong) { [dy] }
      }
    }
    #expect(witness != nil)
    tape.reset()
    #expect(witness == nil)
  }

  @Test("is not changed by what comes after the result")
  func later() {
    let tape = Tape<Float>()
    let x = tape.variable([1, 2])
    let result = sum(x)
    _ = exp(x)
    #expect(tape.gradients(of: result)[x] == [1, 1])
  }

  @Test("takes no gradient of constants and of detached values")
  func constants() {
    let tape = Tape<Float>()
    let (x, c) = (tape.variable([1, 2]), tape.constant([3, 4]))
    let detached = tape.constant((x * x).value)
    let gradients = tape.gradients(of: sum(x * c * detached))
    #expect(gradients[x] == [3, 16])
  }

  @Test("takes the gradient of a leaf itself, and of a variable without axes")
  func leaf() {
    let tape = Tape<Float>()
    let x = tape.variable(Tensor(3))
    #expect(tape.gradients(of: x)[x] == Tensor(1))
    #expect(tape.gradients(of: x * x)[x].scalar == 6)
  }

  @Test("takes gradients of several results of one step")
  func severalResults() {
    let tape = Tape<Double>()
    let x = tape.variable([1, 2, 3])
    let y = tanh(x)
    let first = tape.gradients(of: sum(y))[x]
    let second = tape.gradients(of: sum(square(y)))[x]
    #expect(tape.gradients(of: sum(y))[x] == first)
    expectClose(second, 2 * tanh([1, 2, 3]) * first)
  }

  @Test("gives the same numbers as fresh tapes while batch sizes change")
  func reuse() {
    let tape = Tape<Double>()
    for (index, rows) in [32, 8, 32, 1, 33, 8].enumerated() {
      let reused = step(tape, rows: rows, seed: UInt64(index))
      let fresh = step(Tape(), rows: rows, seed: UInt64(index))
      #expect(reused == fresh)
    }
  }

  @Test("does not overwrite values and gradients that were handed out")
  func handedOut() {
    let tape = Tape<Double>()
    let first = step(tape, rows: 8, seed: 1)
    let copies = (first.value.copied(), first.gradients.map { $0.copied() })
    let memory = first.value.base
    for seed in 2..<6 { _ = step(tape, rows: 8, seed: UInt64(seed)) }
    #expect(first.value == copies.0 && first.gradients == copies.1)
    #expect(first.value.base == memory)
  }

  @Test("uses handed-out memory again when nobody holds it")
  func returned() {
    let tape = Tape<Double>()
    _ = step(tape, rows: 8, seed: 1)
    let place = step(tape, rows: 8, seed: 2).value.base
    #expect(step(tape, rows: 8, seed: 3).value.base == place)
  }

  @Test("lets a handed-out value be changed without changing itself")
  func changed() {
    let tape = Tape<Double>()
    let x = tape.variable([1, 2])
    let y = x * 3
    var value = y.value
    value[0] = 100
    #expect(y.value == [3, 6])
    #expect(tape.gradients(of: sum(y * y))[x] == [18, 36])
  }

  @Test("is not affected by a change to the tensor it was given")
  func given() {
    let tape = Tape<Double>()
    var numbers: Tensor<Double> = [1, 2]
    let x = tape.variable(numbers)
    numbers[0] = 100
    #expect(tape.gradients(of: sum(x * x))[x] == [2, 4])
  }

  @Test("takes views and non-contiguous tensors")
  func views() {
    let tape = Tape<Double>()
    let numbers: Tensor<Double> = [[1, 2, 3], [4, 5, 6]]
    let x = tape.variable(numbers.transposed())
    let y = tape.variable(numbers[1, ...])
    let wide = tape.variable(Tensor<Double>([7]).broadcast(to: [3]))
    #expect((x.transposed() * y + wide).value == [[11, 17, 25], [23, 32, 43]])
    let gradients = tape.gradients(of: sum(x.transposed() * y + wide))
    #expect(gradients[x] == [[4, 4], [5, 5], [6, 6]] && gradients[y] == [5, 7, 9])
    #expect(gradients[wide] == [2, 2, 2])
  }

  @Test("computes without recording gradients when told so")
  func inference() {
    let tape = Tape<Float>(records: false)
    for rows in [4, 2, 4] {
      tape.reset()
      let x = tape.variable(Tensor(repeating: 2, shape: [rows]))
      let y = exp(x) * x
      #expect(y.shape == [rows] && y.value == exp(x.value) * x.value)
      #expect(!tape.nodes[Int(y.index)].requiresGradient)
    }
  }

  @Test("holds long chains without recursion")
  func longChain() {
    let tape = Tape<Double>()
    let x = tape.variable([1])
    var y = x
    for _ in 0..<100_000 { y = y + 1 }
    #expect(tape.gradients(of: y)[x] == [1] && y.scalar == 100_001)
    #expect(tape.count == 100_001)
    tape.reset()
    #expect(tape.count == 0)
  }

  @Test("allocates nothing after its first steps")
  func allocations() {
    let tape = Tape<Double>()
    var places: [Set<UnsafeMutablePointer<Double>>] = []
    for seed in 0..<5 {
      _ = step(tape, rows: 16, seed: UInt64(seed))
      places.append(
        Set(
          (0..<tape.count).filter { tape.nodes[$0].operation != nil }.map {
            tape.nodes[$0].gradient
          }))
    }
    #expect(places[4] == places[2] && places[3] == places[2])
  }

  @Test("works in several threads at once, each with a tape of its own")
  func threads() async {
    let expected = step(Tape(), rows: 8, seed: 1).loss
    await withTaskGroup(of: Double.self) { group in
      for _ in 0..<8 { group.addTask { step(Tape(), rows: 8, seed: 1).loss } }
      for await loss in group { #expect(loss == expected) }
    }
  }
}
