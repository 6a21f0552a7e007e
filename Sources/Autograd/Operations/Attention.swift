// Multi-head scaled dot-product attention, as one operation. It computes the weights in blocks of
// query rows, so the full table of weights is never in memory; the backward pass computes the
// blocks again. The heads lie side by side in the last axis and are read in place.

import KernelTemplate
import Tensor

/// The options of an attention operation.
final class AttentionForm: Sendable {
  let heads: Int
  /// Whether a query sees only the keys up to its own position; the last query sees all.
  let isCausal: Bool
  /// Which keys hold data, [batch, keys]; nil if all do.
  let mask: SequenceMask?
  /// The fraction of weights that are dropped, and the generator at its starting position.
  let dropout: (rate: Double, generator: RandomGenerator)?

  init(
    heads: Int, isCausal: Bool, mask: SequenceMask?,
    dropout: (rate: Double, generator: RandomGenerator)?
  ) {
    self.heads = heads
    self.isCausal = isCausal
    self.mask = mask
    self.dropout = dropout
  }
}

/// y = softmax(q kᵀ / √size) v for each sample and head.
///
/// q has shape [batch, queries, heads · size], k [batch, keys, heads · size] and v
/// [batch, keys, heads · values]; the result has shape [batch, queries, heads · values].
///
/// Source: A. Vaswani et al., "Attention is all you need", 2017; the blocks after M. Rabe, C. Staats,
/// "Self-attention does not need O(n²) memory", 2021.
struct Attention<Scalar: TensorFloat>: TapeOperation {
  let form: AttentionForm

  var name: String { "attention" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (q, k, v) = (pass.input(0).shape, pass.input(1).shape, pass.input(2).shape)
    require(
      q.rank == 3 && k.rank == 3 && v.rank == 3 && q[0] == k[0] && q[0] == v[0] && q[2] == k[2]
        && k[1] == v[1] && k[1] > 0,
      "attention: queries \(q), keys \(k) and values \(v) do not fit; expected [batch, queries, size], "
        + "[batch, keys, size] and [batch, keys, values]")
    require(
      form.heads > 0 && q[2] > 0 && q[2] % form.heads == 0 && v[2] % form.heads == 0,
      "attention: \(form.heads) heads do not share sizes \(q[2]) and \(v[2]) equally")
    require(
      !form.isCausal || q[1] <= k[1],
      "attention: \(q[1]) queries cannot be the last of \(k[1]) positions; causal attention needs a key "
        + "for each query")
    if let mask = form.mask {
      require(
        mask.isValid.shape == [k[0], k[1]],
        "attention: expected a mask of the keys' shape [\(k[0]), \(k[1])], got \(mask.isValid.shape)"
      )
    }
    return [q[0], q[1], v[2]]
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let y = pass.output
    let run = AttentionRun(form, pass.input(0), pass.input(1), pass.input(2))
    run.overHeads(scratch: run.keys &* run.size) { head, scratch in
      let (keys, weights) = (scratch, scratch + run.keys &* run.size)
      run.transposeKeys(head, to: keys)
      run.overBlocks { rows, visible in
        run.weigh(head, rows, visible, keys, to: weights)
        run.drop(head, rows, visible, weights)
        gemm(
          matrix(UnsafePointer(weights), rows.count, visible),
          run.part(run.v, head, 0..<visible, run.keys, run.values),
          into: run.place(y.base, head, rows, run.queries, run.values))
      }
    }
  }

  // dw = dy vᵀ;  ds = w (dw - Σ w dw);  dq = ds k / √size;  dk = dsᵀ q / √size;  dv = wᵀ dy
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let dy = pass.outputGradient
    let run = AttentionRun(form, pass.input(0), pass.input(1), pass.input(2))
    // They may share memory, if queries, keys and values are one variable.
    let (dq, dk, dv) = (pass.zeroedGradient(0), pass.zeroedGradient(1), pass.zeroedGradient(2))
    let block = run.blockLength &* run.keys
    run.overHeads(scratch: run.keys &* (run.size &+ run.values) &+ 2 &* block) { head, scratch in
      let keys = scratch
      let values = keys + run.keys &* run.size
      let weights = values + run.keys &* run.values
      let (dropped, ds) = (weights + block, weights + 2 &* block)
      run.transposeKeys(head, to: keys)
      run.transpose(run.v, head, run.values, to: values)
      run.overBlocks { rows, visible in
        let count = rows.count &* visible
        run.weigh(head, rows, visible, keys, to: weights)
        let dyPart = run.part(dy.base, head, rows, run.queries, run.values)
        gemm(
          dyPart,
          MatrixView(
            base: values, rows: run.values, columns: visible, rowStride: run.keys, columnStride: 1),
          into: mutableMatrix(ds, rows.count, visible))
        run.drop(head, rows, visible, ds)
        if let dv {
          dropped.copy(from: weights, count: count)
          run.drop(head, rows, visible, dropped)
          gemm(
            matrix(UnsafePointer(dropped), rows.count, visible).transposed, dyPart,
            into: run.place(dv.base, head, 0..<visible, run.keys, run.values), start: .accumulate)
        }
        let kernels = Scalar.kernels
        kernels.pointee.softmaxGradientRows(weights, ds, ds, rows.count, visible, false)
        kernels.pointee.scale(ds, by: run.scale, to: ds, count: count, accumulate: false)
        let dsPart = matrix(UnsafePointer(ds), rows.count, visible)
        if let dq {
          gemm(
            dsPart, run.part(run.k, head, 0..<visible, run.keys, run.size),
            into: run.place(dq.base, head, rows, run.queries, run.size), start: .accumulate)
        }
        if let dk {
          gemm(
            dsPart.transposed, run.part(run.q, head, rows, run.queries, run.size),
            into: run.place(dk.base, head, 0..<visible, run.keys, run.size), start: .accumulate)
        }
      }
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    let (q, k, v) = (pass.input(0).shape, pass.input(1).shape, pass.input(2).shape)
    let pairs = 2 * q[0] * q[1] * k[1]
    return switch input {
    case nil: pairs * (q[2] + v[2])
    case 2: pairs * v[2]
    default: pairs * (q[2] + v[2] / 2)
    }
  }
}

