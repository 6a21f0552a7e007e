// The Wengert list: an append-only record of operations, walked backwards to get derivatives.
//
// The order of creation is a topological order, so the walk is one loop from the end: no recursion,
// no set of visited nodes. Each position on the tape keeps its buffers from step to step, so a
// training loop stops allocating after its first step. A step need not match the previous one: a
// buffer that is too small or lent out is simply replaced.
//
// Next: `TapeOperation.swift`, what a position on the tape holds; `Operations/`, the derivatives.

import Tensor

/// A record of operations on tensors, from which gradients are computed.
///
/// ```swift
/// let tape = Tape<Float>()
/// let x = tape.variable([1, 2, 3])
/// let loss = sum(x * x)
/// let gradients = tape.gradients(of: loss)
/// gradients[x]                       // [2, 4, 6]
/// ```
///
/// A tape belongs to one thread at a time: it is deliberately not `Sendable`. Its operations treat
/// subnormal numbers as zero; see `withSubnormalsFlushed(_:)`.
/// Source: R. E. Wengert, "A simple automatic derivative evaluation program", 1964.
public final class Tape<Scalar: TensorFloat> {
  // A tape belongs to one thread, and `isComputing` catches the only overlap possible on one
  // thread. Checking each access at run time would take a tenth of a small step.

  /// The positions in recording order; those from `count` on only hold buffers for reuse.
  @exclusivity(unchecked)
  package private(set) var nodes: UnsafeMutablePointer<Node<Scalar>>
  @exclusivity(unchecked)
  private var capacity: Int
  /// The number of recorded positions: leaves and operations.
  @exclusivity(unchecked)
  public private(set) var count = 0
  /// Counts resets, so that a variable from an earlier step is recognised.
  @exclusivity(unchecked)
  private(set) var generation: Int32 = 0
  /// Counts backward passes, so that gradients from an earlier one are recognised.
  @exclusivity(unchecked)
  private(set) var walks = 0
  /// Whether an operation is running: it holds addresses into the tape, which must not change.
  @exclusivity(unchecked)
  private var isComputing = false
  /// For each parameter number, the first parameter with that number that was put on the tape.
  @exclusivity(unchecked)
  private var slots: [Slot] = []
  /// Parameters whose number is already taken by a parameter of another network.
  @exclusivity(unchecked)
  private var others: [Slot] = []

  /// Where a parameter is on the tape in this step.
  ///
  /// A parameter is identified by its memory; its number in its network says where to look first.
  private struct Slot {
    /// The position on the tape, or -1.
    var index: Int32 = -1
    /// The position in `others` of the next parameter with the same number, or -1.
    var next: Int32 = -1
    /// Whether gradients are taken; a frozen copy is a different variable from the original.
    var isTrainable = false
    /// The address of the parameter's own elements; the tape may hold a copy.
    var source = UnsafePointer<Scalar>(bitPattern: 64)!
  }
  /// Whether an optimizer has changed the parameters since they were put on the tape.
  @exclusivity(unchecked)
  private var parametersChanged = false
  /// Adds up the time of each operation; nil by default, which costs nothing.
  @exclusivity(unchecked)
  public var profile: Profile?
  /// Whether operations keep what the backward pass needs; false for inference.
  public let records: Bool

  /// Creates an empty tape.
  ///
  /// - Parameter records: whether gradients can be computed; if false, only values are.
  public init(records: Bool = true) {
    self.records = records
    capacity = 8
    nodes = Self.allocateNodes(capacity)
  }

