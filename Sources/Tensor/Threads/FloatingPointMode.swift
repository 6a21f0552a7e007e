// How the processor treats subnormal numbers: those closer to zero than the smallest normal number
// (1.2e-38 for `Float`, 2.2e-308 for `Double`).
//
// Training makes many of them: an optimizer's moments of weights whose gradient is zero shrink by a
// factor in each step until nothing else is left. Many processors take some 150 cycles for an
// operation on one, so that a step can take several times as long. All of them have a mode in which
// a subnormal operand or result is zero instead, at no cost. It belongs to a thread: `Parallel`
// gives its workers the mode of the caller, and so no result depends on the number of threads.

/// Runs `body` with subnormal numbers treated as zero, and returns its result.
///
/// A number closer to zero than 1.2e-38 (`Float`) or 2.2e-308 (`Double`) is *subnormal*. Within `body`
/// such an operand counts as zero and such a result becomes zero, on this thread and on those that
/// help it. Nothing else changes: not rounding, infinities or NaN.
///
/// Operations on tensors keep subnormal numbers, as NumPy does, and on many processors each of them
/// takes as long as a hundred others. Use this around a loop that makes small numbers ever smaller,
/// as the training of a network written with tensors does:
///
/// ```swift
/// withSubnormalsFlushed {
///   for _ in 0..<steps {
///     let error = matmul(x, w) - y
///     velocity = 0.9 * velocity - rate * matmul(x.transposed(), error)
///     w += velocity
///   }
/// }
/// ```
///
/// Operations on a tape, optimizers, `fit`, `evaluate` and `predict` do this automatically.
/// Afterwards the thread's earlier mode is restored, even if `body` throws. See
/// <doc:SubnormalNumbers>.
@inline(never)
public func withSubnormalsFlushed<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let mode = FloatingPointMode.startFlushing()
  defer { mode.restore() }
  return try body()
}

/// A thread's floating-point mode: rounding, subnormal numbers, and which exceptions trap.
@usableFromInline package struct FloatingPointMode: Equatable, Sendable {
  #if arch(x86_64)
  /// What the register MXCSR holds.
  @usableFromInline package typealias Word = UInt32
  /// The flags of past exceptions, which share the register.
  @usableFromInline package static var exceptions: Word { 0x003F }
  /// Results (bit 15) and operands (bit 6) that are subnormal become zero.
  @usableFromInline package static var flush: Word { 0x8040 }
  #elseif arch(arm64)
  /// What the register FPCR holds.
  @usableFromInline package typealias Word = UInt64
  @usableFromInline package static var exceptions: Word { 0 }
  /// Results and operands that are subnormal become zero.
  @usableFromInline package static var flush: Word { 1 << 24 }
  #else
  @usableFromInline package typealias Word = UInt32
  @usableFromInline package static var exceptions: Word { 0 }
  @usableFromInline package static var flush: Word { 0 }
  #endif

  /// The processor's control bits.
  @usableFromInline package var bits: Word

  @inlinable @inline(__always)
  package init(bits: Word) { self.bits = bits }

  /// The mode of the calling thread.
  ///
  /// Setting it leaves the record of exceptions as it is.
  @inlinable @inline(__always)
  package static var current: FloatingPointMode {
    get { FloatingPointMode(bits: controlWord() & ~exceptions) }
    set { setControlWord(controlWord() & exceptions | newValue.bits) }
  }

  /// Whether subnormal numbers are treated as zero.
  @inlinable @inline(__always)
  package var flushes: Bool { bits & Self.flush == Self.flush }

  /// Makes the calling thread treat subnormal numbers as zero; returns the mode to restore.
  ///
  /// It costs almost nothing if the mode is already set.
  @inlinable @inline(__always)
  package static func startFlushing() -> FloatingPointMode {
    let mode = current
    if !mode.flushes { current = FloatingPointMode(bits: mode.bits | flush) }
    return mode
  }

  /// Ends what `startFlushing` began.
  @inlinable @inline(__always)
  package func restore() {
    if !flushes { Self.current = self }
  }
}

// The registers, for which Swift has no names; these are the compiler's own. (The thread sanitizer
// cannot translate them and is to be run with `-Xswiftc -DTHREAD_SANITIZER`: subnormal numbers then
// stay.)
#if arch(x86_64) && !THREAD_SANITIZER
@_silgen_name("llvm.x86.sse.stmxcsr")
@usableFromInline func storeControlWord(to word: UnsafeMutablePointer<UInt32>)
@_silgen_name("llvm.x86.sse.ldmxcsr")
@usableFromInline func loadControlWord(from word: UnsafeMutablePointer<UInt32>)

/// The register as it is, with the record of exceptions.
@inlinable @inline(__always)
package func controlWord() -> FloatingPointMode.Word {
  var word: UInt32 = 0
  storeControlWord(to: &word)
  return word
}

@inlinable @inline(__always)
package func setControlWord(_ word: FloatingPointMode.Word) {
  var word = word
  loadControlWord(from: &word)
}
#elseif arch(arm64) && !THREAD_SANITIZER
@_silgen_name("llvm.aarch64.get.fpcr")
@usableFromInline func getControlRegister() -> UInt64
@_silgen_name("llvm.aarch64.set.fpcr")
@usableFromInline func setControlRegister(_ word: UInt64)

/// The register as it is.
@inlinable @inline(__always)
package func controlWord() -> FloatingPointMode.Word { getControlRegister() }

@inlinable @inline(__always)
package func setControlWord(_ word: FloatingPointMode.Word) { setControlRegister(word) }
#else
/// Says that subnormal numbers are flushed already, so that nothing is set.
@inlinable @inline(__always)
package func controlWord() -> FloatingPointMode.Word { FloatingPointMode.flush }

@inlinable @inline(__always)
package func setControlWord(_ word: FloatingPointMode.Word) {}
#endif
