// Columns of text as numbers: the number of the class, or a column of 0 and 1 for each class.

import ArrayFiles
import Layers
import Tensor

extension Table {
  /// The table with the number of each text's class in place of a column of text.
  ///
  /// - Parameters:
  ///   - name: the column.
  ///   - encoder: the classes, found in the training part; those of the column itself if nil.
  /// - Returns: the table with numbers from 0 in that column.
  public func encoding(_ name: String, with encoder: LabelEncoder? = nil) -> Table {
    var result = self
    let texts = self[text: name]
    let encoder = encoder ?? LabelEncoder(fitting: texts)
    result[name] = encoder.indices(of: texts).map { Double($0) }
    return result
  }

  /// The table with columns of 0 and 1 in place of a column of text, one for each class: pandas's
  /// `get_dummies`.
  ///
  /// ```swift
  /// let cities = LabelEncoder(fitting: train[text: "city"])
  /// train = train.oneHotEncoding("city", with: cities)      // city_Bonn, city_Ulm
  /// test = test.oneHotEncoding("city", with: cities)        // the same columns
  /// ```
  /// - Parameters:
  ///   - name: the column.
  ///   - encoder: the classes, found in the training part; those of the column itself if nil.
  /// - Returns: the table with the columns `name_class` where the column was.
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
