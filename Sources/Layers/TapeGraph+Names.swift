import Autograd

extension TapeGraph {
  /// The same graph, with the parameters of `network` labelled by their paths.
  ///
  /// ```swift
  /// print(TapeGraph(of: loss).naming(parametersOf: network))   // … dense.kernel, dense.bias …
  /// ```
  public func naming(parametersOf network: some Layer) -> TapeGraph {
    var copy = network
    var names: [UInt: String] = [:]
    copy.forEachNamedParameter { path, parameter in
      names[UInt(bitPattern: parameter.value.base)] = path
    }
    return naming(parameters: names)
  }
}
