// The learning-rate finder: a short training with a growing rate, to choose an initial rate.

import Layers
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The losses of a training with a growing learning rate.
public struct LearningRateSweep: Sendable {
  /// The learning rate of each step.
  public internal(set) var rates: [Double] = []
  /// The loss before each step, smoothed.
  public internal(set) var losses: [Double] = []

  /// The rate at which the loss decreased fastest; nil if it never decreased.
  public var suggestion: Double? {
    let falls = losses.indices.dropFirst().map { (losses[$0] - losses[$0 - 1], rates[$0]) }
    guard let steepest = falls.min(by: { $0.0 < $1.0 }), steepest.0 < 0 else { return nil }
    return steepest.1
  }
}

extension Model {
  /// Tries learning rates from `lowest` to `highest` on a copy of the model.
  ///
  /// The rate grows by a constant factor in each step.
  ///
  /// ```swift
  /// let sweep = model.findLearningRate(x, y)
  /// model.optimizer.learningRate = sweep.suggestion ?? 0.001
  /// ```
  /// It ends early if the loss reaches four times its lowest value or becomes NaN.
  ///
  /// Source: L. Smith, "Cyclical learning rates for training neural networks", 2017, section 3.3.
  ///
  /// - Parameters:
  ///   - x: the samples along the first axis.
  ///   - y: the targets, as for `fit`.
  ///   - lowest: the rate of the first step.
  ///   - highest: the rate of the last step.
  ///   - steps: the number of steps; samples are reused if there are fewer batches.
  ///   - batchSize: the number of samples per step.
  /// - Returns: the rates and losses.
  public func findLearningRate<X: TensorNumber, Y: TensorScalar>(
    _ x: Tensor<X>, _ y: Tensor<Y>, from lowest: Double = 1e-7, to highest: Double = 10,
    steps: Int = 100, batchSize: Int = 32
  ) -> LearningRateSweep {
    require(
      lowest > 0 && highest > lowest && highest.isFinite && steps > 1,
      "findLearningRate: expected rates that grow and 2 steps or more, got \(lowest) to \(highest) "
        + "in \(steps) steps")
    let (growth, first) = (pow(highest / lowest, 1 / Double(steps - 1)), optimizerState.step)
    var sweep = LearningRateSweep()
    var (average, least) = (0.0, Double.infinity)
    let watch = Callback<Network>(
      stepBegan: { model, _ in
        model.optimizer.learningRate =
          lowest * pow(growth, Double(model.optimizerState.step - first))
      },
      lossComputed: { model, state in
        // An exponential moving average of the losses.
        let share = 0.9
        average = share * average + (1 - share) * state.loss
        let loss = average / (1 - pow(share, Double(sweep.losses.count + 1)))
        guard loss.isFinite, loss <= 4 * least || least < 0 else { return state.stop("diverged") }
        least = min(least, loss)
        sweep.rates.append(model.optimizer.learningRate)
        sweep.losses.append(loss)
        if sweep.rates.count == steps { state.stop("all rates were tried") }
      })
    var trial = self
    trial.interruption = nil
    trial.fit(
      x, y, epochs: steps, batchSize: batchSize, callbacks: [watch], verbose: .silent,
      hints: false)
    return sweep
  }
}
