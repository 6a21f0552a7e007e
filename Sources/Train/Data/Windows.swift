// Samples cut from one long sequence: a text as numbers, or a table with a row for each moment.

import Tensor

/// Windows over the tokens of a long text, and for each token of a window the one that follows it.
///
/// ```swift
/// let text = Tensor<Int>(vocabulary.encode(book))
/// let (x, y) = textWindows(text, length: 256)        // [windows, 256] each
/// ```
/// Both are views of `tokens`: overlapping windows need no memory.
///
/// - Parameters:
///   - tokens: The tokens, [count].
///   - length: The number of tokens in a window, 1 or more.
///   - step: How far apart windows begin; if nil, `length`, so that no token occurs in two of them.
/// - Returns: the windows, and the same moved by one token, [windows, length] each.
public func textWindows(
  _ tokens: Tensor<Int>, length: Int, step: Int? = nil
) -> (x: Tensor<Int>, y: Tensor<Int>) {
  require(tokens.rank == 1, "textWindows: the tokens have shape \(tokens.shape), expected [count]")
  let (x, y) = seriesWindows(tokens, length: length, horizon: 1, step: step ?? length)
  guard x.shape[0] > 0 else { return (x, x) }
  let next = tokens[1...].slidingWindows(of: length, step: step ?? length)
  return (x, next[0..<y.shape[0]])
}

/// Windows over a time series, and for each the moments that follow it: what a network predicts them from.
///
/// ```swift
/// let (x, y) = seriesWindows(passengers, length: 12)      // a year, and the month after it
/// ```
/// Both are views of `series`: overlapping windows need no memory.
///
/// - Parameters:
///   - series: The values along the first axis, [moments] or [moments, features].
///   - length: The number of moments in a window, 1 or more.
///   - horizon: The number of moments to be predicted, 1 or more.
///   - step: How far apart windows begin, 1 or more.
/// - Returns: the windows, [windows, length, features], and what follows, [windows, horizon, features].
public func seriesWindows<Scalar: TensorScalar>(
  _ series: Tensor<Scalar>, length: Int, horizon: Int = 1, step: Int = 1
) -> (x: Tensor<Scalar>, y: Tensor<Scalar>) {
  require(series.rank >= 1, "seriesWindows: a single number is no series, expected shape [moments]")
  require(
    length >= 1 && horizon >= 1 && step >= 1,
    "seriesWindows: length \(length), horizon \(horizon) and step \(step), expected 1 or more")
  let moments = series.shape[0]
  // Differences, since sums of a caller's numbers could overflow.
  let used = max(moments - horizon, 0)
  let x = series[0..<used].slidingWindows(of: length, step: step)
  let y = series[min(length, moments)...].slidingWindows(of: horizon, step: step)
  return (x, y[0..<x.shape[0]])
}
