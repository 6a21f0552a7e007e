// Converts texts to class numbers and back, with the classes found in the training part.
// OneHot.swift converts class numbers to one-hot rows; Table+Encoding.swift converts columns of
// tables.

import ArrayFiles
import Layers
import Tensor

/// Numbers the classes of texts (scikit-learn's `LabelEncoder` and `OneHotEncoder`).
///
/// ```swift
/// let cities = LabelEncoder(fitting: train[text: "city"], other: "elsewhere")
/// cities.classes                              // ["Bonn", "Ulm", "elsewhere"]
/// cities(["Ulm", "Rome"])                     // [1, 2]
/// cities.oneHot(["Ulm", "Rome"])              // [[0, 1, 0], [0, 0, 1]]
/// cities.inverse(model.predict(x).argmax(axis: 1))
/// ```
public struct LabelEncoder: Equatable, Sendable {
  /// The classes in ascending order, followed by the one for all other texts if there is one; the
  /// number of a class is its index.
  public let classes: [String]
  /// Whether the last class stands for all other texts.
  public let hasOther: Bool
  private let numbers: [ExactName: Int]

  /// Finds the classes of texts.
  ///
  /// - Parameters:
  ///   - texts: the texts of the training part; the empty text (a missing value) is a class like
  ///     any other.
  ///   - other: the name of an extra class for all other texts; without it, such a text
  ///     stops the program.
  public init(fitting texts: [String], other: String? = nil) {
    let found = Set(texts.map(ExactName.init)).subtracting([ExactName(other ?? "")])
    let all = other == nil ? Set(texts.map(ExactName.init)) : found
    let sorted = all.map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.init(classes: sorted + (other.map { [$0] } ?? []), hasOther: other != nil)
  }

  /// An encoder with classes in a given order, such as that of a rating.
  ///
  /// - Precondition: the classes are distinct.
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
  /// Stops for a text without a class, unless there is a class for all other texts.
  public func callAsFunction(_ texts: [String]) -> Tensor<Int> { Tensor(indices(of: texts)) }

  /// The one-hot row of each text, [texts, classes].
  ///
  /// Stops for a text without a class, unless there is a class for all other texts.
  public func oneHot(_ texts: [String]) -> Tensor<Float> {
    toCategorical(self(texts), classes: classes.count)
  }

  /// The texts of class numbers in a tensor of any shape; stops if a number is out of range.
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
