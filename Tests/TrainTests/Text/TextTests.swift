import ArrayFiles
import TestSupport
import Testing
import Train

/// The path of a file of Goldens, which make_goldens.py wrote.
private func golden(_ name: String, source: String = #filePath) -> String {
  source.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/Goldens/" + name
}

private func own() throws(FileError) -> BytePairEncoder {
  try BytePairEncoder(vocabulary: golden("vocab.json"), merges: golden("merges.txt"))
}

/// A line of encoded.txt.
private struct Case {
  let text: String
  let pieces: [String]
  let tokens: [Int]

  static func all() throws(FileError) -> [Case] {
    var cases: [Case] = []
    for line in goldenLines("Goldens/encoded.txt") where !line.isEmpty {
      let json = try Array(line.utf8).withUnsafeBufferPointer { bytes throws(FileError) in
        try JSON(parsing: bytes, path: "encoded.txt")
      }
      guard case .string(let text)? = json["text"], case .array(let pieces)? = json["pieces"],
        case .array(let tokens)? = json["tokens"]
      else { throw FileError(path: "encoded.txt", message: "expected a case") }
      cases.append(
        Case(
          text: text,
          pieces: pieces.map { if case .string(let piece) = $0 { piece } else { "" } },
          tokens: tokens.map { if case .integer(let token) = $0 { token } else { -1 } }))
    }
    return cases
  }
}

@Suite("Byte-pair encoding")
struct BytePairEncoderTests {
  @Test("Pieces are those of GPT-2's pattern, tokens those of tiktoken and tokenizers")
  func encoding() throws {
    let cases = try Case.all()
    #expect(cases.count == 45)
    let encoder = try own()
    let tiktoken = try BytePairEncoder(contentsOfTiktoken: golden("own.tiktoken"))
    #expect(encoder.count == 420 && tiktoken.tokens == encoder.tokens)
    for one in cases {
      #expect(gpt2Pieces(one.text) == one.pieces)
      #expect(encoder.encode(one.text) == one.tokens, "\(one.text)")
      #expect(tiktoken.encode(one.text) == one.tokens, "\(one.text)")
      #expect(Array(encoder.decode(one.tokens).utf8) == Array(one.text.utf8))
    }
  }

  @Test("Training learns what Hugging Face's trainer learns, and is saved as it saves it")
  func training() throws {
    let trained = try BytePairEncoder(trainedOnContentsOf: [golden("text.txt")], count: 420)
    let text = String(decoding: try readFile(golden("text.txt")), as: UTF8.self)
    let again = BytePairEncoder(trainedOn: [text], count: 421, specialTokens: ["<|end|>"])
    #expect(again.tokens.dropLast() == trained.tokens[...])
    #expect(again.specialTokens == ["<|end|>": 420])
    try withTemporaryFolder { folder in
      let (vocabulary, merges) = ("\(folder)/vocab.json", "\(folder)/merges.txt")
      try trained.write(vocabulary: vocabulary, merges: merges)
      #expect(try readFile(merges) == readFile(golden("merges.txt")))
      #expect(try JSON(contentsOf: vocabulary) == JSON(contentsOf: golden("vocab.json")))
      try again.write(vocabulary: vocabulary, merges: merges)
      let read = try BytePairEncoder(vocabulary: vocabulary, merges: merges)
      #expect(read.tokens == again.tokens && read.specialTokens == again.specialTokens)
      #expect(try read.encode(contentsOf: golden("text.txt")) == again.encode(text))
    }
  }

  @Test("Special tokens are text unless they are asked for")
  func specialTokens() {
    let encoder = BytePairEncoder(trainedOn: [], count: 258, specialTokens: ["<e>", "<e><e>"])
    #expect(encoder.encode("<e>").count == 3)
    #expect(encoder.encodeWithSpecialTokens("a<e>b") == [64, 256, 65])
    #expect(encoder.encodeWithSpecialTokens("<e><e><e>") == [257, 256])
    #expect(encoder.decode([64, 257]) == "a<e><e>")
  }

  @Test("Bytes that are no UTF-8 are decoded to U+FFFD, and refused in files")
  func invalidUTF8() throws {
    let encoder = try own()
    let cut = encoder.encode("\u{10FFFF}").dropLast()
    #expect(encoder.decode(cut).unicodeScalars.contains("\u{FFFD}"))
    try withTemporaryFolder { folder in
      let path = "\(folder)/t"
      try writeFile([0x61, 0xC3, 0x28], to: path)
      #expect(
        throws: FileError(
          path: path, location: .byte(1), message: "expected text in UTF-8, got c3 28")
      ) { try encoder.encode(contentsOf: path) }
    }
  }

  @Test(
    "Broken vocabularies are refused",
    arguments: [
      ("{\"a\":0}", "", "none for 00"), ("[]", "", "expected an object"),
      ("{\"a\":0,\"b\":0}", "", "once, got 0"), ("{\"a\":1}", "", "once, got 1"),
      ("{\"a\":\"x\"}", "", "once, got \"x\""),
      ("{\"a\":0}", "a b\n", "line 1: expected two tokens"),
      ("{\"a\":0,\"aa\":1}", "a a\na a a", "line 2: expected two tokens"), ("{\"\":0}", "", "\"\""),
      ("{", "", "json"),
    ])
  func broken(vocabulary: String, merges: String, message: String) throws {
    try withTemporaryFolder { folder in
      try writeFile(Array(vocabulary.utf8), to: "\(folder)/v")
      try writeFile(Array(merges.utf8), to: "\(folder)/m")
      let error = #expect(throws: FileError.self) {
        try BytePairEncoder(vocabulary: "\(folder)/v", merges: "\(folder)/m")
      }
      #expect(error?.description.contains(message) == true, "\(error!)")
    }
  }

  @Test(
    "Broken files of tiktoken are refused",
    arguments: [
      ("IQ== 0\nIQ== 1\n", "line 2: expected a new token"), ("I 0\n", "line 1"),
      ("IQ==\n", "line 1"),
      ("IQ== 1\n", "once, got 1"), ("IQ== -1\n", "once, got -1"), ("IQ== 0\n", "none for 00"),
      ("I*== 0\n", "line 1"), (" 0\n", "line 1"),
    ])
  func brokenTiktoken(content: String, message: String) throws {
    try withTemporaryFolder { folder in
      try writeFile(Array(content.utf8), to: "\(folder)/t")
      let error = #expect(throws: FileError.self) {
        try BytePairEncoder(contentsOfTiktoken: "\(folder)/t")
      }
      #expect(error?.description.contains(message) == true, "\(error!)")
    }
  }
}

