// How the next token is chosen during text generation. Next: `Generation.swift`.

import Tensor

/// How the next token is chosen from a network's logits: the most likely one, or a random one.
///
/// The steps are applied in this order: the repetition penalty, the temperature, `topK`, `topP`.
public struct TokenSampling: Sendable, Equatable {
  /// The divisor of the logits.
  ///
  /// Below 1, likely tokens become more likely; above 1, probabilities become more even; 0 always
  /// takes the most likely token.
  public var temperature: Double
  /// How many of the most likely tokens are kept; nil for all.
  public var topK: Int?
  /// The total probability to keep, with as few tokens as possible (nucleus sampling); nil for all.
  ///
  /// Source: A. Holtzman et al., "The curious case of neural text degeneration", 2020.
  public var topP: Double?
  /// The penalty on tokens that already occurred; 1 for none.
  ///
  /// Their positive logits are divided by it and their negative logits multiplied by it.
  ///
  /// Source: N. Keskar et al., "CTRL: a conditional transformer language model", 2019.
  public var repetitionPenalty: Double

  /// A sampling rule; the default draws from the network's own probabilities.
  public init(
    temperature: Double = 1, topK: Int? = nil, topP: Double? = nil, repetitionPenalty: Double = 1
  ) {
    require(
      temperature >= 0 && temperature.isFinite,
      "TokenSampling: the temperature must be 0 or positive, got \(temperature)")
    require(topK ?? 1 > 0, "TokenSampling: topK must be positive, got \(topK ?? 0)")
    require(
      topP ?? 1 > 0 && topP ?? 1 <= 1,
      "TokenSampling: topP must be positive and at most 1, got \(topP ?? 0)")
    require(
      repetitionPenalty > 0 && repetitionPenalty.isFinite,
      "TokenSampling: the repetition penalty must be positive, got \(repetitionPenalty)")
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.repetitionPenalty = repetitionPenalty
  }

  /// Always the most likely token.
  public static let greedy = TokenSampling(temperature: 0)

  /// The probability with which each token is chosen.
  ///
  /// - Parameters:
  ///   - logits: one number per token; larger means more likely.
  ///   - tokens: the tokens so far.
  /// - Returns: the probabilities, whose sum is 1.
  public func probabilities(of logits: [Double], after tokens: [Int] = []) -> [Double] {
    require(!logits.isEmpty, "TokenSampling: there is no token to choose")
    require(
      !logits.contains { $0.isNaN },
      "TokenSampling: a logit is NaN; the network's weights or its input are")
    var logits = logits
    if repetitionPenalty != 1 {
      for token in Set(tokens) where logits.indices.contains(token) {
        logits[token] =
          logits[token] > 0 ? logits[token] / repetitionPenalty : logits[token] * repetitionPenalty
      }
    }
    // Ties go to the lower token, so that the order does not depend on the sorting algorithm.
    let order = logits.indices.sorted {
      logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1
    }
    var result = [Double](repeating: 0, count: logits.count)
    if temperature == 0 {
      result[order[0]] = 1
      return result
    }
    let largest = logits[order[0]]
    let kept = order.prefix(topK ?? order.count)
    // Infinite logits share all the probability; their difference would be NaN.
    let shifted = kept.map { logits[$0] == largest ? 0 : (logits[$0] - largest) / temperature }
    var weights = exp(Tensor(shifted, shape: [shifted.count])).elements
    if let topP {
      let enough = topP * weights.reduce(0, +)
      var sum = 0.0
      let count = weights.firstIndex { weight in
        sum += weight
        return sum >= enough
      }
      weights = Array(weights.prefix((count ?? weights.count - 1) + 1))
    }
    let sum = weights.reduce(0, +)
    for (token, weight) in zip(kept, weights) { result[token] = weight / sum }
    return result
  }

  /// Chooses a token; draws one random number unless the temperature is 0.
  ///
  /// - Parameters:
  ///   - logits: one number per token; larger means more likely.
  ///   - tokens: the tokens so far.
  ///   - generator: the source of randomness.
  /// - Returns: the chosen token.
  public func choose(
    from logits: [Double], after tokens: [Int] = [], using generator: inout RandomGenerator
  ) -> Int {
    let probabilities = probabilities(of: logits, after: tokens)
    if temperature == 0 { return probabilities.firstIndex(of: 1)! }
    var left = generator.nextUniform()
    for (token, probability) in probabilities.enumerated() where probability > 0 {
      left -= probability
      if left < 0 { return token }
    }
    // Rounding can leave the sum of the probabilities slightly below 1.
    return probabilities.lastIndex { $0 > 0 }!
  }
}
