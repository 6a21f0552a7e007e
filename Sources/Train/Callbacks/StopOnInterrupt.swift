// Ctrl-C that ends training in order. The handler does nothing but set a flag, which is looked at between
// two batches.

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
  /// Ends training between two batches when the program gets the signal SIGINT, as Ctrl-C sends it.
  ///
  /// `fit` says so on standard error and returns the history so far, whose `stopReason` tells it; the model
  /// keeps its weights, and callbacks such as `.checkpoint(to:)` do what they do at the end of an epoch. A second Ctrl-C ends the program as usual. Outside of `fit` the signal means
  /// what it meant before; without this callback the library does not touch it.
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
