// What a terminal of a given width gets, seen through a pseudoterminal.

import TestSupport
import Testing
import Train

#if os(Linux)
#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Makes standard output a terminal of that width; returns where its output is read.
private func openTerminal(columns: UInt16) -> Int32 {
  let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
  var (isLocked, number) = (Int32(0), UInt32(0))
  // TIOCSPTLCK and TIOCGPTN, which the C library's module does not have.
  require(ioctl(terminal, 0x4004_5431, &isLocked) == 0, "no pseudoterminal")
  require(ioctl(terminal, 0x8004_5430, &number) == 0, "a pseudoterminal without a number")
  let program = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
  var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
  require(ioctl(program, UInt(TIOCSWINSZ), &size) == 0, "a terminal without a size")
  fflush(nil)
  dup2(program, STDOUT_FILENO)
  return terminal
}

/// Trains slowly enough for the line to be rewritten, and returns the lines as the terminal shows them one
/// after another: the rewritten ones, and the last form of each epoch.
private func linesOfTraining(columns: UInt16) -> (rewritten: [String], last: [String]) {
  let terminal = openTerminal(columns: columns)
  let x = Tensor<Float>((0..<640).map { Float($0) / 320 - 1 })
  var model = Sequential([Dense(1, activation: .sigmoid, inputShape: [1])])
    .compile(optimizer: "sgd", loss: "binary_crossentropy", metrics: ["accuracy"])
  model.fit(
    x, x .> 0.2, epochs: 1, batchSize: 10, validationSplit: 0.1,
    callbacks: [Callback(stepBegan: { _, _ in usleep(10_000) })])
  print("(end)")
  fflush(nil)
  // What was written reaches the other side piece by piece, and later on a busy machine.
  var text = ""
  var bytes = [UInt8](repeating: 0, count: 1 << 16)
  while !text.contains("(end)") {
    let count = read(terminal, &bytes, bytes.count)
    require(count > 0, "the terminal ended after \(text)")
    text += String(decoding: bytes.prefix(count), as: UTF8.self)
  }
  // The terminal turns "\n" into "\r\n".
  let parts = text.split(separator: "\r\n").flatMap { $0.split(separator: "\r\u{1B}[K") }
  let shown = parts.map(String.init)
  return (shown.filter { $0.contains("ETA") }, shown.filter { $0.contains("/step") })
}

@Suite("The progress line on a terminal")
struct TerminalTests {
  @Test("is rewritten within the terminal's width, and keeps all numbers at the end")
  func narrow() async throws {
    await #expect(processExitsWith: .success) {
      let (rewritten, last) = linesOfTraining(columns: 60)
      require(!rewritten.isEmpty, "no line was rewritten")
      require(rewritten.allSatisfy { $0.count < 60 }, "too long: \(rewritten)")
      require(rewritten.allSatisfy { $0.contains("loss: ") }, "no loss: \(rewritten)")
      require(last.count == 1 && last[0].contains("val_accuracy: "), "\(last)")
      require(!last[0].contains("["), "a bar in a line that is too long: \(last)")
    }
    await #expect(processExitsWith: .success) {
      let (rewritten, _) = linesOfTraining(columns: 20)
      require(!rewritten.isEmpty, "no line was rewritten")
      require(rewritten.allSatisfy { $0.count < 20 || !$0.contains("loss") }, "\(rewritten)")
    }
  }

  @Test("is Keras's where there is room")
  func wide() async throws {
    await #expect(processExitsWith: .success) {
      let (rewritten, last) = linesOfTraining(columns: 200)
      let bars = (rewritten + last).map { $0.drop { $0 != "[" }.prefix { $0 != "]" }.count - 1 }
      require(bars.count > 1 && bars.allSatisfy { $0 == 30 }, "\(rewritten) \(last)")
    }
  }
}
#endif
