// The parts of a report about a training run: the network, the curves, the mistakes, the time.

import Layers
import Tensor

extension Report {
  /// Adds the summary table of a network and a diagram of its units and weights.
  ///
  /// - Parameters:
  ///   - network: The network; the shape of a sample must be known.
  ///   - inputs: The names of the inputs; may be empty.
  ///   - outputs: The names of the outputs; may be empty.
  public mutating func network<Scalar: TensorFloat>(
    _ network: Sequential<Scalar>, inputs: [String] = [], outputs: [String] = []
  ) {
    heading("The network")
    preformatted(network.summary())
    var diagram = NetworkDiagram(network, inputs: inputs, outputs: outputs)
    diagram.width = 720
    drawings([diagram])
    paragraph(
      "Blue weights are positive, orange ones negative; the thicker a line, the larger the weight.")
  }

  /// Adds the final numbers of `fit` and their curves.
  public mutating func curves(_ history: History) {
    heading("Training")
    let last = history.names.map { "\($0) \(formatFixed(history[$0].last ?? .nan, decimals: 4))" }
    let epochs = history.epochs == 1 ? "epoch" : "epochs"
    paragraph(
      "After \(history.epochs) \(epochs): \(last.joined(separator: ", "))."
        + (history.stopReason.map { " It ended because \($0)." } ?? ""))
    drawings(history.charts)
  }

  /// Adds the confusion matrix and the most confident mistakes.
  ///
  /// - Parameters:
  ///   - predictions: What the network made of samples it was not trained on, [samples, classes].
  ///   - targets: Their classes, [samples], or one-hot rows.
  ///   - images: The samples as images, [samples, rows, columns] or, in colours, [samples, rows, columns, 3];
  ///     without them mistakes are a list.
  ///   - classNames: The names of the classes; their numbers if empty.
  public mutating func classification<P: TensorNumber, T: TensorNumber, Pixel: TensorNumber>(
    _ predictions: Tensor<P>, _ targets: Tensor<T>, images: Tensor<Pixel>,
    classNames: [String] = []
  ) {
    confusion(predictions, targets, classNames)
    let mistakes = worstMistakes(predictions, targets, count: 16)
    guard !mistakes.isEmpty else { return }
    heading("The mistakes of which the network was most sure")
    paragraph("Above each image stands what it is, below it what it was taken for.")
    drawings([mistakes.sheet(of: images, classNames: classNames)])
  }

  /// Adds the confusion matrix and the most confident mistakes.
  public mutating func classification<P: TensorNumber, T: TensorNumber>(
    _ predictions: Tensor<P>, _ targets: Tensor<T>, classNames: [String] = []
  ) {
    confusion(predictions, targets, classNames)
    let mistakes = worstMistakes(predictions, targets, count: 16)
    guard !mistakes.isEmpty else { return }
    heading("The mistakes of which the network was most sure")
    preformatted(mistakes.map(\.description).joined(separator: "\n"))
  }

  private mutating func confusion<P: TensorNumber, T: TensorNumber>(
    _ predictions: Tensor<P>, _ targets: Tensor<T>, _ classNames: [String]
  ) {
    let matrix = ConfusionMatrix(predictions, targets, classNames: classNames)
    heading("Right and wrong")
    paragraph(
      "Of \(matrix.total) samples \(formatFixed(100 * matrix.accuracy, decimals: 2)) % are right.")
    drawings([HeatMap(matrix)])
    preformatted(matrix.description)
  }

  /// Adds the profile of the training time, if `fit` was called with `profile: true`.
  public mutating func profile(_ history: History) {
    guard !history.profile.isEmpty else { return }
    heading("Where the time went")
    preformatted(profileTable(history.profile, of: Float.self))
  }
}

extension Sequence<Mistake> {
  /// The images of the mistakes, with the right class above and the predicted class below.
  ///
  /// - Parameters:
  ///   - images: All samples as images, [samples, rows, columns] or, in colours, [samples, rows, columns, 3].
  ///   - classNames: The names of the classes; their numbers if empty.
  ///   - columns: The number of images in a row.
  ///   - title: The text above all images.
  /// - Returns: the images in rows.
  public func sheet<Pixel: TensorNumber>(
    of images: Tensor<Pixel>, classNames: [String] = [], columns: Int = 8, title: String = ""
  ) -> Panels {
    func name(_ label: Int) -> String { label < classNames.count ? classNames[label] : "\(label)" }
    return Panels(
      title: title, columns: columns,
      map { mistake in
        var picture = Picture(images[mistake.index, ...])
        picture.title = name(mistake.expected)
        picture.label = name(mistake.predicted)
        picture.labelColor = .red
        picture.drawingWidth = 120
        return picture
      })
  }
}
