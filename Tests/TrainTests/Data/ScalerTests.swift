import TestSupport
import Testing
import Train

@Suite("Scaled and imputed samples")
struct ScalerTests {
  @Test("are scaled however large or small the numbers are")
  func extremes() {
    for size in [1e-300, 1, 1e200, 1e307] {
      let x = Tensor<Double>([size, -size, size, -size], shape: [4, 1])
      #expect(Standardizer(fitting: x)(x).elements == [1, -1, 1, -1], "\(size)")
      #expect(MinMaxScaler(fitting: x)(x).elements == [1, 0, 1, 0], "\(size)")
      #expect(RobustScaler(fitting: x)(x).elements == [0.5, -0.5, 0.5, -0.5], "\(size)")
    }
  }

  @Test("have columns of their own: constant ones, ones with a gap, ones without a number")
  func columns() {
    let x: Tensor<Float> = [[5, 1, .nan], [5, .nan, .nan], [5, 3, .nan]]
    let standardizer = Standardizer(fitting: x)
    #expect(standardizer.mean.elements[..<2] == [5, 2] && standardizer.mean.elements[2].isNaN)
    #expect(standardizer.standardDeviation == [1, 1, 1])
    let y = standardizer(x)
    #expect(y[0..., 0] == [0, 0, 0] && y[0, 1] == -1 && y[1, 1].isNaN && y[2, 1] == 1)
    #expect(MinMaxScaler(fitting: x).minimum.elements[..<2] == [5, 1])
    #expect(MinMaxScaler(fitting: x).range == [1, 2, 1])
    #expect(RobustScaler(fitting: x).median.elements[..<2] == [5, 2])
    let zeros = Imputer(fitting: x, with: 0)(x)
    #expect(zeros == [[5, 1, 0], [5, 0, 0], [5, 3, 0]])
  }

  @Test("are measured exactly over many rows")
  func manyRows() {
    let x = Tensor<Double>((0..<100_000).map { 1e6 + Double($0 % 10) }, shape: [100_000, 1])
    let standardizer = Standardizer(fitting: x)
    #expect(abs(standardizer.mean[0] - 1_000_004.5) < 1e-9)
    #expect(abs(standardizer.standardDeviation[0] - 8.25.squareRoot()) < 1e-10)
  }

  @Test("stop the program where nothing can be measured or nothing fits")
  func mistakes() async {
    let empty = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Imputer(fitting: Tensor<Float>([[1, .nan], [2, .nan]]))
    }
    #expect(message(of: empty, contains: "Imputer: column 1 has no number"))
    let filling = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Imputer(fitting: Tensor<Float>([[1]]), with: .previous)
    }
    #expect(message(of: filling, contains: "Imputer: expected a number, .mean", "got .previous"))
    let width = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MinMaxScaler(fitting: Tensor<Float>([[1, 2]]))(Tensor<Float>([[1]]))
    }
    #expect(message(of: width, contains: "MinMaxScaler: samples of shape [1, 1]", "the 2 columns"))
  }
}
