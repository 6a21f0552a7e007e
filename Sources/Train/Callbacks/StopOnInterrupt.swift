// Stopping cleanly on Ctrl-C. The handler only sets a flag, which is checked between two batches.

import Layers
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private let isInterrupted = Atomic(false)

extension Callback {
  /// Ends training between two batches when the program receives SIGINT, as from Ctrl-C.
  ///
  /// `fit` reports this on standard error and returns the history so far, with the reason in
  /// `stopReason`. The model keeps its weights, and callbacks such as `.checkpoint(to:)` run as at
  /// the end of an epoch. A second Ctrl-C ends the program as usual. Outside `fit` the signal has
  /// its previous effect; without this callback the library does not handle it.
  public static func stopOnInterrupt() -> Callback {
    var previous: sigaction?
    return Callback(
      trainingBegan: { _, _ in
        isInterrupted.store(false, ordering: .relaxed)
        previous = handle(SIGINT, flags: handledOnce | Int32(SA_RESTART)) { _ in
          isInterrupted.store(true, ordering: .relaxed)
        }
      },
      stepBegan: { _, state in
        if isInterrupted.load(ordering: .relaxed) { state.stop("the program was interrupted") }
      },
      trainingEnded: { _, state in
        if isInterrupted.load(ordering: .relaxed) {
          warn(
            "fit: interrupted in epoch \(state.epoch) before batch \(state.batch); the model keeps the weights "
              + "it has")
        }
        if var action = previous { sigaction(SIGINT, &action, nil) }
        previous = nil
      })
  }
}
