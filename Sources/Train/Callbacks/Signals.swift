// What a signal does, which each C library spells in its own way.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Has a signal call `handler`, which may do little more than set a flag.
///
/// - Returns: what the signal did before; nil if that could not be changed.
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

/// The flag with which a handler is taken out when it is called: the second signal has its usual effect.
package let handledOnce = Int32(bitPattern: UInt32(SA_RESETHAND))
