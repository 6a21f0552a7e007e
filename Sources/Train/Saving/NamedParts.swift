// Optimizers and losses in files, each beside the name of its type. The lists of those that the library
// has are `OptimizerName.known` and `LossName.known`.

import Layers

/// An optimizer of any type in a file.
struct NamedOptimizer: Codable {
  let optimizer: any Optimizer

  init(_ optimizer: any Optimizer) { self.optimizer = optimizer }

  func encode(to encoder: any Encoder) throws { try Named(optimizer).encode(to: encoder) }

  init(from decoder: any Decoder) throws {
    let wrapper = try decoder.container(keyedBy: WrapperKey.self)
    guard let change = WrapperKey.changes.first(where: wrapper.contains) else {
      optimizer = try Named.decode(
        decoder, as: "optimizer", known: decodableTypes(of: OptimizerName.known))
      return
    }
    let base = try wrapper.decode(NamedOptimizer.self, forKey: .base)
    optimizer = try changed(base.optimizer, by: change, in: wrapper)
  }
}

/// The rule with the change that a file describes.
private func changed(
  _ base: some Optimizer, by change: WrapperKey, in file: KeyedDecodingContainer<WrapperKey>
) throws -> any Optimizer {
  switch change {
  case .clipping: base.clipped(to: try file.decode(GradientClipping.self, forKey: change))
  case .group: base.adding(try file.decode(ParameterGroups.Group.self, forKey: change))
  default: base.averaging(try file.decode(MovingAverage.self, forKey: change))
  }
}

/// How a changed rule stands in a file: `{"base": {"type": "Adam", …}, "clipping": …}`.
private enum WrapperKey: CodingKey {
  case base, clipping, group, average

  /// What may be changed.
  static let changes = [clipping, group, average]
}

extension WrappedOptimizer {
  /// Writes the rule itself and what is changed.
  fileprivate func encodeChange(
    _ change: some Encodable, as key: WrapperKey, to encoder: any Encoder
  ) throws {
    var container = encoder.container(keyedBy: WrapperKey.self)
    try container.encode(NamedOptimizer(base), forKey: .base)
    try container.encode(change, forKey: key)
  }
}

extension ClippedOptimizer: Encodable {
  /// Writes the rule itself and the limit.
  public func encode(to encoder: any Encoder) throws {
    try encodeChange(clipping, as: .clipping, to: encoder)
  }
}

extension GroupedOptimizer: Encodable {
  /// Writes the rule itself and the last group; the others are the rule's own.
  public func encode(to encoder: any Encoder) throws {
    try encodeChange(groups?.list.last, as: .group, to: encoder)
  }
}

extension AveragingOptimizer: Encodable {
  /// Writes the rule itself and how the average moves.
  public func encode(to encoder: any Encoder) throws {
    try encodeChange(average, as: .average, to: encoder)
  }
}

/// A loss of any type in a file.
struct NamedLoss: Codable {
  let loss: any Loss

  init(_ loss: any Loss) { self.loss = loss }

  init(from decoder: any Decoder) throws {
    loss = try Named.decode(decoder, as: "loss", known: decodableTypes(of: LossName.known))
  }

  func encode(to encoder: any Encoder) throws { try Named(loss).encode(to: encoder) }
}

private func decodableTypes(of values: [Any]) -> [any Decodable.Type] {
  values.compactMap { type(of: $0) as? any Decodable.Type }
}
