// What layers for images and sequences ask of a sample.

import Autograd
import Tensor

extension TensorShape {
  /// The height and the width of a sample that is an image; throws for any other.
  func requireImage() throws(ShapeError) -> Size2D {
    guard rank == 3 && self[0] > 0 && self[1] > 0 else {
      throw ShapeError("expected samples of shape [height, width, channels], got \(self)")
    }
    return Size2D(height: self[0], width: self[1])
  }

  /// The number of steps of a sample that is a sequence; throws for any other.
  func requireSequence() throws(ShapeError) -> Int {
    guard rank == 2 && self[0] > 0 else {
      throw ShapeError("expected samples of shape [steps, features], got \(self)")
    }
    return self[0]
  }
}

extension Size2D {
  /// So many steps of a sequence, which is an image of height 1.
  static func steps(_ count: Int) -> Size2D { Size2D(height: 1, width: count) }
}

/// The function of sequences, [batch, steps, features], as images of height 1.
func onImages<Scalar>(
  _ x: Variable<Scalar>, _ function: (Variable<Scalar>) -> Variable<Scalar>
) -> Variable<Scalar> { function(x.expandingShape(at: 1)).squeezingShape(at: 1) }
