// Networks that write: from the tokens so far to the next ones. A network for this takes tokens' numbers,
// [batch, steps], and gives logits or their softmax, [batch, steps, words], or [batch, words] for the last
// step.

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
  /// The same seed gives the same text, however many threads compute it. If all layers are such that a step
  /// depends on earlier ones only (``Layer/supportsCaching``), each token is computed once, until the text is
  /// longer than the window; the logits are those of the whole window except for rounding.
  ///
  /// - Parameters:
  ///   - count: the largest number of tokens to write.
  ///   - tokens: the text so far, one token or more.
  ///   - window: how many of the last tokens the network sees, such as the steps it was trained with; nil for
  ///     all, as recurrent networks like it.
  ///   - sampling: how a token is chosen.
  ///   - generator: the source of chance.
  ///   - body: gets each token as soon as it is chosen; returns whether to go on.
  /// - Returns: the tokens that were written.
  @discardableResult
  public func generate(
    _ count: Int, after tokens: [Int], window: Int? = nil,
    sampling: TokenSampling = TokenSampling(),
    using generator: inout RandomGenerator, _ body: (Int) -> Bool = { _ in true }
  ) -> [Int] {
    let reader = Reader(self, window: window)
    var text = tokens
    for _ in 0..<max(0, count) {
      let logits = reader.logits(after: [text])[0]
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
  ///   - width: how many continuations are kept.
  ///   - count: the largest number of tokens to write.
  ///   - tokens: the text so far, one token or more.
  ///   - window: how many of the last tokens the network sees; nil for all.
  ///   - end: the token after which a continuation is complete; nil if there is none.
  /// - Returns: up to `width` continuations with their log probabilities, the most likely first.
  public func beamSearch(
    width: Int, _ count: Int, after tokens: [Int], window: Int? = nil, end: Int? = nil
  ) -> [(tokens: [Int], logProbability: Double)] {
    require(width > 0, "beamSearch: the width must be positive, got \(width)")
    let reader = Reader(self, window: window)
    // Each with the row that its text but the last token had when the network read it.
    var beams: [(tokens: [Int], logProbability: Double, row: Int)] = [(tokens, 0, 0)]
    func isComplete(_ beam: [Int]) -> Bool { beam.count > tokens.count && beam.last == end }
    for _ in 0..<max(0, count) {
      let open = beams.filter { !isComplete($0.tokens) }
      if open.isEmpty { break }
      var candidates = beams.filter { isComplete($0.tokens) }
      let logits = reader.logits(after: open.map(\.tokens), from: open.map(\.row))
      for (place, (beam, logits)) in zip(open, logits).enumerated() {
        let row = Tensor(logits, shape: [logits.count])
        let logs = (row - row.logSumExp()).elements
        let best = logs.indices.sorted { logs[$0] != logs[$1] ? logs[$0] > logs[$1] : $0 < $1 }
        for token in best.prefix(width) {
          candidates.append((beam.tokens + [token], beam.logProbability + logs[token], place))
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
}

/// Reads texts that grow and gives the logits of what follows, with a cache as long as that gives the same.
private final class Reader<Network: Layer> {
  private let network: Network
  private let window: Int
  private let context = Context<Network.Scalar>(isTraining: false)

  init(_ network: Network, window: Int?) {
    require(window ?? 1 > 0, "generate: the window must be positive, got \(window ?? 0)")
    self.network = network
    self.window = window ?? .max
    if network.supportsCaching { context.cache = StepCache() }
  }

  /// The logits after the last token of texts of equal length, which go on from those of the call before that
  /// `rows` numbers.
  func logits(after texts: [[Int]], from rows: [Int]? = nil) -> [[Double]] {
    let count = texts[0].count
    require(count > 0, "generate: there must be a token to begin with")
    // When the window moves, the position of every step changes.
    if count > window { context.cache = nil }
    let cache = context.cache
    if let rows, let cache { cache.select(rows) }
    let steps = min(count, window) - (cache?.stepCount ?? 0)
    context.tape.reset()
    let tokens = texts.flatMap { $0.suffix(steps).map { Network.Scalar($0) } }
    let x = context.tape.constant(Tensor(tokens, shape: [texts.count, steps]))
    let result = network(x, in: context)
    cache?.advance(by: steps)
    let y = (result.logits(of: .softmax) ?? result).value
    require(
      y.shape[0] == texts.count && (y.rank == 2 || (y.rank == 3 && y.shape[1] == steps)),
      "generate: the network made shape \(y.shape) of \(x.shape); expected logits [batch, steps, words] or "
        + "[batch, words]")
    let last = y.rank == 3 ? y[0..<texts.count, steps - 1] : y
    return (0..<texts.count).map { last[$0, ...].elements.map { Double($0) } }
  }
}
