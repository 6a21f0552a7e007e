// One-hot rows from class indices, the targets of `categorical_crossentropy`. The loss with
// "sparse" in its name takes the indices themselves: ../Losses/Crossentropies.swift.

import Tensor

/// Converts class indices to one-hot rows (Keras's `to_categorical`).
///
/// - Parameters:
///   - labels: the class indices, [samples] or [samples, 1]; further axes are kept.
///   - classes: the number of classes; if nil, one more than the largest label.
/// - Returns: the rows, [samples, classes].
public func toCategorical<Label: TensorNumber>(
  _ labels: Tensor<Label>, classes: Int? = nil
) -> Tensor<Float> {
  let numbers = Tensor<Double>(labels).elements
  let classes = classes ?? Int(exactly: numbers.max() ?? -1).map { $0 + 1 } ?? 0
  var result = Tensor<Float>.zeros([numbers.count, classes])
  for (row, number) in numbers.enumerated() {
    guard let label = Int(exactly: number), label >= 0 && label < classes else {
      fail(
        "toCategorical: label \(labels.elements[row]) of sample \(row) is not one of the \(classes) classes "
          + "0..<\(classes)")
    }
    result[row, label] = 1
  }
  let hasExtraAxis = labels.rank > 1 && labels.shape.last == 1
  let samples = hasExtraAxis ? Array(labels.shape.dropLast()) : Array(labels.shape)
  return result.reshaped(to: TensorShape(samples + [classes]))
}
