// Callbacks that change the learning rate. As in Keras, they record it in the history as
// `learning_rate`.

import Layers
import Tensor

extension Callback {
  /// Sets the learning rate before each epoch (Keras's `LearningRateScheduler`).
  ///
  /// ```swift
  /// .learningRate { epoch, rate in epoch <= 10 ? rate : rate * 0.9 }
  /// ```
  ///
  /// - Parameter rate: returns the new rate, given the epoch (counted from 1) and the current rate.
  /// - Returns: the callback.
  public static func learningRate(
    _ rate: @escaping (_ epoch: Int, _ rate: Double) -> Double
  ) -> Callback {
    Callback(
      epochBegan: { model, state in
        model.optimizer.learningRate = rate(state.epoch, model.optimizer.learningRate)
      },
      epochEnded: recordLearningRate)
  }

  /// Sets the learning rate before each step, based on the number of steps the optimizer has made.
  public static func learningRate(_ schedule: LearningRateSchedule) -> Callback {
    Callback(
      stepBegan: { model, _ in
        model.optimizer.learningRate = schedule(step: model.optimizerState.step)
      },
      epochEnded: recordLearningRate)
  }

  /// Reduces the learning rate when a number has stopped improving (Keras's `ReduceLROnPlateau`).
  ///
  /// - Parameters:
  ///   - monitor: the name of the number, such as `val_loss`.
  ///   - factor: the factor that the rate is multiplied by.
  ///   - patience: how many epochs without improvement to allow before the rate changes.
  ///   - minDelta: the smallest change that counts as an improvement.
  ///   - direction: whether smaller or larger numbers are better.
  ///   - cooldown: how many epochs after a change to ignore.
  ///   - minLearningRate: the lower bound of the rate.
  /// - Returns: the callback.
  public static func reduceLearningRateOnPlateau(
    monitor: String = "val_loss", factor: Double = 0.1, patience: Int = 10,
    minDelta: Double = 1e-4, direction: Direction = .automatic, cooldown: Int = 0,
    minLearningRate: Double = 0
  ) -> Callback {
    require(
      factor > 0 && factor < 1,
      "reduceLearningRateOnPlateau: the factor must lie between 0 and 1, got \(factor)")
    var watched = Monitor(monitor, minDelta: minDelta, direction: direction)
    var (wait, rest) = (0, 0)
    return Callback(
      trainingBegan: { model, _ in
        watched.begin(model)
        (wait, rest) = (0, 0)
      },
      epochEnded: { model, state in
        recordLearningRate(&model, &state)
        if rest > 0 {
          rest -= 1
          wait = 0
        }
        if watched.improves(in: state) {
          wait = 0
          return
        }
        guard rest == 0 else { return }
        wait += 1
        let rate = model.optimizer.learningRate
        guard wait >= patience, rate > minLearningRate else { return }
        model.optimizer.learningRate = max(rate * factor, minLearningRate)
        (wait, rest) = (0, cooldown)
      })
  }

  private static func recordLearningRate(
    _ model: inout Model<Network>, _ state: inout TrainingState
  ) { state["learning_rate"] = model.optimizer.learningRate }
}
