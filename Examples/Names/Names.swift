// Networks that make up names, a letter at a time: from counting pairs of letters to a transformer.
//
//     swift run -c release names --data DIR
//
// DIR is the folder with names.txt, a name on each line, or the one that holds it as `text`. Without data the
// program makes up a list of its own. After A. Karpathy, "makemore", 2022.

import CommandLineOptions
import Train

@main
struct Names {
  static func main() {
    let options = CommandLineOptions(
      program: "names",
      about: "Compares six networks that make up names, each with more in view than the last.",
      [
        .data("text"), .flag("made", "makes up a list of names instead of reading one"),
        .epochs(5), .batchSize(64), .learningRate(0.005), .seed,
      ])
    let data = Samples(of: names(options))
    print(
      "\(data.count) names of up to \(data.length - 1) letters, \(data.alphabet.count) different tokens"
    )
    let (train, test) = trainTestSplit(data.x, data.y, testShare: 0.1, seed: options.seed)

    print("\n\(column("network", 18)) weights   training    test   names")
    for kind in Kind.allCases {
      var model = kind.network(of: data).compile(
        optimizer: options.optimizer,
        loss: .sparseCategoricalCrossentropy(ignoring: Samples.nothing),
        metrics: [.perplexity(ignoring: Samples.nothing)], seed: options.seed)
      if kind == .bigram {
        model.weights = [bigrams(train.x, train.y, data.alphabet.count)]
      } else {
        model.fit(
          train.x, train.y, epochs: options.epochs, batchSize: options.batchSize,
          callbacks: options.callbacks(), verbose: 0)
      }
      let losses = [train, test].map { part in
        let result = model.evaluate(part.x, part.y, verbose: 0)
        return formatFixed(log(Tensor(result[model.metrics[0].name] ?? .nan)).scalar, decimals: 3)
      }
      var generator = RandomGenerator(seed: options.seed)
      let made = (0..<4).map { _ in makeName(model.network, data, using: &generator) }
      print(
        column(kind.rawValue, 18),
        column("\(model.network.parameterCounts.trainable)", 8, right: true),
        column(losses[0], 9, right: true), column(losses[1], 7, right: true),
        " " + made.joined(separator: " "))
    }
    print(
      "\nLosses are means of -log p over all letters: e to their power is the number of letters in doubt."
    )
  }

  /// A text in a column of the given width.
  static func column(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
  }

  /// The names of the file, or names made of syllables.
  static func names(_ options: CommandLineOptions) -> [String] {
    if !options.has("made") {
      do {
        let text = try readText("\(dataFolder(options, named: "text"))/names.txt")
        return text.split(separator: "\n").map { String($0) }
      } catch {
        stop(error)
      }
    }
    let parts = [["a", "be", "da", "e", "ka", "lo", "ma", "sa"], ["li", "na", "ri", "ya", ""]]
    var generator = RandomGenerator(seed: options.seed)
    return (0..<400).map { _ in
      (0..<3).map { parts[min($0, 1)].randomElement(using: &generator)! }.joined()
    }
  }

  /// The logarithm of how often each token follows each other one, as the rows of an embedding.
  static func bigrams(_ x: Tensor<Float>, _ y: Tensor<Float>, _ count: Int) -> Tensor<Float> {
    // One more of each pair: none is impossible.
    var counts = Tensor<Float>.ones([count, count])
    for (first, second) in zip(x.elements, y.elements) where Int(second) != Samples.nothing {
      counts[Int(first), Int(second)] += 1
    }
    return log(counts / counts.sum(axis: 1, keepingDimensions: true))
  }

  /// Begins with the end of a name and writes until the next end.
  static func makeName(
    _ network: Sequential<Float>, _ data: Samples, using generator: inout RandomGenerator
  ) -> String {
    let letters = network.generate(
      data.length - 1, after: [data.end], window: data.length, using: &generator
    ) { $0 != data.end }
    return data.alphabet.decode(letters.filter { $0 != data.end })
  }
}

/// Names as numbers: each letter is to be told from those before it.
struct Samples {
  /// The target of the steps behind the end of a name.
  static let nothing = -1

  let alphabet: Vocabulary
  /// The number of ".", which ends a name and begins the next.
  let end: Int
  /// The number of steps: the letters of the longest name and its end.
  let length: Int
  /// What each step sees and what it is to tell, [names, steps].
  let (x, y): (Tensor<Float>, Tensor<Float>)

  var count: Int { x.shape[0] }

  init(of names: [String]) {
    alphabet = Vocabulary(charactersOf: names.joined(separator: ".") + ".")
    let end = alphabet.encode(".")[0]
    let length = (names.map(\.unicodeScalars.count).max() ?? 0) + 1
    (self.end, self.length) = (end, length)
    var (x, y): ([Float], [Float]) = ([], [])
    for name in names {
      let letters = alphabet.encode(name)
      let rest = length - letters.count - 1
      x += ([end] + letters + Array(repeating: end, count: rest)).map { Float($0) }
      y += (letters + [end] + Array(repeating: Samples.nothing, count: rest)).map { Float($0) }
    }
    self.x = Tensor(x, shape: [names.count, length])
    self.y = Tensor(y, shape: [names.count, length])
  }
}

/// The networks, each giving the probabilities of the next letter at each step.
enum Kind: String, CaseIterable {
  case bigram = "bigram counts"
  case mlp = "MLP of 3 letters"
  case rnn = "RNN"
  case gru = "GRU"
  case lstm = "LSTM"
  case transformer

  func network(of data: Samples) -> Sequential<Float> {
    let words = data.alphabet.count
    // A row of the logarithms of pairs' probabilities is all that the first network has.
    let size = self == .bigram ? words : 32
    let embedding = Embedding<Float>(words, size, inputShape: [data.length])
    let block = TransformerEncoder<Float>(
      heads: 4, units: 128, isCausal: true, normalizesFirst: true)
    let layers: [any Layer<Float>] =
      switch self {
      case .bigram: []
      case .mlp: [LastSteps(count: 3), Dense(64, activation: .tanh)]
      case .rnn: [SimpleRNN(64, returnSequences: true)]
      case .gru: [GRU(64, returnSequences: true)]
      case .lstm: [LSTM(64, returnSequences: true)]
      case .transformer: [PositionEmbedding(), block, block, LayerNormalization(epsilon: 1e-5)]
      }
    let output: any Layer<Float> =
      self == .bigram ? Activation<Float>(.softmax) : Dense<Float>(words, activation: .softmax)
    return Sequential([embedding] + layers + [output])
  }
}

/// Puts the features of the last few steps side by side, zeros before the first.
struct LastSteps: Layer {
  let count: Int

  func build(
    _ builder: inout LayerBuilder<Float>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape { [inputShape[0], inputShape[1] * count] }

  func call(_ x: Variable<Float>, in context: Context<Float>) -> Variable<Float> {
    let shifted = (0..<count).map { shift in
      if shift == 0 { return x }
      let (batch, steps, features) = (x.shape[0], x.shape[1], x.shape[2])
      let missing = min(shift, steps)
      let zeros = context.tape.constant(.zeros([batch, missing, features]))
      return concatenate([zeros, x[0..<batch, 0..<steps - missing]], axis: 1)
    }
    return concatenate(shifted, axis: 2)
  }
}
