// Copies of matrices into row-major order, at the speed of memory: packing for the matrix product
// (../../GEMM/Packing.swift) and any other transposition.

/// Copies of matrices.
public enum MatrixCopy<I: InstructionSet> {
  /// `y[i, j] = x[i, j]`, where x has any strides and the columns of y are adjacent.
  @export(implementation) @inline(__always)
  public static func copy(
    _ x: UnsafePointer<I.Scalar>, rowStride: Int, columnStride: Int,
    _ y: UnsafeMutablePointer<I.Scalar>, yRowStride: Int, rows: Int, columns: Int
  ) {
    if columnStride == 1 {
      for i in 0..<rows { copyRow(x + (i &* rowStride), y + (i &* yRowStride), columns) }
    } else if rowStride == 1 {
      var i = 0
      while i < rows {
        let height = min(I.Vector.count, rows &- i)
        var j = 0
        while j < columns {
          transposeSquare(
            x + (i &+ j &* columnStride), columnStride, y + (i &* yRowStride &+ j), yRowStride,
            rows: height, columns: min(I.Vector.count, columns &- j))
          j &+= I.Vector.count
        }
        i &+= height
      }
    } else if columnStride == 2 {
      for i in 0..<rows { copyEverySecond(x + (i &* rowStride), y + (i &* yRowStride), columns) }
    } else {
      for i in 0..<rows {
        for j in 0..<columns {
          y[i &* yRowStride &+ j] = x[i &* rowStride &+ j &* columnStride]
        }
      }
    }
  }

  @export(implementation) @inline(__always)
  static func copyRow(
    _ x: UnsafePointer<I.Scalar>, _ y: UnsafeMutablePointer<I.Scalar>, _ count: Int
  ) {
    var j = 0
    while j &+ I.Vector.count <= count {
      I.store(I.load(x + j), to: y + j)
      j &+= I.Vector.count
    }
    if j < count { I.store(I.load(x + j, count: count &- j), to: y + j, count: count &- j) }
  }

  /// `y[j] = x[2 j]`.
  @export(implementation) @inline(__always)
  static func copyEverySecond(
    _ x: UnsafePointer<I.Scalar>, _ y: UnsafeMutablePointer<I.Scalar>, _ count: Int
  ) {
    var j = 0
    // The element behind the last one may not be there.
    while j &+ I.Vector.count < count {
      let source = x + 2 &* j
      I.store(I.evenLanes(I.load(source), I.load(source + I.Vector.count)), to: y + j)
      j &+= I.Vector.count
    }
    while j < count {
      y[j] = x[2 &* j]
      j &+= 1
    }
  }

  /// `y[i, j] = x[j, i]` for at most as many rows and columns as a vector has lanes.
  @export(implementation) @inline(__always)
  static func transposeSquare(
    _ x: UnsafePointer<I.Scalar>, _ xRowStride: Int,
    _ y: UnsafeMutablePointer<I.Scalar>, _ yRowStride: Int, rows: Int, columns: Int
  ) {
    switch I.Vector.count {
    case 2: Square<I, 2>.transpose(x, xRowStride, y, yRowStride, rows: rows, columns: columns)
    case 4: Square<I, 4>.transpose(x, xRowStride, y, yRowStride, rows: rows, columns: columns)
    case 8: Square<I, 8>.transpose(x, xRowStride, y, yRowStride, rows: rows, columns: columns)
    default: Square<I, 16>.transpose(x, xRowStride, y, yRowStride, rows: rows, columns: columns)
    }
  }
}

extension InstructionSet {
  /// Every second lane of two vectors.
  @export(implementation) @inline(__always)
  public static func evenLanes(_ a: Vector, _ b: Vector) -> Vector {
    var result = a
    let half = Vector.count / 2
    var lane = 0
    while lane < half {
      result[lane] = a[2 &* lane]
      result[half &+ lane] = b[2 &* lane]
      lane &+= 1
    }
    return result
  }
}

/// A square of `side` vectors with `side` lanes each.
public enum Square<I: InstructionSet, let side: Int> {
  /// `y[i, j] = x[j, i]` for i < `rows` and j < `columns`.
  ///
  /// An element's row and lane, written as one binary number, have to change places. Interleaving
  /// vector r with vector r + side/2 turns that number round by one bit; so doing it as often as
  /// there are bits in a lane's number is the transposition.
  @export(implementation) @inline(__always)
  public static func transpose(
    _ x: UnsafePointer<I.Scalar>, _ xRowStride: Int,
    _ y: UnsafeMutablePointer<I.Scalar>, _ yRowStride: Int, rows: Int, columns: Int
  ) {
    var square = InlineArray<side, I.Vector>(repeating: I.Vector.all(0))
    let isWhole = rows == side && columns == side
    if isWhole {
      for j in 0..<side { square[unchecked: j] = I.load(x + (j &* xRowStride)) }
    } else {
      for j in 0..<side where j < columns {
        square[unchecked: j] = I.load(x + (j &* xRowStride), count: rows)
      }
    }
    for _ in 0..<side.trailingZeroBitCount {
      var turned = square
      for r in 0..<(side / 2) {
        let pair = I.interleave(square[unchecked: r], square[unchecked: r &+ side / 2])
        turned[unchecked: 2 &* r] = pair.low
        turned[unchecked: 2 &* r &+ 1] = pair.high
      }
      square = turned
    }
    if isWhole {
      for i in 0..<side { I.store(square[unchecked: i], to: y + (i &* yRowStride)) }
    } else {
      for i in 0..<side where i < rows {
        I.store(square[unchecked: i], to: y + (i &* yRowStride), count: columns)
      }
    }
  }
}
