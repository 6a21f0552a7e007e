// The common parts of `SimpleRNN`, `LSTM` and `GRU`. Next on the way down: Autograd's
// `Operations/Recurrence.swift`.

import Autograd
import KernelTemplate
import Tensor

/// A layer that processes the steps of samples of shape [steps, features] one by one, with a state.
///
/// The result for one sample has shape [units], or [steps, units] with `returnSequences`. Masked
/// steps (see ``Embedding`` and ``Masking``) leave the state and the result unchanged.
///
/// Called with several inputs, it takes initial states, [units] each. With `returnState` it also
/// returns the final ones: `let results = lstm([x, h, c], in: context)`.
public protocol RecurrentLayer<Scalar>: StorableLayer, Validated {
  /// The settings and the parameters.
  var core: RecurrentCore<Scalar> { get set }
}

/// The settings and the parameters of a recurrent layer.
public struct RecurrentCore<Scalar: TensorFloat>: Sendable, Codable {
  /// The kind of cell: its gates and their order.
  enum Kind: String, Codable { case simple, lstm, gru, gruResettingBefore }

  let kind: Kind
  /// The size of the output and of a state.
  public let units: Int
  /// The activation of the candidates.
  public let activation: ActivationFunction
  /// The activation of the gates.
  public let recurrentActivation: ActivationFunction
  /// The shape of one sample, if it was given.
  public let inputShape: TensorShape?
  /// The fraction of input features dropped in training, the same features at every step.
  public let dropout: Double
  /// The fraction of the state dropped from the recurrent product in training, the same at every
  /// step.
  public let recurrentDropout: Double
  /// Whether the result holds all steps or only the last one.
  public let returnSequences: Bool
  /// Whether the final states are returned as further results.
  public let returnState: Bool
  /// Whether the steps are read in reverse; the results then have that order too.
  public internal(set) var goBackwards: Bool
  /// The batch size if states are carried from batch to batch; nil if each batch starts from zeros.
  public let statefulBatchSize: Int?

  /// The weights of the input, [features, gates · units].
  public var kernel = Parameter<Scalar>()
  /// The weights of the state, [units, gates · units].
  public var recurrentKernel = Parameter<Scalar>()
  /// The bias, [gates · units]; [2, 3 · units] for a GRU that resets after the product; nil for
  /// none.
  public var bias: Parameter<Scalar>?
  /// The states after the last batch, [batch, units], if the layer carries them over.
  public var states: [Parameter<Scalar>]

  let kernelInitializer: Initializer
  let recurrentInitializer: Initializer
  let biasInitializer: Initializer
  let hasUnitForgetBias: Bool

  var form: RecurrentKind {
    switch kind {
    case .simple: .simple
    case .lstm: .lstm
    case .gru: .gru
    case .gruResettingBefore: .gruResettingBefore
    }
  }
}

/// The initializers and regularizers of a recurrent layer.
public struct RecurrentWeights: Sendable {
  /// The rule for the initial input weights.
  public var kernelInitializer = Initializer.glorotUniform
  /// The rule for the initial state weights.
  public var recurrentInitializer = Initializer.orthogonal
  /// The rule for the initial biases.
  public var biasInitializer = Initializer.zeros
  /// A penalty on the input weights, added to the loss.
  public var kernelRegularizer: Regularizer?
  /// A penalty on the state weights, added to the loss.
  public var recurrentRegularizer: Regularizer?
  /// A penalty on the biases, added to the loss.
  public var biasRegularizer: Regularizer?

  /// Keras's defaults, except for the arguments given.
  public init(
    kernelInitializer: Initializer = .glorotUniform,
    recurrentInitializer: Initializer = .orthogonal, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, recurrentRegularizer: Regularizer? = nil,
    biasRegularizer: Regularizer? = nil
  ) {
    self.kernelInitializer = kernelInitializer
    self.recurrentInitializer = recurrentInitializer
    self.biasInitializer = biasInitializer
    self.kernelRegularizer = kernelRegularizer
    self.recurrentRegularizer = recurrentRegularizer
    self.biasRegularizer = biasRegularizer
  }
}

