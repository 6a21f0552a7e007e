// Bag of words: sentences as word counts, regardless of the order of words.
// Next: Digits.swift, from numbers to pictures.

import Tensor

/// Counts how often each word occurs in each sentence.
///
/// ```swift
/// let (counts, vocabulary) = bagOfWords(["Aack", "Beep aack beep!"])
/// // counts [[1, 0], [1, 2]], vocabulary ["aack", "beep"]
/// ```
/// Words are maximal sequences of letters, digits and underscores, in lower case, as counted by
/// scikit-learn's `CountVectorizer(token_pattern=r"\b\w+\b")`.
///
/// - Parameters:
///   - sentences: the sentences; a sentence without words gets zeros.
///   - vocabulary: the words to count, in the order of the columns; other words are ignored. If
///     nil, all words of the sentences, sorted.
/// - Returns: the counts, [sentences, words], and the vocabulary.
public func bagOfWords(
  _ sentences: [String], vocabulary: [String]? = nil
) -> (counts: Tensor<Float>, vocabulary: [String]) {
  let bags = sentences.map(words)
  let vocabulary = vocabulary ?? Set(bags.joined()).sorted()
  var columns: [String: Int] = [:]
  for (column, word) in vocabulary.enumerated() {
    require(
      words(word) == [word],
      "bagOfWords: \"\(word)\" of the vocabulary is not a single word in lower case, so that no "
        + "sentence could contain it")
    require(
      columns.updateValue(column, forKey: word) == nil,
      "bagOfWords: the vocabulary has \"\(word)\" twice; each word has one column")
  }
  var counts = [Float](repeating: 0, count: sentences.count * vocabulary.count)
  for (row, bag) in bags.enumerated() {
    for word in bag {
      if let column = columns[word] { counts[row * vocabulary.count + column] += 1 }
    }
  }
  return (Tensor(counts, shape: [sentences.count, vocabulary.count]), vocabulary)
}

/// The words of a sentence, in lower case.
func words(_ sentence: String) -> [String] {
  sentence.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
}
