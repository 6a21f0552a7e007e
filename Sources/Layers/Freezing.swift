// Freezing: which parts of a network training does not change, by layer or by path.

import Tensor

extension Layer {
  /// Whether training changes the layer: Keras's `trainable`.
  ///
  /// Setting it freezes or unfreezes all parameters, including those of nested layers.
  ///
  /// ```swift
  /// network[0].isTrainable = false
  /// ```
  public var isTrainable: Bool {
    get { parameters.contains(where: \.isTrainable) }
    set { forEachParameter { $0.isTrainable = newValue } }
  }

  /// Freezes parameters and layers by their paths, such as `encoder` or `dense_1.kernel`.
  ///
  /// - Precondition: each path names a parameter or a nested layer.
  public mutating func freeze(_ paths: String...) { setTrainable(false, at: paths, "freeze") }

  /// Unfreezes parameters and layers by their paths, so that training changes them again.
  ///
  /// - Precondition: each path names a parameter or a nested layer.
  public mutating func unfreeze(_ paths: String...) { setTrainable(true, at: paths, "unfreeze") }

  private mutating func setTrainable(_ isTrainable: Bool, at paths: [String], _ operation: String) {
    let known = layersWithin.map(\.path) + parameterPaths
    for path in paths {
      require(known.contains(path), unknownName(path, kind: operation, known: known))
    }
    forEachNamedParameter { path, parameter in
      if paths.contains(where: { path == $0 || path.hasPrefix($0 + ".") }) {
        parameter.isTrainable = isTrainable
      }
    }
  }
}
