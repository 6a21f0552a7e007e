// The network written by hand in Examples/FromScratch: its derivatives, and that it goes the same way as
// the library's layers.

import ArrayFiles
import FromScratchNetworks
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

/// Samples in columns and one-hot targets.
private func data(_ samples: Int, inputs: Int, outputs: Int) -> (Tensor<Double>, Tensor<Double>) {
  var generator = RandomGenerator(seed: 7)
  let x = Tensor<Double>.uniform([inputs, samples], in: 0..<255, using: &generator)
  let labels = Tensor((0..<samples).map { _ in generator.nextInteger(below: outputs) })
  return (x, Tensor<Double>(toCategorical(labels, classes: outputs)).transposed())
}

@Suite("The network from scratch")
struct FromScratchTests {
  @Test(
    "and the library's layers agree after every iteration", arguments: [0, 1, 2], [[10], [7, 5]])
  func agreement(activation: Int, hidden: [Int]) {
    let (x, y) = data(50, inputs: 30, outputs: 10)
    var byHand = HandWrittenNetwork<Double>(
      layers: [30] + hidden + [10], activations: hidden.map { _ in activation } + [0], seed: 1)
    var byTape = TapeNetwork(byHand, alpha: 0.001)
    for _ in 0..<20 {
      let costs = (
        byHand.iterate(x, y, alpha: 0.001), byTape.iterate(x.transposed(), y.transposed())
      )
      #expect(abs(costs.0 - costs.1) < 1e-9)
      let weights = byTape.handWritten(like: byHand)
      for (a, b) in zip(byHand.weights + byHand.biases, weights.weights + weights.biases) {
        #expect(abs(a - b).max() < 1e-9)
      }
    }
  }

  @Test("has the derivatives of its cost")
  func derivatives() {
    let (x, y) = data(20, inputs: 6, outputs: 3)
    let network = HandWrittenNetwork<Double>(layers: [6, 4, 3], activations: [1, 0], seed: 2)
    let gradients = network.backwardPropagation(network.forwardPropagation(x).caches, y)
    for layer in 0..<2 {
      for i in 0..<network.weights[layer].shape[0] {
        func cost(_ shift: Double) -> Double {
          var moved = network
          moved.weights[layer][i, 0] += shift
          return moved.cost(moved.forwardPropagation(x).caches, y)
        }
        let slope = (cost(1e-6) - cost(-1e-6)) / 2e-6
        #expect(abs(slope - gradients.weights[layer][i, 0]) < 1e-6 * max(1, abs(slope)))
      }
      var moved = network
      moved.biases[layer][1, 0] += 1e-6
      let up = moved.cost(moved.forwardPropagation(x).caches, y)
      moved.biases[layer][1, 0] -= 2e-6
      let slope = (up - moved.cost(moved.forwardPropagation(x).caches, y)) / 2e-6
      #expect(abs(slope - gradients.biases[layer][1, 0]) < 1e-6 * max(1, abs(slope)))
    }
  }

  @Test("has a finite cost where the sigmoid is rounded to 0 or 1")
  func saturation() {
    var network = HandWrittenNetwork<Float>(layers: [1, 1, 1], activations: [2, 0], seed: 0)
    network.weights = [[[1]], [[1]]]
    let caches = network.forwardPropagation([[200, 200]]).caches
    // ln(1 + exp(200)) - 200 y, for y = 1 and y = 0, and the mean.
    #expect(network.cost(caches, [[1, 0]]) == 100)
  }

  @Test("is the same after it was stored and read")
  func stored() throws {
    let path = "\(temporaryFolder)/FromScratchTests-\(UInt64.random(in: 0...UInt64.max)).npz"
    defer { unlink(path) }
    let network = HandWrittenNetwork<Float>(layers: [5, 4, 3], activations: [1, 0], seed: 3)
    try network.write(to: path)
    let read = try HandWrittenNetwork<Float>(contentsOf: path)
    #expect(read.layers == network.layers && read.activations == network.activations)
    #expect(read.weights == network.weights && read.biases == network.biases)
    // Another type is refused.
    #expect(throws: FileError.self) { try HandWrittenNetwork<Double>(contentsOf: path) }
  }

  @Test("is not read from a file whose layers do not follow each other")
  func damaged() throws {
    let path = "\(temporaryFolder)/FromScratchTests-\(UInt64.random(in: 0...UInt64.max)).npz"
    defer { unlink(path) }
    let (w, b) = (Tensor<Float>.ones([2, 3]), Tensor<Float>.ones([3, 1]))
    func refuses(_ activations: Tensor<Int>, _ second: Tensor<Float>) throws -> Bool {
      try NPZFile.write(
        [
          "activations": activations, "W1": w, "b1": b, "W2": second,
          "b2": Tensor<Float>.ones([2, 1]),
        ], to: path)
      do throws(FileError) {
        _ = try HandWrittenNetwork<Float>(contentsOf: path)
        return false
      } catch {
        return true
      }
    }
    #expect(try !refuses([2, 0], .ones([3, 2])))
    #expect(try refuses([2, 0], .ones([4, 2])))
    #expect(try refuses([2, 0], .ones([3, 5])))
    #expect(try refuses([2, 7], .ones([3, 2])))
    #expect(try refuses([2, 0, 0], .ones([3, 2])))
  }
}

private let temporaryFolder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
