// What a layer says of itself, so that a model file can make it again. The file itself is written by
// Train's `Saving/ModelFile.swift`.

import Tensor

/// Something that a file describes by a name and settings.
public protocol Storable {
  /// The name in files.
  static var storedName: String { get }
  /// The values from which an equal one can be made.
  var settings: Settings { get }
  /// Makes one from what `settings` gave; throws if the values, which may come from anywhere, make no
  /// sense.
  init(settings: Settings) throws(SettingsError)
}

extension Storable {
  /// The settings together with the name.
  package var namedSettings: Settings {
    var named = settings
    named["type"] = Self.storedName
    return named
  }
}

/// A layer that a model file can describe.
///
/// A layer of your own conforms to it by naming its settings; pass its type when the file is read.
public protocol StorableLayer<Scalar>: Layer, Storable {
  /// What `build` will make of samples of `inputShape`, without making it: so that a damaged file is
  /// refused before it costs memory.
  func plan(inputShape: TensorShape) throws(SettingsError) -> LayerPlan
}

/// The shapes of a layer's parameters and of its result for one sample.
public struct LayerPlan: Sendable {
  /// The shapes of the parameters in the layer's order.
  public let parameters: [TensorShape]
  /// The shape of the result.
  public let output: TensorShape

  /// A plan; throws if no tensor of these sizes fits into memory.
  public init(parameters: [[Int]] = [], output: [Int]) throws(SettingsError) {
    var shapes: [TensorShape] = []
    for sizes in parameters + [output] {
      guard let shape = TensorShape(checking: sizes) else {
        throw SettingsError("expected shapes that fit into memory, got \(sizes)")
      }
      shapes.append(shape)
    }
    self.output = shapes.removeLast()
    self.parameters = shapes
  }
}

extension StorableLayer {
  /// No parameters, and a result of the shape it takes.
  public func plan(inputShape: TensorShape) throws(SettingsError) -> LayerPlan {
    try LayerPlan(output: Array(inputShape))
  }
}

// MARK: - The layers of the library

extension Dense: StorableLayer {
  /// `Dense`.
  public static var storedName: String { "Dense" }

  /// Units, activation, the shape of a sample and the penalties; not how weights began.
  public var settings: Settings {
    var settings = Settings()
    settings["units"] = units
    settings["activation"] = activation
    settings["input_shape"] = inputShape
    settings["kernel_regularizer"] = kernel.regularizer
    settings["bias_regularizer"] = bias.regularizer
    return settings
  }

  /// A layer of the given settings.
  public init(settings: Settings) throws(SettingsError) {
    self.init(
      try settings.value("units") { $0 > 0 }, activation: try settings.value("activation"),
      inputShape: settings["input_shape"], kernelRegularizer: settings["kernel_regularizer"],
      biasRegularizer: settings["bias_regularizer"])
  }

  /// A kernel and a bias.
  public func plan(inputShape: TensorShape) throws(SettingsError) -> LayerPlan {
    guard let inputs = inputShape.last, inputs > 0 else {
      throw SettingsError("Dense: samples of shape \(inputShape) have no numbers to weigh")
    }
    return try LayerPlan(
      parameters: [[inputs, units], [units]], output: inputShape.dropLast() + [units])
  }
}

extension BatchNormalization: StorableLayer {
  /// `BatchNormalization`.
  public static var storedName: String { "BatchNormalization" }

  /// Momentum and epsilon.
  public var settings: Settings {
    var settings = Settings()
    settings["momentum"] = momentum
    settings["epsilon"] = epsilon
    return settings
  }

  /// A layer of the given settings.
  public init(settings: Settings) throws(SettingsError) {
    self.init(
      momentum: try settings.value("momentum") { (0...1).contains($0) },
      epsilon: try settings.value("epsilon"))
  }

  /// Four numbers for each feature.
  public func plan(inputShape: TensorShape) throws(SettingsError) -> LayerPlan {
    guard let features = inputShape.last else {
      throw SettingsError("BatchNormalization: samples of shape \(inputShape) have no features")
    }
    return try LayerPlan(
      parameters: Array(repeating: [features], count: 4), output: Array(inputShape))
  }
}

extension Activation: StorableLayer {
  /// `Activation`.
  public static var storedName: String { "Activation" }

  /// The function.
  public var settings: Settings {
    var settings = Settings()
    settings["function"] = function
    return settings
  }

  /// A layer of the given settings.
  public init(settings: Settings) throws(SettingsError) {
    self.init(try settings.value("function"))
  }
}

extension LeakyReLU: StorableLayer {
  /// `LeakyReLU`.
  public static var storedName: String { "LeakyReLU" }

  /// The slope.
  public var settings: Settings {
    var settings = Settings()
    settings["negative_slope"] = negativeSlope
    return settings
  }

  /// A layer of the given settings.
  public init(settings: Settings) throws(SettingsError) {
    self.init(negativeSlope: try settings.value("negative_slope") { $0 >= 0 })
  }
}

extension ELU: StorableLayer {
  /// `ELU`.
  public static var storedName: String { "ELU" }

  /// The lower end.
  public var settings: Settings {
    var settings = Settings()
    settings["alpha"] = alpha
    return settings
  }

