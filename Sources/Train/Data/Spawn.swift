// Starts another program, with POSIX functions.

#if canImport(Darwin)
import Darwin
package typealias FileActions = posix_spawn_file_actions_t?
#elseif canImport(Glibc)
@preconcurrency import Glibc
package typealias FileActions = posix_spawn_file_actions_t
#elseif canImport(Musl)
@preconcurrency import Musl
package typealias FileActions = posix_spawn_file_actions_t
#endif

/// Starts the program named by the first of `words`, with the others as arguments and with the file
/// actions that `prepare` sets up.
///
/// - Returns: the process, and an error number, which is 0 on success.
package func spawn(
  _ words: [String], prepare: (inout FileActions) -> Void
) -> (process: pid_t, error: Int32) {
  #if canImport(Darwin)
  var actions: FileActions = nil
  let environment = _NSGetEnviron().pointee
  #else
  var actions = FileActions()
  let environment = environ
  #endif
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  prepare(&actions)
  var arguments = words.map { strdup($0) } + [nil]
  defer { for argument in arguments { free(argument) } }
  var process: pid_t = 0
  let error = posix_spawnp(&process, words[0], &actions, nil, &arguments, environment)
  return (process, error)
}
