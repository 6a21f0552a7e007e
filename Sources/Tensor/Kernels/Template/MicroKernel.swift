// The innermost loop of matrix multiplication: one tile of C, held in registers over all of k.
//
//                    vectors x lanes columns of B
//                    b b b b
//                  a C C C C     per k: one row of B is loaded as whole vectors, then each of the
//    rows of A     a C C C C     `rows` numbers of A's column is spread over a register and
//                  a C C C C     multiplied into its row of C
//
// Every element of C is one chain of multiply-adds over k, started from its `start`. Nothing else
// (tile, block, packing, thread) enters the numerics, so none of them changes a bit of the result.
// Which tiles are used where is decided in MacroKernel.swift.

/// C = start + A B, for matrices in memory; strides count elements.
///
/// A may have any strides. The columns of B, C and `start` are adjacent. B is read in whole vectors,
/// so up to 63 bytes behind its last row are read (and not used): every buffer of the library has
/// that much slack. Nothing behind C is touched, where another thread may be writing.
public struct MatrixProduct<Scalar> {
  /// The number of rows of A and C.
  public var rows: Int
  /// The number of columns of B and C.
  public var columns: Int
  /// The number of columns of A and rows of B: the k over which each sum runs.
  public var depth: Int
  /// The first element of A.
  public var a: UnsafePointer<Scalar>
  /// From one row of A to the next.
  public var aRowStride: Int
  /// From one column of A to the next.
  public var aColumnStride: Int
  /// The first element of B.
  public var b: UnsafePointer<Scalar>
  /// From one row of B to the next.
  public var bRowStride: Int
  /// What the sums start from: `nil` for zero, C itself, or one row for all rows.
  public var start: UnsafePointer<Scalar>?
  /// From one row of `start` to the next: 0 if there is only one.
  public var startRowStride: Int
  /// The first element of C.
  public var c: UnsafeMutablePointer<Scalar>
  /// From one row of C to the next.
  public var cRowStride: Int

  /// Takes all of it.
  @export(implementation) @inline(__always)
  public init(
    rows: Int, columns: Int, depth: Int,
    a: UnsafePointer<Scalar>, aRowStride: Int, aColumnStride: Int,
    b: UnsafePointer<Scalar>, bRowStride: Int,
    start: UnsafePointer<Scalar>?, startRowStride: Int,
    c: UnsafeMutablePointer<Scalar>, cRowStride: Int
  ) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.a = a
    self.aRowStride = aRowStride
    self.aColumnStride = aColumnStride
    self.b = b
    self.bRowStride = bRowStride
    self.start = start
    self.startRowStride = startRowStride
    self.c = c
    self.cRowStride = cRowStride
  }
}

/// The micro-kernel for tiles of C of `rows` rows and `vectors` vectors of columns.
public enum Tile<I: InstructionSet, let rows: Int, let vectors: Int> {
  /// Computes the tile whose first element is C[row, column]; only `columns` of its columns exist.
  @export(implementation) @inline(__always)
  public static func multiply(
    _ p: borrowing MatrixProduct<I.Scalar>, row: Int, column: Int, columns: Int
  ) {
    let lanes = I.Vector.count
    var c = InlineArray<rows, InlineArray<vectors, I.Vector>>(
      repeating: InlineArray(repeating: I.Vector.all(0)))
    let last = columns &- (vectors &- 1) &* lanes
    if let start = p.start {
      let from = start + (row &* p.startRowStride &+ column)
      for r in 0..<rows {
        let fromRow = from + (r &* p.startRowStride)
        for v in 0..<(vectors &- 1) {
          c[unchecked: r][unchecked: v] = I.load(fromRow + (v &* lanes))
        }
        let tail = fromRow + ((vectors &- 1) &* lanes)
        c[unchecked: r][unchecked: vectors &- 1] =
          last == lanes ? I.load(tail) : I.load(tail, count: last)
      }
    }

    let aRowStride = p.aRowStride
    let aColumnStride = p.aColumnStride
    let bRowStride = p.bRowStride
    // Rows 6 to 11 have a pointer of their own: with one for all, the compiler would walk from row
    // to row, and that chain of additions would take longer than the multiplications.
    var a = p.a + (row &* aRowStride)
    var a6 = a + (6 &* aRowStride)
    var b = p.b + column
    var k = p.depth
    while k > 0 {
      var bRow = InlineArray<vectors, I.Vector>(repeating: I.Vector.all(0))
      for v in 0..<vectors { bRow[unchecked: v] = I.load(b + (v &* lanes)) }
      addRows(from: 0, a, aRowStride, bRow, to: &c)
      if rows > 6 { addRows(from: 6, a6, aRowStride, bRow, to: &c) }
      a += aColumnStride
      a6 += aColumnStride
      b += bRowStride
      k &-= 1
    }

    let to = p.c + (row &* p.cRowStride &+ column)
    for r in 0..<rows {
      let cRow = to + (r &* p.cRowStride)
      for v in 0..<(vectors &- 1) {
        I.store(c[unchecked: r][unchecked: v], to: cRow + (v &* lanes))
      }
      let tail = cRow + ((vectors &- 1) &* lanes)
      if last == lanes {
        I.store(c[unchecked: r][unchecked: vectors &- 1], to: tail)
      } else {
        I.store(c[unchecked: r][unchecked: vectors &- 1], to: tail, count: last)
      }
    }
  }

  /// Adds the products of up to six numbers of A, the first at `a`, with a row of B.
  @export(implementation) @inline(__always)
  static func addRows(
    from first: Int, _ a: UnsafePointer<I.Scalar>, _ aRowStride: Int,
    _ b: InlineArray<vectors, I.Vector>,
    to c: inout InlineArray<rows, InlineArray<vectors, I.Vector>>
  ) {
    for r in 0..<min(6, rows &- first) {
      let x = I.Vector(repeating: a[r &* aRowStride])
      for v in 0..<vectors {
        c[unchecked: first &+ r][unchecked: v] = I.multiplyAdd(
          x, b[unchecked: v], c[unchecked: first &+ r][unchecked: v])
      }
    }
  }
}
