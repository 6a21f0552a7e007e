// "A more complicated alien planet" from Grokking Machine Learning, chapter 10: perceptrons, a
// network of them with weights set by hand, and the exercises of the chapter.
//
//     swift run -c release aliens

import CommandLineOptions
import Train

@main
struct Aliens {
  static func main() {
    let options = CommandLineOptions(
      program: "aliens",
      about: "Tells happy aliens from sad ones with perceptrons whose weights are set by hand.",
      [.output("a folder for the boundaries of perceptrons and networks")])

    // Table 10.1: how often each word occurs, and the mood.
    let sentences = [
      "Aack", "Aack aack", "Beep", "Beep beep", "Aack beep", "Aack aack beep", "Beep aack beep",
      "Beep aack beep aack",
    ]
    let (counts, vocabulary) = bagOfWords(sentences)
    let happy: Tensor<Float> = [0, 0, 0, 0, 1, 1, 1, 1]
    print("Table 10.1")
    printTable(
      ["Sentence"] + vocabulary + ["mood"],
      sentences.indices.map {
        [
          sentences[$0], "\(Int(counts[$0, 0]))", "\(Int(counts[$0, 1]))",
          happy[$0] == 1 ? "happy" : "sad",
        ]
      })

    // Table 10.2: the lines 6 aack + 10 beep - 15 = 0 (career) and 10 aack + 6 beep - 15 = 0 (family).
    // In the book's table, the counts of rows 6 and 7 are swapped.
    let careerAndFamily = Perceptrons(weights: [[6, 10], [10, 6]], biases: [-15, -15])
    let lines = matmul(counts, careerAndFamily.weights) + careerAndFamily.biases
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

    // Figure 10.5: two discrete perceptrons, and a third one, AND, that takes their outputs.
    let and = Perceptrons(weights: [[1], [1]], biases: [-1.5])
    let outputs = model(.step, careerAndFamily).predict(counts)
    let happiness = model(.step, and).predict(outputs)
    print("\nFigure 10.5")
    printTable(
      ["Sentence", "Career", "Family", "step(1·C + 1·F - 1.5)"],
      sentences.indices.map { row in
        [sentences[row]]
          + [outputs[row, 0], outputs[row, 1], happiness[row, 0]].map { "\(Int($0))" }
      })

    // Figure 10.7: one perceptron with three inputs, continuous and discrete.
    let point: Tensor<Float> = [[1, 3, 1]]
    let three = Perceptrons(weights: [[3], [-2], [4]], biases: [2])
    print("\nσ(3·1 - 2·3 + 4·1 + 2) = \(model(.sigmoid, three).predict(point)[0, 0])")
    print("step(3·1 - 2·3 + 4·1 + 2) = \(model(.step, three).predict(point)[0, 0])")

    // Figures 10.9 to 10.13: the three perceptrons as one network.
    let step = model(.step, careerAndFamily, and)
    let sigmoid = model(.sigmoid, careerAndFamily, and)
    print("\nThe moods:                          \(happy)")
    print("The network of step perceptrons:    \(step.predict(counts).flattened())")
    print("The network of sigmoid perceptrons: \(sigmoid.predict(counts).flattened())")

    // Regularisation: the loss plus λ times the sum of all squared weights, without biases.
    let logLoss = sigmoid.evaluate(counts, happy, verbose: 0).loss
    let squares = square(careerAndFamily.weights).sum() + square(and.weights).sum()
    let regularised = model(.sigmoid, careerAndFamily, and, regularizer: .l2(0.01))
    print("\nLog loss + L2 regularisation: \(logLoss) + \(Int(squares)) λ")
    print("with λ = 0.01: \(regularised.evaluate(counts, happy, verbose: 0).loss)")

    // The softmax function: an aardvark, a bird, a cat or a dog.
    print("softmax(0, 3, 1, 1) = \(softmax([0, 3, 1, 1] as Tensor<Float>))")

    // Exercise 10.1: a network of sigmoid perceptrons at (1, 1). The book shows it as a picture; in
    // formulas it is h₁ = σ(x₁ - 2 x₂ - 1), h₂ = σ(-x₁ + 3 x₂ - 1), ŷ = σ(-h₁ + 2 h₂ + 1).
    let oneOne: Tensor<Float> = [[1, 1]]
    let drawn = model(
      .sigmoid, Perceptrons(weights: [[1, -1], [-2, 3]], biases: [-1, -1]),
      Perceptrons(weights: [[-1], [2]], biases: [1]))
    print("\nExercise 10.1, the prediction for (1, 1): \(drawn.predict(oneOne)[0, 0])")

    // Exercise 10.2: XOR is OR and NAND, combined by AND.
    let xor = model(.step, Perceptrons(weights: [[1, -1], [1, -1]], biases: [-0.5, 1.5]), and)
    let corners: Tensor<Float> = [[0, 0], [0, 1], [1, 0], [1, 1]]
    print(
      "Exercise 10.2, XOR of (0,0), (0,1), (1,0), (1,1): \(xor.predict(corners).flattened())")

    // Exercise 10.3: the sigmoid network classifies (1, 1) as sad. A slightly higher bias corrects
    // this; larger weights in the last perceptron correct it clearly.
    print("Exercise 10.3, (1, 1) with C + F - 1.5: \(sigmoid.predict(oneOne)[0, 0])")
    let higher = Perceptrons(weights: [[1], [1]], biases: [-1.45])
    let greater = Perceptrons(weights: [[10], [10]], biases: [-14])
    let cured = model(.sigmoid, careerAndFamily, greater)
    for (text, network) in [
      ("C + F - 1.45:", model(.sigmoid, careerAndFamily, higher)), ("10 C + 10 F - 14:", cured),
    ] {
      let predictions = network.predict(counts).flattened()
      let right = (Tensor<Float>(predictions .>= 0.5) .== happy).countTrue()
      print("with \(text) \(right) of \(happy.count) right, \(predictions)")
    }

    var boundary = points(counts, happy, "Network of sigmoid perceptrons")
    boundary.decisionBoundary(of: sigmoid, around: counts)
    print("\n" + boundary.terminalText())

    if let folder = options.text("output") {
      makeFolder(folder)
      let drawings: [(String, any Drawing)] = [
        ("boundaries", boundaries(counts, happy, careerAndFamily, step, sigmoid, cured)),
        ("perceptron", diagram("A perceptron", ["x₁", "x₂", "x₃"], three)),
        (
          "network",
          diagram("The network of happiness", vocabulary, careerAndFamily, and)
        ),
        (
          "exercise",
          diagram(
            "Exercise 10.1", ["x₁", "x₂"],
            Perceptrons(weights: [[1, -1], [-2, 3]], biases: [-1, -1]),
            Perceptrons(weights: [[-1], [2]], biases: [1]))
        ),
      ]
      for (name, drawing) in drawings {
        let path = "\(folder)/aliens-\(name).svg"
        do { try drawing.write(to: path) } catch { stop(error) }
        print("Wrote \(path)")
      }
    }
  }