  deinit { Self.deallocate(nodes, capacity) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private static func allocateNodes(_ count: Int) -> UnsafeMutablePointer<Node<Scalar>> {
    let nodes = UnsafeMutablePointer<Node<Scalar>>.allocate(capacity: count)
    for index in 0..<count { (nodes + index).initialize(to: Node()) }
    return nodes
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private static func deallocate(_ nodes: UnsafeMutablePointer<Node<Scalar>>, _ count: Int) {
    nodes.deinitialize(count: count)
    nodes.deallocate()
  }

  /// Forgets everything recorded; the tape's variables become invalid, its buffers stay.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func reset() {
    requireIdle("reset")
    for index in 0..<count { nodes[index].forget() }
    for slot in slots.indices { slots[slot].index = -1 }
    others.removeAll(keepingCapacity: true)
    parametersChanged = false
    count = 0
    generation &+= 1
  }

  // MARK: Leaves

  /// Puts a tensor on the tape as an independent variable, for which gradients are computed.
  public func variable(_ value: Tensor<Scalar>) -> Variable<Scalar> {
    leaf(value, requiresGradient: true)
  }

  /// Puts a tensor on the tape as a constant; no gradient flows into it.
  ///
  /// Applied to a value that is already on the tape, this cuts the gradient, like PyTorch's
  /// `detach`: `constant(x.value[0, ...])` is a constant, while `x[0, ...]` is differentiated.
  public func constant(_ value: Tensor<Scalar>) -> Variable<Scalar> {
    leaf(value, requiresGradient: false)
  }

  /// Puts a parameter on the tape; repeated calls within a step return the same variable.
  ///
  /// - Parameters:
  ///   - slot: the number of the parameter in its network: where to look first.
  ///   - value: the parameter's tensor; its memory identifies the parameter.
  ///   - requiresGradient: whether gradients are taken with respect to it.
  /// - Returns: the parameter as a variable.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func parameter(
    slot: Int, _ value: Tensor<Scalar>, requiresGradient: Bool
  ) -> Variable<Scalar> {
    require(
      !parametersChanged,
      "parameter: an optimizer has changed the parameters of this step; call reset() on the tape "
        + "before the next one")
    while slots.count <= slot { slots.append(Slot()) }
    if slots[slot].index < 0 {
      let result = leaf(value, requiresGradient: requiresGradient)
      slots[slot] = Slot(index: result.index, isTrainable: requiresGradient, source: value.base)
      return result
    }
    if let known = find(slot: slot, value, isTrainable: requiresGradient) {
      return Variable(tape: self, index: known, generation: generation)
    }
    let result = leaf(value, requiresGradient: requiresGradient)
    others.append(
      Slot(
        index: result.index, next: slots[slot].next, isTrainable: requiresGradient,
        source: value.base))
    slots[slot].next = Int32(others.count - 1)
    return result
  }

