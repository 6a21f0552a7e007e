// Einstein's summation convention: every letter names an axis. The operands are contracted from left
// to right, two at a time, each pair as one batched matrix product.

/// The sum of products that `subscripts` describes: NumPy's `einsum`.
///
/// ```swift
/// einsum("ij,jk->ik", a, b)      // the matrix product
/// einsum("bij->bji", a)          // a transpose
/// einsum("ii", a)                // the trace
/// ```
///
/// Axes with the same letter run together, within one operand along the diagonal; letters that the
/// result does not have are summed over. Without `->` the result has the letters that occur once, in
/// alphabetical order.
///
/// - Precondition: as many operands as groups of letters, with an axis for each letter; axes with the
///   same letter are equally long.
public func einsum<Scalar: TensorFloat>(
  _ subscripts: String, _ operands: Tensor<Scalar>...
) -> Tensor<Scalar> {
  let (inputs, output) = parse(subscripts, operands.map(\.shape))
  var sizes: [Character: Int] = [:]
  for (letters, operand) in zip(inputs, operands) {
    for (axis, letter) in letters.enumerated() {
      let size = operand.shape[axis]
      require(
        sizes[letter, default: size] == size,
        "einsum \"\(subscripts)\": axis \(letter) has size \(sizes[letter] ?? 0) and size \(size) "
          + "in shapes \(operands.map(\.shape))")
      sizes[letter] = size
    }
  }
  var terms = zip(inputs, operands).map { LabeledTensor(letters: $0, tensor: $1).diagonalized() }
  var result = terms.removeFirst()
  while true {
    let later = Set(terms.flatMap(\.letters) + output)
    result = result.summed(keeping: later)
    if terms.isEmpty { break }
    let next = terms.removeFirst()
    let needed = Set(terms.flatMap(\.letters) + output)
    result = result.contracted(
      with: next.summed(keeping: needed.union(result.letters)), keeping: needed, sizes)
  }
  return result.tensor.transposed(
    permutation: output.map { result.letters.firstIndex(of: $0)! })
}

/// The letters of each operand and of the result.
private func parse(
  _ subscripts: String, _ shapes: [TensorShape]
) -> (inputs: [[Character]], output: [Character]) {
  let text = Array(subscripts.filter { $0 != " " })
  let arrow = text.indices.dropLast().first { text[$0] == "-" && text[$0 + 1] == ">" }
  let inputs = text[..<(arrow ?? text.count)].split(
    separator: ",", omittingEmptySubsequences: false
  ).map(Array.init)
  let all = inputs.flatMap { $0 }
  let output =
    arrow.map { Array(text[($0 + 2)...]) }
    ?? Set(all).filter { letter in all.count { $0 == letter } == 1 }.sorted()
  require(
    (all + output).allSatisfy { $0.isASCII && $0.isLetter },
    "einsum \"\(subscripts)\": expected letters, commas and one ->, such as \"ij,jk->ik\"")
  require(
    inputs.count == shapes.count && zip(inputs, shapes).allSatisfy { $0.count == $1.rank },
    "einsum \"\(subscripts)\": got operands of shapes \(shapes), expected one for each group of "
      + "letters with an axis for each letter")
  require(
    Set(output).count == output.count && output.allSatisfy(all.contains),
    "einsum \"\(subscripts)\": each letter of the result must stand there once, and in an operand")
  return (inputs, output)
}

/// A tensor and a letter for each of its axes.
private struct LabeledTensor<Scalar: TensorFloat> {
  var letters: [Character]
  var tensor: Tensor<Scalar>

  /// A view in which no letter occurs twice.
  func diagonalized() -> LabeledTensor {
    var (kept, sizes, strides): ([Character], AxisList, AxisList) = (
      [], AxisList(count: 0), AxisList(count: 0)
    )
    for (axis, letter) in letters.enumerated() {
      if let place = kept.firstIndex(of: letter) {
        strides[place] += tensor.strides[axis]
      } else {
        kept.append(letter)
        sizes.append(tensor.shape.sizes[axis])
        strides.append(tensor.strides[axis])
      }
    }
    return LabeledTensor(
      letters: kept,
      tensor: Tensor(
        storage: tensor.storage, offset: tensor.offset, shape: TensorShape(sizes: sizes),
        strides: strides))
  }

  /// The sum over all axes but those of `kept`.
  func summed(keeping kept: Set<Character>) -> LabeledTensor {
    let axes = letters.indices.filter { !kept.contains(letters[$0]) }
    if axes.isEmpty { return self }
    return LabeledTensor(
      letters: letters.filter(kept.contains), tensor: tensor.sum(axes: Array(axes)))
  }

  /// The product with another tensor, summed over the letters both have and `kept` has not.
  func contracted(
    with other: LabeledTensor, keeping kept: Set<Character>, _ sizes: [Character: Int]
  ) -> LabeledTensor {
    let common = letters.filter(other.letters.contains)
    let (batch, inner) = (common.filter(kept.contains), common.filter { !kept.contains($0) })
    let rows = letters.filter { !common.contains($0) }
    let columns = other.letters.filter { !common.contains($0) }
    func size(_ letters: [Character]) -> Int { letters.map { sizes[$0]! }.reduce(1, *) }
    let left = arranged(batch + rows + inner)
      .reshaped(to: TensorShape([size(batch), size(rows), size(inner)]))
    let right = other.arranged(batch + inner + columns)
      .reshaped(to: TensorShape([size(batch), size(inner), size(columns)]))
    let result = batch + rows + columns
    return LabeledTensor(
      letters: result,
      tensor: matmul(left, right).reshaped(to: TensorShape(result.map { sizes[$0]! })))
  }

  /// The tensor with its axes in another order.
  private func arranged(_ order: [Character]) -> Tensor<Scalar> {
    tensor.transposed(permutation: order.map { letters.firstIndex(of: $0)! })
  }
}