extension RecurrentCore {
  init(
    _ kind: Kind, _ units: Int, _ activation: ActivationFunction,
    _ recurrentActivation: ActivationFunction, _ inputShape: TensorShape?, useBias: Bool,
    hasUnitForgetBias: Bool = false, _ weights: RecurrentWeights, dropout: Double,
    recurrentDropout: Double, returnSequences: Bool, returnState: Bool, goBackwards: Bool,
    statefulBatchSize: Int?
  ) {
    self.kind = kind
    self.units = units
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    self.inputShape = inputShape
    self.dropout = dropout
    self.recurrentDropout = recurrentDropout
    self.returnSequences = returnSequences
    self.returnState = returnState
    self.goBackwards = goBackwards
    self.statefulBatchSize = statefulBatchSize
    self.hasUnitForgetBias = hasUnitForgetBias
    kernelInitializer = weights.kernelInitializer
    recurrentInitializer = weights.recurrentInitializer
    biasInitializer = weights.biasInitializer
    kernel.regularizer = weights.kernelRegularizer
    recurrentKernel.regularizer = weights.recurrentRegularizer
    bias = useBias ? Parameter(regularizer: weights.biasRegularizer) : nil
    states = Array(
      repeating: Parameter(isTrainable: false),
      count: statefulBatchSize == nil ? 0 : kind == .lstm ? 2 : 1)
  }

  func validate() throws(InvalidValue) {
    guard units > 0 else {
      throw InvalidValue("the number of units must be positive, got \(units)")
    }
    for rate in [dropout, recurrentDropout] {
      guard (0..<1).contains(rate) else {
        throw InvalidValue("a rate of dropout must lie in 0..<1, got \(rate)")
      }
    }
    for activation in [activation, recurrentActivation] {
      guard activation == .linear || activation.recurrent != nil else {
        throw InvalidValue(
          "the activation of a recurrent layer may be tanh, sigmoid, relu or linear, got "
            + "\(activation.name); write a cell of your own for RNN to use another")
      }
    }
    if let statefulBatchSize, statefulBatchSize <= 0 {
      throw InvalidValue("the batch size must be positive, got \(statefulBatchSize)")
    }
  }

  mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("kernel", &kernel)
    visit("recurrent_kernel", &recurrentKernel)
    visit("bias", &bias)
    visit("states", &states)
  }

  mutating func build(
    _ builder: inout LayerBuilder<Scalar>, _ inputShapes: [TensorShape]
  ) throws(ShapeError) -> [TensorShape] {
    let (shape, given) = (inputShapes[0], inputShapes.dropFirst())
    guard shape.rank == 2 && shape[0] > 0 && shape[1] > 0 else {
      throw ShapeError("expected samples of shape [steps, features], got \(shape)")
    }
    guard given.isEmpty || given.count == form.stateCount, given.allSatisfy({ $0 == [units] })
    else {
      throw ShapeError(
        "expected \(form.stateCount) initial states of shape [\(units)] or none, got "
          + given.map(\.description).joined(separator: ", "))
    }
    let width = form.gates * units
    try builder.parameter(&kernel, [shape[1], width], kernelInitializer)
    try builder.parameter(&recurrentKernel, [units, width], recurrentInitializer)
    if bias != nil {
      let initializer =
        hasUnitForgetBias ? biasInitializer.withOnes(units..<2 * units) : biasInitializer
      try builder.parameter(&bias!, form == .gru ? [2, width] : [width], initializer)
    }
    for i in states.indices {
      try builder.parameter(&states[i], [statefulBatchSize!, units], .zeros)
    }
    return [returnSequences ? [shape[0], units] : [units]]
      + (returnState ? Array(repeating: [units], count: form.stateCount) : [])
  }

  func call(
    _ inputs: [Variable<Scalar>], in context: Context<Scalar>
  ) -> [Variable<Scalar>] {
    var (x, states) = (inputs[0], Array(inputs.dropFirst()))
    let mask = context.sequenceMask(of: x)
    if states.isEmpty {
      states = self.states.map { context.tape.constant(context.assignedValue(of: $0)) }
    }
    // With a cache the states go on where the text before ended.
    if let cache = context.cache, states.isEmpty {
      states = [kernel, recurrentKernel].compactMap { cache[$0] }.map { context.tape.constant($0) }
    }
    var recurrentMask: Variable<Scalar>?
    if context.isTraining {
      let batch = x.shape[0]
      if dropout > 0 { x = x * kept([batch, 1, x.shape[2]], dropout, context) }
      if recurrentDropout > 0 { recurrentMask = kept([batch, units], recurrentDropout, context) }
    }
    let results = recurrence(
      RecurrentForm(
        form, activation: activation.recurrent, recurrentActivation: recurrentActivation.recurrent,
        goesBackwards: goBackwards, returnsSequences: returnSequences),
      x, context[kernel], context[recurrentKernel], bias: bias.map { context[$0] }, states: states,
      dropout: recurrentMask, mask: mask,
      returnsStates: returnState || !self.states.isEmpty || context.cache != nil)
    if let cache = context.cache {
      for (parameter, state) in zip([kernel, recurrentKernel], results.dropFirst()) {
        cache[parameter] = state.value.copied()
      }
    }
    for (parameter, state) in zip(self.states, results.dropFirst()) {
      context.assign(state.value, to: parameter)
    }
    return returnState ? results : [results[0]]
  }

  /// A dropout mask: 0 with probability `rate`, otherwise `1 / (1 - rate)`, so that the mean is 1.
  private func kept(
    _ shape: TensorShape, _ rate: Double, _ context: Context<Scalar>
  ) -> Variable<Scalar> {
    Autograd.dropout(context.tape.constant(.ones(shape)), rate: rate, using: &context.generator)
  }
}

