// Animations, written as animated PNG files.

import ArrayFiles
import Tensor

/// A sequence of pictures of equal size, for example of a training.
///
/// ```swift
/// var film = Animation(secondsPerFrame: 0.2)
/// for epoch in 0..<50 {
///   …
///   film.append(picture)
/// }
/// try film.write(to: "training.png")
/// ```
/// The file is an animated PNG. Browsers play it; other programs show the first picture.
public struct Animation: Sendable {
  /// The pictures, in order; all have the size and pixel format of the first.
  public private(set) var frames: [Picture] = []
  /// The time each picture is shown, in seconds.
  public var secondsPerFrame: Double
  /// The time the last picture is shown before the animation restarts, in seconds.
  public var secondsAtEnd: Double

  /// An animation without pictures.
  public init(secondsPerFrame: Double = 0.2, secondsAtEnd: Double = 2) {
    require(
      (0.001...60).contains(secondsPerFrame) && (0.001...60).contains(secondsAtEnd),
      "Animation: pictures are shown for 0.001 to 60 seconds, got \(secondsPerFrame) and "
        + "\(secondsAtEnd)")
    (self.secondsPerFrame, self.secondsAtEnd) = (secondsPerFrame, secondsAtEnd)
  }

  /// Adds a picture; its captions are not part of the animation.
  public mutating func append(_ picture: Picture) {
    if let first = frames.first {
      require(
        picture.columns == first.columns && picture.rows == first.rows
          && picture.format == first.format,
        "Animation.append: a picture of \(picture.columns) x \(picture.rows) pixels of "
          + "\(picture.format.rawValue) bytes does not fit a film of \(first.columns) x "
          + "\(first.rows) pixels of \(first.format.rawValue)")
    }
    frames.append(picture)
  }

  /// Encodes the animation as an animated PNG.
  ///
  /// - Parameter scale: The size of each pixel in pixels of the file, in both directions.
  /// - Returns: the bytes of an animated PNG.
  /// - Precondition: There is at least one picture.
  public func png(scale: Int = 1) -> [UInt8] {
    require(!frames.isEmpty, "Animation.png: there is no picture; append one first")
    let first = frames[0]
    var milliseconds = frames.map { _ in Int((secondsPerFrame * 1000).rounded()) }
    milliseconds[frames.count - 1] = Int((secondsAtEnd * 1000).rounded())
    return encodeAnimatedPNG(
      frames.map { $0.enlarged(by: scale) }, width: first.columns * scale,
      height: first.rows * scale, format: first.format, milliseconds: milliseconds)
  }

  /// Writes the animation to a file, atomically.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func write(to path: String, scale: Int = 1) throws(FileError) {
    try writeFile(png(scale: scale), to: path)
  }
}
