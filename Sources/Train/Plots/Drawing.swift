// The protocol of all drawings: a size, an SVG document, a file. Start with Chart.swift;
// Panels.swift combines several drawings; Report.swift makes a page of them.

import ArrayFiles

/// A drawing: a chart, a picture, a heat map, a network diagram, or several of them.
public protocol Drawing: Sendable {
  /// The width of the whole drawing in pixels.
  var width: Int { get }

  /// The height of the whole drawing in pixels.
  var height: Int { get }

  /// Returns the drawing as an SVG document of that size, which starts with `<svg `.
  ///
  /// It is self-contained and adapts to dark and light mode.
  func svg() -> String
}

extension Drawing {
  /// Writes the drawing to an SVG file, atomically.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func write(to path: String) throws(FileError) {
    try writeFile(Array(svg().utf8), to: path)
  }
}
