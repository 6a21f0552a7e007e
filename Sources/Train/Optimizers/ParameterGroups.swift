// Parameters that an optimizer treats in their own way: a smaller rate for a part that was trained before,
// no weight decay for biases, another limit for gradients.

import Layers
import Synchronization
import Tensor

/// Which parameters of a network are meant.
public struct ParameterFilter: Sendable {
  private enum Kind {
    case path(String)
    case rank(upTo: Int)
    case matching(@Sendable (_ path: String, _ shape: TensorShape) -> Bool)
  }
  private let kind: Kind

  /// The parameters for which the closure says so, by path and shape.
  ///
  /// A file cannot hold a closure: a model with such a group is made again by the program, and takes its
  /// weights with `restore(contentsOf:)`.
  public static func matching(
    _ isMeant: @escaping @Sendable (_ path: String, _ shape: TensorShape) -> Bool
  ) -> ParameterFilter { ParameterFilter(kind: .matching(isMeant)) }

  /// The parameter with this path, such as `dense_1.kernel`, or all parameters of the part of the network
  /// with this path, such as `encoder`.
  public static func path(_ path: String) -> ParameterFilter {
    ParameterFilter(kind: .path(path))
  }

  /// Parameters with at most one axis: biases, and the factors and shifts of normalisation.
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

  /// Reads a filter; throws if a closure chose the parameters.
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

  /// Writes the filter; of a closure nothing.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch kind {
    case .path(let path): try container.encode(path, forKey: .path)
    case .rank(let limit): try container.encode(limit, forKey: .rank)
    case .matching: break
    }
  }
}

/// The groups of an optimizer, in the order in which they were given.
public struct ParameterGroups: Sendable {
  /// Parameters and what is different for them.
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
  /// Another number for each list that was made, so that it is looked up once which parameters it means.
  private let number = nextNumber.add(1, ordering: .relaxed).newValue

  init(_ list: [Group]) { self.list = list }

  /// Looks up how each parameter of a network is treated, unless the state knows.
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

/// How an optimizer treats one parameter.
struct ParameterSettings: Sendable {
  var rateFactor = 1.0
  /// The decay if a group has one.
  var weightDecay: Double?
  /// The group whose clipping is used; nil for the optimizer's own.
  var clippingGroup: Int?
  var isFrozen = false
}

/// An optimizer that treats some parameters in their own way.
public struct GroupedOptimizer<Base: Optimizer>: WrappedOptimizer {
  /// The rule itself.
  public var base: Base
  /// The groups, those of the rule itself first.
  public let groups: ParameterGroups?
}

extension Optimizer {
  /// The same rule with something different for some parameters.
  ///
  /// ```swift
  /// AdamW(learningRate: 1e-3)
  ///   .group(.path("encoder"), rateFactor: 0.1)
  ///   .group(.biasesAndNormalization, weightDecay: 0)
  /// ```
  ///
  /// A parameter may be in several groups: their factors are multiplied, and the last decay and the last
  /// clipping count. Which parameters a filter means is looked up at the first step.
  ///
  /// - Parameters:
  ///   - filter: the parameters.
  ///   - rateFactor: what the learning rate is multiplied by.
  ///   - weightDecay: the share of a weight, times the learning rate, that each step takes away; nil for
  ///     the rule's own.
  ///   - clipping: the limit for their gradients instead of the rule's own; a global norm is that of the
  ///     group.
  ///   - isFrozen: whether the parameters stay as they are. Their gradients are computed nevertheless;
  ///     a frozen layer saves that.
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

  /// The same rule without weight decay for biases and normalisation.
  public func decayingOnlyKernels() -> GroupedOptimizer<Self> {
    group(.biasesAndNormalization, weightDecay: 0)
  }
}
