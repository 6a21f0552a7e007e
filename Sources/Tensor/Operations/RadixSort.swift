// Radix sort. Each number has an unsigned key of the same width and in the same order.
//
// Positions are sorted with their keys, least significant digit first. Counts of each digit's
// values tell where to write. Every pass is stable, so the whole sort is; digits in which all keys
// agree are skipped. Keys without positions need no stability: they are distributed by their most
// significant digits until the parts are short enough for the vectors of
// Kernels/Template/Sorting.swift. Next: Tensor+Sorting.swift, which sorts tensors with it.

import KernelTemplate

/// A number with an unsigned key that has the same order.
///
/// Every NaN has the key of the positive quiet NaN, above infinity, so it comes last, as in NumPy.
protocol SortableScalar: TensorNumber {
  associatedtype SortKey: SortableKey
  /// The integer type in which kernels read the number's bits.
  static var order: KeyOrder { get }
  var sortKey: SortKey { get }
  init(sortKey: SortKey)
}

extension UInt8: SortableScalar {
  @inline(__always) static var order: KeyOrder { .unsigned }
  @inline(__always) var sortKey: UInt8 { self }
  @inline(__always) init(sortKey: UInt8) { self = sortKey }
}

extension Int32: SortableScalar {
  @inline(__always) static var order: KeyOrder { .signed }
  @inline(__always) var sortKey: UInt32 { UInt32(bitPattern: self) ^ 1 &<< 31 }
  @inline(__always) init(sortKey: UInt32) { self.init(bitPattern: sortKey ^ 1 &<< 31) }
}

extension Int: SortableScalar {
  @inline(__always) static var order: KeyOrder { .signed }
  @inline(__always) var sortKey: UInt64 { UInt64(bitPattern: Int64(self)) ^ 1 &<< 63 }
  @inline(__always) init(sortKey: UInt64) { self.init(Int64(bitPattern: sortKey ^ 1 &<< 63)) }
}

// The bits of positive floats have the order of integers; those of negative floats have the reverse
// order.

extension Float: SortableScalar {
  @inline(__always) static var order: KeyOrder { .floats }
  @inline(__always) var sortKey: UInt32 {
    let sign = UInt32(bitPattern: Int32(bitPattern: bitPattern) &>> 31)
    return self != self ? Float.nan.bitPattern | 1 &<< 31 : bitPattern ^ (sign | 1 &<< 31)
  }
  @inline(__always) init(sortKey: UInt32) {
    let negative = UInt32(bitPattern: Int32(bitPattern: ~sortKey) &>> 31)
    self.init(bitPattern: sortKey ^ (negative | 1 &<< 31))
  }
}

extension Double: SortableScalar {
  @inline(__always) static var order: KeyOrder { .floats }
  @inline(__always) var sortKey: UInt64 {
    let sign = UInt64(bitPattern: Int64(bitPattern: bitPattern) &>> 63)
    return self != self ? Double.nan.bitPattern | 1 &<< 63 : bitPattern ^ (sign | 1 &<< 63)
  }
  @inline(__always) init(sortKey: UInt64) {
    let negative = UInt64(bitPattern: Int64(bitPattern: ~sortKey) &>> 63)
    self.init(bitPattern: sortKey ^ (negative | 1 &<< 63))
  }
}

/// A value that can be sorted digit by digit: a key, alone or with its original position.
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

/// A key that the kernels sort in short lists.
protocol SortableKey: RadixSortable, FixedWidthInteger, UnsignedInteger {
  /// The largest number of keys that the kernel should sort at once; 0 if there is no kernel.
  static var shortCount: Int { get }
  /// Sorts numbers of the key's width with the kernel.
  ///
  /// `scratch` has room for twice as many numbers and 64 more.
  static func sortShort(
    _ x: UnsafeRawPointer, _ count: Int, _ order: KeyOrder, descending: Bool,
    _ scratch: UnsafeMutableRawPointer, to y: UnsafeMutableRawPointer)
}

extension UInt8: SortableKey {
  static var shortCount: Int { 0 }
  static func sortShort(
    _: UnsafeRawPointer, _: Int, _: KeyOrder, descending: Bool, _: UnsafeMutableRawPointer,
    to _: UnsafeMutableRawPointer
  ) {}
}

extension UInt32: SortableKey {
  static var shortCount: Int { 128 &* Float.kernels.pointee.lanes }
  static func sortShort(
    _ x: UnsafeRawPointer, _ count: Int, _ order: KeyOrder, descending: Bool,
    _ scratch: UnsafeMutableRawPointer, to y: UnsafeMutableRawPointer
  ) {
    Float.kernels.pointee.sort(
      x.assumingMemoryBound(to: Float.self), count, order, descending,
      scratch.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self))
  }
}

extension UInt64: SortableKey {
  static var shortCount: Int { 128 &* Double.kernels.pointee.lanes }
  static func sortShort(
    _ x: UnsafeRawPointer, _ count: Int, _ order: KeyOrder, descending: Bool,
    _ scratch: UnsafeMutableRawPointer, to y: UnsafeMutableRawPointer
  ) {
    Double.kernels.pointee.sort(
      x.assumingMemoryBound(to: Double.self), count, order, descending,
      scratch.assumingMemoryBound(to: Double.self), y.assumingMemoryBound(to: Double.self))
  }
}

/// A key and its original position.
struct KeyAndPosition: RadixSortable {
  var key: UInt64
  var position: Int

