// The pool of buffers: sizes, alignment, reuse, and the bound on what it keeps.
//
// Other tests use the pool at the same time, so nothing here relies on exact totals.

import Dispatch
import Tensor
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("BufferPool")
struct BufferPoolTests {
  @Test(
    "a buffer is aligned, large enough and at most a quarter larger",
    arguments: [
      0, 1, 63, 64, 65, 255, 256, 257, 511, 512, 513, 640, 641, 1023, 1024, 1025, 4095, 4096, 4097,
      99_991, 1_048_575, 1_048_576, 1_048_577, 3_333_333, 1 << 26,
    ] as [Int])
  func sizes(bytes: Int) {
    let buffer = BufferPool.take(bytes: bytes)
    defer { BufferPool.give(buffer) }
    #expect(UInt(bitPattern: buffer.base) % 64 == 0)
    #expect(buffer.capacity >= bytes)
    #expect(buffer.capacity <= max(64, bytes + 63, bytes + bytes / 4))
    #expect(buffer.capacity % 64 == 0)
    // The whole capacity belongs to the caller; address sanitizers check the two accesses.
    buffer.base.storeBytes(of: 1, toByteOffset: buffer.capacity - 1, as: UInt8.self)
    _ = buffer.base.load(fromByteOffset: buffer.capacity + BufferPool.slack - 1, as: UInt8.self)
    // A buffer of that capacity is of the same class, or `give` would mix the sizes up.
    let same = BufferPool.take(bytes: buffer.capacity)
    #expect(same.capacity == buffer.capacity)
    BufferPool.give(same)
  }

  @Test("buffers on loan never overlap")
  func disjoint() {
    var generator = SystemRandomNumberGenerator()
    var loans: [(buffer: BufferPool.Buffer, mark: UInt64)] = []
    for step in 0..<20_000 {
      if loans.count < 50 || step % 2 == 0 {
        let buffer = BufferPool.take(bytes: Int.random(in: 8...3000, using: &generator))
        let mark = UInt64(step)
        buffer.base.storeBytes(of: mark, as: UInt64.self)
        buffer.base.storeBytes(of: mark, toByteOffset: buffer.capacity - 8, as: UInt64.self)
        loans.append((buffer, mark))
      } else {
        let (buffer, mark) = loans.remove(at: Int.random(in: loans.indices, using: &generator))
        let first = buffer.base.load(as: UInt64.self)
        let last = buffer.base.load(fromByteOffset: buffer.capacity - 8, as: UInt64.self)
        guard first == mark && last == mark else {
          Issue.record("a buffer changed while it was on loan")
          return
        }
        BufferPool.give(buffer)
      }
    }
    for loan in loans { BufferPool.give(loan.buffer) }
  }

  @Test("eight threads may take and give at once")
  func concurrent() {
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for step in 0..<5_000 {
        let buffer = BufferPool.take(bytes: 100 + step % 7 * 100)
        buffer.base.storeBytes(of: thread, as: Int.self)
        let other = BufferPool.take(bytes: 100 + step % 5 * 100)
        other.base.storeBytes(of: -1, as: Int.self)
        #expect(buffer.base.load(as: Int.self) == thread)
        BufferPool.give(other)
        BufferPool.give(buffer)
      }
    }
  }

  @Test("a negative size stops the program and says so")
  func refusesNegativeSizes() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = BufferPool.take(bytes: -1) }
    let message = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(message.contains("tensor storage: got a size of -1 bytes"))
  }

  @Test("sizes that no machine has stop the program and say so", arguments: [Int.max, 1 << 46])
  func refusesHugeSizes(bytes: Int) async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [bytes = bytes as Int] in
      // Three of the second size do not fit into any address space, whatever the system promises.
      for _ in 0..<3 { _ = BufferPool.take(bytes: bytes) }
    }
    let message = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(message.contains("tensor storage:") && message.contains("\(bytes) bytes"))
  }

  @Test("blocks are used again, free memory is bounded and can be returned")
  func reuseAndBounds() async {
    // In a process of its own, where nobody else uses the pool.
    await #expect(processExitsWith: .success) {
      unsetenv("WENGERT_POOL")
      let small = BufferPool.take(bytes: 1000)
      BufferPool.give(small)
      let again = BufferPool.take(bytes: 900)
      #expect(again.base == small.base)
      BufferPool.give(again)
      #expect(BufferPool.statistics.systemAllocations == 1)
      #expect(BufferPool.statistics.bytesInUse == 0)
      #expect(BufferPool.statistics.bytesFree == again.capacity)

      // Three times what the pool may keep, in sizes that are used one after the other.
      for megabytes in [1, 8, 40] {
        let count = BufferPool.retainedBytes / (megabytes << 20)
        let loans = (0..<count).map { _ in BufferPool.take(bytes: megabytes << 20) }
        for loan in loans { BufferPool.give(loan) }
        #expect(BufferPool.statistics.bytesFree <= BufferPool.retainedBytes)
      }
      // The size in use has driven the others out after a round or two.
      for _ in 0..<2 {
        let loans = (0..<5).map { _ in BufferPool.take(bytes: 40 << 20) }
        for loan in loans { BufferPool.give(loan) }
      }
      let before = BufferPool.statistics.systemAllocations
      let loans = (0..<5).map { _ in BufferPool.take(bytes: 40 << 20) }
      #expect(BufferPool.statistics.systemAllocations == before)
      for loan in loans { BufferPool.give(loan) }

      let large = BufferPool.take(bytes: 2 * BufferPool.retainedBytes)
      BufferPool.give(large)
      #expect(BufferPool.statistics.bytesFree <= BufferPool.retainedBytes)
      BufferPool.trim()
      #expect(BufferPool.statistics.bytesFree == 0)
      #expect(BufferPool.statistics.bytesInUse == 0)
    }
  }
}
