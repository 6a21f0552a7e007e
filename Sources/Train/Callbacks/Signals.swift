// Signal handlers, which each C library declares differently.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Installs `handler` for a signal; it may do little more than set a flag.
///
/// - Returns: the previous action; nil if it could not be changed.
@discardableResult
package func handle(
  _ signal: Int32, flags: Int32 = 0, _ handler: @escaping @convention(c) (Int32) -> Void
) -> sigaction? {
  var action = sigaction()
  #if canImport(Darwin)
  action.__sigaction_u.__sa_handler = handler
  #elseif canImport(Glibc)
  action.__sigaction_handler.sa_handler = handler
  #else
  action.__sa_handler.sa_handler = handler
  #endif
  action.sa_flags = flags
  var before = sigaction()
  return sigaction(signal, &action, &before) == 0 ? before : nil
}

/// `SA_RESETHAND`: the handler is removed after its first call, so a second signal has its usual
/// effect.
package let handledOnce = Int32(bitPattern: UInt32(SA_RESETHAND))
