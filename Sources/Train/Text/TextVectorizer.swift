// Vectorises texts: counts of words and n-grams, with tf-idf weights. Data/BagOfWords.swift is the
// simple form for single words and a few sentences.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Counts words and n-grams and weights them by their rarity.
///
/// It corresponds to scikit-learn's `CountVectorizer` and `TfidfVectorizer`.
///
/// ```swift
/// let vectorizer = TextVectorizer(fittedTo: reviews, ngrams: 1...2, limit: 5_000)
/// let train = vectorizer.tfidf(reviews)              // [reviews, 5000]
/// let test = vectorizer.tfidf(others)                // terms that are not known are passed over
/// ```
/// Words are those of `bagOfWords`: maximal sequences of letters, digits and underscores, in lower
/// case. The matrix has a column for each term, so set a limit if there are many texts.
public struct TextVectorizer: Sendable, Equatable {
  /// The words and n-grams, sorted, in the order of the columns; words in an n-gram are joined by
  /// spaces.
  public let terms: [String]
  /// The numbers of consecutive words that form a term.
  public let ngrams: ClosedRange<Int>
  /// The weight of each term, `1 + ln((1 + texts) / (1 + texts with the term))`.
  public let inverseDocumentFrequencies: [Double]
  private let columns: [String: Int]

  /// Collects the terms of the given texts.
  ///
  /// - Parameters:
  ///   - texts: The texts.
  ///   - ngrams: The numbers of consecutive words that form a term; `1...2` counts words and pairs.
  ///   - limit: The maximum number of terms; the most frequent ones are kept, ties in alphabetical
  ///     order.
  ///   - minimumTexts: Terms that occur in fewer texts are excluded.
  public init(
    fittedTo texts: some Sequence<String>, ngrams: ClosedRange<Int> = 1...1, limit: Int? = nil,
    minimumTexts: Int = 1
  ) {
    require(ngrams.lowerBound >= 1, "TextVectorizer: \(ngrams) words in a term, expected 1 or more")
    require(limit ?? 0 >= 0, "TextVectorizer: the limit must be 0 or more, got \(limit ?? 0)")
    var occurrences: [String: Int] = [:]
    var textsWith: [String: Int] = [:]
    var textCount = 0
    for text in texts {
      textCount += 1
      let terms = Self.terms(of: text, ngrams)
      for term in terms { occurrences[term, default: 0] += 1 }
      for term in Set(terms) { textsWith[term, default: 0] += 1 }
    }
    let frequent = mostFrequent(occurrences.filter { textsWith[$0.key]! >= minimumTexts })
    terms = frequent.prefix(limit ?? .max).sorted()
    self.ngrams = ngrams
    inverseDocumentFrequencies = terms.map { term -> Double in
      let share = Double(1 + textCount) / Double(1 + textsWith[term]!)
      return 1 + log(share)
    }
    columns = Dictionary(uniqueKeysWithValues: zip(terms, terms.indices))
  }

  /// How often each term occurs in each text, [texts, terms].
  public func counts(_ texts: [String]) -> Tensor<Float> {
    let columnCount = terms.count
    var counts = [Float](repeating: 0, count: texts.count * columnCount)
    for (row, text) in texts.enumerated() {
      for term in Self.terms(of: text, ngrams) {
        if let column = columns[term] { counts[row * columnCount + column] += 1 }
      }
    }
    return Tensor(counts, shape: [texts.count, columnCount])
  }

  /// The tf-idf matrix, [texts, terms]: counts times term weights, each row scaled to length 1.
  ///
  /// A text without known terms gets zeros.
  public func tfidf(_ texts: [String]) -> Tensor<Float> {
    var values = counts(texts).elements
    for row in texts.indices {
      let columns = row * terms.count..<(row + 1) * terms.count
      var sum = 0.0
      for (place, weight) in zip(columns, inverseDocumentFrequencies) {
        sum += (Double(values[place]) * weight) * (Double(values[place]) * weight)
      }
      let scale = sum > 0 ? 1 / sum.squareRoot() : 0
      for (place, weight) in zip(columns, inverseDocumentFrequencies) {
        values[place] = Float(Double(values[place]) * weight * scale)
      }
    }
    return Tensor(values, shape: [texts.count, terms.count])
  }

  /// The terms of a text in order, with repetitions.
  private static func terms(of text: String, _ ngrams: ClosedRange<Int>) -> [String] {
    let words = words(text)
    var terms: [String] = []
    // A text has no terms with more words than itself.
    guard ngrams.lowerBound <= words.count else { return [] }
    for count in ngrams.lowerBound...min(ngrams.upperBound, words.count) {
      for first in 0...words.count - count {
        terms.append(words[first..<first + count].joined(separator: " "))
      }
    }
    return terms
  }
}
