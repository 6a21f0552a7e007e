// Joining variables into one and splitting one into many, as `Tensor+Joining.swift` does for
// tensors.

import KernelTemplate
import Tensor

/// y = the inputs one after another along an axis, either existing or new.
struct Concatenation<Scalar: TensorFloat>: TapeOperation {
  let axis: Int
  let addsAxis: Bool

  var name: String { addsAxis ? "stack" : "concatenate" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let first = pass.input(0).shape
    if addsAxis { return first.inserting(pass.inputCount, at: axis) }
    return first.replacing(
      axis: axis,
      with: (0..<pass.inputCount).reduce(0) { $0 + pass.input($1).shape.sizes[axis] })
  }

  /// The product of the sizes before the axis, and how many elements of an input follow each other.
  private func layout(_ input: TensorShape) -> (rows: Int, length: Int) {
    let rows = input.prefix(axis).reduce(1, *)
    return (rows, rows == 0 ? 0 : input.elementCount / rows)
  }

  func forward(_ pass: ForwardPass<Scalar>) {
    let y = pass.output
    let stride = layout(y.shape).length
    var place = y.base
    for i in 0..<pass.inputCount {
      let x = pass.input(i)
      let (rows, length) = layout(x.shape)
      copyStrided(
        UnsafeRawPointer(x.base), rowStrides(length), to: UnsafeMutableRawPointer(place),
        rowStrides(stride), shape: [rows, length], elementSize: MemoryLayout<Scalar>.size)
      place += length
    }
  }

  // dx_i = the part of dy that corresponds to x_i
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let dy = pass.outputGradient
    let stride = layout(dy.shape).length
    var place = dy.base
    for i in 0..<pass.inputCount {
      let (rows, length) = layout(pass.input(i).shape)
      if let (dx, accumulate) = pass.gradient(i) {
        if accumulate {
          for row in 0..<rows {
            Scalar.kernels.pointee.add(
              place + row &* stride, to: dx + row &* length, count: length)
          }
        } else {
          copyStrided(
            UnsafeRawPointer(place), rowStrides(stride), to: UnsafeMutableRawPointer(dx),
            rowStrides(length), shape: [rows, length], elementSize: MemoryLayout<Scalar>.size)
        }
      }
      place += length
    }
  }
}

/// The strides of rows that begin `stride` elements apart.
private func rowStrides(_ stride: Int) -> AxisList {
  var strides = AxisList(repeating: 1, count: 2)
  strides[0] = stride
  return strides
}

/// The variables joined one after another along `axis`.
///
/// - Precondition: their shapes are equal except along that axis.
public func concatenate<Scalar>(_ variables: [Variable<Scalar>], axis: Int = 0) -> Variable<Scalar>
{
  guard let first = variables.first else { fail("concatenate: there are no variables") }
  let (axis, _) = TensorShape.concatenated(variables.map(\.shape), axis: axis)
  if variables.count == 1 { return first }
  return first.tape.record(Concatenation<Scalar>(axis: axis, addsAxis: false), of: variables)
}

/// The variables, all of one shape, side by side along a new axis.
public func stack<Scalar>(_ variables: [Variable<Scalar>], axis: Int = 0) -> Variable<Scalar> {
  guard let first = variables.first else { fail("stack: there are no variables") }
  let axis = TensorShape.stackAxis(variables.map(\.shape), axis: axis)
  return first.tape.record(Concatenation<Scalar>(axis: axis, addsAxis: true), of: variables)
}

extension Variable {
  /// The variable cut along `axis` into equal parts.
  ///
  /// - Precondition: the size of the axis is a multiple of `parts`.
  public func split(into parts: Int, axis: Int = 0) -> [Variable] {
    layout.split(into: parts, axis: axis).map { viewed("slice", as: $0) }
  }

  /// The variable cut along `axis` before each of the given positions.
  ///
  /// - Precondition: the positions rise and lie in `0...shape[axis]`.
  public func split(at positions: [Int], axis: Int = 0) -> [Variable] {
    layout.split(at: positions, axis: axis).map { viewed("slice", as: $0) }
  }

  /// The whole variable repeated along each axis, as often as `repetitions` says.
  ///
  /// Missing axes of the shorter of the two lists count as 1, as in NumPy.
  public func tiled(_ repetitions: [Int]) -> Variable {
    require(
      repetitions.allSatisfy { $0 >= 0 }, "tiled: a count cannot be negative, got \(repetitions)")
    let missing = Array(repeating: 1, count: Swift.max(0, repetitions.count - rank))
    var result = reshaped(to: TensorShape(missing + shape))
    for (axis, count) in Swift.zip(result.shape.indices.suffix(repetitions.count), repetitions)
    where count != 1 {
      // The part from this axis on, as one axis, repeated as a whole.
      let rows = result.shape.prefix(axis).reduce(1, *)
      let length = result.shape.dropFirst(axis).reduce(1, *)
      result =
        result
        .reshaped(to: [rows, 1, length]).broadcast(to: [rows, count, length])
        .reshaped(to: result.shape.replacing(axis: axis, with: result.shape[axis] * count))
    }
    return result
  }

  /// The variable with each part along `axis` repeated `count` times in its place.
  public func repeated(_ count: Int, axis: Int) -> Variable {
    let axis = shape.normalized(axis: axis, "repeated")
    require(count >= 0, "repeated: a count cannot be negative, got \(count)")
    return reshaped(to: shape.inserting(1, at: axis + 1))
      .broadcast(to: shape.inserting(count, at: axis + 1))
      .reshaped(to: shape.replacing(axis: axis, with: shape[axis] * count))
  }

  /// The variable with each part along `axis` repeated as often as its entry in `counts` says.
  public func repeated(_ counts: [Int], axis: Int) -> Variable {
    let axis = shape.normalized(axis: axis, "repeated")
    require(
      counts.count == shape[axis] && counts.allSatisfy { $0 >= 0 },
      "repeated: got counts \(counts), expected \(shape[axis]) numbers that are not negative for "
        + "axis \(axis) of shape \(shape)")
    return taking(
      counts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }, axis: axis)
  }

  /// The variable with its elements shifted by `shift` positions along `axis`, wrapping around.
  public func rolled(by shift: Int, axis: Int) -> Variable {
    let axis = shape.normalized(axis: axis, "rolled")
    let size = shape[axis]
    guard size > 0, shift % size != 0 else { return self }
    let parts = split(at: [(size - shift % size) % size], axis: axis)
    return concatenate([parts[1], parts[0]], axis: axis)
  }
}
