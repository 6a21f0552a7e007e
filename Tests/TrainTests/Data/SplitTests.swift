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
}
