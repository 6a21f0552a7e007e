import Testing
import Train

@Suite("The search over hyper-parameters")
struct GridSearchTests {
  @Test("tries all combinations in order and sorts them")
  func combinations() {
    var tried: [[Double]] = []
    let search = gridSearch(["a": [1, 2], "b": [30, 10, 20]]) { combination in
      tried.append([combination["a"]!, combination["b"]!])
      return combination["b"]! == 20 ? .nan : combination["b"]! - combination["a"]!
    }
    #expect(tried == [[1, 30], [1, 10], [1, 20], [2, 30], [2, 10], [2, 20]])
    #expect(search.results.map { $0.score }.prefix(4) == [8, 9, 28, 29])
    #expect(search.results.suffix(2).map { $0.combination["a"] } == [1, 2])
    #expect(search.best.combination == ["a": 2, "b": 10])
    #expect(
      search.description.split(separator: "\n").prefix(2)
        == ["place    a     b  score", "1      2.0  10.0    8.0"])
    let larger = gridSearch(["a": [1, 3, 2]], for: .larger) { $0["a"]! }
    #expect(larger.best.score == 3)
    let single = gridSearch([:]) { _ in 7 }
    #expect(single.results.map(\.score) == [7])
  }

  @Test("passes errors on")
  func errors() {
    struct Failed: Error {}
    #expect(throws: Failed.self) {
      _ = try gridSearch(["a": [1]]) { _ in throw Failed() }
    }
  }

  @Test("finds a rate that trains")
  func training() {
    let x: Tensor<Double> = [[-1], [0], [1], [2]]
    let search = gridSearch(["rate": [1e-6, 0.1, 100]]) { combination in
      var model = Sequential<Double>([Dense(1, inputShape: [1], kernelInitializer: .zeros)])
        .compile(
          optimizer: SGD(learningRate: combination["rate"]!), loss: "mean_squared_error")
      return model.fit(x, x, epochs: 20, verbose: 0, hints: false)["loss"].last!
    }
    #expect(search.best.combination == ["rate": 0.1])
  }
}