@Suite("Vocabularies")
struct VocabularyTests {
  @Test("Characters are numbered by code point, words by frequency")
  func numbering() throws {
    let letters = Vocabulary(charactersOf: "hello, é")
    #expect(letters.tokens == [" ", ",", "e", "h", "l", "o", "é"])
    #expect(letters.encode("hole") == [3, 5, 4, 2] && letters.decode([3, 5, 4, 2]) == "hole")
    #expect(letters.padding == nil && letters.unknown == nil)
    let words = Vocabulary(wordsOf: ["b a c", "A, c!", "a d"], limit: 5)
    #expect(words.tokens == ["", "[UNK]", "a", "c", "b"])
    #expect(words.encode("C x a") == [3, 1, 2] && words.decode([3, 1, 2, 0, 0]) == "c [UNK] a")
    #expect(Vocabulary(wordsOf: ["b a c", "a"], minimumCount: 2).tokens == ["", "[UNK]", "a"])
    try withTemporaryFolder { folder in
      for vocabulary in [letters, words] {
        try vocabulary.write(to: "\(folder)/v")
        #expect(try Vocabulary(contentsOf: "\(folder)/v") == vocabulary)
      }
      for text in [
        "[]", "{\"unit\":\"word\",\"tokens\":[\"a\"]}",
        "{\"unit\":\"character\",\"tokens\":[\"a\",\"a\"]}",
        "{\"unit\":\"character\",\"tokens\":[\"ab\"]}", "{\"unit\":\"byte\",\"tokens\":[]}",
      ] {
        try writeFile(Array(text.utf8), to: "\(folder)/v")
        #expect(throws: FileError.self) { try Vocabulary(contentsOf: "\(folder)/v") }
      }
    }
  }

  @Test("A character that is not in the vocabulary is named")
  func unknownCharacter() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Vocabulary(charactersOf: "ab").encode("abc") }
    #expect(message(of: result, contains: "encode:", "2 characters has no \"c\""))
  }
}

/// What scikit-learn 1.9.1 gives: `TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", ngram_range=…)`.
@Suite("Text vectorizer")
struct TextVectorizerTests {
  private let texts = ["The cat sat. The cat ran!", "a dog RAN", "", "cats & dogs: the 2 dogs"]

  @Test("Weights of words")
  func words() {
    let vectorizer = TextVectorizer(fittedTo: texts)
    #expect(vectorizer.terms == ["2", "a", "cat", "cats", "dog", "dogs", "ran", "sat", "the"])
    let expected: Tensor<Float> = [
      [0, 0, 0.702383187, 0, 0, 0, 0.276883486, 0.351191593, 0.553766972],
      [0, 0.617614371, 0, 0, 0.617614371, 0, 0.486934264, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0, 0],
      [0.388614293, 0, 0, 0.388614293, 0, 0.777228585, 0, 0, 0.306387972],
    ]
    for (got, want) in zip(vectorizer.tfidf(texts).elements, expected.elements) {
      #expect(abs(got - want) < 1e-6)
    }
    #expect(vectorizer.counts(["the the sat new"]).elements == [0, 0, 0, 0, 0, 0, 0, 1, 2])
  }

  @Test("n-grams, limits, and texts that are shorter than a term")
  func ngrams() {
    let vectorizer = TextVectorizer(fittedTo: texts, ngrams: 2...3)
    #expect(
      vectorizer.terms == [
        "2 dogs", "a dog", "a dog ran", "cat ran", "cat sat", "cat sat the", "cats dogs",
        "cats dogs the", "dog ran", "dogs the", "dogs the 2", "sat the", "sat the cat", "the 2",
        "the 2 dogs", "the cat", "the cat ran", "the cat sat",
      ])
    #expect(vectorizer.counts(["dog", ""]).elements.allSatisfy { $0 == 0 })
    #expect(TextVectorizer(fittedTo: texts, minimumTexts: 2).terms == ["ran", "the"])
    #expect(TextVectorizer(fittedTo: texts, limit: 2).terms == ["cat", "the"])
    #expect(TextVectorizer(fittedTo: [], ngrams: 2...Int.max).tfidf(["a"]).shape == [1, 0])
  }
}
