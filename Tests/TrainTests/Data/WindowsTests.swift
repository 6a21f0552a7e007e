import TestSupport
import Testing
import Train

@Suite("Windows")
struct WindowsTests {
  @Test("over a text have the next token for each of theirs")
  func text() throws {
    let (x, y) = textWindows([5, 6, 7, 8, 9, 10, 11], length: 3)
    #expect(x.tensor() == [[5, 6, 7], [8, 9, 10]])
    #expect(y.tensor() == [[6, 7, 8], [9, 10, 11]])
    let (every, next) = textWindows([5, 6, 7, 8, 9], length: 3, step: 1)
    #expect(
      every.tensor() == [[5, 6, 7], [6, 7, 8]] && next.tensor() == [[6, 7, 8], [7, 8, 9]])
    #expect(every.samples([1, 0, 1], as: Float.self) == [[6, 7, 8], [5, 6, 7], [6, 7, 8]])
    // A token must follow the last of a window.
    #expect(textWindows([1, 2, 3], length: 3).x.shape == [0, 3])
    #expect(textWindows([], length: 3).y.tensor().shape == [0, 3])
  }

  @Test("over a series have the moments that follow, NumPy's sliding_window_view")
  func series() {
    let series = Tensor<Double>((0..<12).map(Double.init), shape: [6, 2])
    let (x, y) = seriesWindows(series, length: 2, horizon: 3, step: 1)
    #expect(x.shape == [2, 2, 2] && y.shape == [2, 3, 2])
    #expect(x.tensor() == [[[0, 1], [2, 3]], [[2, 3], [4, 5]]])
    #expect(y.tensor() == [[[4, 5], [6, 7], [8, 9]], [[6, 7], [8, 9], [10, 11]]])
    // A view is a series too, and steps may leave moments out.
    let column = series[0..., 1]
    let (a, b) = seriesWindows(column, length: 1, step: 2)
    #expect(a.tensor() == [[1], [5], [9]] && b.tensor() == [[3], [7], [11]])
    #expect(seriesWindows(column, length: 2, step: .max).x.tensor() == [[1, 3]])
    #expect(seriesWindows(column, length: 4, horizon: 3).x.shape == [0, 4])
  }

  @Test("are samples for fit, batch by batch")
  func fit() throws {
    let series = sin(Tensor<Double>((0..<200).map { 0.3 * Double($0) }, shape: [200, 1]))
    let (x, y) = seriesWindows(series, length: 4)
    var model = Sequential<Double>([Flatten(inputShape: [4, 1]), Dense(1), Reshape([1, 1])])
      .compile(optimizer: .adam(learningRate: 0.05), loss: "mse", seed: 1)
    let history = try model.fit(Dataset(x, y), epochs: 20, batchSize: 16, verbose: 0)
    // A sine follows from two moments before it.
    #expect(history["loss"].last! < 0.01)
  }

  @Test("of no length, or that are not there, stop with a sentence")
  func mistakes() async {
    let length = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = textWindows([1, 2, 3], length: 0)
    }
    #expect(message(of: length, contains: "textWindows:", "must be positive, got 0"))
    let number = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = textWindows([1, 2, 3], length: 1).x.samples([2], as: Float.self)
    }
    #expect(message(of: number, contains: "Windows: there is no window 2, there are 2"))
  }
}
