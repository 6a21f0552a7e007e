// A programmer's mistake (shapes that do not fit, an index out of range) stops the program with
// one sentence: the operation, what was got, what was expected, the way out. Bad data is another
// matter: it throws an error that can be caught. `precondition` will not do, since an optimised
// build drops its message; `fatalError` prints in every build.

/// Stops the program with `message` unless `condition` holds, in debug and release builds alike.
///
/// The message is put together only when it is needed: a check that holds costs one branch.
///
/// - Parameters:
///   - condition: What has to be true.
///   - message: One sentence, such as `matmul: inner dimensions differ, got [2, 3] and [4, 5]`.
///   - file: The file of the check, shown before the message.
///   - line: The line of the check, shown before the message.
@inlinable @inline(__always)
package func require(
  _ condition: Bool, _ message: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { fail(message(), file: file, line: line) }
}

/// Stops the program with `message`, in debug and release builds alike.
///
/// - Parameters:
///   - message: One sentence, such as `matmul: inner dimensions differ, got [2, 3] and [4, 5]`.
///   - file: The file of the check, shown before the message.
///   - line: The line of the check, shown before the message.
@usableFromInline @inline(never)
package func fail(
  _ message: String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
  fatalError(message, file: file, line: line)
}
