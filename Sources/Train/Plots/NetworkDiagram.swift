// Network diagrams: dense layers as circles and lines, with one column of units per layer and one
// line per weight. Lines are blue for positive and orange for negative weights, and thicker for
// larger ones. Small networks have numbers on the lines, large ones show only some units of each
// layer. EdgeLabels.swift places the numbers.

import Layers
import Tensor

/// A diagram of a network with its weights.
///
/// ```swift
/// try NetworkDiagram(model.network, inputs: ["x₁", "x₂"]).write(to: "network.svg")
/// ```
public struct NetworkDiagram: Drawing {
  /// The units of one layer and their weights.
  public struct Layer: Sendable {
    /// The weights, [inputs, units].
    public var weights: Tensor<Double>
    /// The biases, [units]; nil draws none.
    public var biases: Tensor<Double>?
    /// The text below the layer, such as its activation.
    public var caption: String
    /// The names of the units; may be empty.
    public var names: [String]

    /// A layer with weights set by hand, [inputs, units].
    public init<Number: TensorNumber>(
      weights: Tensor<Number>, biases: Tensor<Number>? = nil, caption: String = "",
      names: [String] = []
    ) {
      require(
        weights.rank == 2 && weights.count > 0,
        "NetworkDiagram: weights have the shape [inputs, units], got \(weights.shape)")
      let units = weights.shape[1]
      require(
        (biases?.count ?? units) == units && (names.isEmpty || names.count == units),
        "NetworkDiagram: \(units) units, \(biases?.count ?? 0) biases and \(names.count) names do not "
          + "fit each other")
      self.weights = Tensor(weights)
      self.biases = biases.map { Tensor<Double>($0).flattened() }
      (self.caption, self.names) = (caption, names)
    }
  }

  /// The text above the network.
  public var title: String
  /// The width of the picture in pixels.
  public var width = 480
  /// The height of the picture in pixels.
  public var height = 320
  /// The layers after the input.
  public let layers: [Layer]
  /// The names of the inputs; may be empty.
  public let inputs: [String]
  /// The maximum number of units drawn per layer.
  public var mostUnits = 9

  /// Creates a diagram of layers, each of which takes the result of the previous one.
  public init(title: String = "", inputs: [String] = [], _ layers: [Layer]) {
    require(!layers.isEmpty, "NetworkDiagram: a network needs at least one layer")
    for (before, layer) in zip(layers, layers.dropFirst()) {
      require(
        before.weights.shape[1] == layer.weights.shape[0],
        "NetworkDiagram: \(before.weights.shape[1]) units do not fit weights of shape "
          + "\(layer.weights.shape)")
    }
    require(
      inputs.isEmpty || inputs.count == layers[0].weights.shape[0],
      "NetworkDiagram: \(inputs.count) names for \(layers[0].weights.shape[0]) inputs")
    (self.title, self.inputs, self.layers) = (title, inputs, layers)
  }

  /// Creates a diagram of a network's dense layers.
  ///
  /// These are all layers with a matrix of weights, including nested layers. For networks that are
  /// not a linear stack of layers, use `TapeGraph`.
  ///
  /// - Parameters:
  ///   - network: The network; it must be initialised or declare its input shape.
  ///   - title: The text above the network.
  ///   - inputs: The names of the inputs; may be empty.
  ///   - outputs: The names of the outputs; may be empty.
  public init(
    _ network: some Layers.Layer, title: String = "", inputs: [String] = [], outputs: [String] = []
  ) {
    var network = network
    if !network.isInitialized {
      var generator = RandomGenerator(seed: 0)
      network.initialize(using: &generator)
    }
    var layers: [Layer] = []
    for layer in network.innermostLayers {
      let parameters = layer.weights
      if let kernel = parameters.first, kernel.rank == 2 {
        let biases = parameters.dropFirst().first { $0.shape == [kernel.shape[1]] }
        layers.append(
          Layer(weights: kernel, biases: biases, caption: layer.activationName ?? ""))
      } else if let name = layer.activationName, !layers.isEmpty {
        layers[layers.count - 1].caption = name
      }
    }
    if let last = layers.last, outputs.count == last.weights.shape[1] {
      layers[layers.count - 1].names = outputs
    }
    self.init(title: title, inputs: inputs, layers)
  }

  /// The number of units per layer, starting with the inputs.
  private var sizes: [Int] { [layers[0].weights.shape[0]] + layers.map { $0.weights.shape[1] } }

  private var parameterCount: Int {
    layers.reduce(0) { $0 + $1.weights.count + ($1.biases?.count ?? 0) }
  }

  /// Whether biases are drawn, as weights of a unit with the constant value 1.
  private var showsBiases: Bool { parameterCount <= 60 && sizes.allSatisfy { $0 <= mostUnits } }

