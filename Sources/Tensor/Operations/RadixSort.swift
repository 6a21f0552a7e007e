// Sorting without comparisons. Each number has an unsigned key of its width in the same order; keys are
// put in order digit by digit, from the least significant one, with a count of each digit's values
// telling where to write. Every pass is stable, so the whole sort is; digits in which all keys agree
// are left out. Next: Tensor+Sorting.swift, which sorts tensors with it.

/// A number with an unsigned key that orders as the number does.
///
/// NaN has the largest key whatever its sign, so it comes last, as in NumPy.
protocol SortableScalar: TensorNumber {
  associatedtype SortKey: FixedWidthInteger & UnsignedInteger & BitwiseCopyable
  var sortKey: SortKey { get }
  init(sortKey: SortKey)
}

extension UInt8: SortableScalar {
  @inline(__always) var sortKey: UInt8 { self }
  @inline(__always) init(sortKey: UInt8) { self = sortKey }
}

extension Int32: SortableScalar {
  @inline(__always) var sortKey: UInt32 { UInt32(bitPattern: self) ^ 1 &<< 31 }
  @inline(__always) init(sortKey: UInt32) { self.init(bitPattern: sortKey ^ 1 &<< 31) }
}

extension Int: SortableScalar {
  @inline(__always) var sortKey: UInt64 { UInt64(bitPattern: Int64(self)) ^ 1 &<< 63 }
  @inline(__always) init(sortKey: UInt64) { self.init(Int64(bitPattern: sortKey ^ 1 &<< 63)) }
}

// The bits of positive floats order as integers do; those of negative ones the other way round.

extension Float: SortableScalar {
  @inline(__always) var sortKey: UInt32 {
    let sign = UInt32(bitPattern: Int32(bitPattern: bitPattern) &>> 31)
    return self != self ? .max : bitPattern ^ (sign | 1 &<< 31)
  }
  @inline(__always) init(sortKey: UInt32) {
    let negative = UInt32(bitPattern: Int32(bitPattern: ~sortKey) &>> 31)
    self.init(bitPattern: sortKey ^ (negative | 1 &<< 31))
  }
}

extension Double: SortableScalar {
  @inline(__always) var sortKey: UInt64 {
    let sign = UInt64(bitPattern: Int64(bitPattern: bitPattern) &>> 63)
    return self != self ? .max : bitPattern ^ (sign | 1 &<< 63)
  }
  @inline(__always) init(sortKey: UInt64) {
    let negative = UInt64(bitPattern: Int64(bitPattern: ~sortKey) &>> 63)
    self.init(bitPattern: sortKey ^ (negative | 1 &<< 63))
  }
}

/// Sorts `count` elements by their keys and returns where they are: in `elements` or in `scratch`.
///
/// Elements with equal keys keep their order.
@inline(__always)
func radixSort<Element: BitwiseCopyable, Key: FixedWidthInteger & UnsignedInteger>(
  _ elements: UnsafeMutablePointer<Element>, _ scratch: UnsafeMutablePointer<Element>,
  _ count: Int, _ key: (Element) -> Key
) -> UnsafeMutablePointer<Element> {
  if count < 40 {
    insertionSort(elements, count, key)
    return elements
  }
  // Wide digits mean few passes and many counters.
  let digitBits = count < 3000 ? 8 : 11
  let digits = (Key.bitWidth &+ digitBits &- 1) / digitBits
  let values = 1 &<< digitBits
  let mask = values &- 1
  return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: digits &* values) { counters in
    let counters = counters.baseAddress!
    counters.initialize(repeating: 0, count: digits &* values)
    for i in 0..<count {
      let key = key(elements[i])
      for digit in 0..<digits {
        let value = Int(truncatingIfNeeded: key &>> Key(truncatingIfNeeded: digit &* digitBits))
        counters[digit &* values &+ value & mask] &+= 1
      }
    }
    var (source, target) = (elements, scratch)
    for digit in 0..<digits {
      let shift = Key(truncatingIfNeeded: digit &* digitBits)
      let places = counters + digit &* values
      let first = Int(truncatingIfNeeded: key(source[0]) &>> shift) & mask
      if places[first] == count { continue }
      var next: UInt32 = 0
      for value in 0..<values {
        let size = places[value]
        places[value] = next
        next &+= size
      }
      for i in 0..<count {
        let element = source[i]
        let value = Int(truncatingIfNeeded: key(element) &>> shift) & mask
        target[Int(places[value])] = element
        places[value] &+= 1
      }
      swap(&source, &target)
    }
    return source
  }
}

@inline(__always)
private func insertionSort<Element: BitwiseCopyable, Key: FixedWidthInteger>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, _ key: (Element) -> Key
) {
  for i in 1..<Swift.max(1, count) {
    let element = elements[i]
    let place = key(element)
    var j = i
    while j > 0 && key(elements[j &- 1]) > place {
      elements[j] = elements[j &- 1]
      j &-= 1
    }
    elements[j] = element
  }
}

/// A key of 64 bits and the position that it came from.
struct KeyAndPosition: BitwiseCopyable {
  var key: UInt64
  var position: Int
}

extension Loops {
  /// Writes the elements of a row in rising order, or in falling order, to `y`.
  ///
  /// `scratch` has room for a row.
  @inline(__always)
  static func sort<Scalar: SortableScalar>(
    _ x: UnsafePointer<Scalar>, _ count: Int, descending: Bool,
    _ scratch: UnsafeMutableRawPointer, to y: UnsafeMutablePointer<Scalar>
  ) {
    typealias Key = Scalar.SortKey
    let flip: Key = descending ? .max : 0
    let keys = UnsafeMutableRawPointer(y).assumingMemoryBound(to: Key.self)
    for i in 0..<count { keys[i] = x[i].sortKey ^ flip }
    let sorted = radixSort(
      keys, scratch.assumingMemoryBound(to: Key.self), count, { $0 })
    for i in 0..<count { y[i] = Scalar(sortKey: sorted[i] ^ flip) }
  }

  /// Writes the positions of a row's elements in rising or falling order to `y`; positions of equal
  /// elements rise.
  ///
  /// `scratch` has room for 32 bytes per element.
  @inline(__always)
  static func argsort<Scalar: SortableScalar>(
    _ x: UnsafePointer<Scalar>, _ count: Int, descending: Bool,
    _ scratch: UnsafeMutableRawPointer, to y: UnsafeMutablePointer<Int>
  ) {
    typealias Key = Scalar.SortKey
    let flip: Key = descending ? .max : 0
    // Adding 0 makes one zero of the two.
    if Key.bitWidth <= 32 {
      let pairs = scratch.assumingMemoryBound(to: UInt64.self)
      for i in 0..<count {
        pairs[i] = UInt64((x[i] + 0).sortKey ^ flip) &<< 32 | UInt64(truncatingIfNeeded: i)
      }
      let sorted = radixSort(pairs, pairs + count, count) {
        Key(truncatingIfNeeded: $0 &>> 32)
      }
      for i in 0..<count { y[i] = Int(truncatingIfNeeded: sorted[i] & 0xFFFF_FFFF) }
    } else {
      let pairs = scratch.assumingMemoryBound(to: KeyAndPosition.self)
      for i in 0..<count {
        pairs[i] = KeyAndPosition(
          key: UInt64(truncatingIfNeeded: (x[i] + 0).sortKey ^ flip), position: i)
      }
      let sorted = radixSort(pairs, pairs + count, count) { $0.key }
      for i in 0..<count { y[i] = sorted[i].position }
    }
  }
}
