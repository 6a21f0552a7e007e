import Autograd
import Tensor

/// What a layer needs to compute: the tape, the mode (training or inference) and the random
/// generator.
///
/// One context can serve many steps and several networks. Reset its tape between steps.
public final class Context<Scalar: TensorFloat> {
  /// The tape that records the operations.
  public let tape: Tape<Scalar>
  /// Whether layers behave as in training (for example, dropout is active) or as in inference.
  public let isTraining: Bool
  /// The source of randomness, advanced by each use.
  public var generator: RandomGenerator
  /// What layers keep of earlier steps, while a text is read step by step; nil where all steps are there.
  public var cache: StepCache<Scalar>?
  /// The values that layers want to give to parameters after this step, by the parameter's memory.
  ///
  /// The parameter's memory is kept alive here so that its address cannot be reused in the
  /// meantime.
  private var assignments:
    [UnsafePointer<Scalar>: (target: Tensor<Scalar>, value: Tensor<Scalar>)] =
      [:]
  /// Whether a layer has assigned a value in this step.
  package private(set) var hasAssignments = false

  /// The variables that stand in for parameters, by the parameter's memory.
  private var substitutes: [UnsafePointer<Scalar>: Variable<Scalar>] = [:]

  /// The masks of variables, by their positions on the tape.
  private var masks: [Int32: SequenceMask] = [:]
  /// The generation of the tape to which the masks belong.
  private var maskGeneration: Int32 = -1
  /// Whether there may be masks.
  @usableFromInline private(set) var hasMasks = false

  /// A context with a new tape: recording for training, not recording for inference.
  public init(isTraining: Bool, generator: RandomGenerator = RandomGenerator(seed: 0)) {
    tape = Tape(records: isTraining)
    self.isTraining = isTraining
    self.generator = generator
  }

  /// A context on an existing tape, such as one that records during inference.
  public init(
    isTraining: Bool, tape: Tape<Scalar>, generator: RandomGenerator = RandomGenerator(seed: 0)
  ) {
    self.tape = tape
    self.isTraining = isTraining
    self.generator = generator
  }

  /// The parameter as a variable on the tape.
  public subscript(parameter: Parameter<Scalar>) -> Variable<Scalar> {
    require(
      parameter.slot >= 0,
      "parameter: the network was not initialised; call initialize(using:) or compile it first")
    if !substitutes.isEmpty, let variable = substitutes[parameter.value.base] { return variable }
    return tape.parameter(
      slot: parameter.slot, parameter.value, requiresGradient: parameter.isTrainable)
  }

  /// Runs `body` with a variable in the place of a parameter: its layer computes with the variable.
  func substituting<Result>(
    _ variable: Variable<Scalar>, for parameter: Parameter<Scalar>, _ body: () -> Result
  ) -> Result {
    let address = parameter.value.base
    let outer = substitutes.updateValue(variable, forKey: address)
    defer { substitutes[address] = outer }
    return body()
  }

  /// Schedules a new value for a parameter after the step, for values that are measured, not
  /// trained.
  ///
  /// Layers do not change themselves while they compute; `Layer.applyAssignments(of:)` makes the
  /// change.
  public func assign(_ value: Tensor<Scalar>, to parameter: Parameter<Scalar>) {
    assignments[parameter.value.base] = (parameter.value, value)
    hasAssignments = true
  }

  /// The value assigned to a parameter in this step, or its current value if none was assigned.
  public func assignedValue(of parameter: Parameter<Scalar>) -> Tensor<Scalar> {
    assignments[parameter.value.base]?.value ?? parameter.value
  }

  /// Sets the mask of a variable [batch, steps, …]: which of its steps hold data.
  ///
  /// Layers that keep the steps pass the mask on. Recurrent layers and attention skip masked steps.
  ///
  /// - Parameters:
  ///   - mask: true where there is data, [batch, steps]; nil removes the mask.
  ///   - x: the variable.
  public func setMask(_ mask: Tensor<Bool>?, of x: Variable<Scalar>) {
    if let mask {
      require(
        x.rank >= 2 && mask.shape == [x.shape[0], x.shape[1]],
        "setMask: a mask of shape \(mask.shape) does not fit a variable of shape \(x.shape); expected "
          + "[batch, steps]")
    }
    setMask(mask.map { SequenceMask($0) }, of: x)
  }

  /// The mask of a variable, [batch, steps], true where a step holds data; nil if all steps do.
  public func mask(of x: Variable<Scalar>) -> Tensor<Bool>? { sequenceMask(of: x)?.isValid }

  /// The mask of a variable in its stored form; nil if all steps hold data.
  func sequenceMask(of x: Variable<Scalar>) -> SequenceMask? {
    x.generation == maskGeneration ? masks[x.index] : nil
  }

  /// Passes the mask of a layer's input on to a result with the same steps.
  @usableFromInline
  func passMask(from x: Variable<Scalar>, to y: Variable<Scalar>, through layer: some Layer<Scalar>)
  {
    guard let mask = sequenceMask(of: x), sequenceMask(of: y) == nil, layer.supportsMasking,
      y.rank >= 2, mask.isValid.shape == [y.shape[0], y.shape[1]]
    else { return }
    setMask(mask, of: y)
  }

  private func setMask(_ mask: SequenceMask?, of x: Variable<Scalar>) {
    if maskGeneration != x.generation {
      masks.removeAll(keepingCapacity: true)
      maskGeneration = x.generation
    }
    masks[x.index] = mask
    hasMasks = !masks.isEmpty
  }

  /// Discards values that layers assigned in an earlier step and that no network applied.
  package func discardAssignments() {
    if !hasAssignments { return }
    assignments.removeAll()
    hasAssignments = false
  }

  /// Removes and returns the value assigned to a parameter.
  fileprivate func takeAssignment(to parameter: Parameter<Scalar>) -> Tensor<Scalar>? {
    defer { hasAssignments = !assignments.isEmpty }
    return assignments.removeValue(forKey: parameter.value.base)?.value
  }

  /// Runs `body` while the profile attributes operations to a layer.
  ///
  /// The name of a layer with parameters is taken from their paths. A layer without parameters is
  /// called `name`, or by its type, inside the layer that calls it.
  @usableFromInline
  func inScope<Result>(
    of layer: some Layer<Scalar>, name: String? = nil, _ body: () -> Result
  ) -> Result {
    guard let profile = tape.profile else { return body() }
    let outer = profile.layer
    profile.enter {
      if let path = layer.path { return path }
      let name = name ?? snakeCase(layerTypeName(layer))
      return outer.isEmpty ? name : "\(outer).\(name)"
    }
    defer { profile.enter { outer } }
    return body()
  }
}

extension Layer {
  /// The layer's path in the initialised network, found from its parameters; nil if it has none.
  fileprivate var path: String? {
    var copy = self
    var path: String?
    copy.forEachNamedParameter { relative, parameter in
      guard path == nil, parameter.path.hasSuffix(relative) else { return }
      path = String(parameter.path.dropLast(relative.count + 1))
    }
    return path
  }

  /// Gives parameters the values that layers assigned in this step; call it after the optimizer.
  ///
  /// `fit` calls it; your own training loop must, for layers such as `BatchNormalization`.
  public mutating func applyAssignments(of context: Context<Scalar>) {
    guard context.hasAssignments else { return }
    forEachParameter { parameter in
      if let value = context.takeAssignment(to: parameter) { parameter.value = value }
    }
  }
}
