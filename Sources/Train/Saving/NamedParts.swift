// Optimizers and losses in files, each beside the name of its type. The lists of those that the library
// has are `OptimizerName.known` and `LossName.known`.

import Layers

/// An optimizer of any type in a file.
struct NamedOptimizer: Codable {
  let optimizer: any Optimizer

  init(_ optimizer: any Optimizer) { self.optimizer = optimizer }

  func encode(to encoder: any Encoder) throws { try Named(optimizer).encode(to: encoder) }

  init(from decoder: any Decoder) throws {
    let clipped = try decoder.container(keyedBy: ClippedOptimizerKey.self)
    if clipped.contains(.clipping) {
      let base = try clipped.decode(NamedOptimizer.self, forKey: .base).optimizer
      optimizer = NamedOptimizer.clipped(
        base, try clipped.decode(GradientClipping.self, forKey: .clipping))
    } else {
      optimizer = try Named.decode(
        decoder, as: "optimizer", known: decodableTypes(of: OptimizerName.known))
    }
  }

  private static func clipped(
    _ optimizer: some Optimizer, _ clipping: GradientClipping
  ) -> any Optimizer { optimizer.clipped(to: clipping) }
}

enum ClippedOptimizerKey: CodingKey { case base, clipping }

extension ClippedOptimizer: Encodable {
  /// Writes the rule itself and the limit.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: ClippedOptimizerKey.self)
    try container.encode(NamedOptimizer(base), forKey: .base)
    try container.encode(clipping, forKey: .clipping)
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
