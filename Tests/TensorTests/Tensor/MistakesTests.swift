// What a programmer reads after a mistake: the operation, what was got, and the way out.

import Tensor
import TestSupport
import Testing

/// Something that stops the program, and what it has to say then.
struct Mistake: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let phrases: [String]
  let make: @Sendable () -> Void

  init(_ name: String, _ phrases: String..., make: @escaping @Sendable () -> Void) {
    self.testDescription = name
    self.phrases = phrases
    self.make = make
  }
}

private func zeros(_ shape: TensorShape) -> Tensor<Float> { .zeros(shape) }

private let creation: [Mistake] = [
  Mistake("too few values", "tensor: 5 values do not fill shape [2, 3]", "has 6 elements") {
    _ = Tensor<Float>([1, 2, 3, 4, 5], shape: [2, 3])
  },
  Mistake("ragged rows", "tensor: row 2 has 1 elements and row 0 has 2") {
    _ = Tensor<Float>([[1, 2], [3, 4], [5]])
  },
  Mistake("ragged literal", "tensor: lists of a literal differ in length: 1 and 2") {
    let _: Tensor<Float> = [[1, 2], [3]]
  },
  Mistake("mixed literal", "tensor: a literal mixes numbers and lists in one list") {
    let _: Tensor<Float> = [1, [2]]
  },
  Mistake("literal of mixed depth", "tensor: a literal mixes numbers and lists in one list") {
    let _: Tensor<Float> = [[[1]], [2]]
  },
  Mistake("literal beyond the type", "tensor: the literal 300 does not fit in UInt8") {
    let _: Tensor<UInt8> = [1, 300]
  },
  Mistake("negative literal of an unsigned type", "the literal -1 does not fit in UInt8") {
    let _: Tensor<UInt8> = [-1]
  },
  Mistake("negative size", "shape: a size cannot be negative, got [2, -3]") { _ = zeros([2, -3]) },
  Mistake("nine axes", "shape: a tensor has at most 8 axes") {
    _ = zeros([1, 1, 1, 1, 1, 1, 1, 1, 1])
  },
  Mistake("a literal of nine axes", "shape: a tensor has at most 8 axes") {
    let _: Tensor<Int> = [[[[[[[[[1]]]]]]]]]
  },
  Mistake("more elements than addresses", "has more elements than memory has addresses") {
    _ = zeros([1 << 32, 1 << 32])
  },
  Mistake("more bytes than memory", "tensor storage: got a size of", "bytes, expected 0 to") {
    _ = zeros([1 << 60])
  },
  Mistake("size of a shape", "shape: axis 2 is out of range for shape [4, 5]") {
    _ = zeros([4, 5]).shape[2]
  },
  Mistake("negative identity", "identity: the size cannot be negative, got -1") {
    _ = Tensor<Float>.identity(-1)
  },
  Mistake("range without step", "range: the step cannot be 0") {
    _ = Tensor<Int>.range(from: 0, to: 5, by: 0)
  },
  Mistake("range without step in Float", "range: the step cannot be 0") {
    _ = Tensor<Float>.range(from: 0, to: 5, by: 0)
  },
  Mistake("range without end", "range: from 0.0 to inf by 1.0 has a length of inf") {
    _ = Tensor<Double>.range(from: 0, to: .infinity)
  },
  Mistake("range of NaN", "range: from nan to 1.0 by 1.0 has a length of nan") {
    _ = Tensor<Double>.range(from: .nan, to: 1)
  },
  Mistake("range of 10^300 numbers", "range: from 0.0 to 1e+300 by 1.0 has a length of 1e+300") {
    _ = Tensor<Double>.range(from: 0, to: 1e300)
  },
  Mistake("negative count", "linspace: the count cannot be negative, got -2") {
    _ = Tensor<Float>.linspace(from: 0, to: 1, count: -2)
  },
  Mistake("several elements as one", "scalar: shape [2] has 2 elements, expected 1") {
    _ = zeros([2]).scalar
  },
]

