extension StoredArray {
  /// Some parts along the first axis, in the order given; the rest of the file is not looked at.
  ///
  /// ```swift
  /// let some: Tensor<UInt8> = try images.rows([7, 0, 59_999])
  /// ```
  ///
  /// - Precondition: the array has an axis, and every number lies in it.
  /// - Throws: `FileError` if the elements are of another type than `Scalar`.
  public func rows<Scalar>(_ numbers: [Int]) throws(FileError) -> Tensor<Scalar> {
    require(shape.rank > 0, "rows: \(path) holds a single number, which has no rows")
    var result = Tensor<Scalar>(uninitialized: shape.replacing(axis: 0, with: numbers.count))
    let width = shape.removing(axis: 0).elementCount
    var place = 0
    while place < numbers.count {
      // Rows side by side are read at once.
      var end = place + 1
      while end < numbers.count && numbers[end] == numbers[end - 1] + 1 { end += 1 }
      let part: Tensor<Scalar> = try rows(numbers[place]..<numbers[place] + end - place)
      let whole = part.contiguous()
      (result.mutableBase + place * width).update(from: whole.base, count: whole.count)
      withExtendedLifetime(whole) {}
      place = end
    }
    return result
  }
}
