import Testing
import Train

@Suite("Data sets by rule")
struct DatasetsTests {
  @Test("circles are tensors of points and classes")
  func circles() {
    let (x, y) = makeCircles(samples: 1000, noise: 0.1, factor: 0.2, randomState: 0)
    #expect(x.shape == [1000, 2] && y.shape == [1000])
    #expect(abs(x[0, 0] - 0.24265541) < 5e-9 && y[0] == 1 && y.sum() == 500)
  }

  @Test("class indices become one-hot rows")
  func categorical() {
    let expected: Tensor<Float> = [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    #expect(toCategorical([0, 2, 1] as Tensor<Int>) == expected)
    #expect(toCategorical([[0], [2], [1]] as Tensor<UInt8>) == expected)
    #expect(toCategorical([0, 2, 1] as Tensor<Float>, classes: 4).shape == [3, 4])
    #expect(toCategorical([] as Tensor<Int>).shape == [0, 0])
    #expect(toCategorical([[0, 2, 1], [1, 1, 0]] as Tensor<Int>).shape == [2, 3, 3])
  }

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
