import TestSupport
import Testing
import Train

@Suite("Standardised samples")
struct StandardizerTests {
  /// By scikit-learn: `StandardScaler().fit_transform(x)`.
  @Test("are scikit-learn's, constant columns become 0, and the way back gives what was")
  func sklearn() {
    let x: Tensor<Double> = [[1, 1000.5, 3], [2, 1001.5, 3], [4, 999, 3]]
    let standardizer = Standardizer(fitting: x)
    let expected: Tensor<Double> = [
      [-1.0690449676496978, 0.16222142113072563, 0.0],
      [-0.2672612419124245, 1.1355499479153008, 0.0],
      [1.3363062095621219, -1.297771369046137, 0.0],
    ]
    expectClose(standardizer(x), expected, absolute: 1e-12)
    expectClose(standardizer.inverse(standardizer(x)), x)
    // Other samples are moved in the same way.
    #expect(abs(standardizer(Tensor([7.0 / 3, 0, 4], shape: [1, 3]))[0, 0]) < 1e-15)
    #expect(standardizer([[0, 0, 4]] as Tensor<Double>)[0, 2] == 1)
  }

  @Test("leave missing numbers out, and out they stay")
  func missing() {
    // StandardScaler().fit_transform([[1, nan, nan], [nan, 2, nan], [3, 4, nan], [8, 5, nan]])
    let nan = Double.nan
    let x = Tensor<Double>([[1, nan, nan], [nan, 2, nan], [3, 4, nan], [8, 5, nan]])
    let y = Standardizer(fitting: x)(x)
    expectClose(
      y,
      Tensor([
        [-1.0190493307301367, nan, nan], [nan, -1.3363062095621219, nan],
        [-0.33968311024337873, 0.2672612419124245, nan],
        [1.3587324409735149, 1.0690449676496978, nan],
      ]))
  }

  @Test("are exact for numbers whose squares overflow")
  func huge() {
    let x: Tensor<Double> = [[1e200, 1e-200, 1e308], [-1e200, -1e-200, 1e308]]
    #expect(Standardizer(fitting: x)(x) == [[1, 1, 0], [-1, -1, 0]])
  }

  @Test("are exact for large numbers in Float")
  func large() {
    let x = Tensor<Float>((0..<1000).map { 1e6 + Float($0 % 2) }, shape: [1000, 1])
    let y = Standardizer(fitting: x)(x)
    #expect(y.elements.allSatisfy { $0 == 1 || $0 == -1 || abs(abs($0) - 1) < 0.1 })
    let constant = Tensor<Float>(repeating: 0.1, shape: [1000, 1])
    #expect(Standardizer(fitting: constant)(constant).elements.allSatisfy { abs($0) < 1e-6 })
  }
}