  /// The position of a parameter in this step, or nil if it was not used.
  @inline(__always)
  private func find(slot: Int, _ value: Tensor<Scalar>, isTrainable: Bool) -> Int32? {
    guard slot >= 0 && slot < slots.count && slots[slot].index >= 0 else { return nil }
    var known = slots[slot]
    while true {
      if known.source == value.base && known.isTrainable == isTrainable
        && nodes[Int(known.index)].shape == value.shape
      {
        return known.index
      }
      guard known.next >= 0 else { return nil }
      known = others[Int(known.next)]
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func leaf(_ value: Tensor<Scalar>, requiresGradient: Bool) -> Variable<Scalar> {
    let index = nextIndex()
    let node = nodes + Int(index)
    let requiresGradient = records && requiresGradient
    // Not `contiguous()`: that would copy the tensor's 160 bytes a few times.
    if value.isContiguous {
      node.pointee.setLeaf(value, requiresGradient: requiresGradient)
    } else {
      node.pointee.setLeaf(value.copied(), requiresGradient: requiresGradient)
    }
    return Variable(tape: self, index: index, generation: generation)
  }

  @inline(__always)
  private func requireIdle(_ name: StaticString) {
    require(
      !isComputing,
      "\(name): an operation that is computing on a tape cannot use the same tape; compute with "
        + "tensors there, or with a tape of its own")
  }

  private func nextIndex() -> Int32 {
    requireIdle("record")
    if count == capacity {
      let larger = UnsafeMutablePointer<Node<Scalar>>.allocate(capacity: 2 * capacity)
      larger.moveInitialize(from: nodes, count: capacity)
      (larger + capacity).initialize(repeating: Node(), count: capacity)
      nodes.deallocate()
      nodes = larger
      capacity *= 2
    }
    count &+= 1
    return Int32(truncatingIfNeeded: count &- 1)
  }

  // MARK: Operations

  /// Computes an operation on any number of variables and appends it to the tape.
  @_disfavoredOverload
  public func record(
    _ operation: any TapeOperation<Scalar>, _ inputs: Variable<Scalar>...
  ) -> Variable<Scalar> {
    record(operation, of: inputs)
  }

  /// Computes an operation on a list of variables, such as a concatenation, and records it.
  public func record(
    _ operation: any TapeOperation<Scalar>, of inputs: [Variable<Scalar>]
  ) -> Variable<Scalar> {
    let (list, more) = checked(inputs, operation)
    return record(operation, list, more)
  }

  /// Computes an operation with several results and appends the operation and its results.
  ///
  /// - Returns: one variable for each of the operation's `outputShapes(_:)`, in that order.
  public func recordResults(
    _ operation: any MultipleResultOperation<Scalar>, of inputs: [Variable<Scalar>]
  ) -> [Variable<Scalar>] {
    let (list, more) = checked(inputs, operation)
    let index = append(operation, list, more)
    nodes[index].prepareValue(shape: [0])
    isComputing = true
    let shapes = operation.outputShapes(ForwardPass(nodes: nodes, index: index))
    isComputing = false
    var origin = InputList()
    origin.append(Int32(index))
    let results = shapes.indices.map { number in
      let result = append(OperationResult(of: operation.name, number: number), origin, [])
      nodes[result].prepareValue(shape: shapes[number])
      return Variable(tape: self, index: Int32(result), generation: generation)
    }
    let pass = ForwardPass(nodes: nodes, index: index)
    isComputing = true
    let mode = FloatingPointMode.startFlushing()
    operation.forward(pass)
    mode.restore()
    isComputing = false
    if let profile { profile.didComputeValue(pass, of: operation) }
    return results
  }

  /// Appends an operation whose value is a contiguous part of its input's memory.
  func recordView(
    _ operation: any TapeOperation<Scalar>, of x: Variable<Scalar>, offset: Int, shape: TensorShape
  ) -> Variable<Scalar> {
    var list = InputList()
    list.append(checked(x, operation))
    let index = append(operation, list, [])
    let whole = nodes[Int(x.index)].lendValue()
    nodes[index].share(
      Tensor(
        storage: whole.storage, offset: whole.offset + offset, shape: shape,
        strides: shape.contiguousStrides))
    if let profile {
      profile.didComputeValue(ForwardPass(nodes: nodes, index: index), of: operation)
    }
    return Variable(tape: self, index: Int32(index), generation: generation)
  }

  /// Computes an operation on one variable, like the public form but without its array.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func record(
    _ operation: any TapeOperation<Scalar>, _ a: Variable<Scalar>
  ) -> Variable<Scalar> {
    var list = InputList()
    list.append(checked(a, operation))
    return record(operation, list)
  }

  /// Computes an operation on two variables.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func record(
    _ operation: any TapeOperation<Scalar>, _ a: Variable<Scalar>, _ b: Variable<Scalar>
  ) -> Variable<Scalar> {
    var list = InputList()
    list.append(checked(a, operation))
    list.append(checked(b, operation))
    return record(operation, list)
  }

