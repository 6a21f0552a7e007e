// The options of the examples and benchmarks: `--name value`, `--name=value`, `--flag`, `--help`.

import Layers
import Synchronization
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
// The C library's `stdout` is a variable, which Swift cannot prove safe to share.
@preconcurrency import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The exit status of a program that runs to its end.
let exitStatus = Atomic<Int32>(0)

/// Ends the program with `exitStatus`, or with status 1 and a message if its output could not be
/// written, as on a full disk.
private func checkOutputAtExit() {
  atexit {
    if fflush(stdout) != 0 || ferror(stdout) != 0 {
      printError("Error: standard output could not be written: \(String(cString: strerror(errno)))")
      _exit(1)
    }
    let status = exitStatus.load(ordering: .relaxed)
    if status != 0 { _exit(status) }
  }
}

/// The command-line options of a program.
///
/// Invalid arguments end the program with status 64 and a message on standard error.
public struct CommandLineOptions {
  /// An option, with or without a value.
  public struct Option {
    let name: String
    let value: String?
    let help: String
    let standard: String?
    var check: ((CommandLineOptions) -> Void)?

    /// An option with a value.
    ///
    /// - Parameters:
    ///   - name: the name after `--`.
    ///   - value: the name of the value in the help text.
    ///   - help: the description in the help text.
    ///   - standard: the default value.
    ///   - check: parses the value, so that mistakes are reported before the program starts.
    /// - Returns: the option.
    public static func value(
      _ name: String, _ value: String, _ help: String, default standard: String? = nil,
      check: ((CommandLineOptions) -> Void)? = nil
    ) -> Option {
      let help = standard.map { "\(help) (default: \($0))" } ?? help
      return Option(name: name, value: value, help: help, standard: standard, check: check)
    }

    /// An option without a value.
    public static func flag(_ name: String, _ help: String) -> Option {
      Option(name: name, value: nil, help: help, standard: nil)
    }
  }

  let program: String
  private let about: String
  private let options: [Option]
  private let positional: String?
  private var given: [String: String] = [:]
  /// The positional arguments.
  public private(set) var arguments: [String] = []

  /// Declares the options and reads the program's arguments.
  ///
  /// - Parameters:
  ///   - program: the program's name.
  ///   - about: a description of the program in one sentence.
  ///   - options: its options; `--threads` and `--help` are always included.
  ///   - positional: the name of positional arguments, if the program takes any.
  ///   - commandLine: the arguments, without the program's path.
  public init(
    program: String, about: String, _ options: [Option], positional: String? = nil,
    commandLine: [String] = Array(CommandLine.arguments.dropFirst())
  ) {
    self.program = program
    self.about = about
    self.positional = positional
    self.options =
      options + [
        .value("threads", "N", "the number of threads (default: what the machine offers)"),
        .flag("help", "prints this text"),
      ]
    checkOutputAtExit()
    parse(commandLine)
    if has("help") {
      print(helpText)
      exit(0)
    }
    for option in self.options { option.check?(self) }
    if let threads = integer("threads", in: 1...256) { Parallel.threadCount = threads }
  }

  private mutating func parse(_ commandLine: [String]) {
    var rest = commandLine[...]
    while let argument = rest.popFirst() {
      if argument == "-h" {
        given["help"] = ""
      } else if argument == "--" {
        arguments += rest
        rest = []
      } else if argument.hasPrefix("--") {
        let parts = argument.dropFirst(2).split(
          separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = options.first(where: { $0.name == name }) else {
          stop(unknownName("--" + name, kind: "option", known: options.map { "--" + $0.name }))
        }
        if option.value == nil {
          if parts.count == 2 { stop("--\(name) takes no value") }
          given[name] = ""
        } else if parts.count == 2 {
          given[name] = String(parts[1])
        } else if let value = rest.popFirst() {
          given[name] = value
        } else {
          stop("--\(name) needs a value")
        }
      } else if positional != nil {
        arguments.append(argument)
      } else {
        stop("unexpected argument \"\(argument)\"")
      }
    }
  }

  /// Whether the program has an option with this name.
  func declares(_ name: String) -> Bool { options.contains { $0.name == name } }

  /// Whether the option was given.
  public func has(_ name: String) -> Bool { given[name] != nil }

  /// The text of an option, or its default.
  public func text(_ name: String) -> String? {
    given[name] ?? options.first { $0.name == name }?.standard
  }

  /// The integer given for an option.
  public func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let text = self.text(name) else { return nil }
    guard let value = Int(text), range.contains(value) else {
      stop(
        "--\(name) wants a whole number from \(range.lowerBound) to \(range.upperBound), got "
          + "\"\(text)\"")
    }
    return value
  }

