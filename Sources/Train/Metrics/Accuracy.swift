import Autograd
import Tensor

/// The number of samples of a batch whose class is right; a sample with several rows of predictions, such
/// as one per moment of a sequence, counts by the share of them that are right.
struct Accuracy: MetricSums {
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func add<Scalar: TensorFloat>(
    _ prediction: Block<Scalar>, _ target: Block<Scalar>, to sums: inout [Double]
  ) {
    guard prediction.count > 0 else { return }
    let shape = prediction.shape
    // Without an axis of classes every prediction is one number.
    let (samples, width) = (shape[0], shape.rank < 2 ? 1 : shape[shape.rank - 1])
    let rows = prediction.count / width
    let (p, t) = (prediction.base, target.base)
    var right = 0
    if width == 1 {
      // Two classes in one number.
      let half = Scalar(0.5)
      for i in 0..<rows where (p[i] > half) == (t[i] > half) { right &+= 1 }
    } else if target.count == rows {
      // A class index.
      for i in 0..<rows {
        let largest = Scalar.kernels.pointee.argument(.maximum, p + i &* width, width)
        if Scalar(largest) == t[i] { right &+= 1 }
      }
    } else {
      // A one-hot row.
      let argument = Scalar.kernels.pointee.argument
      for i in 0..<rows
      where argument(.maximum, p + i &* width, width)
        == argument(.maximum, t + i &* width, width)
      {
        right &+= 1
      }
    }
    sums[0] += Double(right) * Double(samples) / Double(rows)
  }
}
