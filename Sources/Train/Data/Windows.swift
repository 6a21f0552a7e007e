// Samples cut from one long sequence: a text as numbers, or a series with a row for each moment.

import Tensor

/// Windows over a long sequence, a sample each, which are cut out when they are asked for: however much they
/// overlap, they need no more memory than the sequence.
public struct Windows<Element: TensorScalar>: SampleRows {
  private let sequence: Tensor<Element>
  private let first: Int
  private let length: Int
  private let step: Int
  /// The number of windows, the length of each, and what a moment has.
  public let shape: TensorShape

  /// `count` windows of `length` moments, of which the first begins at `first`.
  fileprivate init(_ sequence: Tensor<Element>, from first: Int, length: Int, step: Int, count: Int)
  {
    self.sequence = sequence
    (self.first, self.length, self.step) = (first, length, step)
    shape = TensorShape([count, length] + Array(sequence.shape.dropFirst()))
  }

  /// The given windows, converted.
  public func samples<Scalar: TensorFloat>(
    _ numbers: [Int], as: Scalar.Type
  ) -> Tensor<Scalar> { Tensor<Scalar>(windows(numbers)) }

  /// All windows in memory.
  public func tensor() -> Tensor<Element> { windows(Array(0..<shape[0])) }

  private func windows(_ numbers: [Int]) -> Tensor<Element> {
    for number in numbers {
      require(
        number >= 0 && number < shape[0],
        "Windows: there is no window \(number), there are \(shape[0]), counted from 0")
    }
    let moments = numbers.flatMap { first + $0 * step..<first + $0 * step + length }
    return sequence.taking(moments, axis: 0).reshaped(
      to: shape.replacing(axis: 0, with: numbers.count))
  }
}

/// Windows over the tokens of a long text, and for each token of a window the one that follows it.
///
/// ```swift
/// let (x, y) = textWindows(vocabulary.encode(book), length: 64)
/// try model.fit(Dataset(x, y), epochs: 3)
/// ```
///
/// - Parameters:
///   - tokens: the tokens of the text.
///   - length: the number of tokens in a window.
///   - step: how far apart windows begin; nil for `length`, so that no token occurs in two of them.
/// - Returns: the windows, and the same moved by one token, [windows, length] each; tokens behind the last whole
///   window are left out.
public func textWindows(
  _ tokens: [Int], length: Int, step: Int? = nil
) -> (x: Windows<Int>, y: Windows<Int>) {
  let (tokens, step) = (Tensor(tokens), step ?? length)
  let count = windowCount(tokens.count, length: length, horizon: 1, step: step, "textWindows")
  return (
    Windows(tokens, from: 0, length: length, step: step, count: count),
    Windows(tokens, from: 1, length: length, step: step, count: count)
  )
}

/// Windows over a time series, and for each the moments that follow it: what a network predicts from them.
///
/// ```swift
/// let (x, y) = seriesWindows(passengers, length: 12)      // a year, and the month after it
/// ```
///
/// - Parameters:
///   - series: the values along the first axis, [moments] or [moments, features].
///   - length: the number of moments in a window.
///   - horizon: the number of moments that follow.
///   - step: how far apart windows begin.
/// - Returns: the windows, [windows, length, features], and what follows, [windows, horizon, features].
public func seriesWindows<Element: TensorScalar>(
  _ series: Tensor<Element>, length: Int, horizon: Int = 1, step: Int = 1
) -> (x: Windows<Element>, y: Windows<Element>) {
  require(series.rank > 0, "seriesWindows: a single number is no series, expected [moments, …]")
  let count = windowCount(
    series.shape[0], length: length, horizon: horizon, step: step, "seriesWindows")
  return (
    Windows(series, from: 0, length: length, step: step, count: count),
    Windows(series, from: length, length: horizon, step: step, count: count)
  )
}

/// The number of windows of `length` moments with `horizon` more behind each.
private func windowCount(
  _ moments: Int, length: Int, horizon: Int, step: Int, _ operation: String
) -> Int {
  require(
    length > 0 && horizon > 0 && step > 0,
    "\(operation): length, horizon and step must be positive, got \(length), \(horizon) and \(step)"
  )
  // Differences, since sums of a caller's numbers could overflow.
  guard horizon < moments, length <= moments - horizon else { return 0 }
  return (moments - horizon - length) / step + 1
}
