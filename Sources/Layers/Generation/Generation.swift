// Text generation: from the tokens so far to the next ones. The network takes token numbers,
// [batch, steps], and returns logits, [batch, steps, words], or [batch, words] for the last step
// only.

import Autograd
import Tensor

extension Layer {
  /// Continues a text token by token.
  ///
  /// ```swift
  /// var generator = RandomGenerator(seed: 1)
  /// let text = network.generate(200, after: start, window: 64, using: &generator) { token in
  ///   print(vocabulary[token], terminator: "")
  ///   return token != end
  /// }
  /// ```
  ///
  /// The same seed gives the same text, regardless of the number of threads.
  ///
  /// - Parameters:
  ///   - count: the maximum number of tokens to generate.
  ///   - tokens: the text so far, at least one token.
  ///   - window: how many of the last tokens the network sees, usually the number of steps in
  ///     training.
  ///   - sampling: how the next token is chosen.
  ///   - generator: the source of randomness.
  ///   - body: receives each token as soon as it is chosen; returns whether to continue.
  /// - Returns: the generated tokens.
  @discardableResult
  public func generate(
    _ count: Int, after tokens: [Int], window: Int, sampling: TokenSampling = TokenSampling(),
    using generator: inout RandomGenerator, _ body: (Int) -> Bool = { _ in true }
  ) -> [Int] {
    let context = Context<Scalar>(isTraining: false)
    var text = tokens
    for _ in 0..<max(0, count) {
      let logits = nextLogits([text], window: window, in: context)[0]
      let token = sampling.choose(from: logits, after: text, using: &generator)
      text.append(token)
      if !body(token) { break }
    }
    return Array(text.dropFirst(tokens.count))
  }

  /// The most likely continuations, found by beam search.
  ///
  /// After each token, only the `width` best continuations are kept.
  ///
  /// - Parameters:
  ///   - width: the number of continuations to keep.
  ///   - count: the maximum number of tokens to generate.
  ///   - tokens: the text so far, at least one token.
  ///   - window: how many of the last tokens the network sees.
  ///   - end: the token after which a continuation is complete; nil if there is none.
  /// - Returns: up to `width` continuations with their log probabilities, the most likely first.
  public func beamSearch(
    width: Int, _ count: Int, after tokens: [Int], window: Int, end: Int? = nil
  ) -> [(tokens: [Int], logProbability: Double)] {
    require(width > 0, "beamSearch: the width must be positive, got \(width)")
    let context = Context<Scalar>(isTraining: false)
    var beams: [(tokens: [Int], logProbability: Double)] = [(tokens, 0)]
    func isComplete(_ beam: [Int]) -> Bool { beam.count > tokens.count && beam.last == end }
    for _ in 0..<max(0, count) {
      let open = beams.filter { !isComplete($0.tokens) }
      if open.isEmpty { break }
      var candidates = beams.filter { isComplete($0.tokens) }
      let logits = nextLogits(open.map(\.tokens), window: window, in: context)
      for (beam, logits) in zip(open, logits) {
        let row = Tensor(logits, shape: [logits.count])
        let logs = (row - row.logSumExp()).elements
        let best = logs.indices.sorted { logs[$0] != logs[$1] ? logs[$0] > logs[$1] : $0 < $1 }
        for token in best.prefix(width) {
          candidates.append((beam.tokens + [token], beam.logProbability + logs[token]))
        }
      }
      // Candidates of equal score keep the order of their beams.
      let order = candidates.indices.sorted {
        let (a, b) = (candidates[$0].logProbability, candidates[$1].logProbability)
        return a != b ? a > b : $0 < $1
      }
      beams = order.prefix(width).map { candidates[$0] }
    }
    return beams.map { (Array($0.tokens.dropFirst(tokens.count)), $0.logProbability) }
  }

  /// The logits for the token that follows each text; all texts have the same length.
  private func nextLogits(
    _ texts: [[Int]], window: Int, in context: Context<Scalar>
  ) -> [[Double]] {
    require(window > 0, "generate: the window must be positive, got \(window)")
    let seen = texts.map { $0.suffix(window) }
    let steps = seen[0].count
    require(steps > 0, "generate: there must be a token to begin with")
    context.tape.reset()
    let x = Tensor(seen.flatMap { $0.map { Scalar($0) } }, shape: [texts.count, steps])
    let y = self(context.tape.constant(x), in: context).value
    require(
      y.shape[0] == texts.count && (y.rank == 2 || (y.rank == 3 && y.shape[1] == steps)),
      "generate: the network made shape \(y.shape) of \(x.shape); expected logits [batch, steps, words] or "
        + "[batch, words]")
    let last = y.rank == 3 ? y[0..<texts.count, steps - 1] : y
    return (0..<texts.count).map { last[$0, ...].elements.map { Double($0) } }
  }
}
