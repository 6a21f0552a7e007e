/// Whether `withSubnormalsFlushed` has an effect: on x86-64 and arm64, but not under the thread sanitizer, which
/// cannot translate the instructions.
public var canFlushSubnormals: Bool {
  #if (arch(x86_64) || arch(arm64)) && !THREAD_SANITIZER
  true
  #else
  false
  #endif
}
