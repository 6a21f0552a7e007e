// How a loop walks over strided operands. The outer axes are counted like an odometer, and the
// innermost axis is passed to the loop whole, as a row with one step per operand. Axes that are
// contiguous in memory for every operand are merged first, so contiguous operands form a single
// row.

/// Calls `body` with the offsets of three operands and the length of each row of `shape`.
///
/// The steps between neighbours in a row are the same for all rows; `body` gets them too.
@inline(__always)
package func forEachRow(
  of shape: TensorShape, _ a: AxisList, _ b: AxisList, _ c: AxisList,
  _ body: (_ a: Int, _ b: Int, _ c: Int, _ count: Int, _ steps: (Int, Int, Int)) -> Void
) {
  if shape.elementCount == 0 { return }
  var walk = RowWalk(shape, a, b, c)
  repeat {
    body(walk.offsets.0, walk.offsets.1, walk.offsets.2, walk.count, walk.steps)
  } while walk.advance()
}

/// Calls `body` as `forEachRow` does, on several threads where there is enough work.
///
/// Long rows are split; short rows are distributed. No two elements may be written to the same
/// place.
@inline(__always)
package func forEachRowInParallel(
  of shape: TensorShape, _ a: AxisList, _ b: AxisList, _ c: AxisList,
  _ body: (_ a: Int, _ b: Int, _ c: Int, _ count: Int, _ steps: (Int, Int, Int)) -> Void
) {
  let elements = shape.elementCount
  if elements == 0 { return }
  let walk = RowWalk(shape, a, b, c)
  let (rows, steps) = (elements / walk.count, walk.steps)
  let rowsPerPart =
    elements <= Parallel.longestPart
    ? rows : max(1, Parallel.partLength(of: elements) / walk.count)
  Parallel.overParts(of: rows, length: rowsPerPart) { first, rows in
    var walk = walk
    if first > 0 { walk.move(to: first) }
    for _ in 0..<rows {
      Parallel.overParts(of: walk.count) { start, count in
        body(
          walk.offsets.0 &+ start &* steps.0, walk.offsets.1 &+ start &* steps.1,
          walk.offsets.2 &+ start &* steps.2, count, steps)
      }
      _ = walk.advance()
    }
  }
}

/// The state of a walk over the rows of three operands.
private struct RowWalk {
  /// The merged axes, the innermost first.
  private var sizes = AxisList(count: 0)
  private var stridesA = AxisList(count: 0)
  private var stridesB = AxisList(count: 0)
  private var stridesC = AxisList(count: 0)
  private var position = AxisList(count: 0)
  private(set) var offsets = (0, 0, 0)

  /// The number of elements of a row.
  var count: Int { sizes[0] }
  /// The step between the elements of a row, for each operand.
  var steps: (Int, Int, Int) { (stridesA[0], stridesB[0], stridesC[0]) }

  /// A single number is a row of one element.
  @inline(never)
  init(_ shape: TensorShape, _ a: AxisList, _ b: AxisList, _ c: AxisList) {
    var axis = shape.rank &- 1
    while axis >= 0 {
      let size = shape.sizes[axis]
      if size != 1 {
        let last = sizes.count &- 1
        if last >= 0, a[axis] == stridesA[last] &* sizes[last],
          b[axis] == stridesB[last] &* sizes[last], c[axis] == stridesC[last] &* sizes[last]
        {
          sizes[last] &*= size
        } else {
          append(size, a[axis], b[axis], c[axis])
        }
      }
      axis &-= 1
    }
    if sizes.count == 0 { append(1, 1, 1, 1) }
  }

  private mutating func append(_ size: Int, _ a: Int, _ b: Int, _ c: Int) {
    sizes.append(size)
    stridesA.append(a)
    stridesB.append(b)
    stridesC.append(c)
    position.append(0)
  }

  /// Moves from the first row to the row with the given number.
  @inline(never)
  mutating func move(to row: Int) {
    var row = row
    for axis in 1..<max(1, sizes.count) {
      position[axis] = row % sizes[axis]
      row /= sizes[axis]
      offsets.0 &+= stridesA[axis] &* position[axis]
      offsets.1 &+= stridesB[axis] &* position[axis]
      offsets.2 &+= stridesC[axis] &* position[axis]
    }
  }

  /// Moves to the next row; false if there is none.
  @inline(never)
  mutating func advance() -> Bool {
    var axis = 1
    while axis < sizes.count {
      position[axis] &+= 1
      offsets.0 &+= stridesA[axis]
      offsets.1 &+= stridesB[axis]
      offsets.2 &+= stridesC[axis]
      if position[axis] < sizes[axis] { return true }
      position[axis] = 0
      offsets.0 &-= stridesA[axis] &* sizes[axis]
      offsets.1 &-= stridesB[axis] &* sizes[axis]
      offsets.2 &-= stridesC[axis] &* sizes[axis]
      axis &+= 1
    }
    return false
  }
}