  /// Computes an operation on three variables.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func record(
    _ operation: any TapeOperation<Scalar>, _ a: Variable<Scalar>, _ b: Variable<Scalar>,
    _ c: Variable<Scalar>
  ) -> Variable<Scalar> {
    var list = InputList()
    list.append(checked(a, operation))
    list.append(checked(b, operation))
    list.append(checked(c, operation))
    return record(operation, list)
  }

  @inline(__always)
  private func checked(_ variable: Variable<Scalar>, _ operation: any TapeOperation<Scalar>)
    -> Int32
  {
    require(
      variable.tape === self && variable.generation == generation,
      "\(operation.name): a variable is of another tape or of a step before the last reset; "
        + "put its value on this tape with variable(_:) or constant(_:)")
    require(!nodes[Int(variable.index)].isReleased, Node<Scalar>.releasedMessage)
    return variable.index
  }

  private func checked(
    _ inputs: [Variable<Scalar>], _ operation: any TapeOperation<Scalar>
  ) -> (list: InputList, more: [Int32]) {
    require(!inputs.isEmpty, "\(operation.name): an operation needs an input, got none")
    var list = InputList()
    for input in inputs { list.append(checked(input, operation)) }
    return (list, inputs.dropFirst(InputList.inlineCount).map(\.index))
  }

  /// Takes the next position for an operation whose value is still to be computed.
  @inline(__always)
  private func append(
    _ operation: any TapeOperation<Scalar>, _ inputs: InputList, _ more: [Int32]
  ) -> Int {
    let index = Int(nextIndex())
    let node = nodes + index
    node.pointee.operation = operation
    node.pointee.inputs = inputs
    if inputs.count > InputList.inlineCount { node.pointee.moreInputs = more }
    var requiresGradient = false
    for i in 0..<inputs.count {
      requiresGradient = requiresGradient || nodes[node.pointee.input(i)].requiresGradient
    }
    node.pointee.requiresGradient = requiresGradient
    return index
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func record(
    _ operation: any TapeOperation<Scalar>, _ inputs: InputList, _ more: [Int32] = []
  ) -> Variable<Scalar> {
    let index = append(operation, inputs, more)
    let pass = ForwardPass(nodes: nodes, index: index)
    isComputing = true
    nodes[index].prepareValue(shape: operation.outputShape(pass))
    let mode = FloatingPointMode.startFlushing()
    operation.forward(pass)
    mode.restore()
    isComputing = false
    if let profile { profile.didComputeValue(pass, of: operation) }
    return Variable(tape: self, index: Int32(truncatingIfNeeded: index), generation: generation)
  }

  // MARK: The backward pass

  /// The gradients of `result`, a variable with one element, with respect to all it depends on.
  ///
  /// Recorded values stay readable until the next `reset()`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func gradients(of result: Variable<Scalar>) -> Gradients<Scalar> {
    walkBack(from: result, visiting: { _ in }, completing: { _ in })
  }

  /// The gradients of `result`; calls `body` for each leaf as soon as its gradient is complete.
  ///
  /// The leaves come in reverse recording order, while gradients of earlier leaves are still being
  /// computed. So sending a gradient to another process, or updating a layer, need not wait for the
  /// whole pass.
  ///
  /// ```swift
  /// let gradients = tape.gradients(of: loss) { leaf, gradient in
  ///   print(leaf.shape, gradient.norm())
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - result: a variable with one element.
  ///   - body: receives a leaf and its gradient; it must not use the tape during the pass.
  /// - Returns: all gradients, as `gradients(of:)` does.
  public func gradients(
    of result: Variable<Scalar>,
    whenComplete body: (_ leaf: Variable<Scalar>, _ gradient: Tensor<Scalar>) -> Void
  ) -> Gradients<Scalar> {
    walkBack(
      from: result, visiting: { _ in },
      completing: { index in
        body(
          Variable(tape: self, index: Int32(index), generation: generation),
          nodes[index].lendGradient())
      })
  }

  /// Also visits each operation once its gradient is complete, before the operation's `backward`
  /// runs: some operations overwrite the gradient there.
  package func gradients(
    of result: Variable<Scalar>, visiting visit: (_ position: Int) -> Void
  ) -> Gradients<Scalar> {
    walkBack(from: result, visiting: visit, completing: { _ in })
  }

  @inline(__always)
  private func walkBack(
    from result: Variable<Scalar>, visiting visit: (_ operation: Int) -> Void,
    completing complete: (_ leaf: Int) -> Void
  ) -> Gradients<Scalar> {
    require(records, "gradients: this tape does not record; make it with Tape(records: true)")
    require(
      result.tape === self && result.generation == generation,
      "gradients: the variable is of another tape or of a step before the last reset")
    require(
      !parametersChanged,
      "gradients: an optimizer has changed the parameters since this step was computed; call "
        + "reset() on the tape and compute again")
    let last = Int(result.index)
    require(
      nodes[last].shape.elementCount == 1,
      "gradients: the result has shape \(nodes[last].shape), expected one element; reduce it first, "
        + "for example with sum or mean")
    requireIdle("gradients")
    isComputing = true
    walks &+= 1
    for index in 0..<count { nodes[index].hasGradient = false }
    let (seed, _) = nodes[last].prepareGradient()
    seed.pointee = 1

    let mode = FloatingPointMode.startFlushing()
    var index = last
    while index >= 0 {
      let node = nodes + index
      if node.pointee.hasGradient {
        if let operation = node.pointee.operation {
          visit(index)
          let pass = BackwardPass(nodes: nodes, index: index)
          operation.backward(pass)
          if let profile { profile.didComputeGradients(pass, of: operation) }
        } else {
          complete(index)
        }
      }
      index &-= 1
    }
    mode.restore()
    isComputing = false
    return Gradients(tape: self, generation: generation, walk: walks)
  }

  /// Releases the parameters, so that an optimizer updates them in place instead of copying them.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func releaseParameters() {
    for slot in slots where slot.index >= 0 { release(slot) }
    for slot in others { release(slot) }
  }

  private func release(_ slot: Slot) {
    guard nodes[Int(slot.index)].requiresGradient else { return }
    nodes[Int(slot.index)].releaseLeaf()
    parametersChanged = true
  }

  /// The positions of this step's parameters, each with its number and its elements' address.
  var parameterPositions: [(position: Int, slot: Int, address: UInt)] {
    var positions: [(Int, Int, UInt)] = []
    for slot in slots.indices where slots[slot].index >= 0 {
      var known = slots[slot]
      while true {
        positions.append((Int(known.index), slot, UInt(bitPattern: known.source)))
        guard known.next >= 0 else { break }
        known = others[Int(known.next)]
      }
    }
    return positions
  }

  /// The position of a parameter's gradient, or nil if the differentiated result does not depend on
  /// it.
  @inline(__always)
  func gradientIndex(slot: Int, _ value: Tensor<Scalar>) -> Int? {
    guard let index = find(slot: slot, value, isTrainable: true), nodes[Int(index)].hasGradient
    else {
      return nil
    }
    return Int(index)
  }
}