  @inline(__always) static var keyBits: Int { 64 }
  @inline(__always) func keyBits(from shift: Int) -> Int { key.keyBits(from: shift) }
  @inline(__always) static func keyIsLess(_ a: Self, _ b: Self) -> Bool { a.key < b.key }
}

/// Sorts `count` elements by their keys; returns where they end up: in `elements` or in `scratch`.
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
  // Wider digits mean fewer passes but more counters.
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

// MARK: - Keys alone

/// Sorts keys into `target`, which may be `keys` or `other`; meanwhile they move between these two.
///
/// The digit that distributes the keys begins at the highest bit in which they differ, so numbers
/// close to each other take no more passes than others.
@specialized(where Key == UInt32)
@specialized(where Key == UInt64)
private func sortKeys<Key: SortableKey>(
  _ keys: UnsafeMutablePointer<Key>, _ other: UnsafeMutablePointer<Key>, _ count: Int,
  into target: UnsafeMutablePointer<Key>
) {
  if count <= Key.shortCount {
    if count > 0 {
      withScratch(count: 2 * MemoryLayout<Key>.size / 4 * (count + 32)) {
        (scratch: UnsafeMutablePointer<Float>) in
        Key.sortShort(keys, count, .unsigned, descending: false, scratch, to: target)
      }
    }
    return
  }
  let threads = count < 1 << 16 ? 1 : Parallel.threadCount
  var extremes = [(Key, Key)](repeating: (.max, .min), count: threads)
  extremes.withUnsafeMutableBufferPointer { extremes in
    nonisolated(unsafe) let extremes = extremes.baseAddress!
    Parallel.run(pieces: threads) { piece in
      var (least, most) = (Key.max, Key.min)
      for i in part(piece, of: threads, count: count) {
        least = min(least, keys[i])
        most = max(most, keys[i])
      }
      extremes[piece] = (least, most)
    }
  }
  let least = extremes.reduce(Key.max) { min($0, $1.0) }
  let most = extremes.reduce(Key.min) { max($0, $1.1) }
  if least == most {
    if target != keys { target.update(from: keys, count: count) }
    return
  }
  let bits = Key.bitWidth - (most - least).leadingZeroBitCount
  let wanted =
    (4 * count / Key.shortCount).bitWidth - (4 * count / Key.shortCount).leadingZeroBitCount
  let digitBits = min(bits, max(4, min(11, wanted)))
  let shift = Key(truncatingIfNeeded: bits - digitBits)
  let values = 1 << digitBits

  // Each thread writes its keys with a given digit after those of the threads before it.
  var places = [UInt32](repeating: 0, count: threads * values)
  var starts = [Int](repeating: 0, count: values + 1)
  places.withUnsafeMutableBufferPointer { places in
    nonisolated(unsafe) let places = places.baseAddress!
    Parallel.run(pieces: threads) { piece in
      let counters = places + piece * values
      for i in part(piece, of: threads, count: count) {
        counters[Int(truncatingIfNeeded: (keys[i] &- least) &>> shift)] &+= 1
      }
    }
    var next: UInt32 = 0
    for value in 0..<values {
      starts[value] = Int(next)
      for thread in 0..<threads {
        let size = places[thread * values + value]
        places[thread * values + value] = next
        next &+= size
      }
    }
    starts[values] = count
    Parallel.run(pieces: threads) { piece in
      let places = places + piece * values
      for i in part(piece, of: threads, count: count) {
        let key = keys[i]
        let value = Int(truncatingIfNeeded: (key &- least) &>> shift)
        other[Int(places[value])] = key
        places[value] &+= 1
      }
    }
  }
  let pieces = threads == 1 ? 1 : min(values, 16 * threads)
  starts.withUnsafeBufferPointer { starts in
    nonisolated(unsafe) let starts = starts
    Parallel.run(pieces: pieces) { piece in
      let range = part(piece, of: pieces, count: count)
      for value in 0..<values where range.contains(starts[value]) {
        let start = starts[value]
        sortKeys(other + start, keys + start, starts[value + 1] - start, into: target + start)
      }
    }
  }
}

extension Loops {
  /// Writes the elements of a row to `y` in ascending or descending order.
  ///
  /// `scratch` has room for two rows and 64 elements.
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
    if count >= 24 && count <= Key.shortCount {
      Key.sortShort(x, count, Scalar.order, descending: descending, scratch, to: y)
      return
    }
    let flip: Key = descending ? .max : 0
    let keys = UnsafeMutableRawPointer(y).assumingMemoryBound(to: Key.self)
    for i in 0..<count { keys[i] = x[i].sortKey ^ flip }
    let other = scratch.assumingMemoryBound(to: Key.self)
    var sorted = keys
    if count > Key.shortCount && count <= UInt32.max && Key.shortCount > 0 {
      sortKeys(keys, other, count, into: keys)
    } else {
      sorted = radixSort(keys, other, count)
    }
    for i in 0..<count { y[i] = Scalar(sortKey: sorted[i] ^ flip) }
  }

  /// Writes the positions of a row's elements in ascending or descending order to `y`; positions of
  /// equal elements ascend.
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
    // Adding 0 turns -0 into 0. The upper bits of a short key are 0 and cost no pass.
    for i in 0..<count {
      pairs[i] = KeyAndPosition(
        key: UInt64(truncatingIfNeeded: (x[i] + 0).sortKey ^ flip), position: i)
    }
    let sorted = radixSort(pairs, pairs + count, count)
    for i in 0..<count { y[i] = sorted[i].position }
  }
}
