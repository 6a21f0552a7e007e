// Encodes columns of text as class numbers or as one-hot columns.

import ArrayFiles
import Layers
import Tensor

extension Table {
  /// Replaces the texts of a column by the numbers of their classes.
  ///
  /// - Parameters:
  ///   - name: the column.
  ///   - encoder: the classes, found in the training part; if nil, those of the column itself.
  /// - Returns: the table with class numbers from 0 in that column.
  public func encoding(_ name: String, with encoder: LabelEncoder? = nil) -> Table {
    var result = self
    let texts = self[text: name]
    let encoder = encoder ?? LabelEncoder(fitting: texts)
    result[name] = encoder.indices(of: texts).map { Double($0) }
    return result
  }

  /// Replaces a column of text by one column of 0 and 1 per class (pandas's `get_dummies`).
  ///
  /// ```swift
  /// let cities = LabelEncoder(fitting: train[text: "city"])
  /// train = train.oneHotEncoding("city", with: cities)      // city_Bonn, city_Ulm
  /// test = test.oneHotEncoding("city", with: cities)        // the same columns
  /// ```
  /// - Parameters:
  ///   - name: the column.
  ///   - encoder: the classes, found in the training part; if nil, those of the column itself.
  /// - Returns: the table with the columns `name_class` in place of the column.
  public func oneHotEncoding(_ name: String, with encoder: LabelEncoder? = nil) -> Table {
    let texts = self[text: name]
    let encoder = encoder ?? LabelEncoder(fitting: texts)
    let indices = encoder.indices(of: texts)
    return replacing([position(of: name)]) { _ in
      encoder.classes.enumerated().map { number, label in
        ("\(name)_\(label)", .numbers(indices.map { $0 == number ? 1 : 0 }))
      }
    }
  }
}
