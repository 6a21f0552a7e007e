// Shapes are declared once, in each layer's `build`, and used three times: to create the
// parameters, to check a file before anything is allocated, and for the summary.

import Tensor

/// An error about shapes that do not fit a layer: which layer, and why.
public struct ShapeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The path and type of the layer, such as `encoder.dense_1 (Dense)`; empty if not known yet.
  public private(set) var layer = ""
  /// What was expected and what was found.
  public let message: String

  /// An error about the layer that is being built.
  public init(_ message: String) { self.message = message }

  /// The layer and the message on one line.
  public var description: String { layer.isEmpty ? message : "\(layer): \(message)" }

  /// The same error with the layer filled in, unless it is known already.
  func located(_ path: String, _ type: Any.Type) -> ShapeError {
    var error = self
    if layer.isEmpty {
      error.layer = path.isEmpty ? layerTypeName(type) : "\(path) (\(layerTypeName(type)))"
    }
    return error
  }
}

/// Receives the shapes that `build` declares: creates the parameters, or only records their shapes.
public struct LayerBuilder<Scalar: TensorFloat> {
  /// The source of initial weights; nil if only shapes are needed.
  private(set) var generator: RandomGenerator?
  private let keepsValues: Bool
  private var path = MemberPath()
  /// The layers in the order in which they were built, each before its nested layers.
  private(set) var records: [LayerRecord] = []

  /// A builder that only records shapes; each parameter gets one number that stands for all.
  init() {
    generator = nil
    keepsValues = false
  }

  /// A builder that creates parameters: all of them, or only those without values.
  init(_ generator: RandomGenerator, keepsValues: Bool) {
    self.generator = generator
    self.keepsValues = keepsValues
  }

  /// Gives a parameter its shape and its initial values.
  ///
  /// - Parameters:
  ///   - parameter: the parameter.
  ///   - sizes: the size along each axis.
  ///   - initializer: the rule for the initial values.
  /// - Throws: `ShapeError` if no tensor of these sizes fits into memory, or if the parameter is to
  ///   keep values of another shape.
  public mutating func parameter(
    _ parameter: inout Parameter<Scalar>, _ sizes: [Int], _ initializer: Initializer
  ) throws(ShapeError) {
    let shape = try TensorShape(checked: sizes)
    if keepsValues && parameter.isInitialized {
      guard parameter.value.shape == shape else {
        throw ShapeError(
          "the samples need \(parameter.path) in shape \(shape), the network has it in shape "
            + "\(parameter.value.shape)")
      }
    } else if generator == nil {
      parameter.value = Tensor<Scalar>(repeating: 0, shape: []).broadcast(to: shape)
    } else {
      parameter.value = Tensor(initializer.make(shape, &generator!))
    }
  }

