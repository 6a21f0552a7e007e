// One position of the tape: what was computed, from what, and the memory it is kept in.

import Tensor

/// How many inputs an operation has, and the positions of the first four; a node holds the others.
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

/// A buffer that a position keeps from step to step.
struct KeptBuffer<Scalar: TensorFloat> {
  private(set) var storage: TensorStorage<Scalar>?
  private var capacity = -1
  private var isLent = false

  /// Makes room for `count` elements, in the memory of the last step if that is large enough and not
  /// in somebody's hands.
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

/// One position of a tape.
package struct Node<Scalar: TensorFloat> {
  /// What computed the value; nil for a leaf.
  package internal(set) var operation: (any TapeOperation<Scalar>)?
  var inputs = InputList()
  /// The positions of the inputs behind the first four.
  var moreInputs: [Int32] = []
  /// The shape of the value and of its gradient.
  package internal(set) var shape = TensorShape()
  /// The elements of the value, contiguous.
  var value: UnsafeMutablePointer<Scalar>
  /// The elements of the gradient, contiguous; meaningful where `hasGradient`.
  package internal(set) var gradient: UnsafeMutablePointer<Scalar>
  /// Whether a gradient is wanted for this position.
  package internal(set) var requiresGradient = false
  /// Whether a contribution has arrived in this walk.
  package internal(set) var hasGradient = false

  /// Whether this was a leaf whose tensor is no longer held.
  private(set) var isReleased = false
  /// Whether the operation keeps `keptCount` numbers beside its value for the way back.
  private var hasKept = false
  private var lastKeptCount = 0
  /// The memory of a leaf, or of the value that this one is a view of; other values are in `ownValue`.
  private var sharedStorage: TensorStorage<Scalar>?
  private var ownValue = KeptBuffer<Scalar>()
  private var ownGradient = KeptBuffer<Scalar>()
  private var ownKept = KeptBuffer<Scalar>()

  init() {
    value = UnsafeMutablePointer(bitPattern: 64)!
    gradient = value
  }

  var isLeaf: Bool { operation == nil }

  /// Whether the value is a part of another position's memory.
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

  /// Takes the elements of a contiguous tensor as the value.
  @inline(__always)
  mutating func share(_ tensor: Tensor<Scalar>) {
    sharedStorage = tensor.storage
    shape = tensor.shape
    value = UnsafeMutablePointer(mutating: tensor.base)
    hasGradient = false
    isReleased = false
    hasKept = false
  }

  /// Forgets what computed the value, or the tensor of a leaf; the position's own buffers stay.
  mutating func forget() {
    operation = nil
    sharedStorage = nil
  }

  /// Lets go of the tensor of a leaf, so that its owner can change it in place.
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

  /// The place of the gradient, and whether it already holds a contribution that has to be added to.
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

  /// The number of elements that the operation keeps beside its value for the way back.
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
