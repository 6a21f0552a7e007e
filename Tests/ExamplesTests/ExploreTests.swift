// The program that steps through backpropagation, run as its users run it, without a terminal.

import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("Stepping through backpropagation")
struct ExploreTests {
  /// Runs the program, which is built beside the tests.
  private func explore(_ arguments: String) throws -> (output: String, status: Int32) {
    let folder = try #require(productsFolder, "no programs beside the tests")
    return run("'\(folder)/explore' circles \(arguments) < /dev/null")
  }

  private func titles(_ output: String) -> [Substring] {
    output.split(separator: "\n").filter { $0.hasPrefix(" one step of circles") }
  }

  private func count(_ mark: Character, in text: String) -> Int { text.count { $0 == mark } }

  @Test("goes forth and back by keys, and ends where it is told")
  func script() throws {
    let (output, status) = try explore("--script nnnpqn")
    #expect(status == 0)
    let pages = titles(output).map { $0.split(separator: " ").suffix(4).joined(separator: " ") }
    #expect(
      pages == [
        "page 1 of 11", "page 2 of 11", "page 3 of 11", "page 4 of 11", "page 3 of 11",
      ])
    #expect(try titles(explore("--script ppG").output).count == 4)
    #expect(try titles(explore("--script GnnnpgG").output).last?.contains("page 11 of 11") == true)
  }

  @Test("shows all pages where nobody can press keys, in plain text, and every derivative is right")
  func everything() throws {
    let (output, status) = try explore("")
    #expect(status == 0 && titles(output).count == 11)
    #expect(!output.contains("\u{1B}"))
    // Arrived, local and product for mean and loss, twice five and six for the layers, four weights; the
    // explanation at the end.
    #expect(count("✓", in: output) == 3 + 3 + 6 + 6 + 4 + 1)
    #expect(!output.contains("✗"))
    // The numbers of the article.
    for row in ["0.0541   0.0352  -0.0026  -0.0327", "0.9012  0.9684  0.8895  0.5302"] {
      #expect(output.contains(row))
    }
  }

  @Test(
    "is right for other networks",
    arguments: [
      "--hidden 3,3 --samples 5", "--activation relu --samples 4", "--activation gelu --seed 4",
      "--activation softsign --hidden 2", "--activation selu --samples 3",
      "--activation linear --samples 1",
    ])
  func others(_ arguments: String) throws {
    let (output, status) = try explore(arguments)
    #expect(status == 0 && titles(output).count >= 11)
    #expect(!output.contains("✗"), "\(output)")
    #expect(!output.contains("nan") && !output.contains("inf"))
  }

  @Test("keeps within the width", arguments: [40, 64, 80, 200])
  func width(_ width: Int) throws {
    let output = try explore("--width \(width)").output
    let lines = output.split(separator: "\n").dropLast()
    #expect(lines.allSatisfy { $0.count <= width })
  }

  @Test("draws the tape on request, and explains a wrong argument")
  func options() throws {
    let folder = run("mktemp -d").output.split(separator: "\n").joined()
    defer { _ = run("rm -r '\(folder)'") }
    #expect(try explore("--output '\(folder)' --script q").status == 0)
    #expect(run("grep -c '<rect' '\(folder)/circles-tape.svg'").output == "11\n")
    #expect(run("grep -c -e '->' '\(folder)/circles-tape.dot'").output == "10\n")
    let wrong = try explore("--script nx")
    #expect(wrong.status == 64 && wrong.output.contains("no key \"x\""))
    #expect(try explore("squares").status == 64)
  }
}
