// Products, reductions and element-wise operations of random sizes have the same bits with any number of
// threads, and give callers on eight threads at once what they give one alone.

import Dispatch
import Synchronization
import Tensor
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The bits of what a tensor's operations give for sizes that the seed decides (FNV-1a).
private func bits(seed: UInt64) -> UInt64 {
  var generator = RandomGenerator(seed: seed)
  func size(_ bound: Int) -> Int { 1 + generator.nextInteger(below: bound) }
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  func add(_ values: [Float]) {
    for value in values { hash = (hash ^ UInt64(value.bitPattern)) &* 0x100_0000_01b3 }
  }
  let (m, n, k) = (size(300), size(300), size(300))
  let a = Tensor<Float>.uniform([m, k], in: -1..<1, using: &generator)
  let b = Tensor<Float>.uniform([k, n], in: -1..<1, using: &generator)
  let c = matmul(a, b)
  add(c.elements)
  add(matmul(b.transposed(), a.transposed()).elements)
  let long = Tensor<Float>.uniform([size(400_000)], in: -1..<1, using: &generator)
  add([long.sum(), long.max(), long.min(), long.mean(), long.variance()])
  add((long * 3 + exp(long)).elements)
  let wide = Tensor<Float>.uniform([size(900), size(900)], in: -1..<1, using: &generator)
  for axis in 0..<2 {
    add(wide.sum(axis: axis).elements)
    add(wide.max(axis: axis).elements)
    add(wide.variance(axis: axis).elements)
  }
  add((wide + wide.mean(axis: 0)).elements)
  add(softmax(wide).elements)
  add(wide.transposed().contiguous().elements)
  return hash
}

@Suite("Bits of operations")
struct BitsTests {
  @Test("do not depend on the number of threads, at random sizes")
  func threads() async {
    let first = UInt64.random(in: 0..<1_000_000)
    await #expect(processExitsWith: .success) { [first = first as UInt64] in
      for seed in first..<first + 12 {
        Parallel.threadCount = 1
        let alone = bits(seed: seed)
        for count in [2, 3, 5, 8] {
          Parallel.threadCount = count
          require(bits(seed: seed) == alone, "seed \(seed): other bits with \(count) threads")
        }
      }
    }
  }

  @Test("do not depend on other callers: eight threads, tasks, pieces of a job")
  func callers() async {
    await #expect(processExitsWith: .success) {
      Parallel.threadCount = 4
      let alone = (0..<8).map { bits(seed: $0) }
      let wrong = Atomic(0)
      for _ in 0..<3 {
        DispatchQueue.concurrentPerform(iterations: 8) {
          if bits(seed: UInt64($0)) != alone[$0] { wrong.add(1, ordering: .relaxed) }
        }
      }
      await withTaskGroup(of: Bool.self) { group in
        for seed in 0..<8 { group.addTask { bits(seed: UInt64(seed)) == alone[seed] } }
        for await isRight in group where !isRight { wrong.add(1, ordering: .relaxed) }
      }
      Parallel.run(pieces: 8) {
        if bits(seed: UInt64($0)) != alone[$0] { wrong.add(1, ordering: .relaxed) }
      }
      require(wrong.load(ordering: .relaxed) == 0, "other bits among other callers")
    }
  }

  #if os(Linux)
  @Test("a process that may use one processor comes to an end with any number of threads")
  func oneProcessor() async {
    await #expect(processExitsWith: .success) {
      // Of the processors that are allowed the first stays so.
      var mask = [UInt8](repeating: 0, count: 128)
      _ = sched_getaffinity(0, mask.count, &mask)
      let byte = mask.firstIndex { $0 != 0 }!
      let lowest = mask[byte] & (~mask[byte] &+ 1)
      for index in mask.indices { mask[index] = index == byte ? lowest : 0 }
      // This thread, whose children inherit the mask, and the first one, which the library asks.
      for thread in [0, getpid()] {
        require(sched_setaffinity(thread, mask.count, mask) == 0, "no affinity")
      }
      alarm(120)
      require(Machine.processorCount == 1, "\(Machine.processorCount) processors")
      let alone = bits(seed: 7)
      for count in [2, 8] {
        Parallel.threadCount = count
        require(bits(seed: 7) == alone, "other bits with \(count) threads")
      }
    }
  }
  #endif
}

#if os(Linux)
// The C library's header shows these to GNU sources only.
@_silgen_name("sched_getaffinity")
private func sched_getaffinity(_ process: Int32, _ size: Int, _ mask: UnsafeMutablePointer<UInt8>)
  -> Int32
@_silgen_name("sched_setaffinity")
private func sched_setaffinity(_ process: Int32, _ size: Int, _ mask: UnsafePointer<UInt8>) -> Int32
#endif
