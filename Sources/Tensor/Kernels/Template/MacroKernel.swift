// The two loops around the micro-kernel: a block of C, cut into tiles.
//
// Columns are cut into panels of a few vectors, each panel into tiles of a few rows; both cuts are
// as even as they can be (32 rows are 6+6+5+5+5+5, not 6+6+6+6+6+2), and there is a micro-kernel
// for every size that occurs, so no tile computes what is not needed. The panel is the outer loop:
// its part of B stays in the caches while the rows of A pass by. The blocks themselves are cut in
// ../../GEMM/GEMM.swift.

/// The loop over the panels of a block.
public enum MacroKernel<I: InstructionSet> {
  /// The widest panel for `rows` rows, in vectors.
  ///
  /// A tile needs about eight accumulators to hide the latency of the multiply-add, so one or two
  /// rows take wide panels; with more rows a squarer tile loads less for each multiplication.
  @export(implementation) @inline(__always)
  public static func panelVectors(rows: Int) -> Int {
    rows == 1 ? 8 : rows == 2 ? I.accumulators / 3 : I.accumulators / 6
  }

  /// Computes the whole product.
  @export(implementation) @inline(__always)
  public static func multiply(_ p: borrowing MatrixProduct<I.Scalar>) {
    if p.rows == 0 { return }
    let lanes = I.Vector.count
    let widest = panelVectors(rows: p.rows)
    var vectors = (p.columns &+ lanes &- 1) / lanes
    var panels = (vectors &+ widest &- 1) / widest
    var column = 0
    while panels > 0 {
      let width = (vectors &+ panels &- 1) / panels
      let columns = min(width &* lanes, p.columns &- column)
      switch width {
      case 1: Panel<I, 1>.multiply(p, column: column, columns: columns)
      case 2: Panel<I, 2>.multiply(p, column: column, columns: columns)
      case 3: Panel<I, 3>.multiply(p, column: column, columns: columns)
      case 4: Panel<I, 4>.multiply(p, column: column, columns: columns)
      case 5: Panel<I, 5>.multiply(p, column: column, columns: columns)
      case 6: Panel<I, 6>.multiply(p, column: column, columns: columns)
      case 7: Panel<I, 7>.multiply(p, column: column, columns: columns)
      default: Panel<I, 8>.multiply(p, column: column, columns: columns)
      }
      column &+= columns
      vectors &-= width
      panels &-= 1
    }
  }
}

/// The loop over the rows of one panel of `vectors` vectors of columns.
public enum Panel<I: InstructionSet, let vectors: Int> {
  /// The most rows that a tile of this width may have.
  @export(implementation) @inline(__always)
  public static var tileRows: Int {
    if vectors > I.accumulators / 3 { return 1 }
    if vectors > I.accumulators / 6 { return 2 }
    return min(max(6, I.accumulators / 2), I.accumulators / vectors)
  }

  /// Computes the `columns` columns of the product that begin at `column`.
  @export(implementation) @inline(__always)
  public static func multiply(
    _ p: borrowing MatrixProduct<I.Scalar>, column: Int, columns: Int
  ) {
    // Rows that lie a multiple of 4 KiB apart share one set of the level-1 cache: take fewer.
    let aliased = p.aRowStride &* MemoryLayout<I.Scalar>.stride & 4095 == 0
    let most = aliased ? min(8, tileRows) : tileRows
    var rows = p.rows
    var tiles = (rows &+ most &- 1) / most
    var row = 0
    while tiles > 0 {
      let height = (rows &+ tiles &- 1) / tiles
      switch height {
      case 1 where tileRows >= 1:
        Tile<I, 1, vectors>.multiply(p, row: row, column: column, columns: columns)
      case 2 where tileRows >= 2:
        Tile<I, 2, vectors>.multiply(p, row: row, column: column, columns: columns)
      case 3 where tileRows >= 3:
        Tile<I, 3, vectors>.multiply(p, row: row, column: column, columns: columns)
      case 4 where tileRows >= 4:
        Tile<I, 4, vectors>.multiply(p, row: row, column: column, columns: columns)
      case 5 where tileRows >= 5:
        Tile<I, 5, vectors>.multiply(p, row: row, column: column, columns: columns)
      case 6 where tileRows >= 6:
        Tile<I, 6, vectors>.multiply(p, row: row, column: column, columns: columns)
      case 7 where tileRows >= 7:
        Tile<I, 7, vectors>.multiply(p, row: row, column: column, columns: columns)
      case 8 where tileRows >= 8:
        Tile<I, 8, vectors>.multiply(p, row: row, column: column, columns: columns)
      case 9 where tileRows >= 9:
        Tile<I, 9, vectors>.multiply(p, row: row, column: column, columns: columns)
      case 10 where tileRows >= 10:
        Tile<I, 10, vectors>.multiply(p, row: row, column: column, columns: columns)
      case 11 where tileRows >= 11:
        Tile<I, 11, vectors>.multiply(p, row: row, column: column, columns: columns)
      case 12 where tileRows >= 12:
        Tile<I, 12, vectors>.multiply(p, row: row, column: column, columns: columns)
      default: break
      }
      row &+= height
      rows &-= height
      tiles &-= 1
    }
  }
}
