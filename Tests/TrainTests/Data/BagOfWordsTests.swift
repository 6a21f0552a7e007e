import TestSupport
import Testing
import Train

@Suite("Bags of words")
struct BagOfWordsTests {
  @Test("Table 10.1: what aliens say")
  func aliens() {
    let (counts, vocabulary) = bagOfWords([
      "Aack", "Aack aack", "Beep", "Beep beep", "Aack beep", "Aack aack beep", "Beep aack beep",
      "Beep aack beep aack",
    ])
    #expect(vocabulary == ["aack", "beep"])
    #expect(counts == [[1, 0], [2, 0], [0, 1], [0, 2], [1, 1], [2, 1], [1, 2], [2, 2]])
  }

  /// What scikit-learn 1.9.1 gives.
  ///
  /// ```
  /// v = CountVectorizer(token_pattern=r"(?u)\b\w+\b")
  /// m = v.fit_transform(["Aack, aack!", "BEEP-beep 2", "", "Äöl_x 2 2 don't"])
  /// v.get_feature_names_out(), m.toarray()
  /// ```
  @Test("Words are what scikit-learn takes for words")
  func words() {
    let (counts, vocabulary) = bagOfWords(["Aack, aack!", "BEEP-beep 2", "", "Äöl_x 2 2 don't"])
    #expect(vocabulary == ["2", "aack", "beep", "don", "t", "äöl_x"])
    #expect(
      counts == [
        [0, 2, 0, 0, 0, 0], [1, 0, 2, 0, 0, 0], [0, 0, 0, 0, 0, 0], [2, 0, 0, 1, 1, 1],
      ])
  }

  @Test("A given vocabulary decides the columns; other words are passed over")
  func givenVocabulary() {
    let (counts, vocabulary) = bagOfWords(
      ["one two two", "three", "Two four"], vocabulary: ["two", "none", "one"])
    #expect(vocabulary == ["two", "none", "one"])
    #expect(counts == [[2, 0, 1], [0, 0, 0], [1, 0, 0]])
  }

  @Test("Nothing gives empty tables")
  func empty() {
    #expect(bagOfWords([]).counts.shape == [0, 0] && bagOfWords([]).vocabulary == [])
    #expect(bagOfWords(["", " ?! "]).counts.shape == [2, 0])
    #expect(bagOfWords(["a"], vocabulary: []).counts.shape == [1, 0])
    #expect(bagOfWords([], vocabulary: ["a", "b"]).counts.shape == [0, 2])
  }

  @Test("The vocabulary has a word twice")
  func twice() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = bagOfWords(["a"], vocabulary: ["a", "b", "a"]) }
    #expect(message(of: result, contains: "bagOfWords:", "\"a\" twice"))
  }

  @Test("The vocabulary has capitals")
  func capitals() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = bagOfWords(["a"], vocabulary: ["Aack"]) }
    #expect(message(of: result, contains: "bagOfWords: \"Aack\"", "lower case"))
  }

  @Test("The vocabulary has two words in one")
  func phrase() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = bagOfWords(["a"], vocabulary: ["aack beep"]) }
    #expect(message(of: result, contains: "bagOfWords: \"aack beep\"", "single word"))
  }
}
