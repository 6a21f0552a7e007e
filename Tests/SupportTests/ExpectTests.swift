import TestSupport
import Testing

@Suite("The comparisons that the tests rest on")
struct ExpectTests {
  @Test(
    "reject what differs",
    arguments: [
      ([1.0], [1.0, 2.0]), ([], [1]), ([.nan], [1]), ([1], [.nan]), ([.infinity], [1]),
      ([.infinity], [-.infinity]), ([1.1], [1]), ([0], [1e-3]),
    ] as [([Double], [Double])])
  func rejects(actual: [Double], expected: [Double]) {
    #expect(!Comparison(actual, expected, relative: 1e-6, absolute: 1e-9).isClose)
  }

  @Test(
    "accept what is close",
    arguments: [
      ([], []), ([1], [1]), ([1 + 1e-9], [1]), ([.nan], [.nan]), ([.infinity], [.infinity]),
      ([1e-12], [0]),
    ] as [([Double], [Double])])
  func accepts(actual: [Double], expected: [Double]) {
    #expect(Comparison(actual, expected, relative: 1e-6, absolute: 1e-9).isClose)
  }
}
