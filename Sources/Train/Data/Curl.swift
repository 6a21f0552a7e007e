// Runs `curl`, which comes with macOS and nearly every Linux. It handles certificates, proxies and
// redirections, so this package does not have to.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Downloads the missing rest of a file and appends it.
///
/// - Returns: curl's exit status, and a description of the error or nil.
func curl(
  from address: String, to path: String, limit: Int, showsBar: Bool
) -> (status: Int32, problem: String?) {
  var arguments = [
    "curl", "--fail", "--location", "--continue-at", "-", "--output", path,
    "--connect-timeout", "30", "--max-filesize", String(limit), "--write-out", "%{errormsg}",
  ]
  arguments += showsBar && isatty(STDERR_FILENO) == 1 ? ["--progress-bar"] : ["--silent"]
  arguments += ["--", address]

  var ends: [Int32] = [0, 0]
  guard pipe(&ends) == 0 else { return (-1, String(cString: strerror(errno))) }
  let (process, error) = spawn(arguments) { actions in
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    for end in ends { posix_spawn_file_actions_addclose(&actions, end) }
  }
  close(ends[1])
  defer { close(ends[0]) }
  guard error == 0 else {
    return (
      -1,
      error == ENOENT
        ? "there is no program called curl"
        : "cannot start curl: \(String(cString: strerror(error)))"
    )
  }

  var message: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1024)
  while true {
    let count = read(ends[0], &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    if count <= 0 { break }
    message += buffer[..<count]
  }
  var status: Int32 = 0
  while waitpid(process, &status, 0) < 0, errno == EINTR {}
  // The low seven bits are the signal that ended the process, the next byte is its exit status.
  guard status & 0x7F == 0 else { return (-1, "curl was ended by signal \(status & 0x7F)") }
  let code = status >> 8 & 0xFF
  if code == 0 { return (0, nil) }
  let text = String(decoding: message, as: UTF8.self)
  return (code, "curl error \(code)" + (text.isEmpty ? "" : ": \(text)"))
}
