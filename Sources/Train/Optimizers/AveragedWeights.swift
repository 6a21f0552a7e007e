// Moving averages of weights, which often predict better than the final weights.

import Layers
import Tensor

/// An optimizer that also keeps a moving average of the weights (Keras's `use_ema`).
public struct AveragingOptimizer<Base: Optimizer>: WrappedOptimizer {
  /// The underlying optimizer.
  public var base: Base
  /// The fraction of the average that each step keeps.
  public var decay: Double { average.decay }
  let average: MovingAverage

  /// The moments of the underlying optimizer, and the average, which is NaN before the first step.
  public var initialMoments: [Double] { base.initialMoments + [.nan] }

  /// Makes one step of the underlying optimizer and updates the average.
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) {
    move(&weights, &moments) {
      base.update(&$0, along: gradient, moments: &$1, rate: rate, step: step)
    }
  }

  /// Multiplies the weights by `keep`, makes one step and updates the average.
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int, keeping keep: Double
  ) {
    move(&weights, &moments) {
      base.update(&$0, along: gradient, moments: &$1, rate: rate, step: step, keeping: keep)
    }
  }

  /// `average = decay · average + (1 - decay) · weights`, with the weights after the step.
  private func move<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, _ moments: inout [Tensor<Scalar>],
    _ step: (inout Tensor<Scalar>, inout [Tensor<Scalar>]) -> Void
  ) {
    var average = moments.removeLast()
    step(&weights, &moments)
    // As in Keras, the average starts with the weights after the first step.
    if average.count > 0 && average.base[0].isNaN { average = weights.copied() }
    let (a, w, kernels) = (average.mutableBase, weights.base, Scalar.kernels)
    let share = 1 - decay
    Parallel.overParts(of: average.count) {
      kernels.pointee.sgd(a + $0, a + $0, $1, share)
      kernels.pointee.sgd(a + $0, w + $0, $1, -share)
    }
    moments.append(average)
  }
}

/// The settings of a moving average of weights.
struct MovingAverage: Codable, Validated {
  let decay: Double

  func validate() throws(InvalidValue) {
    guard (0..<1).contains(decay) else {
      throw InvalidValue("the decay of averaged weights must lie in 0..<1, got \(decay)")
    }
  }
}

extension Optimizer {
  /// Returns this optimizer with a moving average of the weights.
  ///
  /// ```swift
  /// var model = network.compile(optimizer: Adam().averagingWeights(), loss: .meanSquaredError)
  /// model.fit(x, y, epochs: 10)
  /// model.averaged.evaluate(x, y)
  /// ```
  /// The average is part of the optimizer's state and is saved with the model.
  ///
  /// - Parameter decay: the fraction of the average that each step keeps.
  /// - Returns: the optimizer.
  public func averagingWeights(decay: Double = 0.99) -> AveragingOptimizer<Self> {
    averaging(MovingAverage(decay: decay))
  }

  func averaging(_ average: MovingAverage) -> AveragingOptimizer<Self> {
    average.requireValid()
    return AveragingOptimizer(base: self, average: average)
  }
}

extension Model {
  /// The model with its weights replaced by their averages; stops if its optimizer keeps none.
  ///
  /// Weights that no step has updated are unchanged.
  public var averaged: Model {
    let count = optimizer.initialMoments.count
    require(
      optimizer.initialMoments.last?.isNaN == true,
      "averaged: the optimizer \(optimizer.name) keeps no average; make it with averagingWeights()")
    var result = self
    result.weights = zip(trained.parameters, weights).map { parameter, weights in
      guard optimizerState.moments.indices.contains(parameter.slot),
        let average = optimizerState.moments[parameter.slot].last,
        optimizerState.moments[parameter.slot].count == count,
        average.shape == weights.shape, average.count > 0, !average.base[0].isNaN
      else { return weights }
      return average
    }
    return result
  }
}
