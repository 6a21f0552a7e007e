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
  @export(implementation) @inline(__always)
  static func fold(_ v: Vector, _ combine: (Vector, Vector) -> Vector) -> Vector {
    var result = v
    if Vector.count > 8 { result = combine(result, exchange(result, 8)) }
    if Vector.count > 4 { result = combine(result, exchange(result, 4)) }
    if Vector.count > 2 { result = combine(result, exchange(result, 2)) }
    return combine(result, exchange(result, 1))
  }

  /// Each lane from the lane `distance`, a power of two, away; one shuffle.
  @export(implementation) @inline(__always)
  public static func exchange(_ v: Vector, _ distance: Int) -> Vector {
    var result = v
    var lane = 0
    while lane < Vector.count {
      result[lane] = v[lane ^ distance]
      lane &+= 1
    }
    return result
  }

  /// As `load`, with `padding` behind the elements of a partial block.
  @export(implementation) @inline(__always)
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

  @export(implementation) @inline(__always)
  init() {
    sum = .all(0)
    lost = .all(0)
  }

  @export(implementation) @inline(__always)
  mutating func add(_ term: I.Vector) {
    let next = sum + term
    let part = next - sum
    lost = lost + ((sum - (next - part)) + (term - part))
    sum = next
  }

  /// The sum of each lane.
  ///
  /// With infinities the errors are NaN and do not count.
  @export(implementation) @inline(__always)
  var value: I.Vector { sum + lost.replacing(with: .all(0), where: lost .!= lost) }
}

/// The reducing kernels.
public enum Reductions<I: InstructionSet> {
  /// The vector of the instruction set.
  public typealias Vector = I.Vector

  // MARK: One row

  /// `out = x[0] + x[1] + ...` and the like.
  @export(implementation) @inline(__always)
  public static func reduce(_ reduction: Reduction, _ x: I.Input, _ count: Int, _ out: I.Output) {
    switch reduction {
    case .sum: out.pointee = sum(x, count) { $0 + $1 }
    case .sumOfSquares: out.pointee = sum(x, count) { I.multiplyAdd($1, $1, $0) }
    case .product: out.pointee = combine(x, count, .all(1)) { $0 * $1 }
    case .minimum:
      out.pointee = extreme(x, count, .all(.infinity)) { $0.replacing(with: $1, where: $1 .< $0) }
    case .maximum:
      out.pointee = extreme(x, count, .all(-.infinity)) { $0.replacing(with: $1, where: $1 .> $0) }
    }
  }

