// "A more complicated alien planet" of Grokking Machine Learning, chapter 10: perceptrons, and a network
// of them with the weights set by hand.
//
//     swift run -c release aliens

import CommandLineOptions
import Train

@main
struct Aliens {
  static let sentences = [
    "Aack", "Aack aack", "Beep", "Beep beep", "Aack beep", "Aack aack beep", "Beep aack beep",
    "Beep aack beep aack",
  ]

  static func main() {
    let options = CommandLineOptions(
      program: "aliens",
      about: "Tells happy aliens from sad ones with perceptrons whose weights are set by hand.",
      [.value("output", "DIR", "a folder for the boundaries of the step and the sigmoid network")])

    // Table 10.1: how often each word appears, and the mood.
    let counts = Tensor<Float>(
      sentences.map { sentence in
        let words = sentence.lowercased().split(separator: " ")
        return ["aack", "beep"].map { word in Float(words.filter { $0 == word }.count) }
      })
    let happy: Tensor<Int> = [0, 0, 0, 0, 1, 1, 1, 1]
    print("Table 10.1")
    printTable(
      ["Sentence", "Aack", "Beep", "Mood"],
      sentences.indices.map {
        [
          sentences[$0], "\(Int(counts[$0, 0]))", "\(Int(counts[$0, 1]))",
          happy[$0] == 1 ? "Happy" : "Sad",
        ]
      })

    // Table 10.2: the two lines 6 xa + 10 xb - 15 = 0 (career) and 10 xa + 6 xb - 15 = 0 (family).
    let lineWeights: Tensor<Float> = [[6, 10], [10, 6]]
    let lineBiases: Tensor<Float> = [-15, -15]
    let lines = matmul(counts, lineWeights) + lineBiases
    print("\nTable 10.2")
    printTable(
      ["Sentence", "Equation 1", "≥ 0?", "Equation 2", "≥ 0?", "Both"],
      sentences.indices.map { row in
        let isAbove = [lines[row, 0] >= 0, lines[row, 1] >= 0]
        return [
          sentences[row], "\(Int(lines[row, 0]))", yesNo(isAbove[0]), "\(Int(lines[row, 1]))",
          yesNo(isAbove[1]), yesNo(isAbove[0] && isAbove[1]),
        ]
      })

    // Figure 10.7: one perceptron of three inputs, continuous and discrete.
    let point: Tensor<Float> = [[1, 3, 1]]
    let weights: [Tensor<Float>] = [[[3], [-2], [4]], [2]]
    print("\nσ(3·1 - 2·3 + 4·1 + 2) = \(perceptrons(.sigmoid, [weights]).predict(point)[0, 0])")
    print("step(3·1 - 2·3 + 4·1 + 2) = \(perceptrons(.step, [weights]).predict(point)[0, 0])")

    // Figure 10.10: career and family joined by AND, which is step(1·C + 1·F - 1.5).
    let and: [Tensor<Float>] = [[[1], [1]], [-1.5]]
    let step = perceptrons(.step, [[lineWeights, lineBiases], and])
    let sigmoid = perceptrons(.sigmoid, [[lineWeights, lineBiases], and])
    print("\nThe network of step perceptrons: \(row(step.predict(counts)))")
    print("The network of sigmoid perceptrons: \(row(sigmoid.predict(counts)))")
    print("The moods:                        \(happy)")

    // The penalties of regularisation: the loss plus λ times the sum of squared weights, without biases.
    let squares = square(lineWeights).sum() + square(and[0]).sum()
    print("\nL2 regularisation adds \(Int(squares)) λ to the log loss")

    // Exercise 10.2: XOR is OR and NAND joined by AND.
    let xor = perceptrons(.step, [[[[1, -1], [1, -1]], [-0.5, 1.5]], and])
    let corners: Tensor<Float> = [[0, 0], [0, 1], [1, 0], [1, 1]]
    print("\nExercise 10.2, XOR of (0,0), (0,1), (1,0), (1,1): \(row(xor.predict(corners)))")

    // Exercise 10.3: the sigmoid network takes (1, 1) for sad; a sharper last perceptron cures that.
    let sharper: [Tensor<Float>] = [[[10], [10]], [-14]]
    let cured = perceptrons(.sigmoid, [[lineWeights, lineBiases], sharper])
    let oneOne: Tensor<Float> = [[1, 1]]
    print("Exercise 10.3, (1, 1) before: \(sigmoid.predict(oneOne)[0, 0])")
    print("with 10 C + 10 F - 14: \(cured.predict(oneOne)[0, 0])")
    print("and all sentences: \(row(cured.predict(counts)))")

    if let folder = options.text("output") {
      makeFolder(folder)
      for (name, title, model) in [
        ("career", "Career happiness", perceptrons(.step, [[[[6], [10]], [-15]]])),
        ("family", "Family happiness", perceptrons(.step, [[[[10], [6]], [-15]]])),
        ("step", "Network of step perceptrons", step),
        ("sigmoid", "Network of sigmoid perceptrons", sigmoid),
        ("cured", "Network with other weights", cured),
      ] {
        var chart = Chart(title: title, x: "aack", y: "beep")
        chart.decisionBoundary(of: model, around: counts)
        chart.scatter(points: counts, classes: happy, labels: ["sad", "happy"])
        let path = "\(folder)/aliens-\(name).svg"
        do { try chart.write(to: path) } catch { stop(error) }
        print("Wrote \(path)")
      }
    }
  }

  /// A network with the given kernel and bias in each layer, and the same activation everywhere.
  static func perceptrons(
    _ activation: ActivationFunction, _ layers: [[Tensor<Float>]]
  ) -> Model<Sequential<Float>> {
    var network = Sequential()
    for (index, layer) in layers.enumerated() {
      let (inputs, units) = (layer[0].shape[0], layer[0].shape[1])
      network.add(
        Dense(units, activation: activation, inputShape: index == 0 ? [inputs] : nil))
    }
    var model = network.compile(optimizer: "sgd", loss: "binary_crossentropy")
    model.weights = layers.flatMap { $0 }
    return model
  }

  static func row(_ predictions: Tensor<Float>) -> Tensor<Float> { predictions.flattened() }

  static func yesNo(_ value: Bool) -> String { value ? "Yes" : "No" }

  static func printTable(_ header: [String], _ rows: [[String]]) {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ fields: [String]) -> String {
      zip(fields, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: "  ")
    }
    print(line(header))
    for row in rows { print(line(row)) }
  }
}
