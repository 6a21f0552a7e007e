// One forward and backward step of each recurrent cell, for some samples of a batch. The code here
// works on rows of `units` numbers; the products take all samples at once.

import KernelTemplate
import Tensor

/// The gradients that are propagated back through the steps.
struct RecurrentGradients<Scalar: TensorFloat> {
  /// Of the output of the step before, [batch, units].
  let dh: UnsafeMutablePointer<Scalar>
  /// Of the LSTM's memory, [batch, units].
  let dc: UnsafeMutablePointer<Scalar>
  /// Room for a product, [batch, units].
  let product: UnsafeMutablePointer<Scalar>
  /// Of the gates before their activations, [steps, batch, gates · units].
  let dz: UnsafeMutablePointer<Scalar>
  /// Of the recurrent product, [steps, batch, gates · units]: the same memory unless it differs.
  let recurrent: UnsafeMutablePointer<Scalar>
}

extension RecurrentRun {
  private var kernels: Kernels<Scalar> {
    @inline(__always) _read { yield Scalar.kernels.pointee }
  }

  /// The place of a sample's state before step `t`.
  @inline(__always)
  private func state(_ t: Int, _ sample: Int) -> Int { (t &* batch &+ sample) &* units }

  /// Some columns of the recurrent weights.
  @inline(__always)
  private func weights(_ columns: Range<Int>) -> MatrixView<Scalar> {
    MatrixView(
      base: u + columns.lowerBound, rows: units, columns: columns.count, rowStride: width,
      columnStride: 1)
  }

  /// Some columns of the gates, or of their gradients, of some samples at step `t`.
  @inline(__always)
  private func part(
    _ gates: UnsafeMutablePointer<Scalar>, _ t: Int, _ samples: Range<Int>, _ columns: Range<Int>
  ) -> MutableMatrixView<Scalar> {
    MutableMatrixView(
      base: gates + ((t &* batch &+ samples.lowerBound) &* width &+ columns.lowerBound),
      rows: samples.count, columns: columns.count, rowStride: width, columnStride: 1)
  }

  @inline(__always)
  private func apply(_ f: UnaryOperation?, _ x: UnsafeMutablePointer<Scalar>, _ count: Int) {
    if let f { kernels.map(f, x, to: x, count: count) }
  }

  /// `d = f'(x) d` where `y` is f(x).
  @inline(__always)
  private func applyBack(
    _ f: UnaryOperation?, _ y: UnsafeMutablePointer<Scalar>, _ d: UnsafeMutablePointer<Scalar>,
    _ count: Int
  ) {
    guard let f else { return }
    kernels.mapGradient(f, at: y, value: y, dy: d, to: d, count: count, accumulate: false)
  }

  @inline(__always)
  private func multiply(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>,
    _ count: Int, accumulate: Bool = false
  ) {
    kernels.multiply(.elements(a), .elements(b), to: y, count: count, accumulate: accumulate)
  }

  @inline(__always)
  private func subtract(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>
  ) {
    kernels.zip(.subtract, .elements(a), .elements(b), to: y, count: units)
  }

  // MARK: Forward

  /// Computes the states after step `t` of some samples from those before it.
  @inline(__always)
  func step(_ t: Int, _ samples: Range<Int>) {
    let first = state(t, samples.lowerBound)
    if let dropout {
      multiply(
        h + first, dropout + samples.lowerBound &* units, to: recurrentInput + first,
        samples.count &* units)
    }
    let previous = matrix(recurrentInput + first, samples.count, units)
    switch form.kind {
    case .simple: simpleStep(t, samples, previous)
    case .lstm: lstmStep(t, samples, previous)
    case .gru, .gruResettingBefore: gruStep(t, samples, previous)
    }
  }

  // h' = f(z), z = x w + b + h u
  private func simpleStep(_ t: Int, _ samples: Range<Int>, _ previous: MatrixView<Scalar>) {
    gemm(
      previous, weights(0..<units), into: part(gates, t, samples, 0..<units), start: .accumulate)
    let (first, count) = (state(t, samples.lowerBound), samples.count &* units)
    apply(form.activation, gates + first, count)
    (h + first + batch &* units).copy(from: gates + first, count: count)
  }

