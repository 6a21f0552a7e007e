// Shape checks that the layers for images and sequences share.

import Autograd
import Tensor

extension TensorShape {
  /// The height and width of an image sample, [height, width, channels]; throws for any other
  /// shape.
  func requireImage() throws(ShapeError) -> Size2D {
    guard rank == 3 && self[0] > 0 && self[1] > 0 else {
      throw ShapeError("expected samples of shape [height, width, channels], got \(self)")
    }
    return Size2D(height: self[0], width: self[1])
  }

  /// The number of steps of a sequence sample, [steps, features]; throws for any other shape.
  func requireSequence() throws(ShapeError) -> Int {
    guard rank == 2 && self[0] > 0 else {
      throw ShapeError("expected samples of shape [steps, features], got \(self)")
    }
    return self[0]
  }
}

extension Size2D {
  /// The size of a sequence of `count` steps, seen as an image of height 1.
  static func steps(_ count: Int) -> Size2D { Size2D(height: 1, width: count) }
}

/// Applies a function of images to sequences, [batch, steps, features], as images of height 1.
func onImages<Scalar>(
  _ x: Variable<Scalar>, _ function: (Variable<Scalar>) -> Variable<Scalar>
) -> Variable<Scalar> { function(x.expandingShape(at: 1)).squeezingShape(at: 1) }
