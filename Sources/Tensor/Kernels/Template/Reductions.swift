// Many numbers to one: sums, products, extremes and their positions, over a row or down columns.
//
// Sums run over blocks with several vectors in flight; the sums of the blocks are added with the
// rounding errors kept (Knuth's two-sum), so that the error grows hardly at all with the length
// and the order of additions never depends on where the operand lies. `Rows.swift` is next.

/// How many numbers become one.
public enum Reduction: Sendable, CaseIterable {
  case sum, product
  /// NaN if any number is NaN; +∞ of none.
  case minimum
  /// NaN if any number is NaN; -∞ of none.
  case maximum
  case sumOfSquares
}

/// Which element a search is for.
public enum ArgumentReduction: Sendable, CaseIterable {
  case minimum, maximum
}

extension InstructionSet {
  /// All lanes combined, in every lane.
  @inlinable @inline(__always)
  static func fold(_ v: Vector, _ combine: (Vector, Vector) -> Vector) -> Vector {
    var result = v
    var half = Vector.count / 2
    while half > 0 {
      var other = result
      var lane = 0
      while lane < Vector.count {
        other[lane] = result[lane ^ half]
        lane &+= 1
      }
      result = combine(result, other)
      half /= 2
    }
    return result
  }

  /// As `load`, with `padding` behind the elements of a partial block.
  @inlinable @inline(__always)
  static func load(_ p: Input, _ block: Block, padding: Vector) -> Vector {
    let v = load(p, block)
    if block.isWhole { return v }
    var index = Vector.all(0)
    var lane = 0
    while lane < Vector.count {
      index[lane] = scalar(Double(lane))
      lane &+= 1
    }
    return v.replacing(
      with: padding, where: index .>= Vector(repeating: scalar(Double(block.count))))
  }
}

/// A sum that keeps the rounding errors of its additions, lane by lane.
public struct CompensatedSum<I: InstructionSet> {
  @usableFromInline var sum: I.Vector
  @usableFromInline var lost: I.Vector

  @inlinable @inline(__always)
  init() {
    sum = .all(0)
    lost = .all(0)
  }

  @inlinable @inline(__always)
  mutating func add(_ term: I.Vector) {
    let next = sum + term
    let part = next - sum
    lost = lost + ((sum - (next - part)) + (term - part))
    sum = next
  }

  /// The sum of each lane. With infinities the errors are NaN and do not count.
  @inlinable @inline(__always)
  var value: I.Vector { sum + lost.replacing(with: .all(0), where: lost .!= lost) }
}

/// The reducing kernels.
public enum Reductions<I: InstructionSet> {
  public typealias Vector = I.Vector

  // MARK: One row

  /// `out = x[0] + x[1] + ...` and the like.
  @inlinable @inline(__always)
  public static func reduce(_ reduction: Reduction, _ x: I.Input, _ count: Int, _ out: I.Output) {
    switch reduction {
    case .sum: out.pointee = sum(x, count) { $0 + $1 }
    case .sumOfSquares: out.pointee = sum(x, count) { I.multiplyAdd($1, $1, $0) }
    case .product: out.pointee = combine(x, count, .all(1)) { $0 * $1 }
    case .minimum: out.pointee = combine(x, count, .all(.infinity)) { I.minimum($0, $1) }
    case .maximum: out.pointee = combine(x, count, .all(-.infinity)) { I.maximum($0, $1) }
    }
  }

  /// The sum of terms that `add(sum, x)` adds.
  @inlinable @inline(__always)
  static func sum(_ x: I.Input, _ count: Int, _ add: (Vector, Vector) -> Vector) -> I.Scalar {
    var total = CompensatedSum<I>()
    let width = Vector.count
    var i = 0
    while count &- i >= 8 &* width {
      let end = i &+ min(count &- i, 256 &* width) &- 8 &* width
      var (a, b, c, d) = (Vector.all(0), Vector.all(0), Vector.all(0), Vector.all(0))
      var (e, f, g, h) = (a, b, c, d)
      while i <= end {
        a = add(a, I.load(x + i))
        b = add(b, I.load(x + (i &+ width)))
        c = add(c, I.load(x + (i &+ 2 &* width)))
        d = add(d, I.load(x + (i &+ 3 &* width)))
        e = add(e, I.load(x + (i &+ 4 &* width)))
        f = add(f, I.load(x + (i &+ 5 &* width)))
        g = add(g, I.load(x + (i &+ 6 &* width)))
        h = add(h, I.load(x + (i &+ 7 &* width)))
        i &+= 8 &* width
      }
      total.add(((a + b) + (c + d)) + ((e + f) + (g + h)))
    }
    var rest = Vector.all(0)
    I.sweep(count &- i) { rest = add(rest, I.load(x + i, $0)) }
    total.add(rest)
    return I.fold(total.value) { $0 + $1 }[0]
  }

