// The curves of training: what `fit` measured, epoch by epoch.

extension Chart {
  /// Creates a chart of one number over the epochs, such as `loss`, with that of the validation data
  /// beside it if there is one.
  ///
  /// - Parameters:
  ///   - history: What `fit` returned.
  ///   - name: One of its names.
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
  /// A chart for the loss and each metric.
  public var charts: [Chart] {
    names.filter { !$0.hasPrefix("val_") }.map { Chart(self, $0) }
  }
}