  /// A layer of the given settings.
  public init(settings: Settings) throws(SettingsError) {
    self.init(alpha: try settings.value("alpha"))
  }
}

extension Dropout: StorableLayer {
  /// `Dropout`.
  public static var storedName: String { "Dropout" }

  /// The rate.
  public var settings: Settings {
    var settings = Settings()
    settings["rate"] = rate
    return settings
  }

  /// A layer of the given settings.
  public init(settings: Settings) throws(SettingsError) {
    self.init(try settings.value("rate") { (0..<1).contains($0) })
  }
}

extension Flatten: StorableLayer {
  /// `Flatten`.
  public static var storedName: String { "Flatten" }

  /// The shape of a sample.
  public var settings: Settings {
    var settings = Settings()
    settings["input_shape"] = inputShape
    return settings
  }

  /// A layer of the given settings.
  public init(settings: Settings) throws(SettingsError) {
    self.init(inputShape: settings["input_shape"])
  }

  /// One axis.
  public func plan(inputShape: TensorShape) throws(SettingsError) -> LayerPlan {
    try LayerPlan(output: [inputShape.elementCount])
  }
}

extension Reshape: StorableLayer {
  /// `Reshape`.
  public static var storedName: String { "Reshape" }

  /// The shape to give, and the shape of a sample.
  public var settings: Settings {
    var settings = Settings()
    settings["target_shape"] = targetShape
    settings["input_shape"] = inputShape
    return settings
  }

  /// A layer of the given settings.
  public init(settings: Settings) throws(SettingsError) {
    let sizes: [Int] = try settings.value("target_shape") { sizes in
      sizes.allSatisfy { $0 >= -1 } && sizes.count { $0 == -1 } <= 1
        && TensorShape(checking: sizes.map { max(0, $0) }) != nil
    }
    self.init(sizes, inputShape: settings["input_shape"])
  }

  /// The shape to give, if the sample's numbers fill it.
  public func plan(inputShape: TensorShape) throws(SettingsError) -> LayerPlan {
    let count = inputShape.elementCount
    let known = targetShape.filter { $0 >= 0 }.reduce(1, *)
    let isOpen = targetShape.contains(-1)
    guard isOpen ? known > 0 && count % known == 0 : known == count else {
      throw SettingsError("Reshape: shape \(targetShape) does not hold samples of \(inputShape)")
    }
    return try LayerPlan(output: targetShape.map { $0 == -1 ? count / known : $0 })
  }
}

extension Sequential: StorableLayer {
  /// `Sequential`.
  public static var storedName: String { "Sequential" }

  /// The layers in order; of one that is not a `StorableLayer` only the name of its type.
  public var settings: Settings {
    var settings = Settings()
    settings["layers"] = layers.map { layer -> Settings in
      if let layer = layer as? any StorableLayer { return layer.namedSettings }
      var name = Settings()
      name["type"] = layerTypeName(layer)
      return name
    }
    return settings
  }

  /// A network of the given settings.
  public init(settings: Settings) throws(SettingsError) {
    try self.init(settings: settings, layers: [])
  }

  /// A network of the given settings, some of whose layers may be of the given types.
  public init(
    settings: Settings, layers types: [any StorableLayer<Scalar>.Type]
  ) throws(SettingsError) {
    let known: [any StorableLayer<Scalar>.Type] =
      types + [
        Dense<Scalar>.self, Flatten<Scalar>.self, Dropout<Scalar>.self, Activation<Scalar>.self,
        BatchNormalization<Scalar>.self, Reshape<Scalar>.self, LeakyReLU<Scalar>.self,
        ELU<Scalar>.self,
      ]
    self.init()
    let descriptions: [Settings] = try settings.value("layers") { !$0.isEmpty }
    for (index, description) in descriptions.enumerated() {
      let name: String = try description.value("type")
      do {
        if name == Self.storedName {
          append(try Sequential(settings: description, layers: types))
        } else if let type = known.first(where: { $0.storedName == name }) {
          append(try type.init(settings: description))
        } else {
          throw SettingsError(
            "there is no description of a \(name); pass its type where the file is read if it is a "
              + "StorableLayer, else make the model and call restore(contentsOf:)")
        }
      } catch {
        throw SettingsError("layer \(index): \(error)")
      }
    }
  }

  /// What the layers make one after another.
  public func plan(inputShape: TensorShape) throws(SettingsError) -> LayerPlan {
    var parameters: [[Int]] = []
    var shape = inputShape
    for (index, layer) in layers.enumerated() {
      guard let layer = layer as? any StorableLayer else {
        throw SettingsError("layer \(index): \(layerTypeName(layer)) is not a StorableLayer")
      }
      do {
        if let stated = layer.inputShape, stated != shape {
          throw SettingsError("expected samples of shape \(stated), got \(shape)")
        }
        let plan = try layer.plan(inputShape: shape)
        parameters += plan.parameters.map(Array.init)
        shape = plan.output
      } catch {
        throw SettingsError("layer \(index): \(error)")
      }
    }
    return try LayerPlan(parameters: parameters, output: Array(shape))
  }
}
