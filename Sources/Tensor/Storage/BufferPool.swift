// Where the memory of tensors comes from: aligned blocks that return to a pool of size classes,
// so that a training loop stops asking the system for memory after its first step. Fresh memory
// costs 0.5 to 2 ms per MiB in page faults; a block from the pool costs some 25 ns.
// Next: Threads/Parallel.swift, the threads that the kernels run on.

import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A pool of aligned, uninitialised, reusable blocks of memory.
///
/// Sizes are rounded up to a class: multiples of 64 bytes up to 512, then four classes per
/// doubling, so at most a fifth of a block is unused. Free memory never exceeds the memory in use,
/// or `retainedBytes` if that is more. The excess returns to the system, starting with the sizes
/// that were requested least recently.
///
/// With the environment variable `WENGERT_POOL=off` the pool keeps no free blocks, so that an
/// address sanitizer detects every use of returned memory.
package enum BufferPool {
  /// A block of memory on loan.
  package struct Buffer: @unchecked Sendable {
    /// The first byte, aligned to 64 bytes.
    package let base: UnsafeMutableRawPointer
    /// The number of usable bytes; another `slack` bytes after them may be read.
    package let capacity: Int
  }

  /// The state of the pool at one moment.
  package struct Statistics: Sendable {
    /// The capacity of all buffers on loan.
    package var bytesInUse = 0
    /// The capacity of all free blocks.
    package var bytesFree = 0
    /// The number of allocations from the system since the start.
    package var systemAllocations = 0
  }

  /// The number of bytes after every buffer that vector loads may read.
  package static let slack = 64
  /// The number of free bytes that the pool may always keep.
  package static let retainedBytes = 256 << 20

  /// The current state of the pool.
  package static var statistics: Statistics { pool.withLock { $0.statistics } }

  /// Lends a buffer of at least `bytes` bytes, whose contents are arbitrary.
  ///
  /// - Parameter bytes: The size needed; zero gives the smallest buffer.
  /// - Returns: A buffer; return it with `give`.
  package static func take(bytes: Int) -> Buffer {
    require(
      bytes >= 0 && bytes <= largestSize,
      "tensor storage: got a size of \(bytes) bytes, expected 0 to \(largestSize)")
    let index = sizeClass(bytes)
    let capacity = capacity(ofClass: index)
    let address = pool.withLock { $0.take(index, capacity) }
    let base = UnsafeMutableRawPointer(bitPattern: address) ?? allocate(capacity)
    return Buffer(base: base, capacity: capacity)
  }

  /// Takes back a buffer, which must not be used again.
  ///
  /// - Parameter buffer: A buffer that `take` lent.
  package static func give(_ buffer: Buffer) {
    let address = UInt(bitPattern: buffer.base)
    let index = sizeClass(buffer.capacity)
    release(pool.withLock { $0.give(address, index, buffer.capacity) })
  }

  /// Returns all free blocks to the system.
  package static func trim() {
    release(pool.withLock { $0.surplus(over: 0) })
  }
}

// MARK: - Size classes

private let largestSize = 1 << 46

/// The class of a size: the size in units of 64 bytes, rounded up to three significant bits.
private func sizeClass(_ bytes: Int) -> Int {
  let units = (max(bytes, 1) &+ 63) &>> 6
  let shift = max(0, Int.bitWidth &- (units &- 1).leadingZeroBitCount &- 3)
  let leading = (units &- 1) &>> shift &+ 1  // 1...8, and 5...8 once bits are dropped
  return shift &* 4 &+ leading &- 1
}

/// The largest size in a class.
private func capacity(ofClass index: Int) -> Int {
  index < 4 ? (index &+ 1) &<< 6 : (index & 3 &+ 5) &<< (index &>> 2 &- 1 &+ 6)
}

// MARK: - The free blocks

private let pool = Mutex(FreeBlocks())

/// The chains of free blocks, one per class.
///
/// A free block holds the address of the next one in its first word; 0 ends a chain. They are
/// integers because a `Mutex` lets no pointers out.
private struct FreeBlocks: ~Copyable {
  private var first = InlineArray<156, UInt>(repeating: 0)
  /// The value of `time`, which counts the loans, when a class was last asked for.
  private var lastLoan = InlineArray<156, Int>(repeating: 0)
  private var time = 0
  private(set) var statistics = BufferPool.Statistics()
  private let reuses = getenv("WENGERT_POOL").map { String(cString: $0) } != "off"

  /// The address of a free block, or 0 if the system has to provide one.
  mutating func take(_ index: Int, _ capacity: Int) -> UInt {
    time += 1
    lastLoan[index] = time
    statistics.bytesInUse += capacity
    let address = first[index]
    if address == 0 {
      statistics.systemAllocations += 1
    } else {
      first[index] = next(address)
      statistics.bytesFree -= capacity
    }
    return address
  }

  /// Adds a free block and returns the chain of those that are now too many.
  mutating func give(_ address: UInt, _ index: Int, _ capacity: Int) -> UInt {
    statistics.bytesInUse -= capacity
    let limit = reuses ? max(BufferPool.retainedBytes, statistics.bytesInUse) : 0
    if capacity > limit {
      setNext(address, 0)
      return address
    }
    setNext(address, first[index])
    first[index] = address
    statistics.bytesFree += capacity
    return surplus(over: limit)
  }

  /// Removes blocks until at most `limit` bytes are free, and returns them as a chain.
  mutating func surplus(over limit: Int) -> UInt {
    var chain: UInt = 0
    while statistics.bytesFree > limit {
      var oldest = -1
      for index in first.indices where first[index] != 0 {
        if oldest < 0 || lastLoan[index] < lastLoan[oldest] { oldest = index }
      }
      while first[oldest] != 0 && statistics.bytesFree > limit {
        let address = first[oldest]
        first[oldest] = next(address)
        setNext(address, chain)
        chain = address
        statistics.bytesFree -= capacity(ofClass: oldest)
      }
    }
    return chain
  }
}

private func next(_ address: UInt) -> UInt {
  UnsafePointer<UInt>(bitPattern: address).unsafelyUnwrapped.pointee
}

private func setNext(_ address: UInt, _ next: UInt) {
  UnsafeMutablePointer<UInt>(bitPattern: address).unsafelyUnwrapped.pointee = next
}

// MARK: - The system's memory

private func allocate(_ capacity: Int) -> UnsafeMutableRawPointer {
  var base: UnsafeMutableRawPointer?
  if posix_memalign(&base, 64, capacity + BufferPool.slack) != 0 {
    BufferPool.trim()
    _ = posix_memalign(&base, 64, capacity + BufferPool.slack)
  }
  guard let base else { fail("tensor storage: the system has no \(capacity) bytes to give") }
  return base
}

/// Frees a chain of blocks.
private func release(_ chain: UInt) {
  var address = chain
  while address != 0 {
    let block = UnsafeMutableRawPointer(bitPattern: address)
    address = next(address)
    free(block)
  }
}
