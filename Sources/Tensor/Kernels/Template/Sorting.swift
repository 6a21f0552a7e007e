// Sorting a few hundred numbers in vectors, by a network: a list of comparisons that does not depend
// on the numbers, so that whole vectors are compared and exchanged at once (K. E. Batcher, "Sorting
// Networks and Their Applications", 1968). ../../Operations/RadixSort.swift cuts long lists into parts
// that are short enough.
//
// Position p of the list is row p mod R of lane p / R: so all comparisons at distances below R are those
// of whole vectors, only those at R, 2 R, ... exchange lanes, and a transposition puts the list in order.

/// How the bits of what is sorted become signed integers in the same order.
public enum KeyOrder: Sendable, CaseIterable {
  /// Floating-point numbers, NaN last.
  case floats
  /// Signed integers of the same width.
  case signed
  /// Unsigned integers of the same width.
  case unsigned
}

/// The sorting kernels.
public enum Sorting<I: InstructionSet> {
  /// The vector of the instruction set.
  public typealias Vector = I.Vector
  /// As many integers.
  public typealias Integers = I.Vector.Integers

  /// Puts the `count` numbers at `x` into rising or falling order at `y`, which may be `x`.
  ///
  /// `scratch` has room for twice as many numbers and two vectors.
  @export(implementation) @inline(__always)
  public static func sort(
    _ x: I.Input, _ count: Int, _ order: KeyOrder, _ descending: Bool, _ scratch: I.Output,
    _ y: I.Output
  ) {
    if count == 0 { return }
    let lanes = Vector.count
    var rows = 1
    while rows &* lanes < count { rows &*= 2 }
    var index = Integers.all(0)
    var lane = 0
    while lane < lanes {
      index[lane] = Integers.all(lane)[0]
      lane &+= 1
    }
    let width = 8 &* MemoryLayout<I.Scalar>.size
    let top = Integers.all(1) &<< Integers.all(width &- 1)
    let greatest = top ^ Integers.all(-1)
    let reverse = Integers.all(descending ? -1 : 0)

    // Keys, the greatest ones behind the last. Lanes that have to fall are complemented, as then all
    // comparisons are those of rising lists.
    var falling = lanesWithBit(0, index, lanes)
    var row = 0
    while row < rows {
      let left = count &- row &* lanes
      var keys = greatest
      if left > 0 {
        let v = left >= lanes ? I.load(x + row &* lanes) : I.load(x + row &* lanes, count: left)
        var bits = v.bits
        switch order {
        case .floats:
          bits = bits ^ ((bits &>> Integers.all(width &- 1)) & greatest)
          // One NaN for all.
          bits = bits.replacing(with: Vector.all(.nan).bits, where: v .!= v)
        case .signed: break
        case .unsigned: bits = bits ^ top
        }
        bits = bits ^ reverse
        keys = keys.replacing(with: bits, where: index .< Integers.all(min(left, lanes)))
      }
      I.store(Vector(bits: keys ^ falling), to: scratch + row &* lanes)
      row &+= 1
    }

    // Within lanes: lists of two, four, ... rows.
    var length = 2
    while length <= rows {
      mergeMirrored(scratch, rows, length)
      length &*= 2
    }
    // Across lanes: two lists, of which one falls, become one.
    var bit = 1
    while 1 &<< bit <= lanes {
      let next = lanesWithBit(bit, index, lanes)
      let change = falling ^ next
      var distance = 1 &<< (bit &- 1)
      var flips = change
      while distance > 0 {
        let isLower = (index & Integers.all(distance)) .== Integers.all(0)
        row = 0
        while row < rows {
          let place = scratch + row &* lanes
          let keys = I.load(place).bits ^ flips
          let other = I.exchange(Vector(bits: keys), distance).bits
          let sorted = greater(keys, other).replacing(with: lesser(keys, other), where: isLower)
          I.store(Vector(bits: sorted), to: place)
          row &+= 1
        }
        flips = Integers.all(0)
        distance &>>= 1
      }
      merge(scratch, rows, rows &>> 1)
      falling = next
      bit &+= 1
    }

    row = 0
    while row < rows {
      let place = scratch + row &* lanes
      var bits = I.load(place).bits ^ reverse
      switch order {
      case .floats: bits = bits ^ ((bits &>> Integers.all(width &- 1)) & greatest)
      case .signed: break
      case .unsigned: bits = bits ^ top
      }
      I.store(Vector(bits: bits), to: place)
      row &+= 1
    }
    MatrixCopy<I>.copy(
      scratch, rowStride: 1, columnStride: lanes, y, yRowStride: rows, rows: count / rows,
      columns: rows)
    let whole = count / rows
    row = 0
    while row < count &- whole &* rows {
      y[whole &* rows &+ row] = scratch[row &* lanes &+ whole]
      row &+= 1
    }
  }

