// A lock that the thread sanitizer understands, for
// `swift test --sanitize=thread -Xswiftc -DTHREAD_SANITIZER`.
//
// The standard library's `Mutex` is not compiled with the sanitizer, which therefore reports every
// access under it as a race: two threads that increment an `Int` in a `Mutex` are enough. In such a
// build, the type below replaces it within this module, with the same functions.

#if THREAD_SANITIZER
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

final class Mutex<Value: ~Copyable>: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  init(_ value: consuming sending Value) {
    self.value = value
    lock = .allocate(capacity: 1)
    lock.initialize(to: pthread_mutex_t())
    pthread_mutex_init(lock, nil)
  }

  func withLock<Result: ~Copyable>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body(&value)
  }
}
#endif