/// The derivatives of one number with respect to the variables it was computed from.
///
/// They are valid until the next backward pass or the tape's reset; tensors read from them stay
/// valid. Only leaves have gradients: the backward pass overwrites those of intermediate results.
public struct Gradients<Scalar: TensorFloat> {
  package let tape: Tape<Scalar>
  let generation: Int32
  let walk: Int

  /// The gradient with respect to a leaf of the tape; zeros if the result does not depend on it.
  public subscript(variable: Variable<Scalar>) -> Tensor<Scalar> {
    require(
      variable.tape === tape && variable.generation == tape.generation,
      "gradients: the variable is of another tape or of a step before the last reset")
    require(
      tape.nodes[Int(variable.index)].isLeaf,
      "gradients: only leaves have one, a variable made by \(variable.operationName) is not; put its "
        + "value on the tape with variable(_:) to differentiate with respect to it")
    require(
      tape.nodes[Int(variable.index)].requiresGradient,
      "gradients: the variable is a constant, into which none flows; use variable(_:) instead of "
        + "constant(_:)")
    return tensor(at: Int(variable.index))
  }

  /// The gradient with respect to a parameter, or nil if the result does not depend on it.
  ///
  /// `slot` is the parameter's number in its network; the memory of `value` identifies it.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func parameter(slot: Int, _ value: Tensor<Scalar>) -> Tensor<Scalar>? {
    checkValid()
    return tape.gradientIndex(slot: slot, value).map { tensor(at: $0) }
  }

  /// The address of a parameter's gradient, or nil if the result does not depend on the parameter.
  package func pointer(slot: Int, _ value: Tensor<Scalar>) -> UnsafePointer<Scalar>? {
    checkValid()
    return tape.gradientIndex(slot: slot, value).map { UnsafePointer(tape.nodes[$0].gradient) }
  }

  private func checkValid() {
    require(
      generation == tape.generation, "gradients: the tape was reset since they were computed")
    require(
      walk == tape.walks,
      "gradients: gradients(of:) was called again on their tape; read what you need of the first "
        + "before the second call")
  }

  private func tensor(at index: Int) -> Tensor<Scalar> {
    checkValid()
    let node = tape.nodes + index
    return node.pointee.hasGradient
      ? node.pointee.lendGradient() : Tensor(repeating: 0, shape: node.pointee.shape)
  }
}

extension Gradients: CustomStringConvertible {
  /// The shapes of the variables that have a gradient, in recording order.
  public var description: String {
    guard generation == tape.generation, walk == tape.walks else {
      return "Gradients of an earlier step of their tape"
    }
    let shapes = (0..<tape.count).compactMap { index -> String? in
      let node = tape.nodes[index]
      return node.isLeaf && node.requiresGradient && node.hasGradient ? "\(node.shape)" : nil
    }
    return "Gradients(with respect to \(shapes.count) variables, shapes: "
      + "\(shapes.joined(separator: ", ")))"
  }
}