private let arithmetic: [Mistake] = [
  Mistake(
    "sizes that do not broadcast", "add: shapes [2, 3] and [2] do not broadcast",
    "aligned at the last axis", "equal or 1"
  ) { _ = zeros([2, 3]) + zeros([2]) },
  Mistake("subtract", "subtract: shapes [4] and [5]") { _ = zeros([4]) - zeros([5]) },
  Mistake("multiply", "multiply: shapes [4] and [5]") { _ = zeros([4]) * zeros([5]) },
  Mistake("divide", "divide: shapes [4] and [5]") { _ = zeros([4]) / zeros([5]) },
  Mistake("minimum", "minimum: shapes [4] and [5]") { _ = minimum(zeros([4]), zeros([5])) },
  Mistake("maximum", "maximum: shapes [4] and [5]") { _ = maximum(zeros([4]), zeros([5])) },
  Mistake("power", "power: shapes [4] and [5]") { _ = pow(zeros([4]), zeros([5])) },
  Mistake("compare", "less: shapes [4] and [0] do not broadcast") {
    let _ = zeros([4]) .< zeros([0])
  },
  Mistake("in place", "multiply: shapes [4] and [5] do not broadcast") {
    var a = zeros([4])
    a *= zeros([5])
    _ = a
  },
  Mistake(
    "in place with a larger operand", "add: a result of shape [2, 3] does not fit into shape [3]",
    "assign it to a new tensor"
  ) {
    var a = zeros([3])
    a += zeros([2, 3])
  },
  Mistake("softmax of a number", "softmax: a single number has no axis to normalise along") {
    _ = softmax(Tensor<Float>(1))
  },
]

private let diagrams: [Mistake] = [
  Mistake(
    "a column's numbers for rows", "add: shapes [32, 10] and [32] do not broadcast",
    "expandingShape(at: -1) makes [32] [32, 1], which fits",
    "\n  [32, 10]\n      [32]\n       ^^"
  ) { _ = zeros([32, 10]) + zeros([32]) },
  Mistake(
    "means of images", "reshaped(to: [60, 1, 1]) makes [60] [60, 1, 1], which fits",
    "\n  [60, 28, 28]\n          [60]\n           ^^"
  ) { _ = zeros([60, 28, 28]) - zeros([60]) },
  Mistake(
    "a transposed operand", "transposed() makes [3, 200] [200, 3], which fits",
    "\n  [200,   3]\n  [  3, 200]\n   ^^^  ^^^"
  ) { _ = zeros([200, 3]) * zeros([3, 200]) },
  Mistake("sizes in the middle", "\n  [4, 5, 6]\n  [4, 7, 1]\n      ^") {
    _ = zeros([4, 5, 6]) + zeros([4, 7, 1])
  },
  Mistake("broadcast in the wrong direction", "\n  [2, 3]\n  [1, 3]\n   ^") {
    _ = zeros([2, 3]).broadcast(to: [1, 3])
  },
  Mistake("an assigned row that is too long", "\n  [4]\n  [3]\n   ^") {
    var t = zeros([2, 3])
    t[0, ...] = zeros([4])
  },
  Mistake("joined along the wrong axis", "\n  [2, 3]\n  [5, 4]\n   ^") {
    _ = concatenate([zeros([2, 3]), zeros([5, 4])], axis: 1)
  },
  Mistake("stacked though different", "\n  [2, 3]\n  [2, 4]\n      ^") {
    _ = stack([zeros([2, 3]), zeros([2, 4])])
  },
  Mistake("no suggestion", "sizes must be equal or 1\n  [4, 5]\n  [4, 6]\n      ^") {
    _ = zeros([4, 5]) + zeros([4, 6])
  },
]

