// The protocol of operations on a tape, with the forward and backward functions side by side.
//
// Both receive plain blocks, a pointer and a shape, instead of reference-counted tensors: counting
// references costs more than the arithmetic of a small operation.

import Tensor

/// A read-only block of contiguous elements, valid during one forward or backward call.
public struct Block<Scalar: TensorFloat> {
  /// The first element.
  public let base: UnsafePointer<Scalar>
  /// The size along each axis.
  public let shape: TensorShape

  @inline(__always)
  init(base: UnsafePointer<Scalar>, shape: TensorShape) {
    self.base = base
    self.shape = shape
  }

  /// A read-only view of `block`, which shows later writes too.
  @inline(__always)
  public init(_ block: MutableBlock<Scalar>) {
    self.init(base: UnsafePointer(block.base), shape: block.shape)
  }

  /// The number of elements.
  @inline(__always) public var count: Int { shape.elementCount }

  /// The elements.
  public var elements: UnsafeBufferPointer<Scalar> {
    UnsafeBufferPointer(start: base, count: count)
  }

  /// A new tensor with a copy of the elements.
  public func tensor() -> Tensor<Scalar> {
    Tensor(Array(elements), shape: shape)
  }
}

/// A writable block of contiguous elements, valid during one forward or backward call.
public struct MutableBlock<Scalar: TensorFloat> {
  /// The first element.
  public let base: UnsafeMutablePointer<Scalar>
  /// The size along each axis.
  public let shape: TensorShape

  /// The number of elements.
  @inline(__always) public var count: Int { shape.elementCount }

  /// The elements.
  public var elements: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: base, count: count)
  }
}

/// A differentiable operation on one or more variables.
///
/// A conforming struct holds the operation's attributes (an axis, a rate). If it is at most three
/// words large, recording it allocates nothing. For a gradient that you need once, see
/// `Tape.record(_:of:value:pullback:)`.
///
/// ```swift
/// struct Cube: TapeOperation {
///   typealias Scalar = Double
///   var name: String { "cube" }
///   func outputShape(_ pass: ForwardPass<Double>) -> TensorShape { pass.input(0).shape }
///   func forward(_ pass: ForwardPass<Double>) {
///     let (x, y) = (pass.input(0), pass.output)
///     for i in 0..<x.count { y.base[i] = x.base[i] * x.base[i] * x.base[i] }
///   }
///   // dx = 3 x² dy
///   func backward(_ pass: BackwardPass<Double>) {
///     let (x, dy) = (pass.input(0), pass.outputGradient)
///     guard let (dx, _) = pass.zeroedGradient(0) else { return }
///     for i in 0..<x.count { dx[i] += 3 * x.base[i] * x.base[i] * dy.base[i] }
///   }
/// }
/// ```
public protocol TapeOperation<Scalar> {
  /// The type of the elements.
  associatedtype Scalar: TensorFloat
  /// The name in messages and drawings.
  var name: String { get }
  /// The shape of the result; traps with a message if the inputs do not fit.
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape
  /// Computes the result and writes every element of `pass.output`.
  func forward(_ pass: ForwardPass<Scalar>)
  /// Adds the contribution of `pass.outputGradient` to the gradients of the inputs.
  func backward(_ pass: BackwardPass<Scalar>)
  /// The number of floating-point operations for the result or, if `input` is given, for the
  /// gradient of that input; shown by a `Profile`.
  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int
}

extension TapeOperation {
  /// By default, one for each element of the result.
  public func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    pass.output.count
  }
}

/// A differentiable operation with several results, such as the outputs and the state of a recurrent cell.
///
/// `forward` writes each result to `pass.output(i)`. `backward` reads the gradient of each from
/// `pass.outputGradient(i)`, which is nil if the differentiated number does not depend on that
/// result; at least one is not nil. Record it with `Tape.recordResults(_:of:)`.
public protocol MultipleResultOperation<Scalar>: TapeOperation {
  /// The shapes of the results; traps with a message if the inputs do not fit.
  func outputShapes(_ pass: ForwardPass<Scalar>) -> [TensorShape]
}

extension MultipleResultOperation {
  /// Traps, because such an operation has no single result.
  public func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    fail("\(name): this operation has several results; record it with recordResults(_:of:)")
  }
}

/// One result of an operation; the operation comes before it on the tape and computes it.
struct OperationResult<Scalar: TensorFloat>: TapeOperation {
  let name: String
  let number: Int

  init(of operation: String, number: Int) {
    name = "\(operation)[\(number)]"
    self.number = number
  }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { pass.output.shape }

  /// Does nothing: the operation computes all its results.
  func forward(_ pass: ForwardPass<Scalar>) {}

  // The operation reads this gradient later in the pass; this makes sure that the pass visits it.
  func backward(_ pass: BackwardPass<Scalar>) {
    pass.nodes[pass.nodes[pass.index].input(0)].hasGradient = true
  }
}

/// The inputs and the output of an operation during its forward call.
public struct ForwardPass<Scalar: TensorFloat> {
  let nodes: UnsafeMutablePointer<Node<Scalar>>
  let index: Int

