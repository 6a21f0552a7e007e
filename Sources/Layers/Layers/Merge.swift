// Layers that combine several inputs into one result, with Keras's names.

import Autograd
import Tensor

/// A layer with several inputs and one result.
///
/// An element-wise layer only needs `merge(_:)`:
///
/// ```swift
/// struct GeometricMean<Scalar: TensorFloat>: MergeLayer {
///   func merge(_ inputs: [Variable<Scalar>]) -> Variable<Scalar> { sqrt(inputs[0] * inputs[1]) }
/// }
/// ```
public protocol MergeLayer<Scalar>: StorableLayer {
  /// The shape of the result for samples of the given shapes; by default all must be equal.
  func mergedShape(_ inputShapes: [TensorShape]) throws(ShapeError) -> TensorShape
  /// Records the layer's computation.
  func merge(_ inputs: [Variable<Scalar>]) -> Variable<Scalar>
}

extension MergeLayer {
  /// The common shape of all inputs; throws if they differ.
  public func mergedShape(_ inputShapes: [TensorShape]) throws(ShapeError) -> TensorShape {
    guard let shape = inputShapes.first, inputShapes.allSatisfy({ $0 == shape }) else {
      throw ShapeError("expected inputs of equal shapes, got \(list(inputShapes))")
    }
    return shape
  }

  /// Returns the shape of the result for one input.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape { try mergedShape([inputShape]) }

  /// Returns the shape of the result.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShapes: [TensorShape]
  ) throws(ShapeError) -> [TensorShape] { [try mergedShape(inputShapes)] }

  /// Merges one input.
  public func call(
    _ input: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> { merge([input]) }

  /// Merges the inputs.
  public func call(
    _ inputs: [Variable<Scalar>], in context: Context<Scalar>
  ) -> [Variable<Scalar>] { [merge(inputs)] }
}

/// The shapes as text, for a message.
private func list(_ shapes: [TensorShape]) -> String {
  shapes.map(\.description).joined(separator: " and ")
}

/// The element-wise sum of its inputs.
public struct Add<Scalar: TensorFloat>: MergeLayer {
  /// A layer for inputs of equal shape.
  public init() {}

  /// Records the sum.
  public func merge(_ inputs: [Variable<Scalar>]) -> Variable<Scalar> {
    inputs.dropFirst().reduce(inputs[0], +)
  }
}

/// The first input minus the second.
public struct Subtract<Scalar: TensorFloat>: MergeLayer {
  /// A layer for two inputs of equal shape.
  public init() {}

  /// The common shape of the two inputs.
  public func mergedShape(_ inputShapes: [TensorShape]) throws(ShapeError) -> TensorShape {
    guard inputShapes.count == 2, inputShapes[0] == inputShapes[1] else {
      throw ShapeError("expected two inputs of equal shapes, got \(list(inputShapes))")
    }
    return inputShapes[0]
  }

  /// Records the difference.
  public func merge(_ inputs: [Variable<Scalar>]) -> Variable<Scalar> { inputs[0] - inputs[1] }
}

/// The product of its inputs, element by element.
public struct Multiply<Scalar: TensorFloat>: MergeLayer {
  /// A layer for inputs of equal shape.
  public init() {}

  /// Records the product.
  public func merge(_ inputs: [Variable<Scalar>]) -> Variable<Scalar> {
    inputs.dropFirst().reduce(inputs[0], *)
  }
}

/// The element-wise mean of its inputs.
public struct Average<Scalar: TensorFloat>: MergeLayer {
  /// A layer for inputs of equal shape.
  public init() {}

  /// Records the mean.
  public func merge(_ inputs: [Variable<Scalar>]) -> Variable<Scalar> {
    inputs.dropFirst().reduce(inputs[0], +) / Scalar(inputs.count)
  }
}

/// The element-wise maximum of its inputs.
public struct Maximum<Scalar: TensorFloat>: MergeLayer {
  /// A layer for inputs of equal shape.
  public init() {}

  /// Records the maximum.
  public func merge(_ inputs: [Variable<Scalar>]) -> Variable<Scalar> {
    inputs.dropFirst().reduce(inputs[0]) { maximum($0, $1) }
  }
}

/// The element-wise minimum of its inputs.
public struct Minimum<Scalar: TensorFloat>: MergeLayer {
  /// A layer for inputs of equal shape.
  public init() {}

  /// Records the minimum.
  public func merge(_ inputs: [Variable<Scalar>]) -> Variable<Scalar> {
    inputs.dropFirst().reduce(inputs[0]) { minimum($0, $1) }
  }
}

/// Its inputs joined along the last axis.
public struct Concatenate<Scalar: TensorFloat>: MergeLayer {
  /// A layer for inputs whose shapes may differ only in the last axis.
  public init() {}

  /// The shape of the inputs, with their last sizes summed.
  public func mergedShape(_ inputShapes: [TensorShape]) throws(ShapeError) -> TensorShape {
    guard let first = inputShapes.first, first.rank > 0,
      inputShapes.allSatisfy({ $0.dropLast().elementsEqual(first.dropLast()) && $0.rank > 0 })
    else {
      throw ShapeError(
        "expected inputs that differ along the last axis only, got \(list(inputShapes))")
    }
    var size = 0
    for shape in inputShapes {
      let (sum, overflows) = size.addingReportingOverflow(shape.last!)
      guard !overflows else { throw ShapeError("the inputs \(list(inputShapes)) are too large") }
      size = sum
    }
    return first.replacing(axis: first.rank - 1, with: size)
  }

  /// Records the concatenation.
  public func merge(_ inputs: [Variable<Scalar>]) -> Variable<Scalar> {
    concatenate(inputs, axis: -1)
  }
}

/// The dot product of two inputs along the last axis: one number per sample.
public struct Dot<Scalar: TensorFloat>: MergeLayer {
  /// Whether inputs are first scaled to length 1; the result is then the cosine similarity.
  public let normalizes: Bool

  /// A layer for two inputs of equal shape with one axis.
  public init(normalizes: Bool = false) { self.normalizes = normalizes }

  /// The shape of one number per sample.
  public func mergedShape(_ inputShapes: [TensorShape]) throws(ShapeError) -> TensorShape {
    guard inputShapes.count == 2, inputShapes[0] == inputShapes[1], inputShapes[0].rank == 1 else {
      throw ShapeError(
        "expected two inputs of equal shapes with one axis, got \(list(inputShapes))")
    }
    return [1]
  }

  /// Records the product.
  public func merge(_ inputs: [Variable<Scalar>]) -> Variable<Scalar> {
    func sum(_ x: Variable<Scalar>) -> Variable<Scalar> { x.sum(axis: -1, keepingDimensions: true) }
    let (a, b) = (inputs[0], inputs[1])
    let product = sum(a * b)
    guard normalizes else { return product }
    // As in Keras, lengths below 1e-6 count as 1e-6.
    let smallest = a.tape.constant(Tensor(Scalar(1e-12)))
    return product * rsqrt(maximum(sum(square(a)), smallest) * maximum(sum(square(b)), smallest))
  }
}
