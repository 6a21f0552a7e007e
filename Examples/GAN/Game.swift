import Layers
import Tensor
import Train

/// What is made: the networks that make and judge it, real samples, and how to look at what comes out.
protocol Subject {
  /// Noise in, samples out.
  var maker: Sequential<Float> { get }
  /// A sample in; out comes a number, the larger the more real the sample seems.
  var judge: Sequential<Float> { get }
  /// Real samples.
  var real: Tensor<Float> { get }
  /// How many numbers of noise a sample is made of.
  var noiseSize: Int { get }
  /// How good the samples are, in words.
  func report(on made: Tensor<Float>) -> String
  /// A picture of the samples, and of what the judge makes of them.
  func picture(of made: Tensor<Float>, judge: Model<Sequential<Float>>) -> Picture
}

/// A maker, a judge, and the rules by which they are trained in turn.
struct Game {
  var maker: Model<Sequential<Float>>
  var judge: Model<Sequential<Float>>
  private let loss: AdversarialLoss
  private let real: Tensor<Float>
  private let noiseSize, batchSize: Int
  private let seed: UInt64
  /// One tape for both networks: the gradient of the maker goes through the judge.
  private let context = Context<Float>(isTraining: true)
  private(set) var losses = (judge: 0.0, maker: 0.0)

  init(_ subject: some Subject, loss: AdversarialLoss, rate: Double, batchSize: Int, seed: UInt64) {
    // A little momentum only: the other network changes what is best at every step.
    let optimizer = Adam(learningRate: rate, beta1: 0.5)
    maker = subject.maker.compile(optimizer: optimizer, loss: .meanSquaredError, seed: seed)
    judge = subject.judge.compile(optimizer: optimizer, loss: .meanSquaredError, seed: seed &+ 1)
    (self.loss, real, noiseSize) = (loss, subject.real, subject.noiseSize)
    (self.batchSize, self.seed) = (batchSize, seed)
  }

  /// The noise of a step: it depends on nothing but the seed and the step, so training can stop and go on
  /// anywhere.
  func noise(step: Int, count: Int) -> Tensor<Float> {
    var generator = RandomGenerator(seed: seed).stream(2 * step)
    return .normal([count, noiseSize], using: &generator)
  }

  /// Trains the judge with real and made samples, and then the maker against it.
  mutating func train() {
    let step = judge.optimizerState.step + 1
    var generator = RandomGenerator(seed: seed).stream(2 * step + 1)
    let chosen = (0..<batchSize).map { _ in generator.nextInteger(below: self.real.shape[0]) }
    let real = self.real.taking(chosen, axis: 0)
    let noise = self.noise(step: step, count: batchSize)

    let made = maker.predict(noise)
    losses.judge = judge.step(in: context) { [loss] judge, context in
      loss.discriminator(
        real: judge(context.tape.constant(real), in: context),
        made: judge(context.tape.constant(made), in: context), realLabel: 0.9)
    }
    if loss == .wasserstein { judge.network.clipWeights(to: -0.1...0.1) }

    losses.maker = maker.step(in: context) { [loss, judge] maker, context in
      let made = maker(context.tape.constant(noise), in: context)
      return loss.generator(made: judge.network(made, in: context))
    }
  }
}

func format(_ number: Double) -> String { formatFixed(number, decimals: 3) }
