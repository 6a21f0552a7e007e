// A recurrent layer over all its time steps, as one operation. One product handles the input of all
// steps; then each step needs one product with the recurrent weights and one pass over the gates.
// Samples are independent, so threads share the batch and none waits for another between steps.
// Next: `RecurrentSteps.swift`, one forward and backward step of each kind of cell.

import KernelTemplate
import Tensor

/// The library's recurrent cells.
package enum RecurrentKind: Sendable {
  case simple, lstm
  /// A GRU whose reset gate acts after the product with the recurrent weights, or before it.
  case gru, gruResettingBefore

  /// How many numbers a step computes for each unit before the new state.
  package var gates: Int {
    switch self {
    case .simple: 1
    case .lstm: 4
    case .gru, .gruResettingBefore: 3
    }
  }

  /// The number of states: two for the LSTM, the output and the memory.
  package var stateCount: Int { self == .lstm ? 2 : 1 }
}

/// The kind and options of a recurrent layer, without its weights.
package struct RecurrentForm: Sendable {
  package var kind: RecurrentKind
  /// The activation of candidates and of an LSTM's memory; nil for none.
  package var activation: UnaryOperation?
  /// The activation of gates; nil for none.
  package var recurrentActivation: UnaryOperation?
  /// Whether the steps are processed from last to first.
  package var goesBackwards = false
  /// Whether the result holds all steps or only the last one.
  package var returnsSequences = false
  fileprivate(set) var hasBias = false
  fileprivate(set) var hasStates = false
  fileprivate(set) var hasDropout = false

  package init(
    _ kind: RecurrentKind, activation: UnaryOperation?, recurrentActivation: UnaryOperation?,
    goesBackwards: Bool, returnsSequences: Bool
  ) {
    self.kind = kind
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    self.goesBackwards = goesBackwards
    self.returnsSequences = returnsSequences
  }

  // The inputs in order: x, w, u, then the bias, the states and the dropout, if present.
  var firstState: Int { hasBias ? 4 : 3 }
  var dropout: Int { hasStates ? firstState + kind.stateCount : firstState }
}

/// Which steps of each sample hold data; the others leave the states as they are.
package final class SequenceMask: Sendable {
  /// [batch, steps].
  package let isValid: Tensor<Bool>

  /// A mask of shape [batch, steps].
  package init(_ isValid: Tensor<Bool>) { self.isValid = isValid.contiguous() }
}

/// h_t, c_t = cell(x_t w + b, h_{t-1} u, c_{t-1}) for all steps t of x, [batch, steps, inputs].
///
/// The result has shape [batch, steps, units], or [batch, units] for the last step.
struct Recurrence<Scalar: TensorFloat>: TapeOperation {
  let form: RecurrentForm
  let mask: SequenceMask?

  var name: String { "\(form.kind)" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let x = form.checkedShape(pass, mask)
    let units = pass.input(2).shape[0]
    return form.returnsSequences ? [x[0], x[1], units] : [x[0], units]
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    _ = withValid(mask) { recurrentForward(form, $0, pass, to: pass.output) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    withValid(mask) { recurrentBackward(form, $0, pass, pass.outputGradient, nil, nil) }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    form.flops(pass, gradientOf: input)
  }
}

/// A recurrence that also returns the last states, [batch, units] each.
struct RecurrenceWithStates<Scalar: TensorFloat>: MultipleResultOperation {
  let form: RecurrentForm
  let mask: SequenceMask?

  var name: String { "\(form.kind)" }