  /// Builds a nested layer.
  ///
  /// - Parameters:
  ///   - name: the name used in `forEachMember`.
  ///   - layer: the layer.
  ///   - inputShape: the shape of one sample.
  /// - Returns: the shape of the result for one sample.
  /// - Throws: `ShapeError` if the layer cannot accept such samples.
  public mutating func layer<Member: Layer>(
    _ name: MemberName, _ layer: inout Member, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape where Member.Scalar == Scalar {
    try self.layer(name, &layer, inputShapes: [inputShape])[0]
  }

  /// Builds the layers of a list in order, each for the output shape of the previous one.
  public mutating func layers<Member: Layer>(
    _ name: String, _ layers: inout [Member], inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape where Member.Scalar == Scalar {
    var shape = inputShape
    for i in layers.indices {
      shape = try layer(.element(name, i), &layers[i], inputShape: shape)
    }
    return shape
  }

  /// Builds a nested layer with several inputs or results.
  ///
  /// - Parameters:
  ///   - name: the name used in `forEachMember`.
  ///   - layer: the layer.
  ///   - inputShapes: the shape of one sample of each input.
  ///   - sources: the names of the layers that produce the inputs, for the summary.
  /// - Returns: the shape of each result for one sample.
  /// - Throws: `ShapeError` if the layer cannot accept such samples.
  public mutating func layer<Member: Layer>(
    _ name: MemberName, _ layer: inout Member, inputShapes: [TensorShape],
    from sources: [String] = []
  ) throws(ShapeError) -> [TensorShape] where Member.Scalar == Scalar {
    try self.layer(name, &layer, inputShapes: inputShapes, from: sources, isShared: false)
  }

  /// Builds a nested layer; if it was built before, only computes its output shape for these
  /// samples.
  mutating func layer<Member: Layer>(
    _ name: MemberName, _ layer: inout Member, inputShapes: [TensorShape], from sources: [String],
    isShared: Bool
  ) throws(ShapeError) -> [TensorShape] where Member.Scalar == Scalar {
    if isShared {
      var (copy, builder) = (layer, LayerBuilder())
      let shapes = try builder.network(&copy, inputShapes: inputShapes)
      guard copy.parameters.map(\.value.shape) == layer.parameters.map(\.value.shape) else {
        throw ShapeError(
          "a layer that is called twice needs samples of equal shapes, got other ones: "
            + inputShapes.map(\.description).joined(separator: ", "))
      }
      return shapes
    }
    path.enter(name, of: Member.self)
    defer { path.leave() }
    return try build(&layer, inputShapes: inputShapes, from: sources)
  }

  /// Builds a whole network.
  mutating func network<Network: Layer>(
    _ network: inout Network, inputShapes: [TensorShape]
  ) throws(ShapeError) -> [TensorShape] where Network.Scalar == Scalar {
    try build(&network, inputShapes: inputShapes, from: [])
  }

  private mutating func build<Member: Layer>(
    _ layer: inout Member, inputShapes: [TensorShape], from sources: [String]
  ) throws(ShapeError) -> [TensorShape] where Member.Scalar == Scalar {
    let place = records.count
    records.append(LayerRecord(path, type: Member.self))
    do throws(ShapeError) {
      let inputs = layer.inputs
      for (input, shape) in zip(inputs, inputShapes) where (input.shape ?? shape) != shape {
        throw ShapeError("expected samples of shape \(input.shape!), got \(shape)")
      }
      let shapes = try layer.build(&self, inputShapes: inputShapes)
      for shape in shapes { _ = try TensorShape(checked: Array(shape)) }
      records[place].outputShapes = shapes
      records[place].sources = sources
      if generator == nil { records[place].parameterCounts = layer.parameterCounts }
      return shapes
    } catch {
      throw error.located(path.description, Member.self)
    }
  }

  /// Records an input of a graph, for the summary.
  mutating func note(input: LayerInput, shape: TensorShape) {
    path.enter(.name(input.name))
    var record = LayerRecord(path, type: InputLayer.self)
    record.outputShapes = [shape]
    records.append(record)
    path.leave()
  }
}

/// A type whose name is Keras's word for an input in a summary.
private enum InputLayer {}

/// One layer as the summary shows it.
struct LayerRecord {
  /// The name among the members of the enclosing layer; empty for the network itself.
  let name: String
  let type: Any.Type
  /// The number of enclosing layers.
  let depth: Int
  /// The shapes of the results for one sample.
  var outputShapes: [TensorShape] = []
  var parameterCounts = (trainable: 0, nonTrainable: 0)
  /// The names of the layers whose results it takes; empty in a sequential network.
  var sources: [String] = []

  init(_ path: MemberPath, type: Any.Type) {
    name = path.last
    depth = path.depth
    self.type = type
  }
}

extension TensorShape {
  /// The shape with the given sizes; throws if no tensor of that shape fits into memory.
  ///
  /// Unlike `init(_:)`, it accepts sizes that may come from a file.
  public init(checked sizes: [Int]) throws(ShapeError) {
    var product = 1
    var isValid = sizes.count < AxisList.maximumCount
    for size in sizes where isValid {
      let (larger, overflows) = product.multipliedReportingOverflow(by: Swift.max(1, size))
      isValid = size >= 0 && !overflows && larger < 1 << 48
      product = larger
    }
    guard isValid else { throw ShapeError("expected a shape that fits into memory, got \(sizes)") }
    self.init(sizes)
  }
}
