// The library's threads, and the only file that knows Dispatch. A job is cut into pieces; the
// calling thread and a team of workers claim them one by one until none is left.
//
// Why a custom team: waking a sleeping thread takes 10 to 65 us, as long as a small matrix product.
// A worker therefore watches for the next job for a while before it goes to sleep, and an empty job
// costs a fraction of a microsecond. Pieces are claimed, not assigned, so a worker that the system
// does not schedule delays nobody: the others do its share.
// Next: GEMM/GEMM.swift, which cuts a matrix product into pieces.

import Dispatch
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The threads that share the work of large operations.
///
/// No result depends on their number: each computes with the caller's rounding and treatment of
/// subnormal numbers. The threads are started when first needed, and sleep when
/// there has been nothing to do for about half a millisecond.
public enum Parallel {
  /// The number of threads that work on an operation, including the calling thread: 1 to 256.
  ///
  /// At the start it is the number of processors that this process may use, or the value of the
  /// environment variable `WENGERT_THREADS`. It may be set at any time; operations under way are
  /// not affected.
  public static var threadCount: Int {
    get { threads.load(ordering: .relaxed) }
    set {
      require(
        threadLimits.contains(newValue),
        "Parallel.threadCount: got \(newValue), expected 1 to \(threadLimits.upperBound)")
      threads.store(newValue, ordering: .relaxed)
    }
  }

  /// Calls `body` once with each number in `0..<pieces`, on several threads, and waits for all.
  ///
  /// The pieces run in any order. What the caller wrote before is visible to them, and what they
  /// write is visible to the caller afterwards. Only one job at a time has the team: a call from
  /// within a piece, or from another thread meanwhile, runs its pieces itself, one by one.
  ///
  /// - Parameters:
  ///   - pieces: The number of pieces; a few per thread let quick threads help slow ones.
  ///   - body: Computes the piece with the given number.
  package static func run(pieces: Int, _ body: (Int) -> Void) {
    let wanted = min(threadCount, pieces) - 1
    if wanted < 1 || !team.begin() {
      var piece = 0
      while piece < pieces {
        body(piece)
        piece += 1
      }
      return
    }
    // The body's copy in the team is what a shared job allocates: 32 bytes.
    withoutActuallyEscaping(body) { team.run(pieces: pieces, workers: wanted, $0) }
    team.end()
  }
}

private let threadLimits = 1...256

private let threads: Atomic<Int> = {
  guard let value = getenv("WENGERT_THREADS") else {
    return Atomic(min(Machine.processorCount, threadLimits.upperBound))
  }
  let text = String(cString: value)
  guard let count = Int(text), threadLimits.contains(count) else {
    fail("WENGERT_THREADS: got \"\(text)\", expected 1 to \(threadLimits.upperBound)")
  }
  return Atomic(count)
}()

// MARK: - The team

private let team = Team()

/// The workers and the one job they share.
///
/// The fields that are not atomic are written by the thread that holds the team, before it
/// publishes the job in `open`, and read by those that claimed a piece of it.
private final class Team: @unchecked Sendable {
  /// Whether a job is using the team.
  private let isBusy = Atomic(false)
  /// The job's number in the upper half; how many of its pieces are unclaimed in the lower.
  ///
  /// The number makes a claim fail that was prepared before the job changed.
  private let open = Atomic<UInt64>(0)
  /// The number of unfinished pieces.
  private let unfinished = Atomic(0)
  /// The number of workers that may take part.
  private let wanted = Atomic(0)
  private var pieces = 0
  /// The caller's floating-point mode, used for every piece.
  private var mode = FloatingPointMode.current
  private var body: (Int) -> Void = { _ in }
  private var workers: [Worker] = []

