// What a model file says of optimizers and losses. `ModelFile.swift` is next.

import Layers
import Tensor

/// The optimizers that a file can describe.
private let optimizers: [any (Optimizer & Storable).Type] = [
  SGD.self, Adam.self, AdamW.self, Nadam.self, Adamax.self, RMSprop.self, Adagrad.self,
  Adadelta.self,
]

/// The losses that a file can describe.
private let losses: [any (Loss & Storable).Type] = [
  BinaryCrossentropy.self, CategoricalCrossentropy.self, SparseCategoricalCrossentropy.self,
  KLDivergence.self, MeanSquaredError.self, MeanAbsoluteError.self, Huber.self, LogCosh.self,
  Hinge.self,
]

/// The description of an optimizer; of one that is not `Storable` only its name.
func describe(_ optimizer: any Optimizer) -> Settings {
  if let clipped = optimizer as? any ClippedOptimizerProtocol {
    var settings = describe(clipped.unclipped)
    let (kind, limit) =
      switch clipped.clipping! {
      case .value(let limit): ("clipvalue", limit)
      case .norm(let limit): ("clipnorm", limit)
      case .globalNorm(let limit): ("global_clipnorm", limit)
      }
    settings[kind] = limit
    return settings
  }
  if let optimizer = optimizer as? any Storable { return optimizer.namedSettings }
  var name = Settings()
  name["type"] = optimizer.name
  return name
}

/// The optimizer of a description.
func optimizer(of settings: Settings) throws(SettingsError) -> any Optimizer {
  let name: String = try settings.value("type")
  guard let type = optimizers.first(where: { $0.storedName == name }) else {
    throw SettingsError(
      "there is no description of the optimizer \(name); make the model and call "
        + "restore(contentsOf:)")
  }
  let optimizer: any Optimizer = try type.init(settings: settings)
  let limits: [(name: String, clipping: (Double) -> GradientClipping)] = [
    ("clipvalue", { .value($0) }), ("clipnorm", { .norm($0) }),
    ("global_clipnorm", { .globalNorm($0) }),
  ]
  for (name, clipping) in limits {
    if let limit: Double = settings[name], limit > 0 { return clipped(optimizer, clipping(limit)) }
  }
  return optimizer
}

private func clipped(_ optimizer: some Optimizer, _ clipping: GradientClipping) -> any Optimizer {
  optimizer.clipped(to: clipping)
}

/// The description of a loss; of one that is not `Storable` only its name.
func describe(_ loss: any Loss) -> Settings {
  if let loss = loss as? any Storable { return loss.namedSettings }
  var name = Settings()
  name["type"] = loss.name
  return name
}

/// The loss of a description.
func loss(of settings: Settings) throws(SettingsError) -> any Loss {
  let name: String = try settings.value("type")
  guard let type = losses.first(where: { $0.storedName == name }) else {
    throw SettingsError(
      "there is no description of the loss \(name); make the model and call restore(contentsOf:)")
  }
  return try type.init(settings: settings)
}

/// A clipped optimizer of any base.
private protocol ClippedOptimizerProtocol {
  var unclipped: any Optimizer { get }
  var clipping: GradientClipping? { get }
}

extension ClippedOptimizer: ClippedOptimizerProtocol {
  fileprivate var unclipped: any Optimizer { base }
}

// MARK: - Optimizers

