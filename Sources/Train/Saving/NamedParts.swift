// Optimizers and losses in files, each with the name of its type. `OptimizerName.known` and
// `LossName.known` list those of the library.

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

/// The optimizer with the wrapper that a file describes.
private func changed(
  _ base: some Optimizer, by change: WrapperKey, in file: KeyedDecodingContainer<WrapperKey>
) throws -> any Optimizer {
  switch change {
  case .clipping: base.clipped(to: try file.decode(GradientClipping.self, forKey: change))
  case .group: base.adding(try file.decode(ParameterGroups.Group.self, forKey: change))
  default: base.averaging(try file.decode(MovingAverage.self, forKey: change))
  }
}

/// The stored form of a wrapped optimizer: `{"base": {"type": "Adam", …}, "clipping": …}`.
private enum WrapperKey: CodingKey {
  case base, clipping, group, average

  /// The keys of the possible wrappers.
  static let changes = [clipping, group, average]
}

extension WrappedOptimizer {
  /// Encodes the underlying optimizer and the wrapper's setting.
  fileprivate func encodeChange(
    _ change: some Encodable, as key: WrapperKey, to encoder: any Encoder
  ) throws {
    var container = encoder.container(keyedBy: WrapperKey.self)
    try container.encode(NamedOptimizer(base), forKey: .base)
    try container.encode(change, forKey: key)
  }
}

extension ClippedOptimizer: Encodable {
  /// Encodes the underlying optimizer and the limit.
  public func encode(to encoder: any Encoder) throws {
    try encodeChange(clipping, as: .clipping, to: encoder)
  }
}

extension GroupedOptimizer: Encodable {
  /// Encodes the underlying optimizer and the last group; the other groups belong to that
  /// optimizer.
  public func encode(to encoder: any Encoder) throws {
    try encodeChange(groups?.list.last, as: .group, to: encoder)
  }
}

extension AveragingOptimizer: Encodable {
  /// Encodes the underlying optimizer and the settings of the average.
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
