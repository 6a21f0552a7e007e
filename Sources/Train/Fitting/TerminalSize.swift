// The size of the terminal.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The columns and lines of the terminal on standard output; nil if it is not a terminal or
/// unknown.
///
/// The system is asked on every call, so a resized window is noticed.
package func terminalSize() -> (columns: Int, lines: Int)? {
  var size = winsize()
  guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
  else { return nil }
  return (Int(size.ws_col), Int(size.ws_row))
}

/// The width of charts and pictures on the terminal: 72 characters, or less if the terminal is
/// narrower.
public var terminalColumns: Int { min(72, terminalSize()?.columns ?? 72) }
