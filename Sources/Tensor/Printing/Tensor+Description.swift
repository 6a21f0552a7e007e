extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
  /// The elements as NumPy's `print` shows them.
  public var description: String { printed().description }

  /// The elements, and the type if it is not the default one, as NumPy's `repr` shows them.
  public var debugDescription: String { printed().debugDescription }

  /// The elements as NumPy's `print` shows them with other options.
  public func description(options: PrintOptions) -> String { printed(options).description }

  private func printed(_ options: PrintOptions = PrintOptions()) -> ArrayPrinter<Scalar> {
    ArrayPrinter(shape: Array(shape), options: options) { self[$0] }
  }
}
