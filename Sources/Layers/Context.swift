import Autograd
import Tensor

/// What a layer needs to compute: the tape, whether it trains, and the source of randomness.
///
/// One context serves many steps and several networks; reset its tape between steps.
public final class Context<Scalar: TensorFloat> {
  /// Where operations are recorded.
  public let tape: Tape<Scalar>
  /// Whether layers behave as in training (dropout drops) or as in inference.
  public let isTraining: Bool
  /// The source of randomness, advanced by each use.
  public var generator: RandomGenerator
  /// What layers keep of earlier steps, while a text is read step by step; nil where all steps are there.
  public var cache: StepCache<Scalar>?
  /// The values that layers want to give to parameters after this step, by the parameter's memory.
  ///
  /// It is held here so that nothing else takes its address meanwhile.
  private var assignments:
    [UnsafePointer<Scalar>: (target: Tensor<Scalar>, value: Tensor<Scalar>)] =
      [:]
  /// Whether a layer has assigned a value in this step.
  package private(set) var hasAssignments = false

  /// Which steps of a variable hold data, by its position on the tape.
  private var masks: [Int32: SequenceMask] = [:]
  /// The tape's generation that the masks belong to.
  private var maskGeneration: Int32 = -1
  /// Whether there may be masks.
  @usableFromInline private(set) var hasMasks = false

  /// A context for training, on a tape that records, or for inference, on one that does not.
  public init(isTraining: Bool, generator: RandomGenerator = RandomGenerator(seed: 0)) {
    tape = Tape(records: isTraining)
    self.isTraining = isTraining
    self.generator = generator
  }

  /// A context on a tape that exists already, such as one that records in inference.
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
    return tape.parameter(
      slot: parameter.slot, parameter.value, requiresGradient: parameter.isTrainable)
  }

  /// Remembers a value that a parameter gets after the step, for what is measured and not trained.
  ///
  /// Layers compute without changing themselves; `Layer.applyAssignments(of:)` makes the change.
  public func assign(_ value: Tensor<Scalar>, to parameter: Parameter<Scalar>) {
    assignments[parameter.value.base] = (parameter.value, value)
    hasAssignments = true
  }

  /// The value that a parameter will have after the step, as far as this step has assigned one.
  public func assignedValue(of parameter: Parameter<Scalar>) -> Tensor<Scalar> {
    assignments[parameter.value.base]?.value ?? parameter.value
  }

  /// Says which steps of a variable, [batch, steps, …], hold data.
  ///
  /// Layers that keep the steps pass the mask on; recurrent layers and attention skip the others.
  ///
  /// - Parameters:
  ///   - mask: true where there is data, [batch, steps]; nil takes the mask away.
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

  /// Which steps of a variable hold data, [batch, steps]; nil if all do.
  public func mask(of x: Variable<Scalar>) -> Tensor<Bool>? { sequenceMask(of: x)?.isValid }

  /// The mask of a variable; nil if all steps hold data.
  func sequenceMask(of x: Variable<Scalar>) -> SequenceMask? {
    x.generation == maskGeneration ? masks[x.index] : nil
  }

  /// Passes the mask of a layer's input on to a result that has the same steps.
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

  /// Forgets the values that layers assigned in a step before and that no network took.
  package func discardAssignments() {
    if !hasAssignments { return }
    assignments.removeAll()
    hasAssignments = false
  }

  /// Takes out the value assigned to a parameter.
  fileprivate func takeAssignment(to parameter: Parameter<Scalar>) -> Tensor<Scalar>? {
    defer { hasAssignments = !assignments.isEmpty }
    return assignments.removeValue(forKey: parameter.value.base)?.value
  }

  /// Computes something while a profile counts operations to a layer.
  ///
  /// The name of a layer with parameters follows from their paths; any other is called `name`, or by its type,
  /// within the layer that calls it.
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
  /// The layer's path in the network that was initialised, if it has parameters that tell.
  fileprivate var path: String? {
    var copy = self
    var path: String?
    copy.forEachNamedParameter { relative, parameter in
      guard path == nil, parameter.path.hasSuffix(relative) else { return }
      path = String(parameter.path.dropLast(relative.count + 1))
    }
    return path
  }

  /// Gives parameters the values that the layers assigned in this step; call it after the optimizer.
  ///
  /// `fit` does; a training loop of your own needs it for layers such as `BatchNormalization`.
  public mutating func applyAssignments(of context: Context<Scalar>) {
    guard context.hasAssignments else { return }
    forEachParameter { parameter in
      if let value = context.takeAssignment(to: parameter) { parameter.value = value }
    }
  }
}