  // i, f, g, o = s(z_i), s(z_f), a(z_g), s(z_o) for z = x w + b + h u
  // c' = f c + i g;  h' = o a(c')
  //
  // Source: S. Hochreiter, J. Schmidhuber, "Long short-term memory", 1997, with F. Gers' forget gate.
  private func lstmStep(_ t: Int, _ samples: Range<Int>, _ previous: MatrixView<Scalar>) {
    gemm(
      previous, weights(0..<width), into: part(gates, t, samples, 0..<width), start: .accumulate)
    let next = batch &* units
    for sample in samples {
      let place = state(t, sample)
      let i = gates + 4 &* place
      let (f, g, o) = (i + units, i + 2 &* units, i + 3 &* units)
      apply(form.recurrentActivation, i, 2 &* units)
      apply(form.activation, g, units)
      apply(form.recurrentActivation, o, units)
      multiply(i, g, to: c + place + next, units)
      multiply(f, c + place, to: c + place + next, units, accumulate: true)
    }
    let (first, count) = (state(t, samples.lowerBound), samples.count &* units)
    (extra + first).copy(from: c + first + next, count: count)
    apply(form.activation, extra + first, count)
    for sample in samples {
      let place = state(t, sample)
      multiply(gates + 4 &* place + 3 &* units, extra + place, to: h + place + next, units)
    }
  }

  // z, r = s(x w_z + b_z + h u_z), s(x w_r + b_r + h u_r)
  //
  // g = a(x w_g + b_g + r (h u_g + d)), or a(x w_g + b_g + (r h) u_g);  h' = z h + (1 - z) g
  //
  // Source: K. Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014; the first
  // form is that of cuDNN, PyTorch and Keras.
  private func gruStep(_ t: Int, _ samples: Range<Int>, _ previous: MatrixView<Scalar>) {
    let two = 2 &* units
    gemm(previous, weights(0..<two), into: part(gates, t, samples, 0..<two), start: .accumulate)
    let first = state(t, samples.lowerBound)
    let product = mutableMatrix(extra + first, samples.count, units)
    if form.kind == .gru {
      gemm(
        previous, weights(two..<width), into: product,
        start: recurrentBias.map { .row($0) } ?? .zero)
    }
    for sample in samples {
      let place = state(t, sample)
      let z = gates + 3 &* place
      apply(form.recurrentActivation, z, two)
      if form.kind == .gru {
        multiply(z + units, extra + place, to: z + two, units, accumulate: true)
      } else {
        multiply(z + units, recurrentInput + place, to: extra + place, units)
      }
    }
    if form.kind == .gruResettingBefore {
      gemm(
        matrix(extra + first, samples.count, units), weights(two..<width),
        into: part(gates, t, samples, two..<width), start: .accumulate)
    }
    for sample in samples {
      let place = state(t, sample)
      let z = gates + 3 &* place
      let (g, new) = (z + two, h + place + batch &* units)
      apply(form.activation, g, units)
      // g + z (h - g)
      subtract(h + place, g, to: new)
      multiply(new, z, to: new, units)
      kernels.add(g, to: new, count: units)
    }
  }

  // MARK: Backward

  /// Computes the gradients of the states before step `t` and of the gates from those after the
  /// step.
  @inline(__always)
  func stepBack(_ t: Int, _ samples: Range<Int>, _ back: RecurrentGradients<Scalar>) {
    for sample in samples {
      let place = state(t, sample)
      if !isValid(sample, t) {
        let row = (t &* batch &+ sample) &* width
        (back.dz + row).fill(with: 0, count: width)
        if back.recurrent != back.dz { (back.recurrent + row).fill(with: 0, count: width) }
        continue
      }
      switch form.kind {
      case .simple: simpleBack(place, sample, back)
      case .lstm: lstmBack(place, sample, back)
      case .gru, .gruResettingBefore: gruBack(place, sample, back)
      }
    }
    let (first, count) = (samples.lowerBound &* units, samples.count &* units)
    let dh = mutableMatrix(back.dh + first, samples.count, units)
    let product = mutableMatrix(back.product + first, samples.count, units)
    if form.kind == .gruResettingBefore {
      resetBack(t, samples, back, product)
    } else {
      gemm(
        MatrixView(part(back.recurrent, t, samples, 0..<width)), weights(0..<width).transposed,
        into: dropout == nil ? dh : product, start: dropout == nil ? .accumulate : .zero)
      if dropout == nil { return }
    }
    if let dropout {
      multiply(product.base, dropout + first, to: dh.base, count, accumulate: true)
    } else {
      kernels.add(product.base, to: dh.base, count: count)
    }
  }

  // dz = f'(z) dh'
  private func simpleBack(_ place: Int, _ sample: Int, _ back: RecurrentGradients<Scalar>) {
    let (dz, dh) = (back.dz + place, back.dh + sample &* units)
    dz.copy(from: dh, count: units)
    applyBack(form.activation, gates + place, dz, units)
    dh.fill(with: 0, count: units)
  }

