// Batches read ahead on a thread of their own, so that a slow source is read while the network computes.

import Dispatch
import Layers
import Synchronization
import Tensor

/// Gives one batch after another, read ahead.
///
/// Reading stays in order, on one thread at a time, so the batches are the same however many are read
/// ahead. No more than `depth` batches wait.
final class Prefetcher<Scalar: TensorFloat> {
  /// What both sides share.
  private final class Shared: Sendable {
    let read: @Sendable () throws -> Batch<Scalar>?
    let results = Mutex<[Result<Batch<Scalar>?, any Error>]>([])
    let ready = DispatchSemaphore(value: 0)
    let isCancelled = Atomic(false)

    init(_ read: @escaping @Sendable () throws -> Batch<Scalar>?) { self.read = read }
  }
  private let shared: Shared
  private let depth: Int
  private let queue = DispatchQueue(label: "wengert.prefetch", qos: .userInitiated)
  private var hasBegun = false
  private var hasEnded = false

  /// - Parameters:
  ///   - depth: how many batches are read ahead; 0 reads each when it is asked for.
  ///   - read: gives the next batch, nil at the end; it is called by one thread at a time.
  init(depth: Int, _ read: @escaping () throws -> Batch<Scalar>?) {
    self.depth = depth
    // The queue does one block after another, and without a queue there is one thread only. Its thread
    // computes as the caller's, so that the depth decides nothing.
    nonisolated(unsafe) let read = read
    let mode = FloatingPointMode.current
    shared = Shared {
      let before = FloatingPointMode.current
      FloatingPointMode.current = mode
      defer { FloatingPointMode.current = before }
      return try read()
    }
  }

  deinit { cancel() }

  /// The next batch, nil at the end; throws what reading it threw.
  func next() throws -> Batch<Scalar>? {
    if hasEnded { return nil }
    guard depth > 0 else {
      let batch = try shared.read()
      hasEnded = batch == nil
      return batch
    }
    if !hasBegun { for _ in 0..<depth { schedule() } }
    hasBegun = true
    shared.ready.wait()
    let result = shared.results.withLock { $0.removeFirst() }
    schedule()
    do {
      let batch = try result.get()
      hasEnded = batch == nil
      return batch
    } catch {
      hasEnded = true
      throw error
    }
  }

  /// Ends reading; a batch that is being read is waited for, so that nothing is read afterwards.
  func cancel() {
    hasEnded = true
    shared.isCancelled.store(true, ordering: .relaxed)
    if hasBegun { queue.sync {} }
  }

  private func schedule() {
    queue.async { [shared] in
      if shared.isCancelled.load(ordering: .relaxed) { return }
      let result = Result { try shared.read() }
      // Nothing is read behind the end or an error.
      if (try? result.get()) == nil { shared.isCancelled.store(true, ordering: .relaxed) }
      shared.results.withLock { $0.append(result) }
      shared.ready.signal()
    }
  }
}