/// Settings of the given numbers.
private func numbers(_ values: KeyValuePairs<String, Double>) -> Settings {
  var settings = Settings()
  for (name, value) in values { settings[name] = value }
  return settings
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SGD: Storable {
  public static var storedName: String { "sgd" }
  public var settings: Settings {
    var settings = numbers(["learning_rate": learningRate, "momentum": momentum])
    settings["nesterov"] = nesterov
    return settings
  }
  public init(settings: Settings) throws(SettingsError) {
    self.init(
      learningRate: try settings.value("learning_rate"),
      momentum: try settings.value("momentum") { (0...1).contains($0) },
      nesterov: try settings.value("nesterov"))
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension RMSprop: Storable {
  public static var storedName: String { "rmsprop" }
  public var settings: Settings {
    numbers(["learning_rate": learningRate, "rho": rho, "epsilon": epsilon])
  }
  public init(settings: Settings) throws(SettingsError) {
    self.init(
      learningRate: try settings.value("learning_rate"),
      rho: try settings.value("rho") { (0..<1).contains($0) },
      epsilon: try settings.value("epsilon"))
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Adagrad: Storable {
  public static var storedName: String { "adagrad" }
  public var settings: Settings {
    numbers([
      "learning_rate": learningRate, "initial_accumulator": initialAccumulator,
      "epsilon": epsilon,
    ])
  }
  public init(settings: Settings) throws(SettingsError) {
    self.init(
      learningRate: try settings.value("learning_rate"),
      initialAccumulator: try settings.value("initial_accumulator") { $0 >= 0 },
      epsilon: try settings.value("epsilon"))
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Adadelta: Storable {
  public static var storedName: String { "adadelta" }
  public var settings: Settings {
    numbers(["learning_rate": learningRate, "rho": rho, "epsilon": epsilon])
  }
  public init(settings: Settings) throws(SettingsError) {
    self.init(
      learningRate: try settings.value("learning_rate"),
      rho: try settings.value("rho") { (0..<1).contains($0) },
      epsilon: try settings.value("epsilon"))
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Adam: Storable {
  public static var storedName: String { "adam" }
  public var settings: Settings {
    numbers([
      "learning_rate": learningRate, "beta_1": beta1, "beta_2": beta2, "epsilon": epsilon,
    ])
  }
  public init(settings: Settings) throws(SettingsError) {
    self.init(
      learningRate: try settings.value("learning_rate"),
      beta1: try settings.value("beta_1") { (0..<1).contains($0) },
      beta2: try settings.value("beta_2") { (0..<1).contains($0) },
      epsilon: try settings.value("epsilon"))
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Nadam: Storable {
  public static var storedName: String { "nadam" }
  public var settings: Settings {
    numbers([
      "learning_rate": learningRate, "beta_1": beta1, "beta_2": beta2, "epsilon": epsilon,
    ])
  }
  public init(settings: Settings) throws(SettingsError) {
    self.init(
      learningRate: try settings.value("learning_rate"),
      beta1: try settings.value("beta_1") { (0..<1).contains($0) },
      beta2: try settings.value("beta_2") { (0..<1).contains($0) },
      epsilon: try settings.value("epsilon"))
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Adamax: Storable {
  public static var storedName: String { "adamax" }
  public var settings: Settings {
    numbers([
      "learning_rate": learningRate, "beta_1": beta1, "beta_2": beta2, "epsilon": epsilon,
    ])
  }
  public init(settings: Settings) throws(SettingsError) {
    self.init(
      learningRate: try settings.value("learning_rate"),
      beta1: try settings.value("beta_1") { (0..<1).contains($0) },
      beta2: try settings.value("beta_2") { (0..<1).contains($0) },
      epsilon: try settings.value("epsilon"))
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension AdamW: Storable {
  public static var storedName: String { "adamw" }
  public var settings: Settings {
    numbers([
      "learning_rate": learningRate, "weight_decay": weightDecay, "beta_1": beta1,
      "beta_2": beta2, "epsilon": epsilon,
    ])
  }
  public init(settings: Settings) throws(SettingsError) {
    self.init(
      learningRate: try settings.value("learning_rate"),
      weightDecay: try settings.value("weight_decay") { $0 >= 0 },
      beta1: try settings.value("beta_1") { (0..<1).contains($0) },
      beta2: try settings.value("beta_2") { (0..<1).contains($0) },
      epsilon: try settings.value("epsilon"))
  }
}

// MARK: - Losses

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SparseCategoricalCrossentropy: Storable {
  public static var storedName: String { "sparse_categorical_crossentropy" }
  public var settings: Settings { Settings() }
  public init(settings: Settings) throws(SettingsError) { self.init() }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension KLDivergence: Storable {
  public static var storedName: String { "kl_divergence" }
  public var settings: Settings { Settings() }
  public init(settings: Settings) throws(SettingsError) { self.init() }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension MeanSquaredError: Storable {
  public static var storedName: String { "mean_squared_error" }
  public var settings: Settings { Settings() }
  public init(settings: Settings) throws(SettingsError) { self.init() }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension MeanAbsoluteError: Storable {
  public static var storedName: String { "mean_absolute_error" }
  public var settings: Settings { Settings() }
  public init(settings: Settings) throws(SettingsError) { self.init() }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension LogCosh: Storable {
  public static var storedName: String { "log_cosh" }
  public var settings: Settings { Settings() }
  public init(settings: Settings) throws(SettingsError) { self.init() }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Hinge: Storable {
  public static var storedName: String { "hinge" }
  public var settings: Settings { Settings() }
  public init(settings: Settings) throws(SettingsError) { self.init() }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension BinaryCrossentropy: Storable {
  public static var storedName: String { "binary_crossentropy" }
  public var settings: Settings { numbers(["label_smoothing": labelSmoothing]) }
  public init(settings: Settings) throws(SettingsError) {
    self.init(labelSmoothing: try settings.value("label_smoothing") { (0..<1).contains($0) })
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension CategoricalCrossentropy: Storable {
  public static var storedName: String { "categorical_crossentropy" }
  public var settings: Settings { numbers(["label_smoothing": labelSmoothing]) }
  public init(settings: Settings) throws(SettingsError) {
    self.init(labelSmoothing: try settings.value("label_smoothing") { (0..<1).contains($0) })
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Huber: Storable {
  public static var storedName: String { "huber" }
  public var settings: Settings { numbers(["delta": delta]) }
  public init(settings: Settings) throws(SettingsError) {
    self.init(delta: try settings.value("delta") { $0 > 0 })
  }
}