  /// The sum of terms that `add(sum, x)` adds.
  @export(implementation) @inline(__always)
  static func sum(_ x: I.Input, _ count: Int, _ add: (Vector, Vector) -> Vector) -> I.Scalar {
    var total = CompensatedSum<I>()
    let width = Vector.count
    var i = 0
    while count &- i >= 8 &* width {
      let end = i &+ min(count &- i, 128 &* width) &- 8 &* width
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

  @export(implementation) @inline(__always)
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

  /// The least or greatest number, as `pick` chooses between two without a look at NaN; NaN if any
  /// number is.
  ///
  /// NaN goes its own way beside the extremes, since a choice that minds it takes four times as long.
  @export(implementation) @inline(__always)
  static func extreme(
    _ x: I.Input, _ count: Int, _ identity: Vector, _ pick: (Vector, Vector) -> Vector
  ) -> I.Scalar {
    let width = Vector.count
    var (a, b, c, d) = (identity, identity, identity, identity)
    var nan = Vector.all(0)
    @inline(__always) func see(_ v: Vector, _ best: inout Vector) {
      best = pick(best, v)
      nan = nan.replacing(with: v, where: v .!= v)
    }
    var i = 0
    while count &- i >= 4 &* width {
      see(I.load(x + i), &a)
      see(I.load(x + (i &+ width)), &b)
      see(I.load(x + (i &+ 2 &* width)), &c)
      see(I.load(x + (i &+ 3 &* width)), &d)
      i &+= 4 &* width
    }
    while count &- i >= width {
      see(I.load(x + i), &a)
      i &+= width
    }
    if i < count {
      if count >= width {
        // Some numbers twice: that changes no extreme.
        see(I.load(x + (count &- width)), &b)
      } else {
        let block = Block(start: 0, count: count, isWhole: false)
        see(I.load(x, block, padding: identity), &a)
      }
    }
    let best = I.fold(pick(pick(a, b), pick(c, d)), pick)
    let anyNaN = I.fold(nan) { $0 + $1 }
    return best.replacing(with: anyNaN, where: anyNaN .!= anyNaN)[0]
  }

  // MARK: Positions

  /// The index of the first least or greatest number, or of the first NaN.
  @export(implementation) @inline(__always)
  public static func argument(_ reduction: ArgumentReduction, _ x: I.Input, _ count: Int) -> Int {
    switch reduction {
    case .minimum:
      position(x, count, .infinity) { $0.replacing(with: $1, where: $1 .< $0) }
    case .maximum:
      position(x, count, -.infinity) { $0.replacing(with: $1, where: $1 .> $0) }
    }
  }

  /// The first index of the number that `pick` chooses from all, or of the first NaN.
  @export(implementation) @inline(__always)
  static func position(
    _ x: I.Input, _ count: Int, _ identity: Double, _ pick: (Vector, Vector) -> Vector
  ) -> Int {
    // The extreme of each stretch first; then a search of the first stretch that has the best.
    let stretch = 4096
    var best = Vector.all(identity)
    var start = 0
    var i = 0
    while i < count {
      let here = Vector(
        repeating: extreme(x + i, min(stretch, count &- i), Vector.all(identity), pick))
      let better = pick(best, here).replacing(with: here, where: here .!= here)
      let (old, new) = (I.double(best[0]), I.double(better[0]))
      if old == old && old != new { start = i }
      best = better
      i &+= stretch
    }
    return first(x, start, count, best)
  }

  /// The first index from `start` of a number that equals all lanes of `value`, NaN included.
  @export(implementation) @inline(__always)
  static func first(_ x: I.Input, _ start: Int, _ count: Int, _ value: Vector) -> Int {
    let (zero, one) = (Vector.all(0), Vector.all(1))
    let isNumber = I.double(value[0]) == I.double(value[0])
    let width = 4 &* Vector.count
    var i = start
    while count &- i >= width {
      var hits = zero
      var j = i
      while j < i &+ width {
        let v = I.load(x + j)
        hits =
          isNumber
          ? hits.replacing(with: one, where: v .== value)
          : hits.replacing(with: one, where: v .!= v)
        j &+= Vector.count
      }
      if I.double(I.fold(hits) { $0 + $1 }[0]) > 0 { break }
      i &+= width
    }
    // Vector by vector: the least number of a lane that hits. The lanes behind the last one come later.
    var lanes = zero
    var lane = 0
    while lane < Vector.count {
      lanes[lane] = I.scalar(Double(lane))
      lane &+= 1
    }
    while i < count {
      let left = count &- i
      let v = left >= Vector.count ? I.load(x + i) : I.load(x + i, count: left)
      let none = Vector.all(Double(Vector.count))
      let hits =
        isNumber
        ? none.replacing(with: lanes, where: v .== value)
        : none.replacing(with: lanes, where: v .!= v)
      let nearest = I.fold(hits) { $0.replacing(with: $1, where: $1 .< $0) }
      let place = Int(I.double(nearest[0]))
      if place < min(left, Vector.count) { return i &+ place }
      i &+= Vector.count
    }
    return start
  }

  // MARK: Columns

  /// `y[j] = x[0, j] + x[1, j] + ...` and the like for each column j; sums may be added to `y`.
  @export(implementation) @inline(__always)
  public static func reduceColumns(
    _ reduction: Reduction, _ x: I.Input, _ rows: Int, _ columns: Int, _ rowStride: Int,
    _ y: I.Output, _ accumulate: Bool
  ) {
    let columns = Columns(x: x, rows: rows, columns: columns, stride: rowStride, y: y)
    switch reduction {
    case .sum: columns.sum(accumulate) { $0 + $1 }
    case .sumOfSquares: columns.sum(accumulate) { I.multiplyAdd($1, $1, $0) }
    case .product: columns.combine(.all(1)) { $0 * $1 }
    case .minimum: columns.combine(.all(.infinity)) { I.minimum($0, $1) }
    case .maximum: columns.combine(.all(-.infinity)) { I.maximum($0, $1) }
    }
  }

  /// A matrix whose columns are reduced into `y`.
  ///
  /// Four vectors of columns go down the rows together as long as there are so many (whole cache
  /// lines of several streams); the last ones singly with four rows in flight.
  @usableFromInline struct Columns {
    @usableFromInline let x: I.Input
    @usableFromInline let rows: Int
    @usableFromInline let columns: Int
    @usableFromInline let stride: Int
    @usableFromInline let y: I.Output

    @export(implementation) @inline(__always)
    init(x: I.Input, rows: Int, columns: Int, stride: Int, y: I.Output) {
      self.x = x
      self.rows = rows
      self.columns = columns
      self.stride = stride
      self.y = y
    }

    @export(implementation) @inline(__always)
    func sum(_ accumulate: Bool, _ add: (Vector, Vector) -> Vector) {
      let width = Vector.count
      var j = 0
      while j &+ 4 &* width <= columns {
        var (s, t, u, v) = (
          CompensatedSum<I>(), CompensatedSum<I>(), CompensatedSum<I>(), CompensatedSum<I>()
        )
        var i = 0
        while i < rows {
          let (a, b, c, d) = wide(j, i, min(rows, i &+ 64), .all(0), add)
          s.add(a)
          t.add(b)
          u.add(c)
          v.add(d)
          i &+= 64
        }
        put(s.value, j, accumulate)
        put(t.value, j &+ width, accumulate)
        put(u.value, j &+ 2 &* width, accumulate)
        put(v.value, j &+ 3 &* width, accumulate)
        j &+= 4 &* width
      }
      I.sweep(columns &- j) { block in
        var total = CompensatedSum<I>()
        var i = 0
        while i < rows {
          let (a, b, c, d) = narrow(j, block, i, min(rows, i &+ 64), .all(0), add)
          total.add((a + b) + (c + d))
          i &+= 64
        }
        let p = y + j
        I.store(accumulate ? I.load(p, block) + total.value : total.value, p, block)
      }
    }

    @export(implementation) @inline(__always)
    func combine(_ identity: Vector, _ f: (Vector, Vector) -> Vector) {
      let width = Vector.count
      var j = 0
      while j &+ 4 &* width <= columns {
        let (a, b, c, d) = wide(j, 0, rows, identity, f)
        put(a, j, false)
        put(b, j &+ width, false)
        put(c, j &+ 2 &* width, false)
        put(d, j &+ 3 &* width, false)
        j &+= 4 &* width
      }
      I.sweep(columns &- j) { block in
        let (a, b, c, d) = narrow(j, block, 0, rows, identity, f)
        I.store(f(f(a, b), f(c, d)), y + j, block)
      }
    }

    @export(implementation) @inline(__always)
    func put(_ value: Vector, _ j: Int, _ accumulate: Bool) {
      I.store(accumulate ? I.load(y + j) + value : value, to: y + j)
    }

    /// Four vectors of columns from column `j` on, over the rows from `start` to `end`.
    @export(implementation) @inline(__always)
    func wide(
      _ j: Int, _ start: Int, _ end: Int, _ identity: Vector, _ f: (Vector, Vector) -> Vector
    ) -> (Vector, Vector, Vector, Vector) {
      var (a, b, c, d) = (identity, identity, identity, identity)
      var p = x + (start &* stride &+ j)
      var i = start
      while i < end {
        a = f(a, I.load(p))
        b = f(b, I.load(p + Vector.count))
        c = f(c, I.load(p + 2 &* Vector.count))
        d = f(d, I.load(p + 3 &* Vector.count))
        p += stride
        i &+= 1
      }
      return (a, b, c, d)
    }

    /// One block of columns, counted from `j`, over the rows from `start` to `end`, four by four.
    @export(implementation) @inline(__always)
    func narrow(
      _ j: Int, _ block: Block, _ start: Int, _ end: Int, _ identity: Vector,
      _ f: (Vector, Vector) -> Vector
    ) -> (Vector, Vector, Vector, Vector) {
      var (a, b, c, d) = (identity, identity, identity, identity)
      var p = x + (start &* stride &+ j)
      var i = start
      while i &+ 4 <= end {
        a = f(a, I.load(p, block))
        b = f(b, I.load(p + stride, block))
        c = f(c, I.load(p + 2 &* stride, block))
        d = f(d, I.load(p + 3 &* stride, block))
        p += 4 &* stride
        i &+= 4
      }
      while i < end {
        a = f(a, I.load(p, block))
        p += stride
        i &+= 1
      }
      return (a, b, c, d)
    }
  }
}
