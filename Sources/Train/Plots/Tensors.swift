// Charts and pictures of tensors and models.

import Layers
import Tensor

extension Chart {
  /// Adds points, [samples, 2], with a colour and marker per class: blue dots for 0, red crosses
  /// for 1.
  public mutating func scatter<X: TensorNumber, Y: TensorNumber>(
    points: Tensor<X>, classes: Tensor<Y>, labels: [String] = []
  ) {
    let points = Tensor<Double>(points)
    require(
      points.rank == 2 && points.shape[1] == 2 && classes.count == points.shape[0],
      "scatter: points of shape \(points.shape) and classes of shape \(classes.shape) do not fit; "
        + "expected [samples, 2] and [samples]")
    scatter(
      x: points[0..., 0].elements, y: points[0..., 1].elements,
      classes: Tensor<Int>(classes).elements, labels: labels)
  }

  /// Fills the plane around `points`, [samples, 2], with the model's predictions, and draws the
  /// decision boundary.
  ///
  /// For a model with one output, it shows that output; with two outputs, the probability of class
  /// 1.
  ///
  /// - Parameters:
  ///   - model: the model, which takes two numbers per sample.
  ///   - points: the points that the picture must contain.
  ///   - resolution: the number of predictions along each axis.
  public mutating func decisionBoundary<X: TensorNumber, Network: Layer>(
    of model: Model<Network>, around points: Tensor<X>, resolution: Int = 120
  ) {
    let points = Tensor<Double>(points)
    require(
      points.rank == 2 && points.shape[1] == 2,
      "decisionBoundary: points of shape \(points.shape) do not lie in a plane; expected "
        + "[samples, 2]")
    func axis(_ column: Int) -> (range: ClosedRange<Double>, values: [Double]) {
      let values = points[0..., column]
      let (low, high) = (values.min(), values.max())
      let margin = 0.1 * max(high - low, 1e-9)
      let range = (low - margin)...(high + margin)
      return (
        range,
        Tensor<Double>.linspace(from: range.lowerBound, to: range.upperBound, count: resolution)
          .elements
      )
    }
    let (x, y) = (axis(0), axis(1))
    var grid: [Double] = []
    grid.reserveCapacity(2 * x.values.count * y.values.count)
    for y in y.values {
      for x in x.values {
        grid.append(x)
        grid.append(y)
      }
    }
    let predictions = Tensor<Double>(model.predict(Tensor(grid).reshaped(to: [-1, 2])))
    let outputs = predictions.shape.last ?? 1
    require(
      outputs <= 2, "decisionBoundary: a model with \(outputs) outputs has no single boundary")
    contour(
      Field(
        predictions[0..., outputs - 1].elements, columns: resolution, x: x.range, y: y.range),
      levels: stride(from: 0.0, through: 1.0, by: 0.1).map { $0 }, boundary: 0.5)
  }
}

extension Picture {
  /// A picture of an image: grey, [rows, columns], 0 in the map's first colour and the largest value of
  /// the type or the image in its last; or in colours, [rows, columns, 3].
  ///
  /// Of colours, the ends of the range are dark and bright; it is 0...255 for bytes if none is given.
  public init<Pixel: TensorNumber>(
    _ image: Tensor<Pixel>, colors: ColorMap = .greys, range: ClosedRange<Double>? = nil
  ) {
    let isColoured = image.rank == 3 && image.shape[2] == 3
    require(
      image.rank == 2 || isColoured,
      "Picture: an image has two axes, rows and columns, and in colours a third of size 3, got shape "
        + "\(image.shape)")
    let values = Tensor<Double>(image).elements
    guard isColoured else {
      self.init(
        values: values, width: image.shape[1], height: image.shape[0], colors: colors, range: range)
      return
    }
    let bytes = Pixel.self == UInt8.self ? 0...255.0 : finiteRange(values)
    let range = drawableRange(range ?? bytes ?? 0...1)
    let scale = 255 / (range.upperBound - range.lowerBound)
    let pixels = values.map { value in
      // NaN is dark.
      let byte = (value - range.lowerBound) * scale
      return byte > 0 ? UInt8(min(byte, 255)) : 0
    }
    self.init(pixels: pixels, width: image.shape[1], height: image.shape[0], format: .rgb)
  }
}
