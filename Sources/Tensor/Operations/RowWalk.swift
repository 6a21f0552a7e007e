// How a loop walks over strided operands: the outer axes are counted like an odometer, and the
// innermost one is handed to the loop whole, as a row with one step per operand. Axes that follow each
// other in memory for every operand are merged first, so contiguous operands make a single row.

/// Calls `body` with the offsets of three operands and the length of each row of `shape`.
///
/// The steps between neighbours in a row are the same for all rows; `body` gets them too.
@inline(__always)
package func forEachRow(
  of shape: TensorShape, _ a: AxisList, _ b: AxisList, _ c: AxisList,
  _ body: (_ a: Int, _ b: Int, _ c: Int, _ count: Int, _ steps: (Int, Int, Int)) -> Void
) {
  // Merged axes, the innermost first.
  var sizes = AxisList(count: 0)
  var stridesA = AxisList(count: 0)
  var stridesB = AxisList(count: 0)
  var stridesC = AxisList(count: 0)
  var axis = shape.rank &- 1
  while axis >= 0 {
    let size = shape.sizes[axis]
    if size == 0 { return }
    if size > 1 {
      let last = sizes.count &- 1
      if last >= 0, a[axis] == stridesA[last] &* sizes[last],
        b[axis] == stridesB[last] &* sizes[last], c[axis] == stridesC[last] &* sizes[last]
      {
        sizes[last] &*= size
      } else {
        sizes.append(size)
        stridesA.append(a[axis])
        stridesB.append(b[axis])
        stridesC.append(c[axis])
      }
    }
    axis &-= 1
  }
  guard sizes.count > 0 else { return body(0, 0, 0, 1, (1, 1, 1)) }

  let steps = (stridesA[0], stridesB[0], stridesC[0])
  var position = AxisList(count: sizes.count)
  var offsets = (0, 0, 0)
  while true {
    body(offsets.0, offsets.1, offsets.2, sizes[0], steps)
    var outer = 1
    while outer < sizes.count {
      position[outer] &+= 1
      offsets.0 &+= stridesA[outer]
      offsets.1 &+= stridesB[outer]
      offsets.2 &+= stridesC[outer]
      if position[outer] < sizes[outer] { break }
      position[outer] = 0
      offsets.0 &-= stridesA[outer] &* sizes[outer]
      offsets.1 &-= stridesB[outer] &* sizes[outer]
      offsets.2 &-= stridesC[outer] &* sizes[outer]
      outer &+= 1
    }
    if outer == sizes.count { return }
  }
}