private let algebra: [Mistake] = [
  Mistake(
    "inverse of a rectangle", "inverse: got shape [2, 3], expected square matrices",
    "pseudoinverse"
  ) { _ = try? zeros([2, 3]).inverse() },
  Mistake("a rectangle's equations", "solve: got shape [3, 2], expected square", "leastSquares") {
    _ = try? solve(zeros([3, 2]), zeros([3]))
  },
  Mistake("rows of the right-hand side", "solve: got a matrix of shape [3, 3]", "expected 3 rows") {
    _ = try? solve(zeros([3, 3]), zeros([2, 1]))
  },
  Mistake("a vector's factors", "cholesky: shape [4] is no matrix; it needs at least two axes") {
    _ = try? zeros([4]).cholesky()
  },
  Mistake("determinant of a rectangle", "determinant: got shape [2, 3], expected square") {
    _ = zeros([2, 3]).determinant()
  },
  Mistake("eigenvalues of a rectangle", "symmetricEigen: got shape [2, 3], expected square") {
    _ = try? zeros([2, 3]).symmetricEigen()
  },
  Mistake("singular values of a vector", "svd: shape [3] is no matrix") {
    _ = try? zeros([3]).svd()
  },
  Mistake("least squares", "leastSquares: got shapes [4, 2] and [3], expected a matrix and") {
    _ = try? leastSquares(zeros([4, 2]), zeros([3]))
  },
  Mistake("einsum's sizes", "einsum \"ij,jk\": axis j has size 3 and size 2 in shapes") {
    _ = einsum("ij,jk", zeros([2, 3]), zeros([2, 3]))
  },
  Mistake("einsum's letters", "einsum \"ij->k\": each letter of the result must stand there once") {
    _ = einsum("ij->k", zeros([2, 3]))
  },
  Mistake("einsum's dots", "the axes of ... cannot be summed over, write it into the result") {
    _ = einsum("...i->i", zeros([2, 3]))
  },
  Mistake(
    "einsum's signs",
    "expected letters, commas, one ... per operand and one ->, such as \"ij,jk->ik\""
  ) {
    _ = einsum("i1->i", zeros([2, 3]))
  },
  Mistake("einsum's operands", "einsum \"ij,jk\": got operands of shapes [[2, 3]]") {
    _ = einsum("ij,jk", zeros([2, 3]))
  },
  Mistake("tensordot", "tensordot: axes [1] of shape [2, 3] and [0] of shape [4, 2]") {
    _ = tensordot(zeros([2, 3]), zeros([4, 2]), axes: ([1], [0]))
  },
  Mistake("tensordot's count", "tensordot: 3 axes are too many for shapes [2, 3] and [3]") {
    _ = tensordot(zeros([2, 3]), zeros([3]), axes: 3)
  },
  Mistake("vdot", "vdot: got shapes [2, 3] and [5], expected as many elements in both") {
    _ = vdot(zeros([2, 3]), zeros([5]))
  },
]

private let products: [Mistake] = [
  Mistake(
    "a transposed right operand", "matmul: inner sizes differ, 784 and 128",
    "matmul(a, b.transposed()) would fit"
  ) { _ = matmul(zeros([32, 784]), zeros([128, 784])) },
  Mistake("a transposed left operand", "matmul(a.transposed(), b) would fit") {
    _ = matmul(zeros([32, 784]), zeros([32, 10]))
  },
  Mistake(
    "inner sizes", "matmul: inner sizes differ, 3 and 4, for shapes [2, 3] and [4, 5]",
    "the last axis of the left must equal the second to last"
  ) { _ = matmul(zeros([2, 3]), zeros([4, 5])) },
  Mistake("vector and matrix", "inner sizes differ, 3 and 4, for shapes [3] and [4, 5]") {
    _ = matmul(zeros([3]), zeros([4, 5]))
  },
  Mistake("matrix and vector", "inner sizes differ, 5 and 4, for shapes [4, 5] and [4]") {
    _ = matmul(zeros([4, 5]), zeros([4]))
  },
  Mistake("two vectors", "matmul: inner sizes differ, 3 and 4, for shapes [3] and [4]") {
    _ = matmul(zeros([3]), zeros([4]))
  },
  Mistake("a number", "matmul: a single number has no rows or columns", "[] and [2, 2]") {
    _ = matmul(Tensor<Float>(1), zeros([2, 2]))
  },
  Mistake(
    "batches", "matmul of shapes [2, 3, 4] and [5, 4, 3]: shapes [2] and [5] do not broadcast"
  ) { _ = matmul(zeros([2, 3, 4]), zeros([5, 4, 3])) },
]