extension ActivationFunction {
  /// The operation inside a recurrent cell; nil for the identity and for unsupported functions.
  fileprivate var recurrent: UnaryOperation? {
    switch self {
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .relu: .relu
    default: nil
    }
  }
}

extension Initializer {
  /// The same rule with ones in a range of the last axis, for weights with one axis.
  fileprivate func withOnes(_ range: Range<Int>) -> Initializer {
    Initializer { shape, generator in
      var elements = make(shape, &generator).elements
      for i in range { elements[i] = 1 }
      return Tensor(elements, shape: shape)
    }
  }
}

extension RecurrentLayer {
  /// The size of the output and of a state.
  public var units: Int { core.units }

  /// Unless the last step comes first, or the layer carries states of its own.
  public var supportsCaching: Bool { !core.goBackwards && core.statefulBatchSize == nil }

  /// What the layer states of a sample's shape.
  public var inputShape: TensorShape? { core.inputShape }

  /// The name of the activation; nil if it is linear.
  public var activationName: String? { core.activation == .linear ? nil : core.activation.name }

  /// The result, followed by the final states with `returnState`.
  public var outputNames: [String] {
    ["output"]
      + (core.returnState ? (0..<core.form.stateCount).map { "state\($0)" } : [])
  }

  /// Throws if a setting is invalid.
  public func validate() throws(InvalidValue) { try core.validate() }

  /// Visits the kernel, the recurrent kernel, the bias and the states carried from batch to batch.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    core.forEachMember(&visit)
  }

  /// Declares the parameters for samples of shape [steps, features].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape { try core.build(&builder, [inputShape])[0] }

  /// Declares the parameters for samples of shape [steps, features] and initial states [units].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShapes: [TensorShape]
  ) throws(ShapeError) -> [TensorShape] { try core.build(&builder, inputShapes) }

  /// Processes the steps in order.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    core.call([x], in: context)[0]
  }

  /// Processes the steps from the initial states, if given; returns the final ones with
  /// `returnState`.
  public func call(
    _ inputs: [Variable<Scalar>], in context: Context<Scalar>
  ) -> [Variable<Scalar>] { core.call(inputs, in: context) }
}

extension Layer {
  /// Sets the states that recurrent layers carry from batch to batch to zero, as before a new text.
  public mutating func resetStates() {
    var visitor = StateReset<Scalar>()
    visitor.visit(&self, .type)
  }
}

extension Layer {
  /// The batch size that stateful recurrent layers require; nil if there are none.
  package var statefulBatchSize: Int? {
    var (copy, visitor) = (self, StateSearch<Scalar>())
    visitor.visit(&copy, .type)
    return visitor.batchSize
  }
}

/// Finds the batch size of carried states.
private struct StateSearch<Scalar: TensorFloat>: MemberVisitor {
  var batchSize: Int?

  mutating func visit(_ parameter: inout Parameter<Scalar>, _ name: MemberName) {}

  mutating func visit<Member: Layer>(_ layer: inout Member, _ name: MemberName)
  where Member.Scalar == Scalar {
    if let recurrent = layer as? any RecurrentLayer<Scalar> {
      batchSize = batchSize ?? recurrent.core.statefulBatchSize
    } else {
      layer.forEachMember(&self)
    }
  }
}

/// Sets carried states to zero.
private struct StateReset<Scalar: TensorFloat>: MemberVisitor {
  mutating func visit(_ parameter: inout Parameter<Scalar>, _ name: MemberName) {}

  mutating func visit<Member: Layer>(_ layer: inout Member, _ name: MemberName)
  where Member.Scalar == Scalar {
    if var recurrent = layer as? any RecurrentLayer<Scalar> {
      for i in recurrent.core.states.indices {
        recurrent.core.states[i].value = .zeros(recurrent.core.states[i].value.shape)
      }
      layer = recurrent as! Member
    } else {
      layer.forEachMember(&self)
    }
  }
}
