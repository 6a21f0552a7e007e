// The terminal while pages are shown: keys are read without Return and without echo, on a separate
// screen. However the program ends, including Ctrl-C and `kill`, the terminal is restored.

import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The settings before `begin`; global because a signal handler cannot take arguments.
nonisolated(unsafe) private var settingsBefore = termios()
nonisolated(unsafe) private var isChanged = false

enum Terminal {
  /// Whether standard input and output are a terminal.
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  /// The number of columns and lines; 80 and 24 if unknown.
  static var size: (width: Int, height: Int) {
    guard let size = terminalSize() else { return (80, 24) }
    return (max(20, size.columns), max(6, size.lines))
  }

  /// Switches to the alternate screen, hides the cursor and enables reading single keys.
  static func begin() {
    guard tcgetattr(STDIN_FILENO, &settingsBefore) == 0 else { return }
    var settings = settingsBefore
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    withUnsafeMutableBytes(of: &settings.c_cc) {
      $0[Int(VMIN)] = 1
      $0[Int(VTIME)] = 0
      // Ctrl-Z is disabled, as it would leave the shell on this screen.
      #if canImport(Darwin)
      $0[Int(VSUSP)] = 0xFF
      #else
      $0[Int(VSUSP)] = 0
      #endif
    }
    isChanged = true
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      handle(signal, flags: handledOnce) { signal in
        Terminal.end()
        // The handler has already been removed, so the signal ends the program as usual.
        raise(signal)
      }
    }
    // A change of the window size interrupts reading, so that the page is redrawn.
    handle(SIGWINCH) { _ in }
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
    put("\u{1B}[?1049h\u{1B}[?25l")
  }

  /// Reverts `begin`; safe in a signal handler, where `write` and `tcsetattr` are allowed.
  static func end() {
    guard isChanged else { return }
    isChanged = false
    let bytes: StaticString = "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"
    _ = write(STDOUT_FILENO, bytes.utf8Start, bytes.utf8CodeUnitCount)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &settingsBefore)
  }

  /// Clears the screen and draws the text from the upper left corner.
  static func draw(_ text: String) {
    put(
      "\u{1B}[H"
        + text.split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J")
  }

  enum Input {
    case key(Key)
    /// A key without a meaning, or a change of the window size.
    case other
    /// The end of input.
    case end
  }

  /// Waits for a key.
  static func readKey() -> Input {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    if count == 0 { return .end }
    if count < 0 { return errno == EINTR ? .other : .end }
    // An arrow key arrives as three bytes at once.
    switch Array(bytes[..<count]) {
    case [0x1B, 0x5B, 0x43], [0x1B, 0x4F, 0x43], [0x0A], [0x0D]: return .key(.next)
    case [0x1B, 0x5B, 0x44], [0x1B, 0x4F, 0x44], [0x7F]: return .key(.previous)
    case let keys: return Key.letters[Character(Unicode.Scalar(keys[0]))].map { .key($0) } ?? .other
    }
  }

  private static func put(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written < 0 && errno != EINTR { return }
      rest = rest.dropFirst(max(0, written))
    }
  }
}
