// How large the terminal is.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The columns and lines of the terminal on standard output; nil if standard output is no terminal or does
/// not say.
///
/// The system is asked anew each time, so a window that was resized is noticed.
package func terminalSize() -> (columns: Int, lines: Int)? {
  var size = winsize()
  guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
  else { return nil }
  return (Int(size.ws_col), Int(size.ws_row))
}

/// The width that charts and pictures have on the terminal: 72 characters, or fewer where the terminal is
/// narrower.
public var terminalColumns: Int { min(72, terminalSize()?.columns ?? 72) }
