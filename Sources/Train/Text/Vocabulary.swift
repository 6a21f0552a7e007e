// Vocabularies of characters or words. Next: BytePairEncoder.swift, whose pieces lie between the
// two: short enough to encode any text, long enough to keep the number of tokens small.

import Tensor

/// A vocabulary of characters or words, each with a number.
///
/// ```swift
/// let letters = Vocabulary(charactersOf: text)
/// letters.encode("hello")                             // [46, 43, 50, 50, 53]
/// letters.decode([46, 43, 50, 50, 53])                // "hello"
///
/// let words = Vocabulary(wordsOf: reviews, limit: 10_000)
/// words.encode("A good film")                         // [4, 51, 20]
/// ```
/// Words are numbered from 2: as in Keras's `TextVectorization`, 0 is padding and 1 an unknown
/// word.
public struct Vocabulary: Tokenizer, Equatable {
  /// The kind of tokens.
  public enum Unit: String, Sendable {
    /// A Unicode scalar, Python's notion of a character.
    case character
    /// A maximal sequence of letters, digits and underscores, in lower case, as in `bagOfWords`.
    case word
  }

  /// The kind of tokens.
  public let unit: Unit
  /// The tokens; the index of each is its number.
  public let tokens: [String]
  private let numbers: [String: Int]

  /// The number of tokens.
  public var count: Int { tokens.count }

  /// The number for padding; nil for characters.
  public var padding: Int? { unit == .word ? 0 : nil }
  /// The number for words that are not in the vocabulary; nil for characters.
  public var unknown: Int? { unit == .word ? 1 : nil }

  /// Collects the characters of a text, sorted by code point.
  public init(charactersOf text: String) {
    self.init(unit: .character, tokens: Set(text.unicodeScalars).sorted().map { String($0) })
  }

  /// Collects the words of texts, most frequent first, ties in alphabetical order.
  ///
  /// - Parameters:
  ///   - texts: The texts.
  ///   - limit: The maximum number of tokens, including those for padding and unknown words; nil
  ///     for no limit.
  ///   - minimumCount: Words that occur less often are excluded.
  public init(wordsOf texts: some Sequence<String>, limit: Int? = nil, minimumCount: Int = 1) {
    require(limit ?? 2 >= 2, "Vocabulary: the limit must be 2 or more, got \(limit ?? 0)")
    var counts: [String: Int] = [:]
    for text in texts {
      for word in words(text) { counts[word, default: 0] += 1 }
    }
    let frequent = mostFrequent(counts.filter { $0.value >= minimumCount })
    self.init(unit: .word, tokens: ["", "[UNK]"] + frequent.prefix(limit.map { $0 - 2 } ?? .max))
  }

  private init(unit: Unit, tokens: [String]) {
    self.unit = unit
    self.tokens = tokens
    numbers = Dictionary(uniqueKeysWithValues: zip(tokens, tokens.indices))
  }

  /// The number of a token; nil if it is not in the vocabulary.
  public func number(of token: String) -> Int? { numbers[token] }

  /// The numbers of a text; unknown words get the number `unknown`.
  ///
  /// - Precondition: a vocabulary of characters contains all characters of the text.
  public func encode(_ text: String) -> [Int] {
    switch unit {
    case .word: words(text).map { numbers[$0] ?? 1 }
    case .character:
      text.unicodeScalars.map { scalar in
        guard let number = numbers[String(scalar)] else {
          fail(
            "encode: the vocabulary of \(count) characters has no \(String(scalar).debugDescription); "
              + "make it of a text that has")
        }
        return number
      }
    }
  }

  /// The text of the given numbers; words are joined by spaces, and padding is skipped.
  ///
  /// - Precondition: all numbers lie in `0..<count`.
  public func decode(_ numbers: some Sequence<Int>) -> String {
    let parts = numbers.lazy.filter { $0 != padding }.map { number in
      requireToken(number)
      return tokens[number]
    }
    return parts.joined(separator: unit == .word ? " " : "")
  }
}

/// The keys sorted by count, largest first, ties in alphabetical order.
func mostFrequent(_ counts: [String: Int]) -> [String] {
  counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
}

// MARK: - Files

extension Vocabulary {
  /// Writes the vocabulary, atomically, as a JSON object: `{"unit": "word", "tokens": ["", "[UNK]", …]}`.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func write(to path: String) throws(FileError) {
    let json: JSON = [
      "unit": .string(unit.rawValue), "tokens": .array(tokens.map { .string($0) }),
    ]
    try writeFile(json.utf8, to: path)
  }

  /// Reads what `write(to:)` wrote.
  ///
  /// - Throws: `FileError` if the file cannot be read, has the wrong form, or contains a token
  ///   twice.
  public init(contentsOf path: String) throws(FileError) {
    let json = try JSON(contentsOf: path)
    guard case .string(let name)? = json["unit"], let unit = Unit(rawValue: name),
      case .array(let values)? = json["tokens"]
    else {
      throw FileError(
        path: path, message: "expected {\"unit\": \"character\" or \"word\", \"tokens\": […]}")
    }
    var tokens: [String] = []
    var seen: Set<String> = []
    for value in values {
      guard case .string(let token) = value, seen.insert(token).inserted else {
        throw FileError(
          path: path, message: "expected tokens that differ, got \(value.text) at \(tokens.count)")
      }
      tokens.append(token)
    }
    guard unit == .character || tokens.starts(with: ["", "[UNK]"]) else {
      throw FileError(path: path, message: "expected \"\" and \"[UNK]\" as the first two words")
    }
    guard unit == .word || tokens.allSatisfy({ $0.unicodeScalars.count == 1 }) else {
      throw FileError(path: path, message: "expected tokens of one character each")
    }
    self.init(unit: unit, tokens: tokens)
  }
}
