// Sorting without comparisons. Each number has an unsigned key of its width in the same order; keys are
// put in order digit by digit, from the least significant one, with a count of each digit's values
// telling where to write. Every pass is stable, so the whole sort is; digits in which all keys agree
// are left out. Next: Tensor+Sorting.swift, which sorts tensors with it.

/// A number with an unsigned key that orders as the number does.
///
/// NaN has the largest key whatever its sign, so it comes last, as in NumPy.
protocol SortableScalar: TensorNumber {
  associatedtype SortKey: RadixSortable & FixedWidthInteger & UnsignedInteger
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

/// What can be sorted digit by digit: a key, alone or with the position that it came from.
protocol RadixSortable: BitwiseCopyable {
  static var keyBits: Int { get }
  /// The lower bits of the key shifted to the right.
  func keyBits(from shift: Int) -> Int
  static func keyIsLess(_ a: Self, _ b: Self) -> Bool
}

extension RadixSortable where Self: FixedWidthInteger {
  @inline(__always) static var keyBits: Int { bitWidth }
  @inline(__always) func keyBits(from shift: Int) -> Int {
    Int(truncatingIfNeeded: self &>> Self(truncatingIfNeeded: shift))
  }
  @inline(__always) static func keyIsLess(_ a: Self, _ b: Self) -> Bool { a < b }
}

extension UInt8: RadixSortable {}
extension UInt32: RadixSortable {}
extension UInt64: RadixSortable {}

/// A key and the position that it came from.
struct KeyAndPosition: RadixSortable {
  var key: UInt64
  var position: Int

  @inline(__always) static var keyBits: Int { 64 }
  @inline(__always) func keyBits(from shift: Int) -> Int { key.keyBits(from: shift) }
  @inline(__always) static func keyIsLess(_ a: Self, _ b: Self) -> Bool { a.key < b.key }
}

/// Sorts `count` elements by their keys and returns where they are: in `elements` or in `scratch`.
///
/// Elements with equal keys keep their order.
@specialized(where Element == UInt8)
@specialized(where Element == UInt32)
@specialized(where Element == UInt64)
@specialized(where Element == KeyAndPosition)
func radixSort<Element: RadixSortable>(
  _ elements: UnsafeMutablePointer<Element>, _ scratch: UnsafeMutablePointer<Element>,
  _ count: Int
) -> UnsafeMutablePointer<Element> {
  if count < 40 {
    insertionSort(elements, count)
    return elements
  }
  // Wide digits mean few passes and many counters.
  let digitBits = count < 3000 ? 8 : 11
  let digits = (Element.keyBits &+ digitBits &- 1) / digitBits
  let values = 1 &<< digitBits
  let mask = values &- 1
  return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: digits &* values) { counters in
    let counters = counters.baseAddress!
    counters.initialize(repeating: 0, count: digits &* values)
    for i in 0..<count {
      let element = elements[i]
      for digit in 0..<digits {
        counters[digit &* values &+ element.keyBits(from: digit &* digitBits) & mask] &+= 1
      }
    }
    var (source, target) = (elements, scratch)
    for digit in 0..<digits {
      let shift = digit &* digitBits
      let places = counters + digit &* values
      if Int(places[source[0].keyBits(from: shift) & mask]) == count { continue }
      var next: UInt32 = 0
      for value in 0..<values {
        let size = places[value]
        places[value] = next
        next &+= size
      }
      for i in 0..<count {
        let element = source[i]
        let value = element.keyBits(from: shift) & mask
        target[Int(places[value])] = element
        places[value] &+= 1
      }
      swap(&source, &target)
    }
    return source
  }
}

@inline(__always)
private func insertionSort<Element: RadixSortable>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int
) {
  for i in 1..<Swift.max(1, count) {
    let element = elements[i]
    var j = i
    while j > 0 && Element.keyIsLess(element, elements[j &- 1]) {
      elements[j] = elements[j &- 1]
      j &-= 1
    }
    elements[j] = element
  }
}

extension Loops {
  /// Writes the elements of a row in rising order, or in falling order, to `y`.
  ///
  /// `scratch` has room for a row.
  @specialized(where Scalar == UInt8)
  @specialized(where Scalar == Int32)
  @specialized(where Scalar == Int)
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func sort<Scalar: SortableScalar>(
    _ x: UnsafePointer<Scalar>, _ count: Int, descending: Bool,
    _ scratch: UnsafeMutableRawPointer, to y: UnsafeMutablePointer<Scalar>
  ) {
    typealias Key = Scalar.SortKey
    let flip: Key = descending ? .max : 0
    let keys = UnsafeMutableRawPointer(y).assumingMemoryBound(to: Key.self)
    for i in 0..<count { keys[i] = x[i].sortKey ^ flip }
    let sorted = radixSort(keys, scratch.assumingMemoryBound(to: Key.self), count)
    for i in 0..<count { y[i] = Scalar(sortKey: sorted[i] ^ flip) }
  }

  /// Writes the positions of a row's elements in rising or falling order to `y`; positions of equal
  /// elements rise.
  ///
  /// `scratch` has room for 32 bytes per element.
  @specialized(where Scalar == UInt8)
  @specialized(where Scalar == Int32)
  @specialized(where Scalar == Int)
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func argsort<Scalar: SortableScalar>(
    _ x: UnsafePointer<Scalar>, _ count: Int, descending: Bool,
    _ scratch: UnsafeMutableRawPointer, to y: UnsafeMutablePointer<Int>
  ) {
    let flip: Scalar.SortKey = descending ? .max : 0
    let pairs = scratch.assumingMemoryBound(to: KeyAndPosition.self)
    // Adding 0 makes one zero of the two. The upper bits of a short key are 0 and cost no pass.
    for i in 0..<count {
      pairs[i] = KeyAndPosition(
        key: UInt64(truncatingIfNeeded: (x[i] + 0).sortKey ^ flip), position: i)
    }
    let sorted = radixSort(pairs, pairs + count, count)
    for i in 0..<count { y[i] = sorted[i].position }
  }
}