/// The sizes and addresses of one attention operation.
private struct AttentionRun<Scalar: TensorFloat> {
  let form: AttentionForm
  let batch: Int
  let queries: Int
  let keys: Int
  /// The number of features of a head's queries and keys, and of its values.
  let size: Int
  let values: Int
  let q: UnsafePointer<Scalar>
  let k: UnsafePointer<Scalar>
  let v: UnsafePointer<Scalar>
  let scale: Scalar

  /// The number of query rows that are computed together.
  var blockLength: Int { min(queries, 32) }

  init(_ form: AttentionForm, _ q: Block<Scalar>, _ k: Block<Scalar>, _ v: Block<Scalar>) {
    self.form = form
    (self.q, self.k, self.v) = (q.base, k.base, v.base)
    (batch, queries, keys) = (q.shape[0], q.shape[1], k.shape[1])
    (size, values) = (q.shape[2] / form.heads, v.shape[2] / form.heads)
    scale = 1 / Scalar(size).squareRoot()
  }

  /// Calls `body` with the index of each head of each sample, and with scratch memory.
  ///
  /// The memory holds `scratch` elements and a block of weights. The heads are divided among
  /// threads.
  @inline(__always)
  func overHeads(scratch: Int, _ body: (Int, UnsafeMutablePointer<Scalar>) -> Void) {
    if queries == 0 || keys == 0 { return }
    // One vector of slack, because kernels may read past the end.
    let bytes = (scratch &+ blockLength &* keys &+ 64) &* MemoryLayout<Scalar>.stride
    Parallel.run(pieces: batch &* form.heads) { head in
      let memory = BufferPool.take(bytes: bytes)
      body(head, memory.base.assumingMemoryBound(to: Scalar.self))
      BufferPool.give(memory)
    }
  }

  /// Calls `body` with each block of queries and the number of keys that it sees.
  @inline(__always)
  func overBlocks(_ body: (_ rows: Range<Int>, _ visible: Int) -> Void) {
    var first = 0
    while first < queries {
      let rows = first..<min(first &+ blockLength, queries)
      body(rows, form.isCausal ? rows.upperBound &+ keys &- queries : keys)
      first = rows.upperBound
    }
  }

  /// Some positions of one head, of `features` numbers each, in an input with `length` positions.
  @inline(__always)
  func part(
    _ base: UnsafePointer<Scalar>, _ head: Int, _ positions: Range<Int>, _ length: Int,
    _ features: Int
  ) -> MatrixView<Scalar> {
    let (sample, number) = (head / form.heads, head % form.heads)
    let stride = form.heads &* features
    return MatrixView(
      base: base + ((sample &* length &+ positions.lowerBound) &* stride &+ number &* features),
      rows: positions.count, columns: features, rowStride: stride, columnStride: 1)
  }

  /// The same to write.
  @inline(__always)
  func place(
    _ base: UnsafeMutablePointer<Scalar>, _ head: Int, _ positions: Range<Int>, _ length: Int,
    _ features: Int
  ) -> MutableMatrixView<Scalar> {
    let view = part(UnsafePointer(base), head, positions, length, features)
    return MutableMatrixView(
      base: UnsafeMutablePointer(mutating: view.base), rows: view.rows, columns: view.columns,
      rowStride: view.rowStride, columnStride: view.columnStride)
  }

  /// A head of keys or values with the positions along the last axis, so that products need no copies.
  @inline(__always)
  func transpose(
    _ base: UnsafePointer<Scalar>, _ head: Int, _ features: Int,
    to y: UnsafeMutablePointer<Scalar>
  ) {
    let view = part(base, head, 0..<keys, keys, features)
    for position in 0..<keys {
      let row = view.base + position &* view.rowStride
      for feature in 0..<features { y[feature &* keys &+ position] = row[feature] }
    }
  }