  /// The sentences as points, blue if the alien is sad and red if it is happy.
  static func points(_ counts: Tensor<Float>, _ happy: Tensor<Float>, _ title: String) -> Chart {
    var chart = Chart(title: title, x: "aack", y: "beep")
    chart.scatter(points: counts, classes: Tensor<Int>(happy), labels: ["sad", "happy"])
    return chart
  }

  /// Figures 10.11 to 10.13 and exercise 10.3: the lines of the two perceptrons, and the
  /// predictions of the network with step functions, with sigmoids, and with other weights in the
  /// last perceptron.
  static func boundaries(
    _ counts: Tensor<Float>, _ happy: Tensor<Float>, _ perceptrons: Perceptrons,
    _ step: Model<Sequential<Float>>, _ sigmoid: Model<Sequential<Float>>,
    _ cured: Model<Sequential<Float>>
  ) -> Panels {
    var lines = points(counts, happy, "Two perceptrons")
    (lines.xRange, lines.yRange) = (-0.2...2.2, -0.2...2.2)
    for (index, name) in ["career", "family"].enumerated() {
      // w₁ x + w₂ y + b = 0
      let (w1, w2) = (perceptrons.weights[0, index], perceptrons.weights[1, index])
      let b = perceptrons.biases[index]
      lines.function(over: -0.2...2.2, label: name) { x in
        -(Double(w1) * x + Double(b)) / Double(w2)
      }
    }
    let networks = [
      ("Network of step perceptrons", step), ("Network of sigmoid perceptrons", sigmoid),
      ("With greater weights", cured),
    ].map { title, model in
      var chart = points(counts, happy, title)
      chart.decisionBoundary(of: model, around: counts, resolution: 300)  // Steps are steep.
      return chart
    }
    return Panels(title: "Boundaries", columns: 2, [lines] + networks)
  }

  /// A diagram of a network of perceptrons.
  static func diagram(_ title: String, _ inputs: [String], _ layers: Perceptrons...)
    -> NetworkDiagram
  {
    NetworkDiagram(
      title: title, inputs: inputs,
      layers.map { layer in
        .init(
          weights: layer.weights, biases: layer.biases,
          caption: layer.biases.count == 1 ? "perceptron" : "perceptrons")
      })
  }

  /// A layer of perceptrons: the weights, [inputs, perceptrons], and a bias for each.
  struct Perceptrons {
    let weights: Tensor<Float>
    let biases: Tensor<Float>
  }

  /// A network of the given layers, all with the same activation.
  static func model(
    _ activation: ActivationFunction, _ layers: Perceptrons..., regularizer: Regularizer? = nil
  ) -> Model<Sequential<Float>> {
    var network = Sequential()
    for (index, layer) in layers.enumerated() {
      network.add(
        Dense(
          layer.biases.count, activation: activation,
          inputShape: index == 0 ? [layer.weights.shape[0]] : nil, kernelRegularizer: regularizer))
    }
    var model = network.compile(optimizer: "sgd", loss: "binary_crossentropy")
    model.weights = layers.flatMap { [$0.weights, $0.biases] }
    return model
  }

  static func yesNo(_ value: Bool) -> String { value ? "Yes" : "No" }

  static func printTable(_ header: [String], _ rows: [[String]]) {
    // The last column is not padded, so that no line ends in spaces.
    let widths = header.indices.dropLast().map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    for row in [header] + rows {
      let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count + 2) }
      print(padded.joined() + (row.last ?? ""))
    }
  }
}