  /// The number given for an option.
  public func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
    guard let text = self.text(name) else { return nil }
    guard let value = Double(text), range.contains(value) else {
      stop(
        "--\(name) wants a number from \(range.lowerBound) to \(range.upperBound), got \"\(text)\"")
    }
    return value
  }

  /// The integers given for an option, separated by commas.
  public func integers(_ name: String, in range: ClosedRange<Int>) -> [Int]? {
    guard let text = self.text(name) else { return nil }
    let values = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard values.allSatisfy({ $0.map(range.contains) ?? false }) else {
      stop(
        "--\(name) wants whole numbers from \(range.lowerBound) to \(range.upperBound), separated "
          + "by commas, got \"\(text)\"")
    }
    return values.compactMap { $0 }
  }

  /// The word given for an option, which must be one of several.
  public func choice(_ name: String, of words: [String]) -> String? {
    guard let text = self.text(name) else { return nil }
    guard words.contains(text) else { stop(unknownName(text, kind: "--\(name)", known: words)) }
    return text
  }

  /// Prints a message about a mistake on standard error and ends the program with status 64.
  public func stop(_ message: String) -> Never {
    printError("Error: \(message)\n\(usage)\nSee '\(program) --help' for more.")
    exit(64)
  }

  private var usage: String {
    "USAGE: \(program) [options]" + (positional.map { " <\($0)>" } ?? "")
  }

  private var helpText: String {
    let left = options.map { "  --\($0.name)" + ($0.value.map { " <\($0)>" } ?? "") }
    let width = (left.map(\.count).max() ?? 0) + 2
    let rows = zip(left, options).map { left, option in
      left + String(repeating: " ", count: width - left.count) + option.help
    }
    return "\(about)\n\n\(usage)\n\nOPTIONS:\n" + rows.joined(separator: "\n")
  }
}

/// Prints a line on standard error.
public func printError(_ message: String) {
  var line = message + "\n"
  line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Prints the error on standard error and ends the program with status 1; for failed reads and
/// writes.
public func stop(_ error: some Error) -> Never {
  printError("Error: \(error)")
  exit(1)
}

/// Whether a readable file exists at the path.
public func fileExists(_ path: String) -> Bool { access(path, R_OK) == 0 }

/// Creates a folder and its parents.
public func makeFolder(_ path: String) {
  var current = path.hasPrefix("/") ? "/" : ""
  for part in path.split(separator: "/") {
    current += part + "/"
    mkdir(current, 0o755)
  }
}

/// The folder of a data set, from `--data DIR`, the environment variable WENGERT_DATA, or
/// `../shared/datasets`.
///
/// DIR may be the data set's folder or its parent.
public func dataFolder(_ options: CommandLineOptions, named name: String) -> String {
  let given = options.text("data") ?? getenv("WENGERT_DATA").map { String(cString: $0) }
  guard let parent = given ?? ["../shared/datasets"].first(where: { fileExists($0) }) else {
    let download = options.declares("download") ? ", or --download" : ""
    options.stop(
      "no data: give --data DIR, the folder of \(name) or the one that holds it\(download)")
  }
  let inner = "\(parent)/\(name)"
  return fileExists(inner) ? inner : parent
}
