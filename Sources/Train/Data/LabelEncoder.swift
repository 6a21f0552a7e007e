// Texts as numbers and back, with the classes that were found in the training part. OneHot.swift makes
// rows of zeros and a one of the numbers; Table+Encoding.swift does it with columns.

import ArrayFiles
import Layers
import Tensor

/// The classes of texts, each with a number: scikit-learn's `LabelEncoder` and `OneHotEncoder`.
///
/// ```swift
/// let cities = LabelEncoder(fitting: train[text: "city"], other: "elsewhere")
/// cities.classes                              // ["Bonn", "Ulm", "elsewhere"]
/// cities(["Ulm", "Rome"])                     // [1, 2]
/// cities.oneHot(["Ulm", "Rome"])              // [[0, 1, 0], [0, 0, 1]]
/// cities.inverse(model.predict(x).argmax(axis: 1))
/// ```
public struct LabelEncoder: Equatable, Sendable {
  /// The classes in ascending order, the one for all others last if there is one; the number of a class is
  /// its position.
  public let classes: [String]
  /// Whether the last class stands for all texts that are none of the others.
  public let hasOther: Bool
  private let numbers: [ExactName: Int]

  /// Finds the classes of texts.
  ///
  /// - Parameters:
  ///   - texts: the texts of the training part; the empty text, a missing one, is a class like another.
  ///   - other: the name of one more class, for texts that are not among these; without it such a text
  ///     stops the program.
  public init(fitting texts: [String], other: String? = nil) {
    let found = Set(texts.map(ExactName.init)).subtracting([ExactName(other ?? "")])
    let all = other == nil ? Set(texts.map(ExactName.init)) : found
    let sorted = all.map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.init(classes: sorted + (other.map { [$0] } ?? []), hasOther: other != nil)
  }

  /// Classes in a given order, such as that of a rating.
  ///
  /// - Precondition: the classes differ.
  public init(classes: [String]) { self.init(classes: classes, hasOther: false) }

  private init(classes: [String], hasOther: Bool) {
    if let name = classes.firstRepeated { fail("LabelEncoder: there are two classes \"\(name)\"") }
    self.classes = classes
    self.hasOther = hasOther
    numbers = Dictionary(
      uniqueKeysWithValues: classes.enumerated().map { (ExactName($1), $0) })
  }

  /// The number of each text's class, [texts].
  ///
  /// Stops for a text of no class, unless there is one for all others.
  public func callAsFunction(_ texts: [String]) -> Tensor<Int> { Tensor(indices(of: texts)) }

  /// A row for each text with a 1 at its class and zeros elsewhere, [texts, classes].
  ///
  /// Stops for a text of no class, unless there is one for all others.
  public func oneHot(_ texts: [String]) -> Tensor<Float> {
    toCategorical(self(texts), classes: classes.count)
  }

  /// The texts of classes, whose numbers may have any shape; stops for one that is out of range.
  public func inverse<Label: TensorNumber>(_ labels: Tensor<Label>) -> [String] {
    Tensor<Double>(labels).elements.enumerated().map { row, number in
      guard let label = Int(exactly: number), classes.indices.contains(label) else {
        fail(
          "LabelEncoder: label \(number) of sample \(row) is not one of the \(classes.count) classes "
            + "0..<\(classes.count)")
      }
      return classes[label]
    }
  }

  func indices(of texts: [String]) -> [Int] {
    texts.enumerated().map { row, text in
      if let number = numbers[ExactName(text)] { return number }
      guard hasOther else {
        fail(
          unknownName(text, kind: "LabelEncoder: row \(row)", known: Array(classes.prefix(20)))
            + "; LabelEncoder(fitting:other:) has a class for all others")
      }
      return classes.count - 1
    }
  }
}
