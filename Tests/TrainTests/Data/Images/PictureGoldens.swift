// The lines of pictures.txt, which make_pictures.py wrote with Pillow, PyTorch and SciPy.

import ArrayFiles
import TestSupport
import Testing
import Train

/// A picture and what another program made of it.
struct PictureGolden: Sendable, CustomTestStringConvertible {
  /// What was done: the fields of the line before the shapes.
  let words: [String]
  let old: Tensor<Double>
  let new: Tensor<Double>
  var testDescription: String { words.joined(separator: " ") + " \(old.shape) -> \(new.shape)" }
}

/// The lines that begin with a word.
func pictureGoldens(_ kind: String) -> [PictureGolden] {
  let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/")
  guard let bytes = try? readFile("\(folder)/pictures.txt") else { return [] }
  return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
    let fields = line.split(separator: "|").map(String.init)
    guard fields[0] == kind else { return nil }
    func numbers(_ place: Int) -> [Double] {
      fields[fields.count - place].split(separator: " ").compactMap { Double($0) }
    }
    let shapes = [4, 3].map { TensorShape(numbers($0).map { Int($0) }) }
    return PictureGolden(
      words: Array(fields[1..<(fields.count - 4)]), old: Tensor(numbers(2), shape: shapes[0]),
      new: Tensor(numbers(1), shape: shapes[1]))
  }
}
