// The table of layers, shapes and counts.

import Tensor

extension Sequential {
  /// The table that Keras 2 prints: a row per layer with its output shape and parameter count.
  ///
  /// `None` stands for the batch. The network must know the shape of a sample: give the first layer an
  /// `inputShape`, or initialise or fit the network first.
  public func summary(name: String = "sequential") -> String {
    var network = self
    if network.outputShapes.isEmpty {
      var generator = RandomGenerator(seed: 0)
      network.initialize(using: &generator)
    }
    let width = 65
    let rule = String(repeating: "_", count: width)
    func row(_ fields: [String]) -> String {
      // Each column ends where Keras's does; a long field is cut so that columns stay apart.
      var line = ""
      for (field, end) in zip(fields, [29, 55, width]) {
        line += field
        line = String(line.prefix(end))
        line += String(repeating: " ", count: end - line.count)
      }
      return line
    }

    var lines = [
      "Model: \"\(name)\"", rule, row(["Layer (type)", "Output Shape", "Param #"]),
      String(repeating: "=", count: width),
    ]
    let names = network.layerNames
    for (index, layer) in network.layers.enumerated() {
      let type = layerTypeName(layer)
      let counts = layer.parameterCounts
      let shape = (["None"] + network.outputShapes[index].map(String.init)).joined(separator: ", ")
      lines.append(
        row([
          "\(names[index]) (\(type))", "(\(shape))",
          String(counts.trainable + counts.nonTrainable),
        ]))
      lines.append(index == network.layers.count - 1 ? String(repeating: "=", count: width) : rule)
    }
    let counts = network.parameterCounts
    lines += [
      "Total params: \(groupedByThousands(counts.trainable + counts.nonTrainable))",
      "Trainable params: \(groupedByThousands(counts.trainable))",
      "Non-trainable params: \(groupedByThousands(counts.nonTrainable))",
      rule,
    ]
    return lines.joined(separator: "\n")
  }
}

extension Sequential {
  /// Keras's names of the layers: `dense`, `dense_1`, `dropout`.
  public var layerNames: [String] {
    var counters: [String: Int] = [:]
    return layers.map { layer in
      let kind = snakeCase(layerTypeName(layer))
      let number = counters[kind, default: 0]
      counters[kind] = number + 1
      return number == 0 ? kind : "\(kind)_\(number)"
    }
  }
}

extension Layer {
  /// The names of the parameters in files, in the order of `forEachParameter`: `dense_1.kernel`.
  package var parameterNames: [String] {
    if let network = self as? Sequential<Scalar> {
      return zip(network.layerNames, network.layers).flatMap { name, layer in
        layer.parameterNames.map { "\(name).\($0)" }
      }
    }
    var counters: [String: Int] = [:]
    return parameters.map { parameter in
      let number = counters[parameter.name, default: 0]
      counters[parameter.name] = number + 1
      return number == 0 ? parameter.name : "\(parameter.name)_\(number)"
    }
  }
}

/// The name of a layer's type without its scalar: `Dense`.
package func layerTypeName(_ layer: any Layer) -> String {
  String("\(type(of: layer))".prefix { $0 != "<" })
}

/// `BatchNormalization` as `batch_normalization`.
private func snakeCase(_ name: String) -> String {
  var result = ""
  for letter in name {
    if letter.isUppercase && !result.isEmpty { result += "_" }
    result += letter.lowercased()
  }
  return result
}
