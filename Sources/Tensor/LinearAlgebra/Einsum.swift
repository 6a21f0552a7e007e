// Einstein summation: every letter names an axis. The operands are contracted from left
// to right, two at a time, each pair as one batched matrix product.

/// The sum of products that `subscripts` describes: NumPy's `einsum`.
///
/// ```swift
/// einsum("ij,jk->ik", a, b)      // the matrix product
/// einsum("bij->bji", a)          // a transpose
/// einsum("ii", a)                // the trace
/// einsum("...ij,...jk->...ik", a, b)   // stacks of products
/// ```
///
/// Axes with the same letter share one index; within one operand, they give its diagonal. Letters
/// that the result lacks are summed over. `...` stands for all axes without a letter, which
/// broadcast. Without `->`, the result has those axes, then the letters that occur once, in
/// alphabetical order.
///
/// - Precondition: there are as many operands as groups of letters, each with one axis per letter,
///   and axes with the same letter are equally long.
public func einsum<Scalar: TensorFloat>(
  _ subscripts: String, _ operands: Tensor<Scalar>...
) -> Tensor<Scalar> { einsum(subscripts, of: operands) }

/// The operations that `einsum` needs from its operands: tensors or, on a tape, variables.
package protocol EinsumOperand {
  /// The size along each axis.
  var shape: TensorShape { get }
  /// The elements with their axes in another order.
  func transposed(permutation: [Int]) -> Self
  /// The elements in row-major order, seen as `shape`.
  func reshaped(to shape: TensorShape) -> Self
  /// The elements without an axis of size 1.
  func squeezingShape(at axis: Int) -> Self
  /// The diagonal of two axes, which replaces the first of them.
  func mergingAxes(_ first: Int, _ second: Int) -> Self
  /// The sum over the given axes.
  func sum(axes: [Int], keepingDimensions: Bool) -> Self
  /// The matrix product.
  static func product(_ a: Self, _ b: Self) -> Self
}

extension Tensor: EinsumOperand where Scalar: TensorFloat {
  /// The matrix product.
  package static func product(_ a: Tensor, _ b: Tensor) -> Tensor { matmul(a, b) }
}

extension Tensor {
  /// The diagonal of two axes of equal size, as a view; it replaces the first of them.
  package func mergingAxes(_ first: Int, _ second: Int) -> Tensor {
    var (sizes, newStrides) = (shape.sizes, strides)
    newStrides[first] += newStrides[second]
    sizes.remove(second)
    newStrides.remove(second)
    return Tensor(
      storage: storage, offset: offset, shape: TensorShape(sizes: sizes), strides: newStrides)
  }
}

/// The sum of products that `subscripts` describes.
package func einsum<Operand: EinsumOperand>(_ subscripts: String, of operands: [Operand]) -> Operand
{
  let (inputs, output) = parse(subscripts, operands.map(\.shape))
  var sizes: [Character: Int] = [:]
  for (letters, operand) in zip(inputs, operands) {
    for (axis, letter) in letters.enumerated() {
      let (size, known) = (operand.shape[axis], sizes[letter])
      require(
        known == nil || known == size || (letter.isNumber && (known == 1 || size == 1)),
        "einsum \"\(subscripts)\": axis \(letter.isNumber ? "..." : String(letter)) has size "
          + "\(known ?? 0) and size \(size) in shapes \(operands.map(\.shape))")
      if known == nil || known == 1 { sizes[letter] = size }
    }
  }
  var terms = zip(inputs, operands).map {
    LabeledOperand(letters: $0, elements: $1).withoutRepeatedAxes(sizes).diagonalized()
  }
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
  return result.elements.transposed(
    permutation: output.map { result.letters.firstIndex(of: $0)! })
}

