// Re-runs a tape with some values replaced, to check derivatives at any position, not only at leaves.

import Tensor

extension Tape {
  /// A copy of the value at a position.
  package func copiedValue(at position: Int) -> Tensor<Scalar> {
    let node = nodes + position
    require(!node.pointee.isReleased, Node<Scalar>.releasedMessage)
    return Block(base: UnsafePointer(node.pointee.value), shape: node.pointee.shape).tensor()
  }

  /// A copy of the gradient at a position at this point of the pass; nil if none arrived.
  package func copiedGradient(at position: Int) -> Tensor<Scalar>? {
    let node = nodes + position
    guard node.pointee.hasGradient else { return nil }
    return Block(base: UnsafePointer(node.pointee.gradient), shape: node.pointee.shape).tensor()
  }

  /// Records everything on this tape on another tape, with some positions replaced by leaves.
  ///
  /// - Parameters:
  ///   - other: the tape that records.
  ///   - values: the values of the replaced positions, which become variables; all other leaves
  ///     become constants.
  /// - Returns: the variables of all positions.
  package func replay(
    on other: Tape<Scalar>, replacing values: [Int: Tensor<Scalar>]
  ) -> [Variable<Scalar>] {
    var variables: [Variable<Scalar>] = []
    /// The results of the last operation with several results.
    var results: [Variable<Scalar>] = []
    for position in 0..<count {
      let node = nodes + position
      let inputs = (0..<node.pointee.inputs.count).map { variables[node.pointee.input($0)] }
      if let value = values[position] {
        variables.append(other.variable(value))
      } else if let operation = node.pointee.operation as? any MultipleResultOperation<Scalar> {
        results = other.recordResults(operation, of: inputs)
        variables.append(results[0])
      } else if let result = node.pointee.operation as? OperationResult<Scalar> {
        variables.append(results[result.number])
      } else if let operation = node.pointee.operation {
        variables.append(other.record(operation, of: inputs))
      } else {
        variables.append(other.constant(copiedValue(at: position)))
      }
    }
    return variables
  }
}
