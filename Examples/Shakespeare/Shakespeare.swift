// Networks that write plays a character at a time: an LSTM, and a small GPT with the settings that nanoGPT has
// for processors without a graphics card.
//
//     swift run -c release shakespeare --data DIR
//     swift run -c release shakespeare --data DIR --network lstm
//
// DIR is the folder with tinyshakespeare.txt, or the one that holds it as `text`; `--sonnet` takes a poem of the
// program instead. After A. Karpathy, "The unreasonable effectiveness of recurrent neural networks", 2015, and
// nanoGPT, 2022, which publishes a loss of 1.88 after 2,000 steps.

import CommandLineOptions
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
import Musl
#endif

@main
struct Shakespeare {
  /// How many characters a network sees at once.
  static let block = 64

  static func main() {
    let options = CommandLineOptions(
      program: "shakespeare",
      about: "Trains a network to continue Shakespeare's plays, and writes what it learned.",
      [
        .data("text"), .flag("sonnet", "takes a poem of the program instead of a file"),
        .value("network", "NAME", "gpt or lstm", default: "gpt"),
        .value("steps", "N", "how many batches are learned", default: "2000"),
        .batchSize(12), .learningRate(0.001),
        .value("length", "N", "how many characters are written", default: "500"),
        .value("temperature", "T", "how much is left to chance; 0 for nothing", default: "0.8"),
        .seed,
      ])
    let name = options.choice("network", of: ["gpt", "lstm"]) ?? "gpt"
    let steps = options.integer("steps", in: 0...10_000_000) ?? 2000
    let length = options.integer("length", in: 0...1_000_000) ?? 500
    let temperature = options.number("temperature", in: 0...100) ?? 0.8

    let text = text(options)
    let characters = Vocabulary(charactersOf: text)
    let tokens = characters.encode(text)
    let boundary = tokens.count * 9 / 10
    let training = textWindows(Array(tokens[..<boundary]), length: block, step: 1)
    let validation = textWindows(Array(tokens[boundary...]), length: block, step: 1)
    guard training.x.shape[0] > 0 && validation.x.shape[0] > 0 else {
      options.stop("the text has \(tokens.count) characters, \(10 * block + 10) or more are needed")
    }
    print("\(tokens.count) characters, \(characters.count) different ones")

    let network = name == "gpt" ? gpt(characters.count) : lstm(characters.count)
    let rate = options.number("learning-rate", in: 1e-12...1e6) ?? 0.001
    var model = network.compile(
      optimizer: AdamW(learningRate: rate, weightDecay: 0.1, beta2: 0.99, epsilon: 1e-8)
        .decayingOnlyKernels().clipped(to: .globalNorm(1)),
      loss: .sparseCategoricalCrossentropy, seed: options.seed)
    print("\(model.network.parameterCounts.trainable) weights")

    let schedule = LearningRateSchedule.cosineDecay(
      from: 0, steps: max(1, steps - 100), alpha: 0.1, warmupTarget: rate, warmupSteps: 100)
    let context = Context<Float>(
      isTraining: true, generator: RandomGenerator(seed: options.seed &+ 1))
    var generator = RandomGenerator(seed: options.seed)
    let clock = ContinuousClock()
    let start = clock.now
    for step in 0..<steps {
      model.optimizer.learningRate = schedule(step: step)
      let batch = batch(of: training, options.batchSize, using: &generator)
      let loss = model.step(batch, in: context)
      if (step + 1) % 250 == 0 || step + 1 == steps {
        let seconds = formatFixed(start.duration(to: clock.now) / .seconds(1), decimals: 1)
        let measured = measure(model, on: validation)
        print(
          "step \(step + 1): loss \(formatFixed(loss, decimals: 3)), on text it has not seen "
            + "\(formatFixed(measured, decimals: 3)), \(seconds) s")
      }
    }

    let opening = tokens[0]
    print("\n" + characters.decode([opening]), terminator: "")
    // A recurrent network carries on what it has read; the GPT has positions for one block.
    model.network.generate(
      length, after: [opening], window: name == "gpt" ? block : nil,
      sampling: TokenSampling(temperature: temperature), using: &generator
    ) { token in
      print(characters.decode([token]), terminator: "")
      fflush(stdout)
      return true
    }
    print()
  }

  /// nanoGPT's settings for processors: 4 blocks of 4 heads, 128 features, and no dropout.
  static func gpt(_ characters: Int) -> Sequential<Float> {
    let small = Initializer.normal(standardDeviation: 0.02)
    let layer = TransformerEncoder<Float>(
      heads: 4, units: 512, isCausal: true, normalizesFirst: true, activation: .gelu)
    return Sequential([
      TiedEmbedding(
        Embedding(characters, 128, inputShape: [block], embeddingsInitializer: small),
        activation: .softmax
      ) {
        PositionEmbedding(embeddingsInitializer: small)
        for _ in 0..<4 { layer }
        LayerNormalization(epsilon: 1e-5)
      }
    ])
  }

  /// Two recurrent layers.
  static func lstm(_ characters: Int) -> Sequential<Float> {
    Sequential([
      Embedding(characters, 64, inputShape: [block]), LSTM(128, returnSequences: true),
      LSTM(128, returnSequences: true), Dense(characters, activation: .softmax),
    ])
  }

  /// Some windows, drawn with replacement.
  static func batch(
    of windows: (x: Windows<Int>, y: Windows<Int>), _ count: Int,
    using generator: inout RandomGenerator
  ) -> Batch<Float> {
    let places = (0..<count).map { _ in
      Int.random(in: 0..<windows.x.shape[0], using: &generator)
    }
    return Batch(
      x: windows.x.samples(places, as: Float.self), y: windows.y.samples(places, as: Float.self))
  }

  /// The mean loss on windows that are spread over the text.
  static func measure(
    _ model: Model<Sequential<Float>>, on windows: (x: Windows<Int>, y: Windows<Int>)
  ) -> Double {
    let count = min(240, windows.x.shape[0])
    let places = (0..<count).map { $0 * windows.x.shape[0] / count }
    return model.evaluate(
      windows.x.samples(places, as: Float.self), windows.y.samples(places, as: Float.self),
      verbose: 0
    ).loss
  }

  /// The plays of the file, or the eighteenth sonnet a few times.
  static func text(_ options: CommandLineOptions) -> String {
    if options.has("sonnet") { return String(repeating: sonnet, count: 4) }
    do {
      return try readText("\(dataFolder(options, named: "text"))/tinyshakespeare.txt")
    } catch {
      stop(error)
    }
  }

  static let sonnet = """
    Shall I compare thee to a summer's day?
    Thou art more lovely and more temperate:
    Rough winds do shake the darling buds of May,
    And summer's lease hath all too short a date;
    Sometime too hot the eye of heaven shines,
    And often is his gold complexion dimm'd;
    And every fair from fair sometime declines,
    By chance or nature's changing course untrimm'd;
    But thy eternal summer shall not fade,
    Nor lose possession of that fair thou ow'st;
    Nor shall death brag thou wander'st in his shade,
    When in eternal lines to time thou grow'st:
    So long as men can breathe or eyes can see,
    So long lives this, and this gives life to thee.

    """
}
