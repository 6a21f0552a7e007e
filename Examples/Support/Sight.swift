// What a network over images makes of one of them: its filters, what each layer makes of the picture, the pixels
// that its answer follows from, and what becomes of the answer where a part is covered.

import Layers
import Train

extension Report {
  /// Adds what a network sees in a picture.
  ///
  /// - Parameters:
  ///   - network: the trained network; its result is a probability for each class.
  ///   - picture: the picture as the network takes it, [height, width, channels].
  ///   - classNames: the names of the classes.
  public mutating func sight(
    of network: Sequential<Float>, in picture: Tensor<Float>, classNames: [String]
  ) {
    let probabilities = prediction(of: network, for: picture.expandingShape(at: 0))[0, ...]
    let answer = probabilities.argmax()
    let name = classNames[answer]
    if let kernel = network.parameters.first(where: { $0.value.rank == 4 })?.value {
      heading("The filters of the first layer")
      paragraph(
        "Each filter is shown as the picture that excites it most; \(kernel.shape[3]) filters of "
          + "\(kernel.shape[0]) x \(kernel.shape[1]) pixels.")
      drawings([Panels(columns: 12, filterPictures(kernel))])
    }

    heading("What the layers make of a picture")
    paragraph("The first channels of each layer; bright stands for large.")
    drawings([picture.drawing(title: "the picture", width: 150)])
    drawings(featurePanels(of: network, for: picture))

    heading("Which pixels count")
    let share = formatFixed(100 * Double(probabilities[answer]), decimals: 2)
    paragraph(
      "The network takes the picture for \(name), with a probability of \(share) %. On the left, how much each "
        + "pixel moves that answer against the next likely one: the gradient with respect to the input. On the "
        + "right, the probability of \(name) where a square around the place is grey: the occluded parts without "
        + "which it is lost.")
    var gradient = Picture(saliency(of: network, for: picture, answer: answer), colors: .viridis)
    gradient.title = "gradient"
    var covered = Picture(
      occlusion(of: network, for: picture, answer: answer), colors: .viridis, range: 0...1)
    covered.title = "probability where covered"
    covered.showsColorBar = true
    drawings([picture.drawing(title: name, width: 320), gradient, covered])
  }
}

/// The network's result at inference.
private func prediction(of network: Sequential<Float>, for pictures: Tensor<Float>) -> Tensor<Float>
{
  let context = Context<Float>(isTraining: false)
  return network(context.tape.constant(pictures), in: context).value
}

/// The filters of a kernel, [height, width, channels, filters]: in colours if there are three channels, else the
/// mean over the channels.
private func filterPictures(_ kernel: Tensor<Float>) -> [Picture] {
  (0..<min(kernel.shape[3], 48)).map { filter in
    let weights = kernel[..., filter]
    return weights.shape[2] == 3
      ? weights.drawing(width: 70)
      : weights.mean(axis: 2, keepingDimensions: true).drawing(width: 70)
  }
}

/// The first channels of what each layer gives, as long as that is images.
private func featurePanels(of network: Sequential<Float>, for picture: Tensor<Float>) -> [Panels] {
  let context = Context<Float>(isTraining: false)
  var x = context.tape.constant(picture.expandingShape(at: 0))
  var panels: [Panels] = []
  for (name, layer) in zip(network.layerNames, network.layers) {
    x = layer(x, in: context)
    guard x.rank == 4 else { break }
    let maps = x.value[0, ...]
    let shown = min(maps.shape[2], 16)
    let title =
      "\(name): \(maps.shape[0]) x \(maps.shape[1]), \(shown) of \(maps.shape[2]) channels"
    panels.append(
      Panels(
        title: title, columns: 8,
        (0..<shown).map { channel in
          var map = Picture(maps[..., channel], colors: .viridis)
          map.drawingWidth = 110
          return map
        }))
  }
  return panels
}

/// How much each pixel moves the answer against the next likely one, [height, width].
///
/// The difference of the logarithms of two probabilities is that of the sums before softmax, whose gradient does
/// not vanish where the network is sure.
private func saliency(
  of network: Sequential<Float>, for picture: Tensor<Float>, answer: Int
) -> Tensor<Float> {
  let context = Context<Float>(isTraining: false, tape: Tape())
  let x = context.tape.variable(picture.expandingShape(at: 0))
  let logarithms = log(network(x, in: context).clipped(to: 1e-30...1))
  var others = logarithms.value
  others[0, answer] = -.infinity
  let margin = logarithms[0, answer] - logarithms[0, others[0, ...].argmax()]
  return abs(context.tape.gradients(of: margin)[x])[0, ...].max(axis: -1)
}

/// The probability of the answer while a square of a quarter of the picture's height is grey, for each place of the
/// square's centre.
private func occlusion(
  of network: Sequential<Float>, for picture: Tensor<Float>, answer: Int
) -> Tensor<Float> {
  let (height, width) = (picture.shape[0], picture.shape[1])
  let size = max(1, height / 4)
  let step = max(1, size / 4)
  let (rows, columns) = ((height + step - 1) / step, (width + step - 1) / step)
  let grey = Tensor(picture.mean())
  // A row of places at a time.
  let results = (0..<rows).map { row in
    var covered = picture.expandingShape(at: 0).repeated(columns, axis: 0)
    let top = row * step - size / 2
    for column in 0..<columns {
      let left = column * step - size / 2
      covered[
        column, max(0, top)..<min(height, top + size), max(0, left)..<min(width, left + size)] =
        grey
    }
    return prediction(of: network, for: covered)[..., answer]
  }
  return stack(results)
}

extension Tensor where Scalar == Float {
  /// A picture of [rows, columns, channels], grey or in colours, from its smallest to its largest number.
  fileprivate func drawing(title: String = "", width: Int) -> Picture {
    var picture = shape[2] == 3 ? Picture(self) : Picture(self[..., 0], colors: .greys.reversed)
    picture.title = title
    picture.drawingWidth = width
    return picture
  }
}
