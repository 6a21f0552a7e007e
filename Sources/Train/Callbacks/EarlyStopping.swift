import Layers
import Tensor

extension Callback {
  /// Ends training when a number has stopped improving (Keras's `EarlyStopping`).
  ///
  /// - Parameters:
  ///   - monitor: the name of the number, such as `val_loss`.
  ///   - minDelta: the smallest change that counts as an improvement.
  ///   - patience: how many epochs without improvement to allow.
  ///   - direction: whether smaller or larger numbers are better.
  ///   - restoreBestWeights: whether to restore the weights of the best epoch when training ends.
  ///   - startFromEpoch: how many epochs to wait before comparing.
  /// - Returns: the callback.
  public static func earlyStopping(
    monitor: String = "val_loss", minDelta: Double = 0, patience: Int = 0,
    direction: Direction = .automatic, restoreBestWeights: Bool = false, startFromEpoch: Int = 0
  ) -> Callback {
    var watched = Monitor(monitor, minDelta: minDelta, direction: direction)
    var wait = 0
    var bestWeights: [Tensor<Network.Scalar>]?
    return Callback(
      trainingBegan: { model, _ in
        watched.begin(model)
        wait = 0
        bestWeights = nil
      },
      epochEnded: { model, state in
        guard state.epoch > startFromEpoch else { return }
        if watched.improves(in: state) {
          wait = 0
          if restoreBestWeights { bestWeights = model.weights }
          return
        }
        wait += 1
        if wait >= patience && state.epoch > 1 {
          state.stop("\(monitor) has not improved for \(wait) epoch\(wait == 1 ? "" : "s")")
        }
      },
      trainingEnded: { model, _ in
        if let bestWeights { model.weights = bestWeights }
      })
  }
}
