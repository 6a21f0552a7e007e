// The subscripts of `Tensor`, for reading: an integer, a range or a stride along an axis selects a part.
//
//     h[0..., 3]          the fourth column
//     h[..., ..<10]       the first ten of the last axis
//     h[2, ...]           the third part along the first axis
//     h[words]            the parts at a tensor of positions: `Gather.swift`
//
// These subscripts are differentiable; slices of `value` put back on the tape as constants are not.

import Tensor

extension Variable {
  /// The part that an integer, range or stride selects along the first axis.
  public subscript<I: TensorIndex>(index: I) -> Variable { viewed("slice", as: layout[index]) }

  /// The part that two integers, ranges or strides select.
  public subscript<I: TensorIndex, J: TensorIndex>(first: I, second: J) -> Variable {
    viewed("slice", as: layout[first, second])
  }

  /// The part that three integers, ranges or strides select.
  public subscript<I: TensorIndex, J: TensorIndex, K: TensorIndex>(
    first: I, second: J, third: K
  ) -> Variable { viewed("slice", as: layout[first, second, third]) }

  /// The part that the given integers, ranges and strides select.
  ///
  /// An integer removes its axis; axes not mentioned are taken whole.
  @_disfavoredOverload
  public subscript(indices: any TensorIndex...) -> Variable {
    viewed("slice", as: layout.view(indices))
  }

  /// The part at position `i` of the first axis.
  public subscript(i: Int, _: UnboundedRange) -> Variable { viewed("slice", as: layout[i, ...]) }

  /// The whole variable.
  public subscript(_: UnboundedRange) -> Variable { self }

  /// The part that an integer, range or stride selects along the last axis.
  public subscript<I: TensorIndex>(_: UnboundedRange, last: I) -> Variable {
    viewed("slice", as: layout[..., last])
  }

  /// The part that the indices select from the last axes; the axes before them are taken whole.
  @_disfavoredOverload
  public subscript(_: UnboundedRange, last: any TensorIndex...) -> Variable {
    viewed("slice", as: layout.view(layout.indices([], last)))
  }

  /// The part that indices select from the first and the last axes; those between are taken whole.
  @_disfavoredOverload
  public subscript(
    first: any TensorIndex, _: UnboundedRange, last: any TensorIndex...
  ) -> Variable { viewed("slice", as: layout.view(layout.indices([first], last))) }

  /// The part that indices select from the first and the last axes; those between are taken whole.
  @_disfavoredOverload
  public subscript(
    first: any TensorIndex, second: any TensorIndex, _: UnboundedRange, last: any TensorIndex...
  ) -> Variable { viewed("slice", as: layout.view(layout.indices([first, second], last))) }

  /// The part that indices select from the first and the last axes; those between are taken whole.
  @_disfavoredOverload
  public subscript(
    first: any TensorIndex, second: any TensorIndex, third: any TensorIndex, _: UnboundedRange,
    last: any TensorIndex...
  ) -> Variable { viewed("slice", as: layout.view(layout.indices([first, second, third], last))) }
}
