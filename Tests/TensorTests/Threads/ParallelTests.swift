// The team of threads: every piece once, whatever calls come at the same time.

import Dispatch
import Synchronization
import Tensor
import Testing

@Suite("Parallel", .serialized)
struct ParallelTests {
  /// Runs a job and returns how often each piece was done.
  private static func counts(_ pieces: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: pieces)
    counts.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let counts = buffer
      Parallel.run(pieces: pieces) { counts[$0] += 1 }
    }
    return counts
  }

  /// Sets the number of threads for the time of `body`.
  private static func with(threads: Int, _ body: () throws -> Void) rethrows {
    let before = Parallel.threadCount
    Parallel.threadCount = threads
    defer { Parallel.threadCount = before }
    try body()
  }

  @Test("every piece is done exactly once", arguments: [1, 2, 3, 7, 256])
  func everyPieceOnce(threads: Int) {
    Self.with(threads: threads) {
      for pieces in [0, 1, 2, 3, 5, 8, 63, 64, 1000, 100_000] {
        #expect(Self.counts(pieces) == [Int](repeating: 1, count: pieces), "\(pieces) pieces")
      }
      for _ in 0..<20_000 { Parallel.run(pieces: 2) { _ in } }
      #expect(Self.counts(10) == [Int](repeating: 1, count: 10))
    }
  }

  @Test("a piece left for another thread is taken by one, also after workers went to sleep")
  func twoThreadsAtOnce() async {
    // In a process of its own: here a job of another test may have the team.
    await #expect(processExitsWith: .success) {
      Parallel.threadCount = 2
      for milliseconds in [0, 0, 1, 2, 5] {
        let pause = DispatchSemaphore(value: 0)
        _ = pause.wait(timeout: .now() + .milliseconds(milliseconds))
        // Each piece waits for the other, so one thread alone would never come to an end.
        let arrived = Atomic(0)
        Parallel.run(pieces: 2) { _ in
          arrived.add(1, ordering: .relaxed)
          while arrived.load(ordering: .relaxed) < 2 {}
        }
      }
    }
  }

  @Test("calls from within a piece do all their pieces")
  func nested() {
    Self.with(threads: 3) {
      let count = Atomic(0)
      Parallel.run(pieces: 20) { _ in
        Parallel.run(pieces: 10) { _ in
          Parallel.run(pieces: 3) { _ in count.add(1, ordering: .relaxed) }
        }
      }
      #expect(count.load(ordering: .relaxed) == 600)
    }
  }

  @Test("eight threads may call at once, and a ninth may change the number of threads")
  func concurrentCallers() {
    Self.with(threads: 4) {
      let wrong = Atomic(0)
      DispatchQueue.concurrentPerform(iterations: 9) { caller in
        for round in 0..<2_000 {
          if caller == 8 {
            Parallel.threadCount = 1 + round % 5
          } else {
            let pieces = (round * 7 + caller) % 40
            let isRight = Self.counts(pieces).allSatisfy { $0 == 1 }
            if !isRight { wrong.add(1, ordering: .relaxed) }
          }
        }
      }
      #expect(wrong.load(ordering: .relaxed) == 0)
    }
  }

  @Test("what the pieces write is visible to the caller, and the reverse")
  func visibility() {
    Self.with(threads: 3) {
      var values = [Int](repeating: 0, count: 64)
      values.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let values = buffer
        for round in 1...5_000 {
          // Each piece reads what another one wrote in the round before.
          for i in values.indices { values[i] += 1 }
          Parallel.run(pieces: 64) { values[63 - $0] += round }
        }
      }
      let expected = 5_000 + 5_000 * 5_001 / 2
      #expect(values.allSatisfy { $0 == expected })
    }
  }

  @Test("the number of threads is what the process may use, unless it is set")
  func threadCount() {
    #expect((1...256).contains(Parallel.threadCount))
    Self.with(threads: 256) { #expect(Parallel.threadCount == 256) }
  }

  #if os(Linux) || os(macOS)
  @Test("a number of threads below 1 stops the program and says so")
  func refusesZeroThreads() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { Parallel.threadCount = 0 }
    let message = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(message.contains("Parallel.threadCount: got 0, expected 1 to 256"))
  }
  #endif
}