private let views: [Mistake] = [
  Mistake("reshape", "reshape: shape [2, 3] has 6 elements and [4] has 4") {
    _ = zeros([2, 3]).reshaped(to: [4])
  },
  Mistake("reshape with -1", "reshape: 6 elements of shape [2, 3] do not fill [4, -1]") {
    _ = zeros([2, 3]).reshaped(to: [4, -1])
  },
  Mistake("reshape with -1 and 0", "reshape: 0 elements of shape [0, 3] do not fill [0, -1]") {
    _ = zeros([0, 3]).reshaped(to: [0, -1])
  },
  Mistake("-1 twice", "reshape: at most one size may be -1", "got [-1, -1]") {
    _ = zeros([2, 3]).reshaped(to: [-1, -1])
  },
  Mistake("-2", "reshape: at most one size may be -1 and none less, got [-2]") {
    _ = zeros([2, 3]).reshaped(to: [-2])
  },
  Mistake("reshape beyond all bounds", "has more elements than memory has addresses") {
    _ = zeros([2, 3]).reshaped(to: [.max, 2, -1])
  },
  Mistake("flat permutation", "transpose: [0, 0] is not a permutation of the axes 0..<2") {
    _ = zeros([2, 3]).transposed(permutation: [0, 0])
  },
  Mistake("short permutation", "transpose: [0] is not a permutation of the axes 0..<2") {
    _ = zeros([2, 3]).transposed(permutation: [0])
  },
  Mistake("expand", "expandingShape: axis 3 is out of range for shape [2, 3]") {
    _ = zeros([2, 3]).expandingShape(at: 3)
  },
  Mistake("expand eight axes", "shape: a tensor has at most 8 axes") {
    _ = zeros([1, 1, 1, 1, 1, 1, 1, 1]).expandingShape(at: 0)
  },
  Mistake("squeeze", "squeezingShape: axis 0 of shape [2, 1] has size 2, expected 1") {
    _ = zeros([2, 1]).squeezingShape(at: 0)
  },
  Mistake("squeeze what is not there", "squeezingShape: axis -3 is out of range for shape [2, 1]") {
    _ = zeros([2, 1]).squeezingShape(at: -3)
  },
  Mistake("broadcast", "broadcast: shape [2] does not broadcast to [2, 3]") {
    _ = zeros([2]).broadcast(to: [2, 3])
  },
  Mistake("broadcast to fewer axes", "broadcast: shape [1, 3] does not broadcast to [3]") {
    _ = zeros([1, 3]).broadcast(to: [3])
  },
  Mistake("rows", "rows: position 3 is out of range for shape [3, 2]") {
    _ = zeros([3, 2]).rows([0, 3])
  },
  Mistake("negative rows", "rows: position -1 is out of range for shape [3, 2]") {
    _ = zeros([3, 2]).rows([-1])
  },
  Mistake("rows of a number", "rows: a single number has no rows") { _ = zeros([]).rows([]) },
]

