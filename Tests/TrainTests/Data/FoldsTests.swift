import Testing
import Train

@Suite("Folds")
struct FoldsTests {
  @Test("hold every sample back once, in parts of nearly one size", arguments: [true, false])
  func kFolds(shuffled: Bool) {
    let splits = kFold(23, folds: 5, shuffled: shuffled, seed: 4)
    #expect(splits.map(\.test.count) == [5, 5, 5, 4, 4])
    #expect(splits.flatMap(\.test).sorted() == Array(0..<23))
    for split in splits { #expect((split.train + split.test).sorted() == Array(0..<23)) }
    // As scikit-learn's KFold(5).split(range(23)).
    #expect(shuffled != (splits[1].test == [5, 6, 7, 8, 9]))
    #expect(kFold(23, folds: 5, shuffled: shuffled, seed: 4) == splits)
    #expect((kFold(23, folds: 5, shuffled: shuffled, seed: 5) == splits) == !shuffled)
  }

  @Test("keep the share of each class")
  func stratified() {
    let classes = (0..<103).map { $0 % 10 == 0 ? "rare" : $0 % 2 == 0 ? "even" : "odd" }
    let splits = stratifiedKFold(classes, folds: 5, seed: 1)
    #expect(splits.flatMap(\.test).sorted() == Array(0..<103))
    for split in splits {
      #expect([20, 21].contains(split.test.count))
      for name in ["rare", "even", "odd"] {
        let all = classes.count { $0 == name }
        let own = split.test.count { classes[$0] == name }
        #expect(own == all / 5 || own == all / 5 + 1)
      }
    }
    for share in [0, 0.2, 0.25, 0.5, 1] {
      let split = stratifiedSplit(classes, testShare: share, seed: 1)
      #expect((split.train + split.test).sorted() == Array(0..<103))
      #expect(split.test.count == Int((103 * share).rounded()))
      for name in ["rare", "even", "odd"] {
        let all = Double(classes.count { $0 == name })
        let own = Double(split.test.count { classes[$0] == name })
        #expect(abs(own - share * all) <= 1)
      }
    }
    #expect(stratifiedSplit([Int](), seed: 0) == stratifiedSplit([Int](), seed: 1))
  }

  @Test("rows of different lengths are filled up and cut as by Keras")
  func padding() {
    let rows = [[1, 2, 3], [], [4], [5, 6, 7, 8]]
    // keras.utils.pad_sequences(rows)
    #expect(padSequences(rows) == [[0, 1, 2, 3], [0, 0, 0, 0], [0, 0, 0, 4], [5, 6, 7, 8]])
    // keras.utils.pad_sequences(rows, maxlen=2, padding="post", truncating="post", value=9)
    #expect(
      padSequences(rows, length: 2, padding: .end, truncating: .end, value: 9)
        == [[1, 2], [9, 9], [4, 9], [5, 6]])
    #expect(padSequences(rows, length: 3)[3, ...] == [6, 7, 8])
    #expect(
      padSequences([[Float]]()).shape == [0, 0] && padSequences(rows, length: 0).shape == [4, 0])
  }

  @Test("rows of about one length come in one batch")
  func buckets() {
    let lengths = (0..<100).map { ($0 * 37) % 50 }
    let batches = bucketedBatches(lengths: lengths, batchSize: 8, bucketWidth: 10, seed: 2)
    #expect(batches.joined().sorted() == Array(0..<100))
    for batch in batches {
      let own = batch.map { lengths[$0] }
      #expect(batch.count <= 8 && own.max()! - own.min()! < 10)
    }
    #expect(bucketedBatches(lengths: lengths, batchSize: 8, bucketWidth: 10, seed: 2) == batches)
    #expect(bucketedBatches(lengths: [1, 9, 2], batchSize: 2, seed: nil) == [[0, 2], [1]])
    #expect(bucketedBatches(lengths: [.max, .max], batchSize: 2, seed: nil) == [[0, 1]])
  }
}
