// Converts predictions and targets to classes.

import Layers
import Tensor

extension Tensor where Scalar: TensorNumber {
  /// The predicted class of each sample and its confidence.
  ///
  /// For rows of scores these are the index and value of the largest. For one number p per sample
  /// they are 1 and p if p is above 0.5, and 0 and 1 - p otherwise.
  func predictedClasses(_ operation: String) -> (classes: [Int], confidences: [Double]) {
    let numbers = elements.map(\.asDouble)
    guard let width = width(operation) else {
      return (
        numbers.map { $0 > 0.5 ? 1 : 0 }, numbers.map { $0 > 0.5 ? $0 : 1 - $0 }
      )
    }
    let rows = stride(from: 0, to: numbers.count, by: width).map { numbers[$0..<$0 + width] }
    let classes = rows.map { row in row.indices.max { row[$0] < row[$1] }! - row.startIndex }
    return (classes, zip(rows, classes).map { $0[$0.startIndex + $1] })
  }

  /// The class of each target: the class index itself, or the index of the largest number in a
  /// one-hot row.
  func targetClasses(_ operation: String) -> [Int] {
    guard width(operation) == nil else { return predictedClasses(operation).classes }
    return elements.map { number in
      guard let label = Int(exactly: number.asDouble), label >= 0 else {
        fail("\(operation): the target \(number) is not a class index 0, 1, 2, …")
      }
      return label
    }
  }

  /// The number of classes per row; nil if there is one number per sample.
  private func width(_ operation: String) -> Int? {
    require(
      rank == 1 || rank == 2,
      "\(operation): shape \(shape) is neither [samples] nor [samples, classes]")
    return rank == 2 && shape[1] > 1 ? shape[1] : nil
  }
}

extension Tensor<Bool> {
  /// The classes 0 (false) and 1 (true).
  func targetClasses(_ operation: String) -> [Int] { elements.map { $0 ? 1 : 0 } }
}
