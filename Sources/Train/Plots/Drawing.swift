// What all drawings have in common: a size, an SVG document, a file.
// Chart.swift is the drawing to begin with; Panels.swift puts several into one; Report.swift makes a
// page of them.

import ArrayFiles

/// Something that can be drawn: a chart, a picture, a heat map, a network, or several of them.
public protocol Drawing: Sendable {
  /// The width of the whole drawing in pixels.
  var width: Int { get }

  /// The height of the whole drawing in pixels.
  var height: Int { get }

  /// Returns the drawing as an SVG document of that size, which begins with `<svg `.
  ///
  /// It needs no other file, and follows the reader's choice of a dark or a light screen.
  func svg() -> String
}

extension Drawing {
  /// Writes the drawing into an SVG file, atomically.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func write(to path: String) throws(FileError) {
    try writeFile(Array(svg().utf8), to: path)
  }
}