private let subscripts: [Mistake] = [
  Mistake("index", "subscript: [3] is out of range for shape [3]") { _ = zeros([3])[3] },
  Mistake(
    "negative index", "subscript: [-1] is out of range for shape [3]",
    "positions count from the start: write [2]"
  ) {
    _ = zeros([3])[-1]
  },
  Mistake(
    "negative index of a row", "subscript: [-1] names no element of shape [3, 2], which has 2 axes",
    "for a part of it write [2, ...]"
  ) {
    _ = zeros([3, 2])[-1]
  },
  Mistake(
    "negative row", "subscript: -1 is out of range for axis 0 of shape [3, 2]",
    "positions count from the start: write 2 for -1"
  ) {
    _ = zeros([3, 2])[-1, ...]
  },
  Mistake("indices", "subscript: [1, 3] is out of range for shape [2, 3]") {
    _ = zeros([2, 3])[1, 3]
  },
  Mistake("three indices", "subscript: [0, -1, 0] is out of range for shape [2, 2, 2]") {
    _ = zeros([2, 2, 2])[0, -1, 0]
  },
  Mistake("five indices", "subscript: [0, 0, 0, 0, 1] is out of range for shape [1, 1, 1, 1, 1]") {
    _ = zeros([1, 1, 1, 1, 1])[0, 0, 0, 0, 1]
  },
  Mistake("assigned index", "subscript: [2, 0] is out of range for shape [2, 3]") {
    var t = zeros([2, 3])
    t[2, 0] = 1
  },
  Mistake(
    "too few indices", "subscript: [1] names no element of shape [2, 3], which has 2 axes",
    "for a part of it write [1, ...]"
  ) { _ = zeros([2, 3])[1] },
  Mistake("too few of four indices", "for a part of it write [0, 0, 0, ...]") {
    _ = zeros([1, 1, 1, 1])[0, 0, 0]
  },
  Mistake("too few of five indices", "for a part of it write [0, 0, 0, 0, 0...]") {
    _ = zeros([1, 1, 1, 1, 1])[0, 0, 0, 0]
  },
  Mistake("no index", "subscript: [] names no element of shape [2]", "write [...]") {
    _ = zeros([2])[[]]
  },
  Mistake(
    "too many indices", "subscript: [0, 0, 0] names no element of shape [2, 3]",
    "write one index for each axis"
  ) { _ = zeros([2, 3])[0, 0, 0] },
  Mistake("index of a number", "subscript: [0] names no element of shape []") {
    _ = Tensor<Float>(1)[0]
  },
  Mistake("too many ranges", "subscript: 3 indices for shape [2, 3], which has 2 axes") {
    _ = zeros([2, 3])[0..., 0..., 0...]
  },
  Mistake("part", "subscript: 2 is out of range for axis 0 of shape [2, 3]") {
    _ = zeros([2, 3])[2, ...]
  },
  Mistake("range", "subscript: 1..<4 is out of range for axis 1 of shape [2, 3]") {
    _ = zeros([2, 3])[0..., 1..<4]
  },
  Mistake("negative range", "subscript: -1..<2 is out of range for axis 0 of shape [3]") {
    _ = zeros([3])[-1..<2]
  },
  Mistake("closed range", "subscript: 0..<4 is out of range for axis 0 of shape [3]") {
    _ = zeros([3])[0...3]
  },
  Mistake("range to the last integer", "is out of range for axis 0 of shape [3]") {
    _ = zeros([3])[0...(.max)]
  },
  Mistake("range from behind the end", "subscript: 5..<3 is out of range for axis 0 of shape [3]") {
    _ = zeros([3])[5...]
  },
  Mistake("range from before the start", "subscript: -2..<3 is out of range for axis 0") {
    _ = zeros([3])[(-2)...]
  },
  Mistake("range up to -1", "subscript: 0..<-1 is out of range for axis 0 of shape [3]") {
    _ = zeros([3])[..<(-1)]
  },
  Mistake("range through 3", "subscript: 0..<4 is out of range for axis 0 of shape [3]") {
    _ = zeros([3])[...3]
  },
  Mistake("empty range behind the end", "subscript: 4..<4 is out of range for axis 0") {
    _ = zeros([3])[4..<4]
  },
  Mistake("stride", "subscript: the stride from 0 by 2 is out of range for axis 0 of shape [9]") {
    _ = zeros([9])[stride(from: 0, to: 10 + 1, by: 2)]
  },
  Mistake("stride below 0", "subscript: the stride from 4 by -2 is out of range for axis 0") {
    _ = zeros([9])[stride(from: 4, through: -2, by: -2)]
  },
  Mistake("endless stride", "is out of range for axis 0 of shape [9]") {
    _ = zeros([9])[stride(from: 0, to: .max, by: 1)]
  },
  Mistake("stride of huge steps", "is out of range for axis 0 of shape [9]") {
    _ = zeros([9])[stride(from: 0, to: .max, by: 1 << 62)]
  },
  Mistake("assigned shape", "subscript: shape [4] does not broadcast to the assigned part's [3]") {
    var t = zeros([2, 3])
    t[0, ...] = zeros([4])
  },
  Mistake("assigned rank", "subscript: shape [1, 3] does not broadcast to the assigned part's [3]")
  {
    var t = zeros([2, 3])
    t[0, ...] = zeros([1, 3])
  },
]

private let reductions: [Mistake] = [
  Mistake("sum", "sum: axis 2 is out of range for shape [2, 3], expected -2 to 1") {
    _ = zeros([2, 3]).sum(axis: 2)
  },
  Mistake("negative axis", "mean: axis -3 is out of range for shape [2, 3]") {
    _ = zeros([2, 3]).mean(axis: -3)
  },
  Mistake("axis of a number", "product: axis 0 is out of range for shape []") {
    _ = zeros([]).product(axis: 0)
  },
  Mistake("one axis twice", "sum: axes [0, -2] name an axis of shape [2, 3] twice") {
    _ = zeros([2, 3]).sum(axes: [0, -2])
  },
  Mistake("maximum of nothing", "max: an empty axis of shape [0] has no extreme element") {
    _ = zeros([0]).max()
  },
  Mistake("minimum along nothing", "min: an empty axis of shape [2, 0] has no extreme element") {
    _ = zeros([2, 0]).min(axis: 1)
  },
  Mistake("argmax of nothing", "argmax: shape [0, 3] has no elements") {
    _ = zeros([0, 3]).argmax()
  },
  Mistake("argmin along nothing", "argmin: axis 0 of shape [0, 3] is empty") {
    _ = zeros([0, 3]).argmin(axis: 0)
  },
  Mistake("argmax axis", "argmax: axis 1 is out of range for shape [3]") {
    _ = zeros([3]).argmax(axis: 1)
  },
]