  /// All ones in the lanes whose number has this bit; in none if there are no such lanes.
  @export(implementation) @inline(__always)
  static func lanesWithBit(_ bit: Int, _ index: Integers, _ lanes: Int) -> Integers {
    Integers.all(-1).replacing(
      with: Integers.all(0), where: (index & Integers.all(1 &<< bit)) .== Integers.all(0))
  }

  @export(implementation) @inline(__always)
  static func lesser(_ a: Integers, _ b: Integers) -> Integers {
    a.replacing(with: b, where: b .< a)
  }

  @export(implementation) @inline(__always)
  static func greater(_ a: Integers, _ b: Integers) -> Integers {
    a.replacing(with: b, where: b .> a)
  }

  /// Sorts lists of `length` rows, both halves of which are sorted, lane by lane.
  ///
  /// The first of one half is compared with the last of the other, and so on: then no number of the
  /// first half is above one of the second, and in each half comparisons at falling distances follow.
  @export(implementation) @inline(__always)
  static func mergeMirrored(_ x: I.Output, _ rows: Int, _ length: Int) {
    let lanes = Vector.count
    var start = 0
    while start < rows {
      var low = x + start &* lanes
      var high = x + (start &+ length &- 1) &* lanes
      while low < high {
        let (a, b) = (I.load(low).bits, I.load(high).bits)
        I.store(Vector(bits: lesser(a, b)), to: low)
        I.store(Vector(bits: greater(a, b)), to: high)
        low += lanes
        high -= lanes
      }
      start &+= length
    }
    merge(x, rows, length &>> 2)
  }

  /// Compares rows at the given distance, then at half of it, and so on, lane by lane.
  @export(implementation) @inline(__always)
  static func merge(_ x: I.Output, _ rows: Int, _ first: Int) {
    let lanes = Vector.count
    let end = x + rows &* lanes
    var distance = first
    // Two distances at once: four rows are in registers for both.
    while distance >= 2 {
      let (half, step) = ((distance &>> 1) &* lanes, distance &* lanes)
      var start = x
      while start < end {
        var place = start
        while place < start + half {
          let a = I.load(place).bits
          let b = I.load(place + half).bits
          let c = I.load(place + step).bits
          let d = I.load(place + (step &+ half)).bits
          let (a1, c1) = (lesser(a, c), greater(a, c))
          let (b1, d1) = (lesser(b, d), greater(b, d))
          I.store(Vector(bits: lesser(a1, b1)), to: place)
          I.store(Vector(bits: greater(a1, b1)), to: place + half)
          I.store(Vector(bits: lesser(c1, d1)), to: place + step)
          I.store(Vector(bits: greater(c1, d1)), to: place + (step &+ half))
          place += lanes
        }
        start += 2 &* step
      }
      distance &>>= 2
    }
    if distance == 1 {
      var place = x
      while place < end {
        let (a, b) = (I.load(place).bits, I.load(place + lanes).bits)
        I.store(Vector(bits: lesser(a, b)), to: place)
        I.store(Vector(bits: greater(a, b)), to: place + lanes)
        place += 2 &* lanes
      }
    }
  }
}
