// The cost of a new process: the time until the end of the first epoch, its peak memory and file
// size.

import CommandLineOptions
import Tensor
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Runs `circles --epochs 1`, a program in the same folder as this one.
func startupSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  guard reporter.wants("startup") else { return }
  let own = CommandLine.arguments[0]
  let folder = own.lastIndex(of: "/").map { String(own[...$0]) } ?? "./"
  let program = folder + "circles"
  guard let file = fileSize(program) else {
    warn("startup: skipped, there is no \(program); build it with the same configuration")
    return
  }
  var (seconds, peaks): ([Double], [Double]) = ([], [])
  for _ in 0..<12 {
    let start = ContinuousClock.now
    guard let peak = peakMemory(of: program, ["--epochs", "1"]) else {
      warn("startup: \(program) could not be run")
      return
    }
    seconds.append(start.duration(to: .now).seconds)
    peaks.append(peak)
  }
  // The first run is dropped, as it reads the file from the disk.
  reporter.report("startup", metric: "time", unit: "ms", seconds.dropFirst().map { 1e3 * $0 })
  reporter.report(
    "startup-memory", metric: "peak", unit: "MiB", peaks.dropFirst().map { $0 / 1_048_576 })
  reporter.report("startup-file", metric: "size", unit: "MiB", [file / 1_048_576])
}

/// Runs a program silently and returns its peak memory in bytes; nil if it failed.
private func peakMemory(of program: String, _ arguments: [String]) -> Double? {
  let (process, error) = spawn([program] + arguments) { actions in
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
  }
  guard error == 0 else { return nil }
  var (status, usage): (Int32, rusage) = (0, rusage())
  guard wait4(process, &status, 0, &usage) == process, status == 0 else { return nil }
  #if canImport(Darwin)
  return Double(usage.ru_maxrss)
  #else
  return Double(usage.ru_maxrss) * 1024
  #endif
}

private func fileSize(_ path: String) -> Double? {
  var information = stat()
  return stat(path, &information) == 0 ? Double(information.st_size) : nil
}