private let masks: [Mistake] = [
  Mistake("mask", "mask: shape [3] does not fit shape [2, 3]", "or of its first axes") {
    _ = zeros([2, 3])[Tensor<Bool>([true, false, true])]
  },
  Mistake("masked values", "scatter: values of shape [2] do not broadcast to [1]") {
    var t = zeros([3])
    t[Tensor<Bool>([true, false, false])] = [1, 2]
  },
  Mistake("nil", "mask: nil cannot be assigned to elements of a tensor") {
    var t = zeros([1])
    t[Tensor<Bool>([true])] = nil as Float?
  },
  Mistake("positions", "subscript: position 3 is out of range for axis 1 of shape [2, 3]") {
    _ = zeros([2, 3])[Tensor<Int>([0]), Tensor<Int>([3])]
  },
  Mistake("too many lists", "subscript: 2 lists of positions for shape [3], which has 1 axes") {
    _ = zeros([3])[Tensor<Int>([0]), Tensor<Int>([0])]
  },
  Mistake("taking", "taking: position -1 is out of range for axis 1 of shape [2, 3]") {
    _ = zeros([2, 3]).taking([-1], axis: 1)
  },
  Mistake("along", "takingAlong: positions of shape [1, 3] do not fit shape [2, 3] along axis 1") {
    _ = zeros([2, 3]).takingAlong(axis: 1, [[0, 0, 0]])
  },
  Mistake("select", "select: shapes [2] and [3] do not broadcast") {
    _ = select(Tensor<Bool>([true]), zeros([2]), zeros([3]))
  },
  Mistake("too many with ellipsis", "subscript: 3 indices for shape [2, 3], which has 2 axes") {
    _ = zeros([2, 3])[0, 1, ..., 2]
  },
]

private let joining: [Mistake] = [
  Mistake("concatenate", "concatenate: shapes [2, 3] and [2, 4] differ along more than axis 0") {
    _ = concatenate([zeros([2, 3]), zeros([2, 4])])
  },
  Mistake("concatenate nothing", "concatenate: there are no tensors") {
    _ = concatenate([Tensor<Float>]())
  },
  Mistake("concatenate numbers", "single numbers have no axis; use stack") {
    _ = concatenate([zeros([])])
  },
  Mistake("stack", "stack: shapes [2] and [3] differ") { _ = stack([zeros([2]), zeros([3])]) },
  Mistake("split", "split: axis 0 of shape [5] cannot be cut into 2 equal parts") {
    _ = zeros([5]).split(into: 2)
  },
  Mistake("split backwards", "split: positions [3, 1] do not rise within axis 0 of shape [5]") {
    _ = zeros([5]).split(at: [3, 1])
  },
  Mistake("repeat", "repeated: got counts [1], expected 2 numbers") {
    _ = zeros([2]).repeated([1], axis: 0)
  },
  Mistake("pad", "padded: got widths [[1, 1]], expected a pair") {
    _ = zeros([2, 2]).padded([(1, 1)])
  },
  Mistake("reflect", "padded: axis 0 of shape [0] has no edge") {
    _ = zeros([0]).padded(2, mode: .reflect)
  },
  Mistake("diagonal", "diagonal: shape [2] is no matrix; it needs at least two axes") {
    _ = zeros([2]).diagonal()
  },
]

