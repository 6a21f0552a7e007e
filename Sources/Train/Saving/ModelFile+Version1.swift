// Converts the description of model files of version 1, written by release 0.1, to version 2.

import ArrayFiles
import Layers

/// Converts a description from version 1 to version 2; `weights` are the names of the file's
/// weights.
func upgradedFromVersion1(_ old: JSON, weights: [String]) -> JSON {
  let frozen = list(old["frozen"]).compactMap { number -> JSON? in
    guard case .integer(let slot) = number, weights.indices.contains(slot) else { return nil }
    return .string(weights[slot])
  }
  var training: [(String, JSON?)] = [
    ("epoch", old["epoch"]), ("optimizerStep", old["optimizer_step"]),
    ("optimizerName", old["optimizer_name"]), ("generator", old["generator"]),
    ("frozen", .array(frozen)), ("checksum", old["checksum"]),
  ]
  let place = list(old["interruption"])
  if place.count == 3 {
    training.append(
      (
        "interruption",
        object([
          ("position", place[0]), ("batchSize", place[1]), ("samples", place[2]),
          ("generator", old["interruption_generator"]),
        ])
      ))
  }
  return object([
    ("version", 2), ("scalar", old["scalar"]), ("network", old["network"].map(layer)),
    ("inputShapes", old["input_shape"].map { .array([$0]) }),
    ("optimizer", old["optimizer"].map(optimizer)), ("loss", old["loss"].map(loss)),
    ("metrics", old["metrics"]), ("training", object(training)),
  ])
}

private func object(_ members: [(String, JSON?)]) -> JSON {
  .object(members.compactMap { name, value in value.map { JSON.Member(name, $0) } })
}

/// The members with Swift names: `input_shape` becomes `inputShape`.
private func renamed(_ json: JSON) -> [(String, JSON?)] {
  guard case .object(let members) = json else { return [] }
  return members.map { member in
    let parts = member.name.split(separator: "_")
    let rest = parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
    return ((parts.prefix(1).map(String.init) + rest).joined(), member.value)
  }
}

/// Converts a layer: a `Sequential` contains layers, and regularizers were stored beside their
/// parameters.
private func layer(_ json: JSON) -> JSON {
  var members = renamed(json)
  switch json["type"] {
  case "Sequential":
    members = members.map { name, value in
      (name, name == "layers" ? .array(list(value).map(layer)) : value)
    }
  case "Dense":
    let regularizers = ["kernelRegularizer", "biasRegularizer"]
    members.removeAll { regularizers.contains($0.0) }
    for name in ["kernel", "bias"] {
      let factors = list(json["\(name)_regularizer"])
      let regularizer = factors.count == 2 ? object([("l1", factors[0]), ("l2", factors[1])]) : nil
      members.append((name, object([("regularizer", regularizer)])))
      members.append(("\(name)Initializer", name == "kernel" ? "glorot_uniform" : "zeros"))
    }
  case "BatchNormalization":
    for name in ["gamma", "beta"] { members.append((name, [:])) }
    for name in ["movingMean", "movingVariance"] { members.append((name, ["isTrainable": false])) }
  default: break
  }
  return object(members)
}

/// Converts an optimizer: its type was Keras's name, and gradient clipping was among its members.
private func optimizer(_ json: JSON) -> JSON {
  let limits = [
    ("clipvalue", "value"), ("clipnorm", "norm"), ("global_clipnorm", "globalNorm"),
  ]
  var members = renamed(json)
  members.removeAll {
    $0.0 == "type" || $0.0 == "clipvalue" || $0.0.lowercased().hasSuffix("clipnorm")
  }
  let type = typeName(json["type"], among: OptimizerName.known.map { ($0.name, $0) })
  let plain = object([("type", type)] + members)
  for (old, new) in limits {
    guard let limit = json[old] else { continue }
    let clipping = object([(new, object([("_0", limit)]))])
    return object([("type", "ClippedOptimizer"), ("base", plain), ("clipping", clipping)])
  }
  return plain
}

/// Converts a loss: its type was Keras's name.
private func loss(_ json: JSON) -> JSON {
  let members = renamed(json).filter { $0.0 != "type" }
  return object(
    [("type", typeName(json["type"], among: LossName.known.map { ($0.name, $0) }))] + members)
}

/// The Swift type name for a Keras name; the name itself if there is none.
private func typeName(_ name: JSON?, among known: [(name: String, part: Any)]) -> JSON? {
  guard case .string(let text) = name, let part = known.first(where: { $0.name == text })?.part
  else { return name }
  return .string(layerTypeName(type(of: part)))
}
