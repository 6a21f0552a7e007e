// What the decompositions of matrices need beside products of matrices: the products of rows with a
// vector, and sweeps of plane rotations. How they are used is told in
// ../../LinearAlgebra/RotationBatch.swift.

/// One sweep: rotations of a row with its neighbour, of that one with the next, and so on.
public struct RotationSweep: Sendable {
  /// The row it begins with.
  public var row: Int
  /// 1 if it goes down the rows, -1 if up.
  public var step: Int
  /// How many rotations it has.
  public var count: Int
  /// The place of its first cosine, which its sine follows.
  public var place: Int

  /// A sweep with the given values.
  @export(implementation) @inline(__always)
  public init(row: Int, step: Int, count: Int, place: Int) {
    self.row = row
    self.step = step
    self.count = count
    self.place = place
  }
}

/// The kernels of the decompositions.
public enum Rotations<I: InstructionSet> {
  /// The vector of the instruction set.
  public typealias Vector = I.Vector

  /// Applies sweeps one after the other: each rotation replaces a row f and its neighbour x by
  /// `c f + s x` and `c x - s f`.
  ///
  /// Four vectors of columns take all sweeps before the next four: their rows stay in the cache,
  /// and the row that two rotations share stays in registers.
  @export(implementation) @inline(__always)
  public static func rotate(
    _ z: I.Output, _ rowStride: Int, _ columns: Int, _ coefficients: I.Input,
    _ sweeps: UnsafePointer<RotationSweep>, _ count: Int
  ) {
    let lanes = Vector.count
    var column = 0
    while columns &- column >= 4 &* lanes {
      var index = 0
      while index < count {
        let step = sweeps[index].step &* rowStride
        var row = z + (sweeps[index].row &* rowStride &+ column)
        var f0 = I.load(row)
        var f1 = I.load(row + lanes)
        var f2 = I.load(row + 2 &* lanes)
        var f3 = I.load(row + 3 &* lanes)
        var place = coefficients + sweeps[index].place
        var left = sweeps[index].count
        while left > 0 {
          let (c, s) = (Vector(repeating: place[0]), Vector(repeating: place[1]))
          let minus = Vector.all(0) - s
          let next = row + step
          let (x0, x1) = (I.load(next), I.load(next + lanes))
          let (x2, x3) = (I.load(next + 2 &* lanes), I.load(next + 3 &* lanes))
          I.store(I.multiplyAdd(c, f0, s * x0), to: row)
          I.store(I.multiplyAdd(c, f1, s * x1), to: row + lanes)
          I.store(I.multiplyAdd(c, f2, s * x2), to: row + 2 &* lanes)
          I.store(I.multiplyAdd(c, f3, s * x3), to: row + 3 &* lanes)
          f0 = I.multiplyAdd(minus, f0, c * x0)
          f1 = I.multiplyAdd(minus, f1, c * x1)
          f2 = I.multiplyAdd(minus, f2, c * x2)
          f3 = I.multiplyAdd(minus, f3, c * x3)
          row = next
          place += 2
          left &-= 1
        }
        I.store(f0, to: row)
        I.store(f1, to: row + lanes)
        I.store(f2, to: row + 2 &* lanes)
        I.store(f3, to: row + 3 &* lanes)
        index &+= 1
      }
      column &+= 4 &* lanes
    }
    while column < columns {
      let width = min(lanes, columns &- column)
      var index = 0
      while index < count {
        let step = sweeps[index].step &* rowStride
        var row = z + (sweeps[index].row &* rowStride &+ column)
        var f = I.load(row, count: width)
        var place = coefficients + sweeps[index].place
        var left = sweeps[index].count
        while left > 0 {
          let (c, s) = (Vector(repeating: place[0]), Vector(repeating: place[1]))
          let next = row + step
          let x = I.load(next, count: width)
          I.store(I.multiplyAdd(c, f, s * x), to: row, count: width)
          f = I.multiplyAdd(Vector.all(0) - s, f, c * x)
          row = next
          place += 2
          left &-= 1
        }
        I.store(f, to: row, count: width)
        index &+= 1
      }
      column &+= width
    }
  }

  /// `y[i]` is the sum of the products of row i of A with `x`.
  ///
  /// Four rows at a time use each load of `x`; the order of a row's additions is always the same.
  @export(implementation) @inline(__always)
  public static func rowProducts(
    _ a: I.Input, _ rowStride: Int, _ x: I.Input, _ y: I.Output, _ rows: Int, _ columns: Int
  ) {
    let lanes = Vector.count
    var i = 0
    while i &+ 4 <= rows {
      let row0 = a + i &* rowStride
      let (row1, row2, row3) = (row0 + rowStride, row0 + 2 &* rowStride, row0 + 3 &* rowStride)
      var (even0, even1, even2, even3) = (
        Vector.all(0), Vector.all(0), Vector.all(0), Vector.all(0)
      )
      var (odd0, odd1, odd2, odd3) = (even0, even1, even2, even3)
      var k = 0
      while k &+ 2 &* lanes <= columns {
        let (first, second) = (I.load(x + k), I.load(x + (k &+ lanes)))
        even0 = I.multiplyAdd(I.load(row0 + k), first, even0)
        even1 = I.multiplyAdd(I.load(row1 + k), first, even1)
        even2 = I.multiplyAdd(I.load(row2 + k), first, even2)
        even3 = I.multiplyAdd(I.load(row3 + k), first, even3)
        odd0 = I.multiplyAdd(I.load(row0 + (k &+ lanes)), second, odd0)
        odd1 = I.multiplyAdd(I.load(row1 + (k &+ lanes)), second, odd1)
        odd2 = I.multiplyAdd(I.load(row2 + (k &+ lanes)), second, odd2)
        odd3 = I.multiplyAdd(I.load(row3 + (k &+ lanes)), second, odd3)
        k &+= 2 &* lanes
      }
      while k < columns {
        let width = min(lanes, columns &- k)
        let first = I.load(x + k, count: width)
        even0 = I.multiplyAdd(I.load(row0 + k, count: width), first, even0)
        even1 = I.multiplyAdd(I.load(row1 + k, count: width), first, even1)
        even2 = I.multiplyAdd(I.load(row2 + k, count: width), first, even2)
        even3 = I.multiplyAdd(I.load(row3 + k, count: width), first, even3)
        k &+= width
      }
      y[i] = I.fold(even0 + odd0) { $0 + $1 }[0]
      y[i &+ 1] = I.fold(even1 + odd1) { $0 + $1 }[0]
      y[i &+ 2] = I.fold(even2 + odd2) { $0 + $1 }[0]
      y[i &+ 3] = I.fold(even3 + odd3) { $0 + $1 }[0]
      i &+= 4
    }
    while i < rows {
      let row = a + i &* rowStride
      var (even, odd) = (Vector.all(0), Vector.all(0))
      var k = 0
      while k &+ 2 &* lanes <= columns {
        even = I.multiplyAdd(I.load(row + k), I.load(x + k), even)
        odd = I.multiplyAdd(I.load(row + (k &+ lanes)), I.load(x + (k &+ lanes)), odd)
        k &+= 2 &* lanes
      }
      while k < columns {
        let width = min(lanes, columns &- k)
        even = I.multiplyAdd(I.load(row + k, count: width), I.load(x + k, count: width), even)
        k &+= width
      }
      y[i] = I.fold(even + odd) { $0 + $1 }[0]
      i &+= 1
    }
  }
}
