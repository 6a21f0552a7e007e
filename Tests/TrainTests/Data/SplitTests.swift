import TestSupport
import Testing
import Train

@Suite("Training and test samples")
struct SplitTests {
  @Test("a split keeps every sample with its target", arguments: [0, 0.2, 0.25, 0.31, 1])
  func split(share: Double) {
    let x = Tensor<Int>(Array(0..<50)).reshaped(to: [25, 2])
    let y = Tensor<Int>((0..<25).map { 20 * $0 })
    let (train, test) = trainTestSplit(x, y, testShare: share, seed: 3)
    #expect(test.x.shape == [Int((25 * share).rounded(.up)), 2])
    #expect(train.x.shape[0] + test.x.shape[0] == 25)
    for part in [train, test] {
      for i in 0..<part.x.shape[0] { #expect(part.y[i] == 10 * part.x[i, 0]) }
    }
    #expect((train.y.elements + test.y.elements).sorted() == y.elements)
    if share == 0.2 {
      #expect(test.y != y[..<5])
      #expect(trainTestSplit(x, y, testShare: share, seed: 3).test.y == test.y)
      #expect(trainTestSplit(x, y, testShare: share, seed: 4).test.y != test.y)
    }
  }

  @Test("both parts have the same share of each class", arguments: [0.1, 0.25, 0.5])
  func stratified(share: Double) {
    let labels = (0..<97).map { $0 % 10 < 7 ? 0 : $0 % 10 < 9 ? 5 : -1 }
    let (train, test) = trainTestIndices(97, testShare: share, stratifiedBy: labels, seed: 1)
    #expect((train + test).sorted() == Array(0..<97))
    #expect(test.count == Int((97 * share).rounded(.up)) && test != test.sorted())
    for label in Set(labels) {
      let exact = Double(labels.count { $0 == label }) * Double(test.count) / 97
      #expect(abs(Double(test.count { labels[$0] == label }) - exact) < 1)
    }
    #expect(trainTestIndices(97, testShare: share, stratifiedBy: labels, seed: 1).test == test)
  }

  @Test("of a table keep rows together")
  func table() {
    let table = Table([
      "n": .numbers((0..<20).map(Double.init)),
      "class": .texts((0..<20).map { $0 % 4 == 0 ? "rare" : "common" }),
    ])
    let (train, test) = table.trainTestSplit(testShare: 0.4, stratifiedBy: "class", seed: 2)
    #expect((train["n"] + test["n"]).sorted() == table["n"])
    #expect(test[text: "class"].count { $0 == "rare" } == 2)
    #expect(
      zip(train["n"], train[text: "class"]).allSatisfy { (Int($0) % 4 == 0) == ($1 == "rare") })
    #expect(table.trainTestSplit(testShare: 0.25).test.rowCount == 5)
  }

  @Test("folds test every sample once", arguments: [2, 3, 7, 25], [nil, 0, 9] as [UInt64?])
  func folds(folds: Int, seed: UInt64?) {
    let parts = kFold(25, folds: folds, seed: seed)
    #expect(parts.count == folds && parts.flatMap(\.test).sorted() == Array(0..<25))
    for (train, test) in parts {
      #expect((train + test).sorted() == Array(0..<25))
      #expect(test.count == 25 / folds || test.count == 25 / folds + 1)
    }
    // Without a seed they are scikit-learn's: KFold(3).split(range(25))
    if folds == 3, seed == nil {
      #expect(parts.map(\.test) == [Array(0..<9), Array(9..<17), Array(17..<25)])
    }
  }

  @Test("stratified folds have the same share of each class")
  func stratifiedFolds() {
    let labels = (0..<50).map { $0 < 35 ? 1 : 2 }
    for (_, test) in kFold(50, folds: 5, stratifiedBy: labels) {
      #expect(test.count == 10 && test.count { labels[$0] == 1 } == 7)
    }
    let uneven = kFold(11, folds: 3, stratifiedBy: (0..<11).map { $0 % 2 })
    #expect(uneven.map(\.test.count).sorted() == [3, 4, 4])
  }

  @Test("stop the program if classes or folds do not fit the samples")
  func mistakes() async {
    let labels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = trainTestIndices(3, stratifiedBy: [1, 2])
    }
    #expect(message(of: labels, contains: "2 classes do not fit 3 samples"))
    let folds = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = kFold(3, folds: 4)
    }
    #expect(message(of: folds, contains: "kFold: got 4 folds of 3 samples"))
  }
}
