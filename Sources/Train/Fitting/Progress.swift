// The progress line, in Keras 2's form:
//
//     Epoch 1/10
//     1875/1875 [==============================] - 5s 3ms/step - loss: 0.4969 - accuracy: 0.8269
//
// On a terminal the line is rewritten a few times a second. Otherwise it is printed once per epoch,
// without control characters. Its last numbers are those that `fit` and `evaluate` return. On a
// narrow terminal the bar is shortened first, then numbers are dropped from the end, since a line
// that wraps cannot be rewritten. The final form of the line keeps all its numbers.

import Layers
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How much `fit`, `evaluate` and `predict` print, by name or by Keras's numbers 0, 1 and 2.
public enum Verbosity: Int, Sendable, ExpressibleByIntegerLiteral {
  /// Nothing.
  case silent = 0
  /// A progress bar, animated on a terminal, with the numbers.
  case bar = 1
  /// One line per epoch.
  case line = 2

  /// The verbosity with Keras's number: 0, 1 or 2.
  public init(integerLiteral value: Int) {
    guard let known = Verbosity(rawValue: value) else {
      fail("verbose: got \(value), expected 0 (silent), 1 (bar) or 2 (line)")
    }
    self = known
  }
}

/// What the progress line counts.
public enum ProgressUnit: String, Sendable {
  /// Batches, as in Keras since 2.2.
  case step
  /// Samples, as in Keras before 2.2.
  case sample
}

/// The progress of one epoch or evaluation.
struct Progress {
  private let verbosity: Verbosity
  private let unit: ProgressUnit
  /// The number of samples known so far.
  private var samples: Int
  private let batchSize: Int
  private let isTerminal: Bool
  private let start: ContinuousClock.Instant
  private var lastShown: ContinuousClock.Instant
  private var done = 0
  private var skipped = 0
  private var stepsToClock = 1
  private static let noTime = ContinuousClock.now

  init(
    epoch: Int?, of epochs: Int, samples: Int, batchSize: Int, verbosity: Verbosity,
    unit: ProgressUnit
  ) {
    self.verbosity = verbosity
    self.unit = unit
    self.samples = samples
    self.batchSize = batchSize
    // The system call takes longer than a small prediction, so it is made only if needed.
    isTerminal = verbosity == .bar && isatty(STDOUT_FILENO) == 1
    start = verbosity == .silent ? Self.noTime : .now
    lastShown = start
    if verbosity != .silent, let epoch { print("Epoch \(epoch)/\(epochs)") }
  }

  /// Counts computed samples and updates the line if the last update was long enough ago.
  @inline(__always)
  mutating func advance(by count: Int, _ totals: @autoclosure () -> Totals?) {
    done &+= count
    if done > samples { samples = done }
    guard verbosity == .bar && isTerminal else { return }
    stepsToClock &-= 1
    if stepsToClock > 0 { return }
    show(totals())
  }

  /// Counts samples that were done before training was interrupted.
  mutating func skip(_ count: Int) {
    done += count
    skipped += count
  }

  private mutating func show(_ totals: Totals?) {
    // Reading the clock costs as much as a small step, so it is done only every 16 steps.
    stepsToClock = 16
    let now = ContinuousClock.now
    guard lastShown.duration(to: now) > .milliseconds(100) else { return }
    lastShown = now
    let seconds = start.duration(to: now).seconds
    let left = seconds / Double(done - skipped) * Double(samples - done)
    let line = line(
      bar: true, " - ETA: \(Int(left.rounded()))s", numbers(totals?.means ?? []),
      columns: terminalSize()?.columns)
    print("\r\u{1B}[K" + line, terminator: "")
    fflush(nil)
  }

  /// Prints the final form of the line, with the numbers that are returned.
  func finish(_ measured: [(name: String, value: Double)]) {
    guard verbosity != .silent else { return }
    let seconds = start.duration(to: .now).seconds
    var time = " - \(Int(seconds.rounded()))s"
    if verbosity == .bar {
      time += " \(perUnit(seconds / Double(max(1, counted(done - skipped)))))/\(unit.rawValue)"
    }
    // A stopped epoch shows how far it came.
    let line = line(
      bar: verbosity == .bar, time, numbers(measured),
      columns: isTerminal ? terminalSize()?.columns : nil, isLast: true)
    print((isTerminal ? "\r\u{1B}[K" : "") + line)
    fflush(nil)
  }

  /// The line, shortened to `columns` minus one for the cursor; nil means any length.
  func line(
    bar hasBar: Bool, _ time: String, _ numbers: [String], columns: Int?, isLast: Bool = false
  ) -> String {
    let start = "\(counted(done))/\(counted(samples))"
    let length = start.count + time.count + numbers.reduce(0) { $0 + $1.count }
    let room = columns.map { $0 - 1 - length } ?? .max
    // " [" and "]" belong to the bar; a bar of fewer than five characters is useless.
    let width = min(30, room - 3)
    var line = start
    if hasBar && width >= 5 { line += " [\(bar(width))]" }
    line += time
    for number in numbers {
      if let columns, !isLast, line.count + number.count >= columns { break }
      line += number
    }
    return line
  }

  private func bar(_ width: Int) -> String {
    if done >= samples { return String(repeating: "=", count: width) }
    let arrow = max(0, width * done / samples - 1)
    return String(repeating: "=", count: arrow) + ">"
      + String(repeating: ".", count: width - 1 - arrow)
  }

  private func counted(_ samples: Int) -> Int {
    unit == .sample ? samples : (samples + batchSize - 1) / batchSize
  }

  private func perUnit(_ seconds: Double) -> String {
    if seconds >= 1 { return "\(Int(seconds.rounded()))s" }
    if seconds >= 1e-3 { return "\(Int((seconds * 1e3).rounded()))ms" }
    if seconds >= 1e-6 { return "\(Int((seconds * 1e6).rounded()))us" }
    return "\(Int((seconds * 1e9).rounded()))ns"
  }

  private func numbers(_ measured: [(name: String, value: Double)]) -> [String] {
    measured.map { name, value in
      // Keras's format, except for numbers with too many digits to read.
      let text =
        abs(value) > 1e-3 && abs(value) < 1e8 || value == 0
        ? formatFixed(value, decimals: 4) : formatScientific(value, decimals: 4)
      return " - \(name): \(text)"
    }
  }
}
