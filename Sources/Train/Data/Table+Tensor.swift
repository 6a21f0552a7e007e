// Converts columns of a table to tensors.

import ArrayFiles
import Layers
import Tensor

extension Table {
  /// The numbers of all columns, [rows, columns]; stops and names the column if one holds text.
  public func tensor() -> Tensor<Float> { Tensor<Float>(numbers) }

  /// The numbers of all columns, [rows, columns]; stops and names the column if one holds text.
  public func tensor<Scalar: TensorFloat>() -> Tensor<Scalar> { Tensor<Scalar>(numbers) }

  /// The numbers of the named columns, [rows, columns]; stops if one is missing or holds text.
  public func tensor(of names: String...) -> Tensor<Float> { selecting(names).tensor() }

  /// The numbers of the named columns, [rows, columns]; stops if one is missing or holds text.
  public func tensor<Scalar: TensorFloat>(of names: String...) -> Tensor<Scalar> {
    selecting(names).tensor()
  }

  private var numbers: Tensor<Double> {
    let width = columns.count
    var result = Tensor<Double>(uninitialized: [rowCount, width])
    let base = result.mutableBase
    for (index, column) in columns.enumerated() {
      let numbers: [Double]
      switch column {
      case .numbers(let all): numbers = all
      case .integers(let all): numbers = all.map { Double($0) }
      case .texts:
        let name = columnNames[index]
        fail(
          "tensor: column \"\(name)\" is text, leave it out with dropping(\"\(name)\") or make numbers "
            + "of it with oneHotEncoding(\"\(name)\")")
      }
      var target = base + index
      for number in numbers {
        target.pointee = number
        target += width
      }
    }
    return result
  }
}