  func outputShapes(_ pass: ForwardPass<Scalar>) -> [TensorShape] {
    let x = form.checkedShape(pass, mask)
    let last: TensorShape = [x[0], pass.input(2).shape[0]]
    return [form.returnsSequences ? [x[0], x[1], last[1]] : last]
      + Array(repeating: last, count: form.kind.stateCount)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let run = withValid(mask) { recurrentForward(form, $0, pass, to: pass.output(0)) }
    let (start, count) = (run.steps * run.batch * run.units, run.batch * run.units)
    pass.output(1).base.copy(from: run.h + start, count: count)
    if form.kind == .lstm { pass.output(2).base.copy(from: run.c + start, count: count) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let dc = form.kind == .lstm ? pass.outputGradient(2) : nil
    withValid(mask) {
      recurrentBackward(form, $0, pass, pass.outputGradient(0), pass.outputGradient(1), dc)
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    form.flops(pass, gradientOf: input)
  }
}

/// Calls `body` with the mask's elements, nil without one.
private func withValid<Result>(
  _ mask: SequenceMask?, _ body: (UnsafePointer<Bool>?) -> Result
) -> Result {
  guard let mask else { return body(nil) }
  return mask.isValid.withUnsafeBufferPointer { body($0.baseAddress) }
}

extension RecurrentForm {
  /// The shape of x, after checking that all inputs fit together.
  fileprivate func checkedShape<Scalar>(
    _ pass: ForwardPass<Scalar>, _ mask: SequenceMask?
  ) -> TensorShape {
    let (x, w, u) = (pass.input(0).shape, pass.input(1).shape, pass.input(2).shape)
    require(
      x.rank == 3 && x[1] > 0,
      "\(kind): expected an input [batch, steps, inputs] with a step or more, got \(x)")
    require(
      w.rank == 2 && u.rank == 2 && w[0] == x[2] && w[1] == kind.gates * u[0] && u[1] == w[1],
      "\(kind): an input of shape \(x) does not fit a kernel of shape \(w) and a recurrent kernel of shape "
        + "\(u); expected [\(x[2]), \(kind.gates) units] and [units, \(kind.gates) units]")
    if hasBias {
      let expected: TensorShape = kind == .gru ? [2, w[1]] : [w[1]]
      require(
        pass.input(3).shape == expected,
        "\(kind): expected a bias of shape \(expected), got \(pass.input(3).shape)")
    }
    if hasStates {
      for i in firstState..<firstState + kind.stateCount {
        require(
          pass.input(i).shape == [x[0], u[0]],
          "\(kind): expected an initial state of shape [\(x[0]), \(u[0])], got \(pass.input(i).shape)"
        )
      }
    }
    if let mask {
      require(
        mask.isValid.shape == [x[0], x[1]],
        "\(kind): expected a mask of shape [\(x[0]), \(x[1])], got \(mask.isValid.shape)")
    }
    return x
  }

  fileprivate func flops<Scalar>(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    let (x, w, u) = (pass.input(0).shape, pass.input(1).shape, pass.input(2).shape)
    let rows = 2 * x[0] * x[1]
    return switch input {
    case 0, 1: rows * w.elementCount
    case 2: 2 * rows * u.elementCount
    case nil: rows * (w.elementCount + u.elementCount)
    default: rows * w[1]
    }
  }
}

/// The memory of one layer's steps; time is the first axis everywhere, in the order of computation.
struct RecurrentRun<Scalar: TensorFloat> {
  let form: RecurrentForm
  let batch: Int
  let steps: Int
  let inputs: Int
  let units: Int
  /// Which steps count, [batch, steps] in the order of the input; nil if all do.
  let isValid: UnsafePointer<Bool>?
  /// The recurrent weights, [units, gates · units].
  let u: UnsafePointer<Scalar>
  /// The bias of the recurrent product in a GRU's candidate; nil for none.
  let recurrentBias: UnsafePointer<Scalar>?
  /// The dropout factors of the states before the recurrent product, [batch, units]; nil for none.
  let dropout: UnsafePointer<Scalar>?

  /// The bias of the input's product, [gates · units].
  let bias: UnsafeMutablePointer<Scalar>
  /// The input, [steps, batch, inputs].
  let x: UnsafeMutablePointer<Scalar>
  /// The gates after their activations, [steps, batch, gates · units].
  let gates: UnsafeMutablePointer<Scalar>
  /// The outputs, [1 + steps, batch, units]; the first is the initial state.
  let h: UnsafeMutablePointer<Scalar>
  /// The LSTM's memory, [1 + steps, batch, units].
  let c: UnsafeMutablePointer<Scalar>
  /// [steps, batch, units]: the LSTM's memory after the activation; the GRU's product of the state and the
  /// candidate's weights, or of the state and the reset gate.
  let extra: UnsafeMutablePointer<Scalar>
  /// The left operand of the recurrent product: the outputs, after dropout if there is any.
  let recurrentInput: UnsafeMutablePointer<Scalar>

  /// The number of elements for each sample and step.
  var width: Int { form.kind.gates &* units }

  static func keptCount(_ form: RecurrentForm, x: TensorShape, units: Int) -> Int {
    let states = (x[1] + 1) * x[0] * units
    return (1 + x[1] * x[0]) * form.kind.gates * units + x.elementCount
      + states * (form.kind == .lstm ? 3 : 2) + (form.hasDropout ? states : 0)
  }

  init(
    _ form: RecurrentForm, _ isValid: UnsafePointer<Bool>?, kept: UnsafeMutablePointer<Scalar>,
    _ input: (Int) -> Block<Scalar>
  ) {
    let shape = input(0).shape
    self.form = form
    self.isValid = isValid
    (batch, steps, inputs) = (shape[0], shape[1], shape[2])
    units = input(2).shape[0]
    u = input(2).base
    let width = form.kind.gates * units
    recurrentBias = form.hasBias && form.kind == .gru ? input(3).base + (width + 2 * units) : nil
    dropout = form.hasDropout ? input(form.dropout).base : nil
    let states = (steps + 1) * batch * units
    bias = kept
    x = bias + width
    gates = x + steps * batch * inputs
    h = gates + steps * batch * width
    extra = h + states
    c = form.kind == .lstm ? extra + states : h
    recurrentInput = form.hasDropout ? (form.kind == .lstm ? c : extra) + states : h
  }

  /// The step of the input that is computed at step `t`.
  @inline(__always)
  func inputStep(_ t: Int) -> Int { form.goesBackwards ? steps &- 1 &- t : t }

  @inline(__always)
  func isValid(_ sample: Int, _ t: Int) -> Bool {
    guard let isValid else { return true }
    return isValid[sample &* steps &+ inputStep(t)]
  }

  /// The first step, in the order of computation, at which a sample has data; `steps` if it has none.
  ///
  /// Before that step the result is 0, whatever the initial state is, as in Keras.
  func firstValidStep(_ sample: Int) -> Int {
    guard isValid != nil else { return 0 }
    return (0..<steps).first { isValid(sample, $0) } ?? steps
  }

  /// Calls `body` with the parts of the batch, on several threads if there is enough work.
  ///
  /// The split does not change a single bit of the result: each sample is computed independently.
  func overSamples(_ body: (Range<Int>) -> Void) {
    let work = steps &* batch &* units &* width
    let parts = max(1, min(Parallel.threadCount, batch / 4, work / 200_000))
    Parallel.run(pieces: parts) { part in
      body(part &* batch / parts..<(part &+ 1) &* batch / parts)
    }
  }
}

/// Computes all steps and writes the result of shape [batch, steps, units] or [batch, units].
@inline(__always)
private func recurrentForward<Scalar>(
  _ form: RecurrentForm, _ isValid: UnsafePointer<Bool>?, _ pass: ForwardPass<Scalar>,
  to y: MutableBlock<Scalar>
) -> RecurrentRun<Scalar> {
  let (x, w) = (pass.input(0), pass.input(1))
  let units = pass.input(2).shape[0]
  let kept = pass.keep(count: RecurrentRun<Scalar>.keptCount(form, x: x.shape, units: units))
  let run = RecurrentRun(form, isValid, kept: kept) { pass.input($0) }
  let (batch, steps, inputs, width) = (run.batch, run.steps, run.inputs, run.width)

  for t in 0..<steps {
    for sample in 0..<batch {
      (run.x + (t &* batch &+ sample) &* inputs).copy(
        from: x.base + (sample &* steps &+ run.inputStep(t)) &* inputs, count: inputs)
    }
  }
  if form.hasBias {
    run.bias.copy(from: pass.input(3).base, count: width)
    // The second bias of a GRU's gates is added here; the candidate's is added inside its reset
    // gate.
    if form.kind == .gru {
      Scalar.kernels.pointee.add(pass.input(3).base + width, to: run.bias, count: 2 &* units)
    }
  }
  gemm(
    matrix(run.x, steps &* batch, inputs), matrix(w.base, inputs, width),
    into: mutableMatrix(run.gates, steps &* batch, width),
    start: form.hasBias ? .row(run.bias) : .zero)

  let count = batch &* units
  if form.hasStates {
    run.h.copy(from: pass.input(form.firstState).base, count: count)
    if form.kind == .lstm {
      run.c.copy(from: pass.input(form.firstState + 1).base, count: count)
    }
  } else {
    run.h.fill(with: 0, count: count)
    if form.kind == .lstm { run.c.fill(with: 0, count: count) }
  }

  run.overSamples { samples in
    for t in 0..<steps {
      run.step(t, samples)
      for sample in samples where !run.isValid(sample, t) {
        let (old, new) = ((t &* batch &+ sample) &* units, ((t &+ 1) &* batch &+ sample) &* units)
        (run.h + new).copy(from: run.h + old, count: units)
        if form.kind == .lstm { (run.c + new).copy(from: run.c + old, count: units) }
      }
    }
    for sample in samples {
      let first = run.firstValidStep(sample)
      for t in (form.returnsSequences ? 0 : steps &- 1)..<steps {
        let place = y.base + (form.returnsSequences ? sample &* steps &+ t : sample) &* units
        if t < first {
          place.fill(with: 0, count: units)
        } else {
          place.copy(from: run.h + ((t &+ 1) &* batch &+ sample) &* units, count: units)
        }
      }
    }
  }
  return run
}

/// Propagates the gradients of the result and the last states to the gradients of all inputs.
@inline(__always)
private func recurrentBackward<Scalar>(
  _ form: RecurrentForm, _ isValid: UnsafePointer<Bool>?, _ pass: BackwardPass<Scalar>,
  _ dy: Block<Scalar>?, _ dh: Block<Scalar>?, _ dc: Block<Scalar>?
) {
  let run = RecurrentRun(form, isValid, kept: pass.kept) { pass.input($0) }
  let (batch, steps, units, width) = (run.batch, run.steps, run.units, run.width)
  let (rows, count) = (steps &* batch, batch &* units)
  // A GRU's reset gate lies between its two products, so each product has a separate gradient.
  let isSplit = form.kind == .gru
  let scratch = BufferPool.take(
    bytes: (rows &* width &* (isSplit ? 2 : 1) &+ 3 &* count) &* MemoryLayout<Scalar>.stride)
  defer { BufferPool.give(scratch) }
  let dz = scratch.base.assumingMemoryBound(to: Scalar.self)
  let states = dz + rows &* width
  let back = RecurrentGradients(
    dh: states, dc: states + count, product: states + 2 &* count, dz: dz,
    recurrent: isSplit ? states + 3 &* count : dz)

  run.overSamples { samples in
    let (start, length) = (samples.lowerBound &* units, samples.count &* units)
    for (gradient, given) in [(back.dh, dh), (back.dc, dc)] {
      if let given {
        (gradient + start).copy(from: given.base + start, count: length)
      } else {
        (gradient + start).fill(with: 0, count: length)
      }
    }
    for t in (0..<steps).reversed() {
      if let dy, form.returnsSequences || t == steps &- 1 {
        for sample in samples where t >= run.firstValidStep(sample) {
          let place = form.returnsSequences ? sample &* steps &+ t : sample
          Scalar.kernels.pointee.add(
            dy.base + place &* units, to: back.dh + sample &* units, count: units)
        }
      }
      run.stepBack(t, samples, back)
    }
  }

  if form.hasStates {
    for (i, gradient) in [back.dh, back.dc].prefix(form.kind.stateCount).enumerated() {
      guard let (place, accumulate) = pass.gradient(form.firstState + i) else { continue }
      if accumulate {
        Scalar.kernels.pointee.add(gradient, to: place, count: count)
      } else {
        place.copy(from: gradient, count: count)
      }
    }
  }
  if form.hasBias, let (db, accumulate) = pass.gradient(3) {
    sumColumns(dz, rows, width, to: db, accumulate: accumulate)
    if isSplit {
      sumColumns(back.recurrent, rows, width, to: db + width, accumulate: accumulate)
    }
  }
  if let (du, accumulate) = pass.gradient(2) {
    run.recurrentWeightGradient(back, to: du, start: accumulate ? .accumulate : .zero)
  }
  if let (dw, accumulate) = pass.gradient(1) {
    gemm(
      matrix(run.x, rows, run.inputs).transposed, matrix(dz, rows, width),
      into: mutableMatrix(dw, run.inputs, width), start: accumulate ? .accumulate : .zero)
  }
  if let (dx, accumulate) = pass.gradient(0) {
    let w = matrix(pass.input(1).base, run.inputs, width)
    for t in 0..<steps {
      gemm(
        matrix(dz + t &* batch &* width, batch, width), w.transposed,
        into: MutableMatrixView(
          base: dx + run.inputStep(t) &* run.inputs, rows: batch, columns: run.inputs,
          rowStride: steps &* run.inputs, columnStride: 1),
        start: accumulate ? .accumulate : .zero)
    }
  }
}

/// The steps of a recurrent cell over `x`, [batch, steps, inputs].
///
/// - Parameters:
///   - form: the kind of cell and its options.
///   - x: the input.
///   - kernel: the input's weights, [inputs, gates · units].
///   - recurrentKernel: the state's weights, [units, gates · units].
///   - bias: [gates · units], [2, gates · units] for `gru`; nil for none.
///   - states: the initial states, [batch, units] each; zeros if there are none.
///   - dropout: factors for the state before the recurrent product, [batch, units], a constant; nil for none.
///   - mask: which steps hold data; nil if all do.
///   - returnsStates: whether to return the last states too.
/// - Returns: the result, followed by the last states if requested.
package func recurrence<Scalar>(
  _ form: RecurrentForm, _ x: Variable<Scalar>, _ kernel: Variable<Scalar>,
  _ recurrentKernel: Variable<Scalar>, bias: Variable<Scalar>?, states: [Variable<Scalar>] = [],
  dropout: Variable<Scalar>? = nil, mask: SequenceMask? = nil, returnsStates: Bool = false
) -> [Variable<Scalar>] {
  var form = form
  require(
    states.isEmpty || states.count == form.kind.stateCount,
    "\(form.kind): expected \(form.kind.stateCount) initial states, got \(states.count)")
  (form.hasBias, form.hasStates, form.hasDropout) = (bias != nil, !states.isEmpty, dropout != nil)
  var inputs = [x, kernel, recurrentKernel]
  if let bias { inputs.append(bias) }
  inputs += states
  if let dropout { inputs.append(dropout) }
  if returnsStates {
    return x.tape.recordResults(
      RecurrenceWithStates<Scalar>(form: form, mask: mask), of: inputs)
  }
  return [x.tape.record(Recurrence<Scalar>(form: form, mask: mask), of: inputs)]
}