private let numbers: [Mistake] = [
  Mistake("division by zero", "divide: the divisor has a zero; integers have no infinity") {
    _ = Tensor<Int>([1]) / 0
  },
  Mistake("sort", "sorted: axis 1 is out of range for shape [2]") {
    _ = zeros([2]).sorted(axis: 1)
  },
  Mistake("topK", "topK: 3 elements of axis 0 of shape [2], which has 2") {
    _ = zeros([2]).topK(3)
  },
  Mistake("quantile", "quantile: got 1.5, expected a fraction from 0 to 1") {
    _ = zeros([2]).quantile(1.5)
  },
  Mistake("median of nothing", "quantile: there are no elements along axes [0] of shape [0]") {
    _ = zeros([0]).median()
  },
  Mistake("histogram", "histogram: the range from nan to nan is not finite") {
    _ = Tensor<Float>([.nan]).histogram()
  },
  Mistake("binCount", "binCount: got the negative number -1") { _ = Tensor<Int>([-1]).binCount() },
  Mistake("choice", "RandomGenerator.choice: 3 of 2 numbers cannot be drawn without putting") {
    var generator = RandomGenerator(seed: 0)
    _ = generator.choice(from: 2, count: 3, replacing: false)
  },
  Mistake("Array", "Array: got shape [2, 2], expected one axis") {
    _ = [Float](zeros([2, 2]))
  },
]

/// Arguments that ask for more than there is memory.
private let extremes: [Mistake] = [
  Mistake("the farthest diagonal", "shape: [9223372036854775807, 9223372036854775807] has more") {
    _ = Tensor<Float>.diagonalMatrix([1], offset: .min)
  },
  Mistake("padding", "padded: widths 9223372036854775807 and", "are out of range") {
    _ = zeros([2]).padded(.max)
  },
  Mistake("padding with the edge", "padded: widths 9223372036854775807 and", "are out of range") {
    _ = zeros([2]).padded(.max, mode: .edge)
  },
  Mistake("padding by reflection", "padded: widths 9223372036854775807 and", "are out of range") {
    _ = zeros([2]).padded(.max, mode: .reflect)
  },
  Mistake("a range beyond Int", "range: from 0 to 18446744073709551615 by 1 is not within") {
    _ = Tensor<UInt64>.range(from: 0, to: .max)
  },
  Mistake("repetitions", "tensor: 9223372036854775807 elements do not fit in memory") {
    _ = zeros([2]).repeated(.max, axis: 0)
  },
  Mistake("tiles", "tensor: 9223372036854775807 elements do not fit in memory") {
    _ = zeros([2]).tiled([.max])
  },
  Mistake("points of a line", "tensor: 9223372036854775807 elements do not fit in memory") {
    _ = Tensor<Float>.linspace(from: 0, to: 1, count: .max)
  },
  Mistake("powers", "tensor: 9223372036854775807 elements do not fit in memory") {
    _ = Tensor<Float>.logspace(from: 0, to: 1, count: .max)
  },
  Mistake("all integers", "tensor: 9223372036854775807 elements do not fit in memory") {
    _ = Tensor<Int>.range(from: .min, to: .max)
  },
  Mistake("a long range", "tensor storage: got a size of 800000000000000 bytes") {
    _ = Tensor<Double>.range(from: 0, to: 1e14)
  },
  Mistake("bins", "tensor: 9223372036854775807 elements do not fit in memory") {
    _ = zeros([2]).histogram(bins: .max)
  },
  Mistake(
    "bins of no width",
    "histogram: 10 bins from 1.0 to 1.0000000000000002 are narrower than the distance of neighbouring",
    "numbers of Double; take fewer bins or a wider range"
  ) { _ = Tensor<Double>([1, 1.0000000000000002]).histogram(bins: 10) },
  Mistake("counts", "tensor: 9223372036854775807 elements do not fit in memory") {
    _ = Tensor<Int>([3]).binCount(minimumLength: .max)
  },
  Mistake("counts of large numbers", "tensor: 9223372036854775807 elements do not fit in memory") {
    _ = Tensor<Int>([.max]).binCount()
  },
]

private let mistakes =
  creation + arithmetic + diagrams + products + algebra + views + subscripts + reductions + masks
  + joining + numbers + extremes

@Suite("Mistakes with tensors")
struct MistakesTests {
  @Test("a mistake stops the program and is explained", arguments: mistakes.indices)
  func mistake(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      mistakes[index].make()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    for phrase in mistakes[index].phrases {
      #expect(message(of: result, contains: phrase), "\(mistakes[index].testDescription): \(text)")
    }
  }
}