  // do = a(c') dh';  dc' += o a'(c') dh'
  // di = g dc';  df = c dc';  dg = i dc';  dc = f dc'
  private func lstmBack(_ place: Int, _ sample: Int, _ back: RecurrentGradients<Scalar>) {
    let i = gates + 4 &* place
    let (f, g, o) = (i + units, i + 2 &* units, i + 3 &* units)
    let di = back.dz + 4 &* place
    let (df, dg, dout) = (di + units, di + 2 &* units, di + 3 &* units)
    let (dh, dc) = (back.dh + sample &* units, back.dc + sample &* units)
    multiply(dh, extra + place, to: dout, units)
    multiply(dh, o, to: dh, units)
    applyBack(form.activation, extra + place, dh, units)
    kernels.add(dh, to: dc, count: units)
    multiply(dc, g, to: di, units)
    multiply(dc, c + place, to: df, units)
    multiply(dc, i, to: dg, units)
    multiply(dc, f, to: dc, units)
    applyBack(form.recurrentActivation, i, di, 2 &* units)
    applyBack(form.activation, g, dg, units)
    applyBack(form.recurrentActivation, o, dout, units)
    dh.fill(with: 0, count: units)
  }

  // dz = (h - g) dh';  dg = (1 - z) dh';  dh = z dh'
  // dr = (h u_g + d) dg, and the recurrent product of the candidate gets r dg
  private func gruBack(_ place: Int, _ sample: Int, _ back: RecurrentGradients<Scalar>) {
    let z = gates + 3 &* place
    let (r, g) = (z + units, z + 2 &* units)
    let dz = back.dz + 3 &* place
    let (dr, dg) = (dz + units, dz + 2 &* units)
    let dh = back.dh + sample &* units
    subtract(h + place, g, to: dz)
    multiply(dz, dh, to: dz, units)
    multiply(z, dh, to: dr, units)
    subtract(dh, dr, to: dg)
    dh.copy(from: dr, count: units)
    applyBack(form.activation, g, dg, units)
    if form.kind == .gruResettingBefore { return }
    multiply(dg, extra + place, to: dr, units)
    applyBack(form.recurrentActivation, z, dz, 2 &* units)
    let recurrent = back.recurrent + 3 &* place
    recurrent.copy(from: dz, count: 2 &* units)
    multiply(dg, r, to: recurrent + 2 &* units, units)
  }

  // d(r h) = dg u_gᵀ;  dr = h d(r h);  the state gets r d(r h) + dz u_zᵀ + dr u_rᵀ
  private func resetBack(
    _ t: Int, _ samples: Range<Int>, _ back: RecurrentGradients<Scalar>,
    _ product: MutableMatrixView<Scalar>
  ) {
    let two = 2 &* units
    gemm(
      MatrixView(part(back.dz, t, samples, two..<width)), weights(two..<width).transposed,
      into: product)
    for sample in samples {
      let place = state(t, sample)
      let (z, dz) = (gates + 3 &* place, back.dz + 3 &* place)
      let product = back.product + sample &* units
      if isValid(sample, t) {
        multiply(product, recurrentInput + place, to: dz + units, units)
        applyBack(form.recurrentActivation, z, dz, two)
      }
      multiply(product, z + units, to: product, units)
    }
    gemm(
      MatrixView(part(back.dz, t, samples, 0..<two)), weights(0..<two).transposed, into: product,
      start: .accumulate)
  }

  /// du = hᵀ dz, summed over samples and steps in the order of time.
  @inline(__always)
  func recurrentWeightGradient(
    _ back: RecurrentGradients<Scalar>, to du: UnsafeMutablePointer<Scalar>,
    start: GEMMStart<Scalar>
  ) {
    let rows = steps &* batch
    @inline(__always)
    func add(_ input: UnsafeMutablePointer<Scalar>, _ columns: Range<Int>) {
      gemm(
        matrix(input, rows, units).transposed,
        MatrixView(
          base: back.recurrent + columns.lowerBound, rows: rows, columns: columns.count,
          rowStride: width, columnStride: 1),
        into: MutableMatrixView(
          base: du + columns.lowerBound, rows: units, columns: columns.count, rowStride: width,
          columnStride: 1), start: start)
    }
    if form.kind == .gruResettingBefore {
      add(recurrentInput, 0..<2 &* units)
      add(extra, 2 &* units..<width)
    } else {
      add(recurrentInput, 0..<width)
    }
  }
}

extension MatrixView {
  /// The matrix to read.
  @inline(__always)
  fileprivate init(_ matrix: MutableMatrixView<Scalar>) {
    self.init(
      base: UnsafePointer(matrix.base), rows: matrix.rows, columns: matrix.columns,
      rowStride: matrix.rowStride, columnStride: matrix.columnStride)
  }
}
