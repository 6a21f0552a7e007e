// The options of the examples: defaults, what is given, and what is said about mistakes.

import ArrayFiles
import CommandLineOptions
import TestSupport
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("Command-line options")
struct CommandLineOptionsTests {
  private static func options(_ arguments: String...) -> CommandLineOptions {
    CommandLineOptions(
      program: "test", about: "",
      [
        .epochs(15), .hidden(4), .activation("tanh"), .optimizer("sgd"), .learningRate(0.5), .seed,
        .flag("engine", ""), .profile, .report,
      ], commandLine: arguments)
  }

  @Test("have defaults")
  func defaults() {
    let options = Self.options()
    #expect(options.epochs == 15 && options.hidden == [4] && options.activation == .tanh)
    #expect(options.optimizer.name == "sgd" && options.optimizer.learningRate == 0.5)
    #expect(options.seed == 0 && !options.has("engine") && !options.has("epochs"))
  }

  @Test("are read in both spellings")
  func given() {
    let options = Self.options("--epochs", "3", "--hidden=4,4", "--engine", "--activation=relu")
    #expect(options.epochs == 3 && options.hidden == [4, 4] && options.activation == .relu)
    #expect(options.has("engine"))
  }

  @Test("give another optimizer its own learning rate, unless one is given")
  func optimizer() {
    #expect(Self.options("--optimizer", "adam").optimizer.learningRate == 0.001)
    let both = Self.options("--optimizer", "adam", "--learning-rate", "0.01").optimizer
    #expect(both.name == "adam" && both.learningRate == 0.01)
    #expect(Self.options("--learning-rate", "0.1").optimizer.learningRate == 0.1)
  }

  @Test("name the file of a page about the run, which tells where the time went")
  func report() async throws {
    #expect(!Self.options().profile && Self.options("--profile").profile)
    Self.options().report("Nothing") { _ in Issue.record("no page was asked for") }
    try withTemporaryFolder { folder in
      let path = "\(folder)/report.html"
      let options = Self.options("--report", path)
      #expect(options.profile)
      options.report("A run") { $0.heading("What was done") }
      let page = String(decoding: try readFile(path), as: UTF8.self)
      #expect(page.contains("<h1>A run</h1>") && page.contains("<h2>What was done</h2>"))
      #expect(page.contains("swift run -c release test"))
    }
    await #expect(processExitsWith: .exitCode(1)) {
      CommandLineOptionsTests.options("--report", "/nowhere/report.html").report("A run") { _ in }
    }
  }

  @Test("explain a mistake, name what is near, and exit with 64")
  func mistakes() async throws {
    let result = await #expect(processExitsWith: .exitCode(64), observing: [\.standardErrorContent])
    {
      _ = CommandLineOptionsTests.options("--hiden", "3")
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("did you mean \"--hidden\"?") && text.contains("USAGE: test [options]"))
    await #expect(processExitsWith: .exitCode(64)) {
      _ = CommandLineOptionsTests.options("--epochs", "many").epochs
    }
    await #expect(processExitsWith: .exitCode(64)) {
      _ = CommandLineOptionsTests.options("--activation", "step").activation
    }
  }
}
