// Data sets: made by rule, or read from files that the user has.

import ArrayFiles
import Layers
import Tensor

/// Points on two circles, one inside the other, and the circle of each: scikit-learn's `make_circles`.
///
/// The same seed gives the same numbers as scikit-learn, to the last digit.
///
/// - Parameters:
///   - samples: the number of points; the inner circle (class 1) gets the larger half.
///   - noise: the standard deviation of the noise on each coordinate.
///   - factor: the radius of the inner circle; the outer one has radius 1.
///   - randomState: the seed of NumPy's legacy generator.
///   - shuffle: whether the points come in random order.
/// - Returns: the points, [samples, 2], and the classes 0 and 1, [samples].
public func makeCircles(
  samples: Int = 100, noise: Double? = nil, factor: Double = 0.8, randomState: UInt32,
  shuffle: Bool = true
) -> (x: Tensor<Double>, y: Tensor<Int>) {
  let (x, y) = circlePoints(
    samples: samples, noise: noise, factor: factor, randomState: randomState, shuffled: shuffle)
  return (Tensor(x, shape: [samples, 2]), Tensor(y))
}

/// Class indices as rows with a 1 at the class and zeros elsewhere: Keras's `to_categorical`.
///
/// - Parameters:
///   - labels: the class indices, [samples] or [samples, 1]; more axes stay as they are.
///   - classes: the number of classes; one more than the largest label if nil.
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

/// Samples and targets in two parts, in random order: scikit-learn's `train_test_split`.
///
/// - Parameters:
///   - x: the samples along the first axis.
///   - y: the targets, as many as samples.
///   - testShare: the share of samples in the second part, rounded up.
///   - seed: decides the order.
/// - Returns: the two parts.
public func trainTestSplit<X: TensorScalar, Y: TensorScalar>(
  _ x: Tensor<X>, _ y: Tensor<Y>, testShare: Double = 0.25, seed: UInt64 = 0
) -> (train: (x: Tensor<X>, y: Tensor<Y>), test: (x: Tensor<X>, y: Tensor<Y>)) {
  require(
    x.rank > 0 && y.rank > 0 && x.shape[0] == y.shape[0],
    "trainTestSplit: samples of shape \(x.shape) and targets of shape \(y.shape) differ in number")
  require(
    testShare >= 0 && testShare <= 1,
    "trainTestSplit: the share of the test part must lie in 0...1, got \(testShare)")
  var generator = RandomGenerator(seed: seed)
  let order = generator.permutation(x.shape[0])
  let testCount = Int((Double(x.shape[0]) * testShare).rounded(.up))
  let test = Array(order.prefix(testCount))
  let train = Array(order.dropFirst(testCount))
  return ((x.rows(train), y.rows(train)), (x.rows(test), y.rows(test)))
}
