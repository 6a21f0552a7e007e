// A table of vectors, one for each word, indexed by numbers that are on the tape like other inputs.

import Tensor

/// y[…, :] = table[x[…], :] for whole numbers x.
struct EmbeddingLookup<Scalar: TensorFloat>: TapeOperation {
  var name: String { "embedding" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (table, x) = (pass.input(0).shape, pass.input(1).shape)
    require(table.rank == 2, "embedding: expected a table [words, size], got \(table)")
    return TensorShape(Array(x) + [table[1]])
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (table, x, y) = (pass.input(0), pass.input(1), pass.output)
    let (words, size) = (table.shape[0], table.shape[1])
    for i in 0..<x.count { _ = row(x.base[i], words) }
    Parallel.overRows(x.count, of: size) { start, count in
      for i in start..<start &+ count {
        (y.base + i &* size).copy(from: table.base + Int(x.base[i]) &* size, count: size)
      }
    }
  }

  // dtable = dy, summed for each word in the order of x
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (place, _) = pass.zeroedGradient(0) else { return }
    let (x, dy) = (pass.input(1), pass.outputGradient)
    let size = pass.input(0).shape[1]
    for i in 0..<x.count {
      Scalar.kernels.pointee.add(
        dy.base + i &* size, to: place + Int(x.base[i]) &* size, count: size)
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    input == nil ? 0 : pass.output.count
  }

  /// The row index of a word; traps if it is not a valid index.
  private func row(_ word: Scalar, _ words: Int) -> Int {
    guard let row = Int(exactly: word), row >= 0 && row < words else {
      fail("embedding: expected the number of a word in 0..<\(words), got \(word)")
    }
    return row
  }
}

/// The rows of `table`, [words, size], whose numbers are the elements of `words`.
///
/// Unlike `taking(_:axis:)` it reads the numbers from a variable, because a network's input is a
/// variable. `Float` represents whole numbers up to 16,777,216 exactly.
///
/// - Precondition: every element of `words` is a whole number in `0..<table.shape[0]`.
public func embedding<Scalar>(
  _ table: Variable<Scalar>, _ words: Variable<Scalar>
) -> Variable<Scalar> {
  table.tape.record(EmbeddingLookup<Scalar>(), table, words)
}
