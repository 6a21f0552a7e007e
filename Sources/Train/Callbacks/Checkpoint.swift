import Layers
import Tensor

extension Callback {
  /// Hands the model to `save` after epochs that are the best so far, or after all: Keras's
  /// `ModelCheckpoint`.
  ///
  /// What `save` throws is reported on standard error, and training goes on.
  ///
  /// - Parameters:
  ///   - monitor: the number that decides which epoch is best.
  ///   - direction: whether smaller or larger numbers are better.
  ///   - bestOnly: whether other epochs are passed over.
  ///   - save: takes the model and the place in training.
  /// - Returns: the callback.
  public static func checkpoint(
    monitor: String = "val_loss", direction: Direction = .automatic, bestOnly: Bool = true,
    save: @escaping (_ model: Model<Network>, _ state: TrainingState) throws -> Void
  ) -> Callback {
    var watched = Monitor(monitor, direction: direction)
    return Callback(
      trainingBegan: { _, _ in watched.reset() },
      epochEnded: { model, state in
        guard !bestOnly || watched.improves(in: state) else { return }
        do {
          try save(model, state)
        } catch {
          warn("checkpoint: the model of epoch \(state.epoch) could not be saved: \(error)")
        }
      })
  }
}