  /// Reserves the team; returns false if another job has it.
  func begin() -> Bool {
    isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  /// Releases the team.
  func end() {
    isBusy.store(false, ordering: .releasing)
  }

  /// Runs a job; only the thread that has reserved the team may call this.
  func run(pieces: Int, workers wanted: Int, _ body: @escaping (Int) -> Void) {
    while workers.count < wanted { workers.append(Worker(number: workers.count)) }
    self.pieces = pieces
    self.body = body
    mode = .current
    self.wanted.store(wanted, ordering: .relaxed)
    unfinished.store(pieces, ordering: .relaxed)
    let job = (open.load(ordering: .relaxed) >> 32 &+ 1) << 32
    open.store(job | UInt64(UInt32(pieces)), ordering: .sequentiallyConsistent)
    for worker in 0..<wanted { workers[worker].wake() }
    work()
    var pauses = 0
    while unfinished.load(ordering: .acquiring) > 0 {
      spinHint()
      pauses += 1
      if pauses % pausesPerYield == 0 { sched_yield() }
    }
    self.body = { _ in }
  }

  /// Whether the worker with this number has pieces to claim.
  func needs(_ worker: Int) -> Bool {
    let unclaimed = open.load(ordering: .sequentiallyConsistent) & countMask
    return unclaimed != 0 && worker < wanted.load(ordering: .relaxed)
  }

  /// Takes part in the job until no piece is unclaimed.
  func work() {
    guard let first = claim() else { return }
    unfinished.subtract(doPieces(from: first), ordering: .releasing)
  }

  /// Runs one piece and all further pieces it can claim; returns their number.
  ///
  /// Not inlined, so that `body` is certainly released before the pieces count as finished.
  @inline(never)
  private func doPieces(from first: Int) -> Int {
    let body = self.body
    if FloatingPointMode.current != mode { FloatingPointMode.current = mode }
    var done = 0
    var piece: Int? = first
    while let number = piece {
      body(number)
      done += 1
      piece = claim()
    }
    return done
  }

  /// Claims a piece, unless none is left.
  private func claim() -> Int? {
    var state = open.load(ordering: .relaxed)
    while state & countMask != 0 {
      let claim = open.weakCompareExchange(
        expected: state, desired: state - 1, ordering: .acquiring)
      if claim.exchanged { return pieces - Int(state & countMask) }
      state = claim.original
    }
    return nil
  }
}

/// The lower half of `open`.
private let countMask: UInt64 = 0xFFFF_FFFF

// MARK: - A worker

/// A thread that waits for jobs: awake at first, then asleep until it is woken.
private final class Worker: Sendable {
  private let number: Int
  private let isAsleep = Atomic(false)
  private let alarm = DispatchSemaphore(value: 0)

  /// How long a worker without work stays awake.
  private static let watch = Duration.microseconds(400)

  init(number: Int) {
    self.number = number
    // With a separate queue, Dispatch provides a thread that does not count towards another's
    // share.
    DispatchQueue(label: "wengert.worker.\(number + 1)", qos: .userInitiated).async {
      self.serve()
    }
  }

  /// Wakes the worker if it sleeps.
  func wake() {
    if isAsleep.load(ordering: .sequentiallyConsistent),
      isAsleep.exchange(false, ordering: .acquiringAndReleasing)
    {
      alarm.signal()
    }
  }

  private func serve() -> Never {
    var idleSince = ContinuousClock.now
    while true {
      if watchAndWork() {
        idleSince = .now
      } else if .now - idleSince < Worker.watch {
        sched_yield()
      } else {
        sleep()
        idleSince = .now
      }
    }
  }

  /// Watches for a job for some 1,000 pauses; returns whether there was one.
  private func watchAndWork() -> Bool {
    var worked = false
    for _ in 0..<pausesPerYield {
      if team.needs(number) {
        team.work()
        worked = true
      }
      spinHint()
    }
    return worked
  }

  /// Sleeps until the next job.
  private func sleep() {
    isAsleep.store(true, ordering: .sequentiallyConsistent)
    // A job may have come before its owner could see that this worker is asleep. Then stay up,
    // unless the owner saw it after all: its signal must be received.
    let staysUp =
      team.needs(number) && isAsleep.exchange(false, ordering: .acquiringAndReleasing)
    if !staysUp { alarm.wait() }
  }
}

// MARK: - Waiting

/// After so many pauses (some 30 us) a waiting thread lets others have its processor.
private let pausesPerYield = 1000

// `spinHint` tells the processor that it is in a waiting loop and may spend its power elsewhere.
// Swift has no name for the instruction; these are the compiler's own for it. (The thread
// sanitizer cannot translate them and is to be run with `-Xswiftc -DTHREAD_SANITIZER`.)
#if arch(x86_64) && !THREAD_SANITIZER
@_silgen_name("llvm.x86.sse2.pause")
private func spinHint()
#elseif arch(arm64) && !THREAD_SANITIZER
@_silgen_name("llvm.aarch64.hint")
private func hint(_ kind: UInt32)
@inline(__always) private func spinHint() { hint(1) }
#else
private func spinHint() {}
#endif
