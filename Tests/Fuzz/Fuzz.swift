// Throws damaged files at the readers: valid ones whose bits, numbers, lengths and pieces were changed.
//
//     swift run -c release fuzz all --seconds 60 --seed 1
//
// A reader may accept such a file or throw a FileError; it must not crash, hang, or take much more
// memory than the file has bytes. It lies among the tests because it is one that runs as long as it is
// allowed to; what it finds becomes a test of the reader. Another format is one more line in
// Targets.swift, next. The target `kernels` has no files; it is told in Kernels.swift.

import ArrayFiles
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
  static func main() {
    let options = Options(CommandLine.arguments.dropFirst())
    for target in targets where options.name == "all" || options.name == target.name {
      run(target, options)
    }
    if options.name == "all" || options.name == "kernels" {
      let count = fuzzKernels(seconds: options.seconds, seed: options.seed)
      let sets = Machine.supportedInstructionSets.map(\.rawValue).joined(separator: ", ")
      print(
        "kernels: seeds from \(options.seed), \(count) cases with each of \(sets), no difference")
    }
  }

  /// Feeds one reader for the given time and prints what came of it.
  private static func run(_ target: Target, _ options: Options) {
    var generator = SplitMix64(state: options.seed)
    let seeds = target.seeds()
    let path = "\(options.folder)/fuzz-\(target.name)-\(getpid())"
    var accepted = 0
    var messages: [String: Int] = [:]
    var (count, slowest) = (0, Duration.zero)
    limitMemory()
    let start = ContinuousClock.now
    while start.duration(to: .now) < .seconds(options.seconds) {
      let input = mutated(seeds, using: &generator)
      // The file is what is left to look at if the reader crashes or the alarm rings.
      store(input, at: path)
      alarm(10)
      let begin = ContinuousClock.now
      do throws(FileError) {
        try target.read(path)
        accepted += 1
      } catch {
        messages[words(of: error.message), default: 0] += 1
      }
      slowest = max(slowest, begin.duration(to: .now))
      count += 1
    }
    alarm(0)
    unlink(path)
    print(
      "\(target.name): seed \(options.seed), \(count) inputs, \(accepted) accepted, "
        + "\(count - accepted) refused with \(messages.count) kinds of message, slowest \(slowest), "
        + "largest memory \(peakMemory() >> 20) MiB")
    if options.isVerbose {
      for (message, times) in messages.sorted(by: { $0.value > $1.value }) {
        print("  \(times)  \(message)")
      }
    }
  }
}

/// What the command line says.
private struct Options {
  var name = "all"
  var seconds = 10
  var seed: UInt64 = 1
  var folder = "/tmp"
  var isVerbose = false

  init(_ arguments: ArraySlice<String>) {
    var rest = arguments
    while let argument = rest.popFirst() {
      switch argument {
      case "--seconds": seconds = Self.number(rest.popFirst())
      case "--seed": seed = Self.number(rest.popFirst())
      case "--folder": folder = Self.required(rest.popFirst())
      case "--verbose": isVerbose = true
      case "all", "kernels": name = argument
      case let known where targets.contains { $0.name == known }: name = argument
      default: Self.stop()
      }
    }
  }

  private static func required<Value>(_ value: Value?) -> Value {
    guard let value else { stop() }
    return value
  }

  private static func number<Number: FixedWidthInteger>(_ text: String?) -> Number {
    required(text.flatMap { Number($0) })
  }

  private static func stop() -> Never {
    let names = (targets.map(\.name) + ["kernels", "all"]).joined(separator: "|")
    print("usage: fuzz [\(names)] [--seconds N] [--seed N] [--folder DIR] [--verbose]")
    exit(2)
  }
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
private func peakMemory() -> Int {
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