  /// The `i`-th input.
  @inline(__always)
  public func input(_ i: Int) -> Block<Scalar> {
    let node = nodes + nodes[index].input(i)
    return Block(base: UnsafePointer(node.pointee.value), shape: node.pointee.shape)
  }

  /// The number of inputs.
  public var inputCount: Int { nodes[index].inputs.count }

  /// The block to which the result is written.
  @inline(__always)
  public var output: MutableBlock<Scalar> {
    MutableBlock(base: nodes[index].value, shape: nodes[index].shape)
  }

  /// The block for the `i`-th result of an operation with several.
  public func output(_ i: Int) -> MutableBlock<Scalar> {
    MutableBlock(base: nodes[index + 1 + i].value, shape: nodes[index + 1 + i].shape)
  }

  /// Memory for `count` numbers, which the backward function reads as `kept`.
  public func keep(count: Int) -> UnsafeMutablePointer<Scalar> {
    nodes[index].prepareKept(count: count)
  }
}

extension ForwardPass {
  /// The `i`-th input as a tensor in the tape's memory, which must not be kept beyond this call.
  func inputTensor(_ i: Int) -> Tensor<Scalar> { nodes[nodes[index].input(i)].borrowedValue }
}

/// The values and gradients of an operation during its backward call.
public struct BackwardPass<Scalar: TensorFloat> {
  let nodes: UnsafeMutablePointer<Node<Scalar>>
  let index: Int

  /// The `i`-th input.
  @inline(__always)
  public func input(_ i: Int) -> Block<Scalar> {
    let node = nodes + nodes[index].input(i)
    return Block(base: UnsafePointer(node.pointee.value), shape: node.pointee.shape)
  }

  /// The number of inputs.
  public var inputCount: Int { nodes[index].inputs.count }

  /// The result of the forward function.
  @inline(__always)
  public var output: Block<Scalar> {
    Block(base: UnsafePointer(nodes[index].value), shape: nodes[index].shape)
  }

  /// The gradient with respect to the result.
  @inline(__always)
  public var outputGradient: Block<Scalar> { Block(overwrittenGradient) }

  /// The gradient with respect to the result, which may be overwritten: nothing reads it
  /// afterwards.
  @inline(__always)
  public var overwrittenGradient: MutableBlock<Scalar> {
    MutableBlock(base: nodes[index].gradient, shape: nodes[index].shape)
  }

  /// The `i`-th result of an operation with several.
  public func output(_ i: Int) -> Block<Scalar> {
    Block(base: UnsafePointer(nodes[index + 1 + i].value), shape: nodes[index + 1 + i].shape)
  }

  /// The gradient with respect to the `i`-th result of an operation with several; nil if the
  /// differentiated number does not depend on that result.
  public func outputGradient(_ i: Int) -> Block<Scalar>? {
    let node = nodes + (index + 1 + i)
    guard node.pointee.hasGradient else { return nil }
    return Block(base: UnsafePointer(node.pointee.gradient), shape: node.pointee.shape)
  }

  /// The numbers that the forward function kept.
  public var kept: UnsafeMutablePointer<Scalar> { nodes[index].kept }

  /// Whether the `i`-th input needs a gradient.
  @inline(__always)
  public func needsGradient(_ i: Int) -> Bool {
    nodes[nodes[index].input(i)].requiresGradient
  }

  /// The gradient of the `i`-th input to write to; nil if none is needed.
  ///
  /// If `accumulate` is true, the memory holds other contributions: add to them. If it is false,
  /// its contents are undefined: write every element.
  @inline(__always)
  public func gradient(
    _ i: Int
  ) -> (base: UnsafeMutablePointer<Scalar>, accumulate: Bool)? {
    let node = nodes + nodes[index].input(i)
    guard node.pointee.requiresGradient else { return nil }
    return node.pointee.prepareGradient()
  }

  /// The gradient of the `i`-th input to add to: it holds zeros or other contributions.
  public func zeroedGradient(
    _ i: Int
  ) -> (base: UnsafeMutablePointer<Scalar>, count: Int)? {
    guard let (base, accumulate) = gradient(i) else { return nil }
    let count = input(i).count
    if !accumulate { base.fill(with: 0, count: count) }
    return (base, count)
  }
}

extension BackwardPass {
  // Tensors in the tape's memory, which must not be kept beyond this call.

  /// The `i`-th input as a tensor.
  func inputTensor(_ i: Int) -> Tensor<Scalar> { nodes[nodes[index].input(i)].borrowedValue }

  /// The result as a tensor.
  var outputTensor: Tensor<Scalar> { nodes[index].borrowedValue }

  /// The gradient with respect to the result as a tensor.
  var outputGradientTensor: Tensor<Scalar> { nodes[index].borrowedGradient }

  /// Adds a contribution of the output's shape to the gradient of the `i`-th input, if it needs
  /// one, summed over the axes along which that input was broadcast.
  func add(_ contribution: Tensor<Scalar>, to i: Int) {
    let whole = contribution.contiguous()
    withExtendedLifetime(whole) {
      addBroadcast(Block(base: whole.base, shape: whole.shape), to: self, i)
    }
  }
}
