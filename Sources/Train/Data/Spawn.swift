// Starting another program, in the words of POSIX.

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

/// Starts the program that the first of `words` names, with the others as its arguments and with its files
/// as `prepare` has them.
///
/// - Returns: the process, and the error number, 0 if there is a process.
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
