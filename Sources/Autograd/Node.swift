// One position on the tape: its operation, its inputs and its memory.

import Tensor

/// The number of an operation's inputs and the first four positions; the node holds the others.
struct InputList {
  /// The number of positions that need no array.
  static var inlineCount: Int { 4 }

  private var values = InlineArray<4, Int32>(repeating: 0)
  private(set) var count = 0

  @inline(__always)
  subscript(i: Int) -> Int32 { values[i] }

  @inline(__always)
  mutating func append(_ index: Int32) {
    if count < Self.inlineCount { values[count] = index }
    count &+= 1
  }
}

/// A buffer that a position on the tape keeps from step to step.
struct KeptBuffer<Scalar: TensorFloat> {
  private(set) var storage: TensorStorage<Scalar>?
  private var capacity = -1
  private var isLent = false

  /// Makes room for `count` elements, in the last step's memory if that is large enough and not
  /// lent out.
  @inline(__always)
  mutating func prepare(count: Int) {
    if count <= capacity && !isLent { return }
    replace(count: count)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private mutating func replace(count: Int) {
    if count <= capacity, isKnownUniquelyReferenced(&storage) {
      isLent = false
      return
    }
    let fresh = TensorStorage<Scalar>(uninitializedCount: count)
    storage = fresh
    capacity = fresh.capacity
    isLent = false
  }

  /// Lends the buffer as a tensor; its memory is not reused until that tensor is released.
  mutating func lend(shape: TensorShape) -> Tensor<Scalar> {
    isLent = true
    return Tensor(
      storage: storage!, offset: 0, shape: shape, strides: shape.contiguousStrides)
  }
}

/// One position on a tape.
package struct Node<Scalar: TensorFloat> {
  /// The operation that computed the value; nil for a leaf.
  package internal(set) var operation: (any TapeOperation<Scalar>)?
  var inputs = InputList()
  /// The positions of the inputs after the first four.
  var moreInputs: [Int32] = []
  /// The shape of the value and of its gradient.
  package internal(set) var shape = TensorShape()
  /// The elements of the value, contiguous.
  var value: UnsafeMutablePointer<Scalar>
  /// The elements of the gradient, contiguous; meaningful where `hasGradient`.
  package internal(set) var gradient: UnsafeMutablePointer<Scalar>
  /// Whether this position needs a gradient.
  package internal(set) var requiresGradient = false
  /// Whether a contribution has arrived in this backward pass.
  package internal(set) var hasGradient = false

  /// Whether this was a leaf whose tensor is no longer held.
  private(set) var isReleased = false
  /// Whether the operation keeps `keptCount` numbers for the backward pass, besides its value.
  private var hasKept = false
  private var lastKeptCount = 0
  /// The memory of a leaf, or of the value that this is a view of; other values are in `ownValue`.
  private var sharedStorage: TensorStorage<Scalar>?
  private var ownValue = KeptBuffer<Scalar>()
  private var ownGradient = KeptBuffer<Scalar>()
  private var ownKept = KeptBuffer<Scalar>()

  init() {
    value = UnsafeMutablePointer(bitPattern: 64)!
    gradient = value
  }

  var isLeaf: Bool { operation == nil }

  /// Whether the value is part of another position's memory.
  var isView: Bool { operation != nil && sharedStorage != nil }

  /// The position of the `i`-th input.
  @inline(__always)
  func input(_ i: Int) -> Int {
    Int(i < InputList.inlineCount ? inputs[i] : moreInputs[i &- InputList.inlineCount])
  }

  @inline(__always)
  mutating func setLeaf(_ tensor: Tensor<Scalar>, requiresGradient: Bool) {
    operation = nil
    share(tensor)
    self.requiresGradient = requiresGradient
  }

  /// Uses the elements of a contiguous tensor as the value.
  @inline(__always)
  mutating func share(_ tensor: Tensor<Scalar>) {
    sharedStorage = tensor.storage
    shape = tensor.shape
    value = UnsafeMutablePointer(mutating: tensor.base)
    hasGradient = false
    isReleased = false
    hasKept = false
  }

  /// Forgets the operation, or the tensor of a leaf; the position's own buffers stay.
  mutating func forget() {
    operation = nil
    sharedStorage = nil
  }

  /// Releases the tensor of a leaf, so that its owner can change it in place.
  mutating func releaseLeaf() {
    sharedStorage = nil
    isReleased = true
  }

  static var releasedMessage: String {
    "variable: an optimizer has changed this parameter since it was put on the tape; read it from "
      + "the network, or call reset() on the tape and compute again"
  }

  @inline(__always)
  mutating func prepareValue(shape: TensorShape) {
    self.shape = shape
    ownValue.prepare(count: shape.elementCount)
    value = ownValue.storage!.base
    hasGradient = false
    isReleased = false
    hasKept = false
  }

  /// The gradient's memory, and whether it already holds a contribution to add to.
  @inline(__always)
  mutating func prepareGradient() -> (UnsafeMutablePointer<Scalar>, accumulate: Bool) {
    if hasGradient { return (gradient, true) }
    ownGradient.prepare(count: shape.elementCount)
    gradient = ownGradient.storage!.base
    hasGradient = true
    return (gradient, false)
  }

  mutating func prepareKept(count: Int) -> UnsafeMutablePointer<Scalar> {
    ownKept.prepare(count: count)
    hasKept = true
    lastKeptCount = count
    return ownKept.storage!.base
  }

  /// The number of elements that the operation keeps for the backward pass, besides its value.
  var keptCount: Int { hasKept ? lastKeptCount : 0 }

  var kept: UnsafeMutablePointer<Scalar> { ownKept.storage!.base }

  mutating func lendValue() -> Tensor<Scalar> {
    sharedStorage == nil ? ownValue.lend(shape: shape) : borrowedValue
  }

  /// The value as a tensor that is released before the position is used again.
  var borrowedValue: Tensor<Scalar> {
    let storage = sharedStorage ?? ownValue.storage!
    return Tensor(
      storage: storage, offset: value - storage.base, shape: shape,
      strides: shape.contiguousStrides)
  }

  /// The gradient as a tensor that is released before the position is used again.
  var borrowedGradient: Tensor<Scalar> {
    Tensor(
      storage: ownGradient.storage!, offset: 0, shape: shape, strides: shape.contiguousStrides)
  }

  mutating func lendGradient() -> Tensor<Scalar> { ownGradient.lend(shape: shape) }
}
