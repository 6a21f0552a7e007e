// Training curves: the numbers of `fit`, epoch by epoch.

extension Chart {
  /// Creates a chart of one number over the epochs, such as `loss`, and that of the validation
  /// data, if any.
  ///
  /// - Parameters:
  ///   - history: The result of `fit`.
  ///   - name: One of its names, such as `loss`.
  public init(_ history: History, _ name: String) {
    self.init(title: name, x: "epoch", y: name)
    let epochs = (0..<history.epochs).map { Double($0 + 1) }
    for (key, label) in [(name, "training"), ("val_" + name, "validation")]
    where history.names.contains(key) {
      line(x: epochs, y: history[key], label: label)
    }
  }
}

extension History {
  /// One chart for the loss and for each metric.
  public var charts: [Chart] {
    names.filter { !$0.hasPrefix("val_") }.map { Chart(self, $0) }
  }
}
