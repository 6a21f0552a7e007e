import Layers
import TestSupport
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("Gaussian sampling")
struct GaussianSamplingTests {
  private func draw(
    _ mean: Tensor<Double>, _ logVariance: Tensor<Double>, isTraining: Bool, seed: UInt64 = 3
  ) -> (value: Tensor<Double>, gradients: [Tensor<Double>]) {
    let context = Context<Double>(isTraining: isTraining, generator: RandomGenerator(seed: seed))
    let inputs = [mean, logVariance].map { context.tape.variable($0) }
    let result = GaussianSampling<Double>()(inputs, in: context)[0]
    if !isTraining { return (result.value, []) }
    let value = result.value
    let gradients = context.tape.gradients(of: sum(result))
    return (value, inputs.map { gradients[$0] })
  }

  @Test("draws numbers of the given mean and variance in training")
  func moments() {
    let mean = Tensor<Double>(repeating: 2, shape: [5000, 2])
    let logVariance = Tensor<Double>(shape: [5000, 2]) { $0[1] == 0 ? 0 : 2 }
    let (value, gradients) = draw(mean, logVariance, isTraining: true)
    let deviations: [Double] = [1, exp(1.0)]
    for (column, deviation) in deviations.enumerated() {
      let numbers = value[..., column]
      let mean: Double = numbers.mean()
      let variance: Double = square(numbers - 2).mean()
      // Five standard errors.
      let error: Double = 5 * deviation / 5000.squareRoot()
      #expect(abs(mean - 2) < error)
      #expect(abs(variance / (deviation * deviation) - 1) < 0.1)
    }
    // d/dmean = 1, d/dlogVariance = (value - mean) / 2.
    #expect(gradients[0] == Tensor.ones([5000, 2]))
    expectClose(gradients[1], (value - mean) / 2)
    #expect(draw(mean, logVariance, isTraining: true).value == value)
    #expect(draw(mean, logVariance, isTraining: true, seed: 4).value != value)
  }

  @Test("gives the mean at inference")
  func inference() {
    let mean = Tensor<Double>([[1, 2], [3, 4]])
    #expect(draw(mean, mean, isTraining: false).value == mean)
  }

  @Test("asks for two inputs of equal shapes")
  func shapes() throws {
    let layer = GaussianSampling<Double>()
    #expect(try layer.outputShapes(for: [[3], [3]]) == [[3]])
    #expect(throws: ShapeError.self) { try layer.outputShapes(for: [[3], [2]]) }
    #expect(throws: ShapeError.self) { try layer.outputShapes(for: [[3]]) }
  }
}