  /// Returns the drawing as an SVG document.
  public func svg() -> String {
    var svg = SVG(width: width, height: height)
    let size = fittingSize(title, width: Double(width) - 20, size: 15)
    svg.text(title, x: Double(width) / 2, y: 22, size: size, anchor: .middle, isBold: true)
    let columns = columns
    let edges = edges(between: columns)
    let largest = edges.map { abs($0.weight) }.max() ?? 0
    let thinnest = edges.count <= 24 ? 0.8 : 0.3
    for edge in edges {
      let strength = largest > 0 ? abs(edge.weight) / largest : 0
      svg.path(
        "M\(decimal(edge.x0)) \(decimal(edge.y0))L\(decimal(edge.x1)) \(decimal(edge.y1))",
        stroke: .mark(edge.weight < 0 ? .red : .blue), strokeWidth: thinnest + 2.2 * strength)
    }
    for (index, column) in columns.enumerated() { draw(column, index, into: &svg) }
    if edges.count <= 24 {
      for label in edgeLabels(edges, around: columns.flatMap(\.circles)) {
        svg.text(label.text, x: label.x, y: label.y + 4, size: 11, anchor: .middle, hasHalo: true)
      }
    }
    return svg.document
  }

  /// The layout of a layer: the units drawn, the constant unit for biases, and dots for omitted
  /// units.
  private struct Column {
    let x: Double
    let radius: Double
    /// The indices of the units drawn, and their centres.
    var units: [(index: Int, y: Double)] = []
    var one: Double?
    var dots: Double?
    let size: Int

    var circles: [(x: Double, y: Double, radius: Double)] {
      (units.map(\.y) + [one].compactMap { $0 }).map { (x, $0, radius) }
    }
  }

  private var columns: [Column] {
    let (top, bottom) = (title.isEmpty ? 12.0 : 36, Double(height) - 30)
    func widest(_ names: [String]) -> Double { names.map { textWidth($0) }.max() ?? 0 }
    // Captions are centred below the first and last column.
    let left = max(30 + widest(inputs), 44)
    let right = Double(width) - max(30 + widest(layers[layers.count - 1].names), 44)
    return sizes.enumerated().map { index, size in
      let hasOne = index < layers.count && showsBiases && layers[index].biases != nil
      let isWhole = size <= mostUnits
      let slots = (isWhole ? size : mostUnits) + (hasOne ? 1 : 0)
      let step = min((bottom - top) / Double(slots), 68)
      let first = (top + bottom - step * Double(slots - 1)) / 2
      var column = Column(
        x: left + (right - left) * Double(index) / Double(layers.count),
        radius: min(15, step * 0.38), size: size)
      let gap = (slots - 1) / 2  // The slot of the dots.
      for slot in 0..<(isWhole ? size : mostUnits) {
        let y = first + Double(slot) * step
        if !isWhole && slot == gap {
          column.dots = y
        } else {
          column.units.append((isWhole || slot < gap ? slot : size - mostUnits + slot, y))
        }
      }
      if hasOne { column.one = first + Double(slots - 1) * step }
      return column
    }
  }

  private func edges(between columns: [Column]) -> [Edge] {
    var edges: [Edge] = []
    for (layer, (from, to)) in zip(layers, zip(columns, columns.dropFirst())) {
      for unit in to.units {
        for input in from.units {
          edges.append(
            Edge(
              x0: from.x, y0: input.y, x1: to.x, y1: unit.y,
              weight: layer.weights[input.index, unit.index]))
        }
        if let y = from.one, let biases = layer.biases {
          edges.append(
            Edge(x0: from.x, y0: y, x1: to.x, y1: unit.y, weight: biases[unit.index]))
        }
      }
    }
    return edges
  }

  private func draw(_ column: Column, _ index: Int, into svg: inout SVG) {
    let names = index == 0 ? inputs : layers[index - 1].names
    for unit in column.units {
      svg.circle(
        x: column.x, y: unit.y, radius: column.radius, fill: .paper, stroke: .ink, strokeWidth: 1.4)
      guard unit.index < names.count else { continue }
      if index == 0 {
        svg.text(names[unit.index], x: column.x - column.radius - 6, y: unit.y + 4, anchor: .end)
      } else if index == layers.count {
        svg.text(names[unit.index], x: column.x + column.radius + 6, y: unit.y + 4)
      } else {
        svg.text(
          names[unit.index], x: column.x, y: unit.y - column.radius - 5, size: 11, anchor: .middle,
          hasHalo: true)
      }
    }
    if let y = column.one {
      svg.circle(
        x: column.x, y: y, radius: column.radius, fill: .grid, stroke: .frame, strokeWidth: 1)
      svg.text("1", x: column.x, y: y + 4, size: 11, anchor: .middle)
    }
    if let y = column.dots {
      for shift in [-6.0, 0, 6] {
        svg.circle(x: column.x, y: y + shift, radius: 1.6, fill: .frame)
      }
    }
    let function =
      index == 0 ? (column.size == 1 ? "input" : "inputs") : layers[index - 1].caption
    let caption = function.isEmpty ? "\(column.size)" : "\(column.size) \(function)"
    let space = Double(width - 60) / Double(layers.count)
    svg.text(
      caption, x: column.x, y: Double(height) - 10,
      size: fittingSize(caption, width: min(space, 2 * column.x - 8), size: 12), anchor: .middle,
      hasHalo: true)
  }
}
