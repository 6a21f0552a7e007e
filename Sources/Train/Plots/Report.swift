// Reports: text and drawings in one self-contained HTML file. Report+Training.swift adds the parts
// about a training run.

import ArrayFiles

/// A page with headings, texts and drawings, written as HTML.
///
/// ```swift
/// var report = Report(title: "Clothes")
/// report.network(model.network)
/// report.curves(history)
/// try report.write(to: "report.html")
/// ```
public struct Report: Sendable {
  /// The heading of the page.
  public let title: String
  private var body = ""

  /// Creates a page without contents.
  public init(title: String) { self.title = title }

  /// Adds a heading.
  public mutating func heading(_ text: String) { body += "<h2>\(escaped(text))</h2>\n" }

  /// Adds a paragraph.
  public mutating func paragraph(_ text: String) { body += "<p>\(escaped(text))</p>\n" }

  /// Adds preformatted text, such as a table made for the terminal.
  public mutating func preformatted(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    body += "<pre>\(lines.map { escaped(String($0)) }.joined(separator: "\n"))</pre>\n"
  }

  /// Adds drawings side by side, as many in a row as there is room for.
  public mutating func drawings(_ drawings: [any Drawing]) {
    guard !drawings.isEmpty else { return }
    body += "<figure>\n\(drawings.map { $0.svg() }.joined())</figure>\n"
  }

  /// The page as HTML.
  public var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title))</title>
    <style>\(Self.styleSheet)</style>
    </head>
    <body>
    <h1>\(escaped(title))</h1>
    \(body)</body>
    </html>

    """
  }

  /// Writes the page to a file, atomically.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func write(to path: String) throws(FileError) {
    try writeFile(Array(html.utf8), to: path)
  }

  /// Light and dark mode, as in the drawings.
  private static let styleSheet = """
    :root{color-scheme:light dark}
    body{font:16px/1.5 Helvetica,Arial,sans-serif;max-width:1000px;margin:24px auto;padding:0 16px;\
    color:\(Paint.ink.light.hexadecimal);background:\(Paint.paper.light.hexadecimal)}
    h1{font-size:28px}h2{font-size:20px;margin-top:36px;border-bottom:1px solid #8886}
    pre{overflow-x:auto;font:13px/1.4 Menlo,Consolas,monospace}
    figure{display:flex;flex-wrap:wrap;gap:12px;margin:16px 0}
    figure>svg{max-width:100%;height:auto}
    @media (prefers-color-scheme:dark){body{color:\(Paint.ink.dark.hexadecimal);\
    background:\(Paint.paper.dark.hexadecimal)}}
    """
}
