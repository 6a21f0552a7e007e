import Autograd
import Tensor

/// Counts the samples of a batch with the right class.
///
/// A sample with several rows of predictions, such as one per step of a sequence, counts by the
/// fraction of them that are right.
struct Accuracy: MetricSums {
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func add<Scalar: TensorFloat>(
    _ prediction: Block<Scalar>, _ target: Block<Scalar>, to sums: inout [Double]
  ) {
    guard prediction.count > 0 else { return }
    let shape = prediction.shape
    // Without an axis of classes, every prediction is one number.
    let (samples, width) = (shape[0], shape.rank < 2 ? 1 : shape[shape.rank - 1])
    let rows = prediction.count / width
    let (p, t) = (prediction.base, target.base)
    var right = 0
    if width == 1 {
      // Two classes encoded in one number; only the prediction is rounded.
      let half = Scalar(0.5)
      for i in 0..<rows where (p[i] > half ? 1 : 0) == t[i] { right &+= 1 }
    } else if target.count == rows {
      // The targets are class indices.
      for i in 0..<rows where Scalar(largest(p + i &* width, width)) == t[i] { right &+= 1 }
    } else {
      // The targets are one-hot rows.
      for i in 0..<rows
      where largest(p + i &* width, width) == largest(t + i &* width, width) {
        right &+= 1
      }
    }
    sums[0] += Double(right) * Double(samples) / Double(rows)
  }

  /// The index of the largest number, or of the first NaN.
  @inline(__always)
  private func largest<Scalar: TensorFloat>(_ x: UnsafePointer<Scalar>, _ count: Int) -> Int {
    if count > 16 { return Scalar.kernels.pointee.argument(.maximum, x, count) }
    // A call to a kernel would take longer than this loop.
    var (place, value) = (0, x[0])
    for i in 1..<count where !(x[i] <= value) && value == value { (place, value) = (i, x[i]) }
    return place
  }
}
