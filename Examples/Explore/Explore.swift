// Backpropagation step by step: one training step of the network of `circles`, one operation per
// key press, forward and backward.
//
//     swift run -c release explore circles
//     swift run -c release explore circles --samples 4 --hidden 3,3 --activation relu
//     swift run -c release explore circles --script nnnp
//
// Walk.swift computes the values, Page.swift defines the contents of a page, Screen.swift lays it
// out,
// Terminal.swift reads keys.

import ArrayFiles
import CommandLineOptions
import Train

@main
struct Explore {
  static func main() {
    let options = CommandLineOptions(
      program: "explore",
      about: "One training step of a network, forward and backward, with every number.",
      [
        .value("samples", "N", "how many points make the batch", default: "2"),
        .hidden(4), .activation("tanh"), .seed,
        .value("script", "KEYS", "goes by these keys instead of the keyboard and prints each page"),
        .value("width", "N", "the width of pages that are printed", default: "80"),
        .output("a folder for the recorded operations as SVG and DOT"),
      ], positional: "circles")
    for name in options.arguments where name != "circles" {
      options.stop("there is no network \"\(name)\"; circles is the one that can be explored")
    }
    guard let samples = options.integer("samples", in: 1...64),
      let width = options.integer("width", in: 40...1000)
    else { fatalError("both have defaults") }
    var script = options.text("script").map { Array($0) }
    for key in script ?? [] where !Key.letters.keys.contains(key) {
      options.stop("--script: there is no key \"\(key)\"; n, p, g, G and q are known")
    }

    let walk = Walk(
      samples: samples, hidden: options.hidden, activation: options.activation,
      seed: options.seed)
    let pages = Page.all(of: walk)
    if let folder = options.text("output") {
      do { try write(walk.graph, into: folder) } catch { stop(error) }
    }

    if script == nil && !Terminal.isInteractive {
      script = Array(repeating: "n", count: pages.count - 1)
    }
    if let script {
      print(script, pages, width)
    } else {
      show(pages)
    }
  }

  /// The page to show after a key press; nil ends the program.
  static func page(after key: Key, from page: Int, of count: Int) -> Int? {
    switch key {
    case .next: min(page + 1, count - 1)
    case .previous: max(page - 1, 0)
    case .first: 0
    case .last: count - 1
    case .quit: nil
    }
  }

  /// Prints the first page and the page after each key, without cutting lines.
  static func print(_ keys: [Character], _ pages: [Page], _ width: Int) {
    let screen = Screen(width: width, height: nil, isColored: isColorTerminal)
    var page = 0
    Swift.print(screen.text(of: pages, page))
    defer { Swift.print("\n✓ the largest relative difference to five-point finite differences") }
    for letter in keys {
      guard let key = Key.letters[letter],
        let next = Self.page(after: key, from: page, of: pages.count)
      else { return }
      page = next
      Swift.print("\n" + screen.text(of: pages, page))
    }
  }

  /// Shows pages interactively, one per key press.
  static func show(_ pages: [Page]) {
    Terminal.begin()
    defer { Terminal.end() }
    var page = 0
    while true {
      let (width, height) = Terminal.size
      let screen = Screen(width: width, height: height, isColored: isColorTerminal)
      Terminal.draw(screen.text(of: pages, page))
      switch Terminal.readKey() {
      case .key(let key):
        guard let next = Self.page(after: key, from: page, of: pages.count) else { return }
        page = next
      case .other: break
      case .end: return
      }
    }
  }

  /// Writes the graph of the tape as pictures.
  static func write(_ graph: TapeGraph, into folder: String) throws {
    makeFolder(folder)
    try graph.write(to: "\(folder)/circles-tape.svg")
    try writeFile(Array(graph.dot.utf8), to: "\(folder)/circles-tape.dot")
    Swift.print("Wrote \(folder)/circles-tape.svg and \(folder)/circles-tape.dot")
  }
}

/// The commands of the reader.
enum Key {
  case next, previous, first, last, quit

  /// The letter for each command.
  static let letters: [Character: Key] = [
    "n": .next, " ": .next, "p": .previous, "g": .first, "G": .last, "q": .quit,
  ]
}
