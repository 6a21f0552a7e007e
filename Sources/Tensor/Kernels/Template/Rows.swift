// Softmax and its relatives, row by row.
//
// With m the greatest number of a row, softmax is exp(x - m) / s where s = Σ exp(x - m): no
// exponential overflows and one of them is 1. `Updates.swift` is next.

/// The kernels that handle each row of a matrix as one distribution.
public enum Rows<I: InstructionSet> {
  /// The vector of the instruction set.
  public typealias Vector = I.Vector

  /// The greatest number of a row, in every lane.
  ///
  /// NaN is passed over here: it reaches the sum.
  @export(implementation) @inline(__always)
  static func greatest(_ x: I.Input, _ columns: Int) -> Vector {
    let least = Vector.all(-.infinity)
    var m = least
    I.sweep(columns) {
      let v = I.load(x, $0, padding: least)
      m = m.replacing(with: v, where: v .> m)
    }
    return I.fold(m) { $0.replacing(with: $1, where: $1 .> $0) }
  }

  /// The sum over a row of `f`, which gives zeros beyond the row; in every lane.
  @export(implementation) @inline(__always)
  static func sum(_ columns: Int, _ f: (Block) -> Vector) -> Vector {
    var s = Vector.all(0)
    I.sweep(columns) { s = s + f($0) }
    return I.fold(s) { $0 + $1 }
  }

  /// `y = exp(x - m) / s` for one row; gives its greatest number m and the sum s, in every lane.
  @export(implementation) @inline(__always)
  static func distribution(_ x: I.Input, _ y: I.Output, _ columns: Int) -> (m: Vector, s: Vector) {
    let least = Vector.all(-.infinity)
    if columns <= Vector.count {
      // One vector, which stays in a register.
      let row = Block(start: 0, count: columns, isWhole: false)
      let v = I.load(x, row, padding: least)
      let m = I.fold(v) { $0.replacing(with: $1, where: $1 .> $0) }
      let e = I.exponentialOfNonpositive(v - m)
      let s = I.fold(e) { $0 + $1 }
      I.store(e / s, y, row)
      return (m, s)
    }
    let m = greatest(x, columns)
    let s = sum(columns) {
      let e = I.exponentialOfNonpositive(I.load(x, $0, padding: least) - m)
      I.store(e, y, $0)
      return e
    }
    I.sweep(columns) { I.store(I.load(y, $0) / s, y, $0) }
    return (m, s)
  }

  /// `y = softmax(x)` for each row.
  @export(implementation) @inline(__always)
  public static func softmax(_ x: I.Input, _ y: I.Output, _ rows: Int, _ columns: Int) {
    var i = 0
    while i < rows {
      _ = distribution(x + i &* columns, y + i &* columns, columns)
      i &+= 1
    }
  }

  /// `y = log softmax(x)` for each row.
  @export(implementation) @inline(__always)
  public static func logSoftmax(_ x: I.Input, _ y: I.Output, _ rows: Int, _ columns: Int) {
    let least = Vector.all(-.infinity)
    var i = 0
    while i < rows {
      let (x, y) = (x + i &* columns, y + i &* columns)
      let m = greatest(x, columns)
      let s = sum(columns) { I.exponentialOfNonpositive(I.load(x, $0, padding: least) - m) }
      let l = I.log(s)
      I.sweep(columns) { I.store((I.load(x, $0) - m) - l, y, $0) }
      i &+= 1
    }
  }

  /// `dx = y (dy - Σ dy y)` for each row, or added to `dx`; `y` is the softmax.
  @export(implementation) @inline(__always)
  public static func softmaxGradient(
    _ y: I.Input, _ dy: I.Input, _ dx: I.Output, _ rows: Int, _ columns: Int, _ accumulate: Bool
  ) {
    var i = 0
    while i < rows {
      let start = i &* columns
      let (y, dy, dx) = (y + start, dy + start, dx + start)
      let s = sum(columns) { I.load(y, $0) * I.load(dy, $0) }
      if accumulate {
        I.sweep(columns) {
          I.store(I.load(dx, $0) + I.load(y, $0) * (I.load(dy, $0) - s), dx, $0)
        }
      } else {
        I.sweep(columns) { I.store(I.load(y, $0) * (I.load(dy, $0) - s), dx, $0) }
      }
      i &+= 1
    }
  }

  /// `dx = dy - eʸ Σ dy` for each row, or added to `dx`; `y` is the logarithm of the softmax.
  @export(implementation) @inline(__always)
  public static func logSoftmaxGradient(
    _ y: I.Input, _ dy: I.Input, _ dx: I.Output, _ rows: Int, _ columns: Int, _ accumulate: Bool
  ) {
    var i = 0
    while i < rows {
      let start = i &* columns
      let (y, dy, dx) = (y + start, dy + start, dx + start)
      let s = sum(columns) { I.load(dy, $0) }
      if accumulate {
        I.sweep(columns) {
          let p = I.exponentialOfNonpositive(I.load(y, $0))
          I.store(I.load(dx, $0) + (I.load(dy, $0) - p * s), dx, $0)
        }
      } else {
        I.sweep(columns) {
          let p = I.exponentialOfNonpositive(I.load(y, $0))
          I.store(I.load(dy, $0) - p * s, dx, $0)
        }
      }
      i &+= 1
    }
  }

  /// For each row of logits z, its softmax and `losses[i] = log Σ exp(z) - z[labels[i]]`.
  @export(implementation) @inline(__always)
  public static func softmaxCrossEntropy(
    _ z: I.Input, _ labels: I.Input, _ probabilities: I.Output, _ losses: I.Output,
    _ rows: Int, _ columns: Int
  ) {
    // One logarithm for as many rows as a vector has lanes.
    var i = 0
    while i < rows {
      let count = min(Vector.count, rows &- i)
      var (sums, targets) = (Vector.all(1), Vector.all(0))
      var lane = 0
      while lane < count {
        let start = (i &+ lane) &* columns
        // Read before `probabilities` is written, which may be the same memory.
        let target = Vector(repeating: z[start &+ Int(I.double(labels[i &+ lane]))])
        let (m, s) = distribution(z + start, probabilities + start, columns)
        sums[lane] = s[0]
        targets[lane] = (target - m)[0]
        lane &+= 1
      }
      I.store(I.log(sums) - targets, to: losses + i, count: count)
      i &+= count
    }
  }
}
