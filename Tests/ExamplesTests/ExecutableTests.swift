// The programs as they are run: wrong options, Ctrl-C, output to a file and to a terminal.

import ArrayFiles
import TestSupport
import Testing

#if os(Linux)
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The folder of this build, where the tests and the programs lie side by side.
private let folder: String = {
  var path = [UInt8](repeating: 0, count: 4096)
  let count = path.withUnsafeMutableBytes {
    readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
  }
  let program = String(decoding: path.prefix(max(0, count)), as: UTF8.self)
  return program.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
}()

private let programs = [
  "circles", "explore", "one-circle", "houses", "from-scratch", "verify", "aliens", "digits",
  "rounding",
  "clothes", "convnet", "cifar", "names", "shakespeare", "gan", "vae", "autoencoder", "benchmarks",
  "fuzz", "tour",
]

/// What a program printed and how it ended.
private struct Outcome {
  /// The exit status; 128 and more where a signal ended the program.
  var status: Int32 = 0
  var output = ""
  var errors = ""
}

/// Runs a program of this build by way of the shell, which makes pipes and files.
private func execute(_ command: String) throws -> Outcome {
  try withTemporaryFolder { base in
    let script = "(cd / && PATH=\(folder):$PATH && \(command)) > \(base)/out 2> \(base)/err"
    let status = system(script)
    func text(_ name: String) throws -> String {
      String(decoding: try readFile("\(base)/\(name)"), as: UTF8.self)
    }
    // The shell gives 128 and the signal where one ended the program.
    return Outcome(status: status >> 8 & 0xFF, output: try text("out"), errors: try text("err"))
  }
}

@Suite(
  "A program",
  .enabled(
    if: programs.allSatisfy { access("\(folder)/\($0)", X_OK) == 0 },
    "the programs are not beside the tests"))
struct ExecutableTests {
  @Test("explains a wrong option on standard error and ends with 64", arguments: programs)
  func wrongOption(_ program: String) throws {
    let outcome = try execute("\(program) --thread 2")
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("option: there is no \"--thread\""))
    #expect(outcome.errors.contains("did you mean \"--threads\"?"))
    #expect(outcome.errors.contains("USAGE: \(program) [options]"))
  }

  @Test("says what it can do", arguments: programs)
  func help(_ program: String) throws {
    let outcome = try execute("\(program) --help")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.contains("USAGE: \(program) [options]"))
    #expect(outcome.output.contains("--threads <N>"))
  }

  @Test(
    "explains a wrong value or name and ends with 64",
    arguments: [
      ("circles --epochs many", "--epochs wants a whole number"),
      ("circles --activation rleu", "did you mean \"relu\"?"),
      ("circles --optimizer adma", "did you mean \"adam\"?"),
      ("circles more", "unexpected argument \"more\""),
      ("digits --synthetic --batch-size 0", "--batch-size wants a whole number from 1"),
      ("from-scratch --activation tan", "did you mean \"tanh\"?"),
      ("verify --only circle", "did you mean \"circles\"?"),
      ("benchmarks gem", "did you mean \"gemm\"?"),
      ("fuzz kernel", "did you mean \"kernels\"?"),
      ("fuzz idx --seconds", "--seconds needs a value"),
    ])
  func wrongValue(_ command: String, _ sentence: String) throws {
    let outcome = try execute(command)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
  }

  @Test("compares networks that make up names, and writes text as it goes")
  func writing() throws {
    let names = try execute("names --made --epochs 1")
    #expect(names.status == 0 && names.errors.isEmpty, "\(names.errors)")
    for kind in ["bigram counts", "MLP of 3 letters", "RNN", "GRU", "LSTM", "transformer"] {
      #expect(names.output.contains("\n\(kind) "))
    }
    for network in ["gpt", "lstm"] {
      let text = try execute(
        "shakespeare --sonnet --network \(network) --steps 2 --batch-size 2 --length 70")
      #expect(text.status == 0 && text.errors.isEmpty, "\(text.errors)")
      let parts = text.output.split(separator: "\n\n", maxSplits: 1)
      #expect(parts[0].contains("step 2: loss ") && parts[1].count == 72)
    }
  }

  @Test("prints no control characters into a file or pipe, with and without NO_COLOR")
  func file() throws {
    for setting in ["", "NO_COLOR=1 "] {
      let outcome = try execute("\(setting)circles --epochs 3 | cat")
      #expect(outcome.output.contains("Epoch 3/3") && outcome.errors.isEmpty)
      let controls = outcome.output.unicodeScalars.filter { $0.value < 32 && $0 != "\n" }
      #expect(controls.isEmpty, "\(controls)")
    }
  }

  @Test(
    "moves the bar on a terminal, and prints no color there if NO_COLOR is set",
    .enabled(if: access("/usr/bin/script", X_OK) == 0, "script(1) is not here"))
  func terminal() throws {
    func escapes(_ setting: String) throws -> [Substring] {
      let outcome = try execute(
        "script -q -e -c 'TERM=xterm \(setting) circles --epochs 3' /dev/null < /dev/null")
      #expect(outcome.output.contains("Epoch 3/3"))
      return Array(
        outcome.output.split(separator: "\u{1B}", omittingEmptySubsequences: false).dropFirst())
    }
    let plain = try escapes("NO_COLOR=1")
    // The line is cleared and written again; nothing else begins with an escape.
    #expect(plain.count >= 3 && plain.allSatisfy { $0.hasPrefix("[K") })
    let colored = try escapes("NO_COLOR=")
    #expect(colored.contains { !$0.hasPrefix("[K") })
  }

  @Test("ends training at Ctrl-C, saves the model, and goes on with what it has")
  func interrupt() throws {
    try withTemporaryFolder { folder in
      let (file, log) = ("\(folder)/model.safetensors", "\(folder)/log")
      // The shell becomes the program, and a part of it in the background sends the signal.
      let outcome = try execute(
        """
        sh -c '(until grep -q "Epoch 2/" \(log); do sleep 0.1; done; kill -INT $$) & \
        exec digits --synthetic --epochs 100000 --save \(file) > \(log)' 2> /dev/null; \
        status=$?; cat \(log); exit $status
        """)
      #expect(outcome.status == 130, "\(outcome)")
      #expect(outcome.output.contains("Epoch 2/100000"))
      #expect(outcome.output.contains("Accuracy of predictions: "))
      #expect(access(file, R_OK) == 0)
    }
  }
}
#endif
