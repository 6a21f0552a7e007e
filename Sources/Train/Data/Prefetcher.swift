// Reads batches ahead on a background thread, so that a slow source is read while the network
// computes.

import Dispatch
import Layers
import Synchronization
import Tensor

/// Returns one batch after another and reads ahead.
///
/// Batches are read in order, on one thread at a time, so they do not depend on how many are read
/// ahead. At most `depth` batches wait.
final class Prefetcher<Scalar: TensorFloat> {
  /// The state shared by reader and consumer.
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
  ///   - depth: the number of batches to read ahead; 0 reads each batch when it is requested.
  ///   - read: returns the next batch, nil at the end; called by one thread at a time.
  init(depth: Int, _ read: @escaping () throws -> Batch<Scalar>?) {
    self.depth = depth
    // The queue runs one block at a time, and without a queue there is only one thread. Its thread
    // uses the floating-point settings of the caller, so that the depth does not affect the
    // results.
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

  /// The next batch, nil at the end; rethrows errors from reading.
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

  /// Stops reading; waits for a batch that is being read, so that nothing is read afterwards.
  func cancel() {
    hasEnded = true
    shared.isCancelled.store(true, ordering: .relaxed)
    if hasBegun { queue.sync {} }
  }

  private func schedule() {
    queue.async { [shared] in
      if shared.isCancelled.load(ordering: .relaxed) { return }
      let result = Result { try shared.read() }
      // Nothing is read after the end or an error.
      if (try? result.get()) == nil { shared.isCancelled.store(true, ordering: .relaxed) }
      shared.results.withLock { $0.append(result) }
      shared.ready.signal()
    }
  }
}
