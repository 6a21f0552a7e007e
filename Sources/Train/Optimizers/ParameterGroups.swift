// Parameter groups: separate optimizer settings for some parameters, such as a smaller rate for a
// pretrained part, no weight decay for biases, or another limit for gradients.

import Layers
import Synchronization
import Tensor

/// Selects parameters of a network.
public struct ParameterFilter: Sendable {
  private enum Kind {
    case path(String)
    case rank(upTo: Int)
    case matching(@Sendable (_ path: String, _ shape: TensorShape) -> Bool)
  }
  private let kind: Kind

  /// The parameters for which the closure returns true, given path and shape.
  ///
  /// A file cannot hold a closure. To restore a model with such a group, create it in code and load
  /// its weights with `restore(contentsOf:)`.
  public static func matching(
    _ isMeant: @escaping @Sendable (_ path: String, _ shape: TensorShape) -> Bool
  ) -> ParameterFilter { ParameterFilter(kind: .matching(isMeant)) }

  /// The parameter with this path, such as `dense_1.kernel`, or all parameters of the layer with
  /// this path, such as `encoder`.
  public static func path(_ path: String) -> ParameterFilter {
    ParameterFilter(kind: .path(path))
  }

  /// Parameters with at most one axis: biases, and the scale and shift of normalisation layers.
  public static let biasesAndNormalization = ParameterFilter(kind: .rank(upTo: 1))

  func contains(_ path: String, _ shape: TensorShape) -> Bool {
    switch kind {
    case .path(let part): path == part || path.hasPrefix(part + ".")
    case .rank(let limit): shape.rank <= limit
    case .matching(let isMeant): isMeant(path, shape)
    }
  }
}

extension ParameterFilter: Codable {
  private enum Key: CodingKey { case path, rank }

  /// Decodes a filter; throws if it was made with a closure.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let path = try container.decodeIfPresent(String.self, forKey: .path) {
      kind = .path(path)
    } else if let rank = try container.decodeIfPresent(Int.self, forKey: .rank) {
      kind = .rank(upTo: rank)
    } else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription:
            "a closure chose the parameters of a group, and a file cannot hold it; make "
            + "the model and call restore(contentsOf:)"))
    }
  }

  /// Encodes the filter, without its closure if it has one.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch kind {
    case .path(let path): try container.encode(path, forKey: .path)
    case .rank(let limit): try container.encode(limit, forKey: .rank)
    case .matching: break
    }
  }
}

/// The groups of an optimizer, in the order in which they were added.
public struct ParameterGroups: Sendable {
  /// A selection of parameters and their settings.
  struct Group: Codable, Validated {
    let filter: ParameterFilter
    let rateFactor: Double
    let weightDecay: Double?
    let clipping: GradientClipping?
    let isFrozen: Bool

    func validate() throws(InvalidValue) {
      guard rateFactor >= 0 && rateFactor.isFinite else {
        throw InvalidValue("the factor of the learning rate must be 0 or more, got \(rateFactor)")
      }
      guard weightDecay.map({ $0 >= 0 }) != false else {
        throw InvalidValue("the weight decay cannot be negative, got \(weightDecay!)")
      }
      try clipping?.validate()
    }
  }
  let list: [Group]
  /// A unique number, so that the parameters of each filter are looked up only once.
  private let number = nextNumber.add(1, ordering: .relaxed).newValue

  init(_ list: [Group]) { self.list = list }

  /// Looks up the settings of each parameter, unless the state holds them already.
  func settle<Network: Layer>(
    _ state: inout OptimizerState<Network.Scalar>, for network: Network, parameterCount: Int
  ) {
    if state.settings.groups == number && state.settings.list.count == parameterCount { return }
    let settings = network.parameters.map { parameter in
      var settings = ParameterSettings()
      for (index, group) in list.enumerated()
      where group.filter.contains(parameter.path, parameter.value.shape) {
        settings.rateFactor *= group.rateFactor
        settings.weightDecay = group.weightDecay ?? settings.weightDecay
        if group.clipping != nil { settings.clippingGroup = index }
        settings.isFrozen = settings.isFrozen || group.isFrozen
      }
      return settings
    }
    state.settings = (number, settings)
  }
}

private let nextNumber = Atomic<UInt64>(0)

/// The optimizer settings of one parameter.
struct ParameterSettings: Sendable {
  var rateFactor = 1.0
  /// The weight decay, if a group sets one.
  var weightDecay: Double?
  /// The group whose clipping applies; nil for the optimizer's own.
  var clippingGroup: Int?
  var isFrozen = false
}

/// An optimizer with separate settings for groups of parameters.
public struct GroupedOptimizer<Base: Optimizer>: WrappedOptimizer {
  /// The underlying optimizer.
  public var base: Base
  /// The groups, those of the underlying optimizer first.
  public let groups: ParameterGroups?
}

extension Optimizer {
  /// Returns this optimizer with separate settings for some parameters.
  ///
  /// ```swift
  /// AdamW(learningRate: 1e-3)
  ///   .group(.path("encoder"), rateFactor: 0.1)
  ///   .group(.biasesAndNormalization, weightDecay: 0)
  /// ```
  ///
  /// If a parameter is in several groups, their rate factors are multiplied, and the last decay and
  /// the last clipping apply. Filters are evaluated at the first step.
  ///
  /// - Parameters:
  ///   - filter: selects the parameters.
  ///   - rateFactor: a factor for the learning rate.
  ///   - weightDecay: the fraction of each weight, times the learning rate, that every step
  ///     subtracts; nil for the optimizer's own.
  ///   - clipping: the limit on their gradients, instead of the optimizer's own; a global norm is
  ///     that of the group.
  ///   - isFrozen: whether the parameters are left unchanged. Their gradients are still computed;
  ///     freezing the layer avoids that.
  /// - Returns: the optimizer.
  public func group(
    _ filter: ParameterFilter, rateFactor: Double = 1, weightDecay: Double? = nil,
    clipping: GradientClipping? = nil, isFrozen: Bool = false
  ) -> GroupedOptimizer<Self> {
    adding(
      ParameterGroups.Group(
        filter: filter, rateFactor: rateFactor, weightDecay: weightDecay, clipping: clipping,
        isFrozen: isFrozen))
  }

  func adding(_ group: ParameterGroups.Group) -> GroupedOptimizer<Self> {
    group.requireValid()
    return GroupedOptimizer(base: self, groups: ParameterGroups((groups?.list ?? []) + [group]))
  }

  /// Returns this optimizer without weight decay for biases and normalisation.
  public func decayingOnlyKernels() -> GroupedOptimizer<Self> {
    group(.biasesAndNormalization, weightDecay: 0)
  }
}
