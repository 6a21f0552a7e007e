// Throws damaged files at the readers: valid ones whose bits, numbers, lengths and pieces were changed.
//
//     swift run -c release fuzz all --seconds 60 --seed 1
//
// A reader may accept such a file or throw a FileError; it must not crash, hang, or take much more
// memory than the file has bytes. It lies among the tests because it is one that runs as long as it is
// allowed to; what it finds becomes a test of the reader. Another format is one more line in
// Targets.swift, next. The targets `kernels`, `linalg` and `soak` have no files; they are told in
// Kernels.swift, LinearAlgebra.swift and Soak.swift.

import ArrayFiles
import CommandLineOptions
import Layers
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@main
struct Fuzz {
  static func main() async {
    let others = ["kernels", "linalg", "soak"]
    let names = targets.map(\.name) + others + ["all"]
    let options = CommandLineOptions(
      program: "fuzz",
      about:
        "Damages files for the readers, one of \(targets.map(\.name).joined(separator: ", ")) or "
        + "all; kernels: compares the fast kernels with plain loops; linalg: decomposes matrices of "
        + "every kind; soak: trains with interruptions.",
      [
        .value("seconds", "N", "how long each target runs", default: "10"),
        .value("count", "N", "linalg: so many matrices of each kind, however long it takes"),
        .value("seed", "N", "where the random numbers begin", default: "1"),
        .value("folder", "DIR", "where files are written", default: "/tmp"),
        .value("data", "DIR", "soak: the folder with fashion-mnist (or WENGERT_DATA)"),
        .flag("verbose", "counts the kinds of message"),
      ], positional: "target")
    let seconds = options.integer("seconds", in: 0...1_000_000) ?? 10
    let seed = UInt64(options.integer("seed", in: 0...Int.max) ?? 1)
    let name = options.arguments.first ?? "all"
    guard names.contains(name) else {
      options.stop(unknownName(name, kind: "target", known: names))
    }
    for target in targets where name == "all" || name == target.name {
      run(target, options, seconds: seconds, seed: seed)
    }
    if name == "all" || name == "kernels" {
      let count = fuzzKernels(seconds: seconds, seed: seed)
      let sets = Machine.supportedInstructionSets.map(\.rawValue).joined(separator: ", ")
      print("kernels: seeds from \(seed), \(count) cases with each of \(sets), no difference")
    }
    if name == "all" || name == "linalg" {
      let count = options.integer("count", in: 1...Int.max)
      if !fuzzLinearAlgebra(seconds: seconds, count: count, seed: seed) { exit(1) }
    }
    if name == "soak" { await soak(options, seconds: seconds, seed: seed) }
  }

  /// Feeds one reader for the given time and prints what came of it.
  private static func run(
    _ target: Target, _ options: CommandLineOptions, seconds: Int, seed: UInt64
  ) {
    var generator = SplitMix64(state: seed)
    let seeds = target.seeds()
    let path = "\(options.text("folder") ?? "/tmp")/fuzz-\(target.name)-\(getpid())"
    var accepted = 0
    var messages: [String: Int] = [:]
    var (count, slowest) = (0, Duration.zero)
    limitMemory()
    let start = ContinuousClock.now
    while start.duration(to: .now) < .seconds(seconds) {
      let input = mutated(seeds, using: &generator)
      // The file is what is left to look at if the reader crashes or the alarm rings.
      store(input, at: path)
      setAlarm(seconds: 10)
      let begin = ContinuousClock.now
      do throws(FileError) {
        try target.read(path)
        accepted += 1
      } catch {
        messages[words(of: error.message), default: 0] += 1
      }
      slowest = max(slowest, begin.duration(to: .now))
      count += 1
      setAlarm(seconds: 0)
    }
    unlink(path)
    print(
      "\(target.name): seed \(seed), \(count) inputs, \(accepted) accepted, "
        + "\(count - accepted) refused with \(messages.count) kinds of message, slowest \(slowest), "
        + "largest memory \(peakMemory() >> 20) MiB")
    if options.has("verbose") {
      for (message, times) in messages.sorted(by: { $0.value > $1.value }) {
        print("  \(times)  \(message)")
      }
    }
  }
}

/// Ends the process when it has computed for some more seconds; 0 for never.
///
/// Time in which other processes have the processor does not count.
private func setAlarm(seconds: Int) {
  var timer = itimerval()
  timer.it_value.tv_sec = seconds
  #if canImport(Glibc)
  setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
  #else
  setitimer(ITIMER_PROF, &timer, nil)
  #endif
}

/// Lets the process have no more memory than is plausible, so that a runaway allocation fails.
private func limitMemory() {
  var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
  #if canImport(Glibc)
  setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  #else
  setrlimit(RLIMIT_AS, &limit)
  #endif
}

/// The most memory that the process has had, in bytes.
func peakMemory() -> Int {
  var usage = rusage()
  #if canImport(Glibc)
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  #else
  getrusage(RUSAGE_SELF, &usage)
  #endif
  #if canImport(Darwin)
  return Int(usage.ru_maxrss)
  #else
  return Int(usage.ru_maxrss) << 10
  #endif
}

/// Writes a file without waiting for the disk.
private func store(_ content: [UInt8], at path: String) {
  guard let file = fopen(path, "w") else { fatalError("cannot write \(path)") }
  fwrite(content, 1, content.count, file)
  fclose(file)
}

/// A message without what depends on the input, to count kinds of messages.
private func words(of message: String) -> String {
  message.split(separator: ", ")[0].split(separator: " ")
    .map { $0.contains { $0.isNumber || $0 == "\"" } ? "…" : $0 }
    .joined(separator: " ")
}