  /// The keys of a head, times the scale, with the positions along the last axis.
  @inline(__always)
  func transposeKeys(_ head: Int, to y: UnsafeMutablePointer<Scalar>) {
    transpose(k, head, size, to: y)
    Scalar.kernels.pointee.scale(y, by: scale, to: y, count: keys &* size, accumulate: false)
  }

  /// The weights of some queries for the first `visible` keys: each row's softmax, 0 where a key is not seen.
  @inline(__always)
  func weigh(
    _ head: Int, _ rows: Range<Int>, _ visible: Int, _ keysTransposed: UnsafePointer<Scalar>,
    to weights: UnsafeMutablePointer<Scalar>
  ) {
    gemm(
      part(q, head, rows, queries, size),
      MatrixView(
        base: keysTransposed, rows: size, columns: visible, rowStride: keys, columnStride: 1),
      into: mutableMatrix(weights, rows.count, visible))
    let kernels = Scalar.kernels
    if !form.isCausal && form.mask == nil {
      return kernels.pointee.softmaxRows(weights, weights, rows.count, visible)
    }
    for (i, query) in rows.enumerated() {
      let row = weights + i &* visible
      let length = form.isCausal ? query &+ keys &- queries &+ 1 : visible
      let isEmpty = !hide(head, length, in: row)
      if isEmpty {
        row.fill(with: 0, count: visible)
      } else {
        kernels.pointee.softmaxRows(row, row, 1, length)
        if length < visible { (row + length).fill(with: 0, count: visible &- length) }
      }
    }
  }

  /// Sets the scores of keys without data to -∞; returns whether any key has data.
  @inline(__always)
  private func hide(_ head: Int, _ length: Int, in row: UnsafeMutablePointer<Scalar>) -> Bool {
    guard let mask = form.mask else { return true }
    return mask.isValid.withUnsafeBufferPointer { isValid in
      let first = head / form.heads &* keys
      var found = false
      for key in 0..<length {
        if isValid[first &+ key] { found = true } else { row[key] = -.infinity }
      }
      return found
    }
  }

  /// Drops weights, or their gradients; every call drops the same ones.
  @inline(__always)
  func drop(
    _ head: Int, _ rows: Range<Int>, _ visible: Int, _ weights: UnsafeMutablePointer<Scalar>
  ) {
    guard let dropout = form.dropout else { return }
    // Random numbers begin at a multiple of four.
    let width = (keys &+ 3) / 4 &* 4
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: visible + 16) { factors in
      let place = factors.baseAddress!
      for (i, query) in rows.enumerated() {
        dropout.generator.fillBernoulli(
          elements: place, count: visible, probability: 1 - dropout.rate,
          value: Scalar(1 / (1 - dropout.rate)), offset: (head &* queries &+ query) &* width)
        let row = weights + i &* visible
        Scalar.kernels.pointee.multiply(
          .elements(row), .elements(place), to: row, count: visible, accumulate: false)
      }
    }
  }
}

/// For each query the mean of the values, weighted by how well their keys fit: softmax(q kᵀ / √size) v.
///
/// The last axis holds the heads side by side; each attends independently. The full table of
/// weights is never in memory, so long sequences take time but little memory. A query that sees no
/// key gets zeros.
///
/// - Parameters:
///   - queries: [batch, queries, heads · size].
///   - keys: [batch, keys, heads · size].
///   - values: [batch, keys, heads · values].
///   - heads: the number of heads.
///   - isCausal: whether a query sees only the keys up to its own position; if there are fewer
///     queries than keys, the last query is aligned with the last key.
///   - mask: which keys hold data, [batch, keys]; nil if all do.
/// - Returns: [batch, queries, heads · values].
public func attention<Scalar>(
  _ queries: Variable<Scalar>, _ keys: Variable<Scalar>, _ values: Variable<Scalar>,
  heads: Int = 1, isCausal: Bool = false, mask: Tensor<Bool>? = nil
) -> Variable<Scalar> {
  queries.tape.record(
    Attention<Scalar>(
      form: AttentionForm(
        heads: heads, isCausal: isCausal, mask: mask.map { SequenceMask($0) }, dropout: nil)),
    queries, keys, values)
}

/// Attention with dropout of its weights.
package func attention<Scalar>(
  _ queries: Variable<Scalar>, _ keys: Variable<Scalar>, _ values: Variable<Scalar>,
  heads: Int, isCausal: Bool, mask: SequenceMask?, dropout: Double,
  using generator: inout RandomGenerator
) -> Variable<Scalar> {
  let form = AttentionForm(
    heads: heads, isCausal: isCausal, mask: mask,
    dropout: dropout > 0 ? (dropout, generator.split()) : nil)
  return queries.tape.record(Attention<Scalar>(form: form), queries, keys, values)
}
