// What the tests of tensors compare with: plain loops over positions, and one matrix in every layout
// that a view can give it.

import Tensor
import TestSupport
import Testing

/// All positions of a shape in row-major order.
func positions(of shape: TensorShape) -> [[Int]] {
  shape.reduce([[]]) { heads, size in
    heads.flatMap { head in (0..<size).map { head + [$0] } }
  }
}

/// The elements read one by one through the subscript, which knows no loops and no kernels.
func elementByElement<Scalar>(_ tensor: Tensor<Scalar>) -> [Scalar] {
  positions(of: tensor.shape).map { tensor[$0] }
}

/// `count` small numbers without a pattern, of which all scalar types hold a distinct value.
func numbers<Scalar: TensorNumber>(
  _ count: Int, seed: Int = 1, as: Scalar.Type = Scalar.self
) -> [Scalar] {
  var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Scalar(converting: Double(state >> 33 & 0x7F) + 1)
  }
}

/// The ways in which a matrix with five rows and seven columns can lie in memory.
enum Layout: String, CaseIterable, Sendable {
  case contiguous, transposed, insideAnother, everySecond, backwards, permuted
  case repeatedRow, repeatedColumn, repeatedNumber

  /// A view of shape [5, 7] onto numbers without a pattern.
  func matrix<Scalar: TensorNumber>(seed: Int, of: Scalar.Type = Scalar.self) -> Tensor<Scalar> {
    func make(_ shape: TensorShape) -> Tensor<Scalar> {
      Tensor(numbers(shape.elementCount, seed: seed), shape: shape)
    }
    return switch self {
    case .contiguous: make([5, 7])
    case .transposed: make([7, 5]).transposed()
    case .insideAnother: make([8, 11])[2..<7, 3...9]
    case .everySecond:
      make([10, 14])[stride(from: 0, to: 10, by: 2), stride(from: 1, to: 14, by: 2)]
    case .backwards:
      make([5, 7])[stride(from: 4, through: 0, by: -1), stride(from: 6, to: -1, by: -1)]
    case .permuted: make([7, 1, 5]).transposed(permutation: [1, 2, 0]).squeezingShape(at: 0)
    case .repeatedRow: make([7]).broadcast(to: [5, 7])
    case .repeatedColumn: make([5, 1]).broadcast(to: [5, 7])
    case .repeatedNumber: make([]).broadcast(to: [5, 7])
    }
  }
}

/// Runs `body` with one and with several threads in turn and expects the same bits each time.
///
/// For exit tests only: the number of threads belongs to the whole process.
func expectSameBits<Scalar: TensorFloat>(
  _ name: Comment, _ body: () -> Tensor<Scalar>, sourceLocation: SourceLocation = #_sourceLocation
) {
  func bits() -> [UInt64] { body().elements.map { $0.asDouble.bitPattern } }
  Parallel.threadCount = 1
  let expected = bits()
  for threads in [2, 3, 8] {
    Parallel.threadCount = threads
    #expect(bits() == expected, name, sourceLocation: sourceLocation)
  }
}
