import Layers
import Tensor
import Train

/// Pictures of digits, judged by a network that has learned to read real ones.
///
/// Source of the form of both networks: A. Radford, L. Metz, S. Chintala, "Unsupervised representation
/// learning with deep convolutional generative adversarial networks", 2015.
struct DrawnDigits: Subject {
  /// [pictures, 28, 28, 1], -1 for black and 1 for white.
  let real: Tensor<Float>
  let noiseSize = 64
  private let reader: Model<Sequential<Float>>
  private let realFeatures: Tensor<Float>

  init(_ digits: ImageDataset, seed: UInt64) {
    real = (Tensor<Float>(digits.trainImages) / 127.5 - 1).reshaped(to: [-1, 28, 28, 1])
    var reader = Sequential([
      Flatten(inputShape: [28, 28, 1]), Dense(128, activation: .relu),
      Dense(32, activation: .relu), Dense(10, activation: .softmax),
    ]).compile(
      optimizer: .adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy], seed: seed)
    reader.fit(real, digits.trainLabels, epochs: 3, batchSize: 100, verbose: 0)
    self.reader = reader
    realFeatures = DrawnDigits.features(of: real[..<min(2000, real.shape[0])], reader)
  }

  var maker: Sequential<Float> {
    Sequential([
      Dense(7 * 7 * 64, inputShape: [noiseSize]), BatchNormalization(),
      LeakyReLU(negativeSlope: 0.2), Reshape([7, 7, 64]),
      Conv2DTranspose(32, kernelSize: 4, strides: 2, padding: .same, useBias: false),
      BatchNormalization(), LeakyReLU(negativeSlope: 0.2),
      Conv2DTranspose(1, kernelSize: 4, strides: 2, padding: .same, activation: .tanh),
    ])
  }

  var judge: Sequential<Float> {
    Sequential([
      Conv2D(
        32, kernelSize: 4, strides: 2, padding: .same, activation: .leakyReLU,
        inputShape: [28, 28, 1]),
      Dropout(0.3),
      Conv2D(64, kernelSize: 4, strides: 2, padding: .same, activation: .leakyReLU),
      Dropout(0.3), Flatten(), Dense(1),
    ])
  }

  /// What comes out before the last layer of the reader.
  private static func features(
    of pictures: Tensor<Float>, _ reader: Model<Sequential<Float>>
  ) -> Tensor<Float> {
    let context = Context<Float>(isTraining: false)
    var x = context.tape.constant(pictures)
    for layer in reader.network.layers.dropLast() { x = layer(x, in: context) }
    return x.value
  }

  /// How sure the reader is of what it reads, how many of each digit there are, and the Fréchet distance of
  /// its features.
  func report(on made: Tensor<Float>) -> String {
    let probabilities = reader.predict(made)
    let digits = probabilities.argmax(axis: 1)
    let counts = (0..<10).map { digit in digits.elements.count { $0 == digit } }
    let distance = frechetDistance(DrawnDigits.features(of: made, reader), realFeatures)
    return "confidence \(format(Double(probabilities.max(axis: 1).mean()))), Fréchet distance "
      + "\(format(distance)), of each digit \(counts)"
  }

  func picture(of made: Tensor<Float>, judge: Model<Sequential<Float>>) -> Picture {
    Picture(
      sheet: made[..<min(64, made.shape[0])].reshaped(to: [-1, 28, 28]), columns: 8,
      colors: ColorMap.greys.reversed, range: -1...1)
  }
}
