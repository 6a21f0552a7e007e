import ArrayFiles
import Layers
import Tensor

extension Callback {
  /// Writes the numbers of `fit` for TensorBoard (Keras's `TensorBoard`).
  ///
  /// The loss and the metrics go to `<folder>/train`, those of the validation to
  /// `<folder>/validation`. Both use the names `epoch_loss`, `epoch_accuracy` and so on, so that
  /// they share a chart. As in Keras, epochs are counted from 0 there. If a file cannot be written,
  /// standard error says so once, and training continues.
  ///
  /// ```swift
  /// model.fit(x, y, epochs: 20, validationSplit: 0.2, callbacks: [.tensorBoard(in: "logs/adam")])
  /// // in a shell: tensorboard --logdir logs
  /// ```
  ///
  /// For anything else, such as pictures, write your own ``EventFile``.
  ///
  /// - Parameters:
  ///   - folder: the folder of this run.
  ///   - histogramInterval: how often, in epochs, to also write a histogram of each parameter; 0
  ///     for never.
  /// - Returns: the callback.
  public static func tensorBoard(in folder: String, histogramInterval: Int = 0) -> Callback {
    require(
      histogramInterval >= 0,
      "tensorBoard: got the interval \(histogramInterval), expected 0 or more epochs")
    var files: [String: EventFile] = [:]
    var hasFailed = false

    /// Calls `body` with the file of a part, which is created when it is first needed.
    func write(to part: String, _ body: (EventFile) throws(FileError) -> Void) {
      guard !hasFailed else { return }
      do throws(FileError) {
        if files[part] == nil { files[part] = try EventFile(in: "\(folder)/\(part)") }
        try body(files[part]!)
      } catch {
        hasFailed = true
        warn("tensorBoard: \(error)")
      }
    }

    return Callback(
      trainingBegan: { _, _ in (files, hasFailed) = ([:], false) },
      epochEnded: { model, state in
        let step = state.epoch - 1
        for (name, value) in state.measured {
          let isOfValidation = name.hasPrefix("val_")
          write(to: isOfValidation ? "validation" : "train") { file throws(FileError) in
            try file.add(
              "epoch_" + (isOfValidation ? name.dropFirst(4) : name[...]), value, step: step)
          }
        }
        if histogramInterval > 0 && step % histogramInterval == 0 {
          model.trained.forEachParameter { parameter in
            write(to: "train") { file throws(FileError) in
              try file.add(histogramOf: parameter.value, named: parameter.path, step: step)
            }
          }
        }
      },
      trainingEnded: { _, _ in files = [:] })
  }
}