  @inlinable @inline(__always)
  static func combine(
    _ x: I.Input, _ count: Int, _ identity: Vector, _ f: (Vector, Vector) -> Vector
  ) -> I.Scalar {
    var (a, b, c, d) = (identity, identity, identity, identity)
    let width = Vector.count
    var i = 0
    while count &- i >= 4 &* width {
      a = f(a, I.load(x + i))
      b = f(b, I.load(x + (i &+ width)))
      c = f(c, I.load(x + (i &+ 2 &* width)))
      d = f(d, I.load(x + (i &+ 3 &* width)))
      i &+= 4 &* width
    }
    I.sweep(count &- i) { a = f(a, I.load(x + i, $0, padding: identity)) }
    return I.fold(f(f(a, b), f(c, d)), f)[0]
  }

  // MARK: Positions

  /// The index of the first least or greatest number, or of the first NaN.
  @inlinable @inline(__always)
  public static func argument(_ reduction: ArgumentReduction, _ x: I.Input, _ count: Int) -> Int {
    let extreme: I.Scalar
    switch reduction {
    case .minimum: extreme = combine(x, count, .all(.infinity)) { I.minimum($0, $1) }
    case .maximum: extreme = combine(x, count, .all(-.infinity)) { I.maximum($0, $1) }
    }
    return I.double(extreme) == I.double(extreme)
      ? first(x, count, Vector(repeating: extreme)) { $0 == $1 }
      : first(x, count, Vector(repeating: extreme)) { _, x in x != x }
  }

  @inlinable @inline(__always)
  static func first(
    _ x: I.Input, _ count: Int, _ value: Vector, _ matches: (Double, Double) -> Bool
  ) -> Int {
    // Whole stretches without the value are skipped by vectors; a stretch with it, or with a
    // NaN, is searched one by one.
    let width = Vector.count
    let v = I.double(value[0])
    var i = 0
    while count &- i >= 8 &* width {
      var hits = Vector.all(0)
      var j = 0
      while j < 8 {
        let vector = I.load(x + (i &+ j &* width))
        hits = hits.replacing(with: .all(1), where: vector .== value)
          .replacing(with: .all(1), where: vector .!= vector)
        j &+= 1
      }
      if I.double(I.fold(hits) { $0 + $1 }[0]) > 0 { break }
      i &+= 8 &* width
    }
    while i < count {
      if matches(v, I.double(x[i])) { return i }
      i &+= 1
    }
    return 0
  }

  // MARK: Columns

  /// `y[j] = x[0, j] + x[1, j] + ...` and the like for each column j; sums may be added to `y`.
  @inlinable @inline(__always)
  public static func reduceColumns(
    _ reduction: Reduction, _ x: I.Input, _ rows: Int, _ columns: Int, _ rowStride: Int,
    _ y: I.Output, _ accumulate: Bool
  ) {
    switch reduction {
    case .sum:
      sumColumns(x, rows, columns, rowStride, y, accumulate) { $0 + $1 }
    case .sumOfSquares:
      sumColumns(x, rows, columns, rowStride, y, accumulate) { I.multiplyAdd($1, $1, $0) }
    case .product: combineColumns(x, rows, columns, rowStride, y, .all(1)) { $0 * $1 }
    case .minimum:
      combineColumns(x, rows, columns, rowStride, y, .all(.infinity)) { I.minimum($0, $1) }
    case .maximum:
      combineColumns(x, rows, columns, rowStride, y, .all(-.infinity)) { I.maximum($0, $1) }
    }
  }

  @inlinable @inline(__always)
  static func sumColumns(
    _ x: I.Input, _ rows: Int, _ columns: Int, _ rowStride: Int, _ y: I.Output,
    _ accumulate: Bool, _ add: (Vector, Vector) -> Vector
  ) {
    I.sweep(columns) { block in
      var total = CompensatedSum<I>()
      var i = 0
      while i < rows {
        let end = min(rows, i &+ 256)
        var (a, b, c, d) = (Vector.all(0), Vector.all(0), Vector.all(0), Vector.all(0))
        while i &+ 4 <= end {
          let p = x + i &* rowStride
          a = add(a, I.load(p, block))
          b = add(b, I.load(p + rowStride, block))
          c = add(c, I.load(p + 2 &* rowStride, block))
          d = add(d, I.load(p + 3 &* rowStride, block))
          i &+= 4
        }
        while i < end {
          a = add(a, I.load(x + i &* rowStride, block))
          i &+= 1
        }
        total.add((a + b) + (c + d))
      }
      I.store(accumulate ? I.load(y, block) + total.value : total.value, y, block)
    }
  }

  @inlinable @inline(__always)
  static func combineColumns(
    _ x: I.Input, _ rows: Int, _ columns: Int, _ rowStride: Int, _ y: I.Output,
    _ identity: Vector, _ f: (Vector, Vector) -> Vector
  ) {
    I.sweep(columns) { block in
      var (a, b) = (identity, identity)
      var i = 0
      while i &+ 2 <= rows {
        a = f(a, I.load(x + i &* rowStride, block))
        b = f(b, I.load(x + (i &+ 1) &* rowStride, block))
        i &+= 2
      }
      if i < rows { a = f(a, I.load(x + i &* rowStride, block)) }
      I.store(f(a, b), y, block)
    }
  }
}