/// The letters of each operand and of the result; the axes of `...` are numbered from the last one.
private func parse(
  _ subscripts: String, _ shapes: [TensorShape]
) -> (inputs: [[Character]], output: [Character]) {
  let dot: Character = "."
  var text: [Character] = []
  for character in subscripts where character != " " {
    text.append(character)
    if text.suffix(3) == [dot, dot, dot] {
      text.removeLast(3)
      text.append("…")
    }
  }
  let arrow = text.indices.dropLast().first { text[$0] == "-" && text[$0 + 1] == ">" }
  let groups = text[..<(arrow ?? text.count)].split(
    separator: ",", omittingEmptySubsequences: false
  ).map(Array.init)
  let result = arrow.map { Array(text[($0 + 2)...]) }
  require(
    (groups + [result ?? []]).allSatisfy { group in
      group.allSatisfy { $0 == "…" || ($0.isASCII && $0.isLetter) }
        && group.count { $0 == "…" } <= 1
    },
    "einsum \"\(subscripts)\": expected letters, commas, one ... per operand and one ->, such as "
      + "\"ij,jk->ik\"")
  require(
    groups.count == shapes.count
      && zip(groups, shapes).allSatisfy {
        $0.contains("…") ? $0.count - 1 <= $1.rank : $0.count == $1.rank
      },
    "einsum \"\(subscripts)\": got operands of shapes \(shapes), expected one for each group of "
      + "letters with an axis for each letter")
  func expanded(_ group: [Character], _ count: Int) -> [Character] {
    let axes = (0..<count).reversed().map { Character(String($0)) }
    return group.flatMap { $0 == "…" ? axes : [$0] }
  }
  let inputs = zip(groups, shapes).map { expanded($0, $1.rank - $0.count + 1) }
  let rank = zip(groups, shapes).map { $0.contains("…") ? $1.rank - $0.count + 1 : 0 }.max() ?? 0
  let all = inputs.flatMap { $0 }
  let output =
    result.map { expanded($0, rank) }
    ?? expanded(["…"], rank)
    + Set(all).filter { letter in !letter.isNumber && all.count { $0 == letter } == 1 }.sorted()
  require(
    Set(output).count == output.count && output.allSatisfy(all.contains),
    "einsum \"\(subscripts)\": each letter of the result must stand there once, and in an operand")
  require(
    rank == 0 || output.contains("0"),
    "einsum \"\(subscripts)\": the axes of ... cannot be summed over, write it into the result")
  return (inputs, output)
}

/// An operand and a letter for each of its axes.
private struct LabeledOperand<Operand: EinsumOperand> {
  var letters: [Character]
  var elements: Operand

  /// A view without the axes of size 1 that would have to broadcast.
  func withoutRepeatedAxes(_ sizes: [Character: Int]) -> LabeledOperand {
    var result = self
    for axis in letters.indices.reversed() where elements.shape[axis] != sizes[letters[axis]] {
      result.letters.remove(at: axis)
      result.elements = result.elements.squeezingShape(at: axis)
    }
    return result
  }

  /// A view in which no letter occurs twice.
  func diagonalized() -> LabeledOperand {
    var result = self
    for axis in letters.indices.reversed() {
      let first = letters.firstIndex(of: letters[axis])!
      if first < axis {
        result.letters.remove(at: axis)
        result.elements = result.elements.mergingAxes(first, axis)
      }
    }
    return result
  }

  /// The sum over all axes but those of `kept`.
  func summed(keeping kept: Set<Character>) -> LabeledOperand {
    let axes = letters.indices.filter { !kept.contains(letters[$0]) }
    if axes.isEmpty { return self }
    return LabeledOperand(
      letters: letters.filter(kept.contains),
      elements: elements.sum(axes: Array(axes), keepingDimensions: false))
  }

  /// The product with another operand, summed over the letters that both have but `kept` lacks.
  func contracted(
    with other: LabeledOperand, keeping kept: Set<Character>, _ sizes: [Character: Int]
  ) -> LabeledOperand {
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
    return LabeledOperand(
      letters: result,
      elements: Operand.product(left, right).reshaped(to: TensorShape(result.map { sizes[$0]! })))
  }

  /// The operand with its axes in another order.
  private func arranged(_ order: [Character]) -> Operand {
    elements.transposed(permutation: order.map { letters.firstIndex(of: $0)! })
  }
}
