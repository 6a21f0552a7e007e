// What the compiler answers to those who write NumPy's or Keras's names.

import TestSupport
import Testing

@Suite("The compiler's answers")
struct SignpostTests {
  @Test(
    "name what to write instead",
    .enabled(if: run("command -v swiftc").status == 0, "there is no swiftc"))
  func answers() throws {
    let modules = try #require(productsFolder, "no modules beside the tests") + "/Modules"
    let program = """
      import Train
      func probe(_ x: Tensor<Float>, _ w: Tensor<Float>, _ network: Sequential<Float>) {
        _ = x > w
        _ = x < 2
        _ = x.T
        _ = x.reshape(2, 3)
        _ = x.astype(Double.self)
        _ = x.std()
        network.fit(x, w, epochs: 3)
        _ = x * 2.0 + 1.0 * w - 3.0  // compiles
      }
      """
    let result = run(
      "printf '%s' '\(program)' | swiftc -typecheck -swift-version 6 -I '\(modules)' - 2>&1")
    for answer in [
      "write a .> b", "write a .< b", "write transposed()", "write reshaped(to: [2, 3])",
      "write cast(to: Float.self)", "write standardDeviation()",
      "call compile(optimizer:loss:) first",
    ] {
      #expect(result.output.contains("is unavailable: \(answer)"), "\(result.output)")
    }
    #expect(result.output.ranges(of: "is unavailable").count >= 7)
  }
}
