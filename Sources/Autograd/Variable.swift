import Tensor

/// A value on a tape; operations take and return variables.
///
/// It is a light handle, valid until its tape is reset.
public struct Variable<Scalar: TensorFloat> {
  /// The tape on which the value was recorded.
  public let tape: Tape<Scalar>
  /// The position on the tape.
  package let index: Int32
  /// The number of resets of the tape before the value was recorded.
  package let generation: Int32

  /// The size along each axis.
  public var shape: TensorShape { node.pointee.shape }

  /// The value as a tensor, without a copy.
  public var value: Tensor<Scalar> { readable.pointee.lendValue() }

  /// The value of a variable with one element, as a number.
  ///
  /// - Precondition: the shape has one element.
  public var scalar: Scalar {
    require(
      shape.elementCount == 1,
      "scalar: shape \(shape) has \(shape.elementCount) elements, expected 1")
    return readable.pointee.value.pointee
  }

  /// The elements, valid until the tape is reset.
  package var block: Block<Scalar> {
    Block(base: UnsafePointer(readable.pointee.value), shape: shape)
  }

  fileprivate var node: UnsafeMutablePointer<Node<Scalar>> {
    require(
      generation == tape.generation,
      "variable: its tape was reset since it was recorded, its value is gone")
    return tape.nodes + Int(index)
  }

  /// The node, after checking that its value was not released.
  private var readable: UnsafeMutablePointer<Node<Scalar>> {
    require(!node.pointee.isReleased, Node<Scalar>.releasedMessage)
    return node
  }

  /// The logits: the input of the sigmoid or softmax that computed this variable; nil for any other
  /// variable.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func logits(of probability: ProbabilityFunction) -> Variable? {
    let isMatch =
      switch probability {
      case .sigmoid: (node.pointee.operation as? Map<Scalar>)?.function == .sigmoid
      case .softmax: node.pointee.operation is Softmax<Scalar>
      }
    return isMatch
      ? Variable(tape: tape, index: Int32(node.pointee.input(0)), generation: generation) : nil
  }

  /// The name of the operation that computed this variable; `leaf` if none did.
  package var operationName: String { node.pointee.operation?.name ?? "leaf" }

  /// Whether it was put on the tape directly, not computed there.
  public var isLeaf: Bool { node.pointee.isLeaf }

  /// The tensor of a leaf into which no gradient flows; nil for every other variable.
  var constantValue: Tensor<Scalar>? {
    isLeaf && !node.pointee.requiresGradient ? value : nil
  }
}

extension Variable: CustomStringConvertible {
  /// The operation that computed the variable, its shape and its numbers.
  public var description: String {
    guard generation == tape.generation else { return "Variable of a tape that was reset since" }
    let origin = isLeaf ? (node.pointee.requiresGradient ? "leaf" : "constant") : operationName
    let numbers = node.pointee.isReleased ? "changed by an optimizer since" : "\(value)"
    return "Variable(\(origin), shape: \(shape)): \(numbers)"
  }
}

/// The functions that turn logits into probabilities.
package enum ProbabilityFunction { case sigmoid, softmax }
