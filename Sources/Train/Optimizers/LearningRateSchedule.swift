// Learning rates that depend on the number of steps, with Keras's formulas. The callback
// `.learningRate(_:)` in `../Callbacks/LearningRates.swift` applies them.

import Layers
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A learning rate for each step of training.
///
/// ```swift
/// model.fit(x, y, epochs: 20, callbacks: [.learningRate(.cosineDecay(from: 0.1, steps: 1000))])
/// ```
/// In a custom training loop: `optimizer.learningRate = schedule(step: state.step)`.
public struct LearningRateSchedule: Sendable {
  private let rate: @Sendable (Int) -> Double

  /// A custom schedule: returns the rate, given the number of steps made so far.
  public init(_ rate: @escaping @Sendable (_ step: Int) -> Double) { self.rate = rate }

  /// The rate after `step` steps.
  public func callAsFunction(step: Int) -> Double { rate(step) }

  /// The same schedule after a linear warm-up to its first rate over `steps` steps.
  ///
  /// ```swift
  /// .cosineDecay(from: 1e-3, steps: 9000).warmedUp(steps: 1000)
  /// ```
  public func warmedUp(steps: Int) -> LearningRateSchedule {
    require(steps > 0, "warmedUp: the number of steps must be positive, got \(steps)")
    return LearningRateSchedule { [rate] step in
      step < steps ? rate(0) * Double(step + 1) / Double(steps) : rate(step - steps)
    }
  }

  /// `rate · decayRate^(step / steps)`; with `staircase`, the exponent is rounded down, so that the
  /// rate only changes every `steps` steps.
  public static func exponentialDecay(
    from rate: Double, steps: Int, decayRate: Double, staircase: Bool = false
  ) -> LearningRateSchedule {
    require(steps > 0, "exponentialDecay: the number of steps must be positive, got \(steps)")
    return LearningRateSchedule { step in
      let share = Double(step) / Double(steps)
      return rate * pow(decayRate, staircase ? floor(share) : share)
    }
  }

  /// Half a cosine wave from `rate` down to `alpha · rate`.
  ///
  /// If `warmupTarget` is given, the rate first rises linearly from `rate` to it, and the cosine
  /// starts there.
  ///
  /// Source: I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", 2016.
  public static func cosineDecay(
    from rate: Double, steps: Int, alpha: Double = 0, warmupTarget: Double? = nil,
    warmupSteps: Int = 0
  ) -> LearningRateSchedule {
    require(steps > 0, "cosineDecay: the number of steps must be positive, got \(steps)")
    return LearningRateSchedule { step in
      if let warmupTarget, step < warmupSteps {
        return rate + (warmupTarget - rate) * Double(step) / Double(warmupSteps)
      }
      let first = warmupTarget ?? rate
      let begin = warmupTarget == nil ? 0 : warmupSteps
      let share = min(Double(step) - Double(begin), Double(steps)) / Double(steps)
      return first * ((1 - alpha) * 0.5 * (1 + cos(Double.pi * share)) + alpha)
    }
  }

  /// `rates[0]` up to and including step `boundaries[0]`, `rates[1]` up to the next, and so on.
  public static func piecewiseConstant(
    boundaries: [Int], rates: [Double]
  ) -> LearningRateSchedule {
    require(
      rates.count == boundaries.count + 1,
      "piecewiseConstant: \(boundaries.count) boundaries need \(boundaries.count + 1) rates, got "
        + "\(rates.count)")
    return LearningRateSchedule { step in
      rates[boundaries.firstIndex { step <= $0 } ?? boundaries.count]
    }
  }

  /// From `rate` to `end` in `steps` steps, following `(1 - step / steps)^power`.
  public static func polynomialDecay(
    from rate: Double, to end: Double = 1e-4, steps: Int, power: Double = 1
  ) -> LearningRateSchedule {
    require(steps > 0, "polynomialDecay: the number of steps must be positive, got \(steps)")
    return LearningRateSchedule { step in
      (rate - end) * pow(1 - Double(min(step, steps)) / Double(steps), power) + end
    }
  }

  /// `rate / (1 + decayRate · step / steps)`.
  public static func inverseTimeDecay(
    from rate: Double, steps: Int, decayRate: Double
  ) -> LearningRateSchedule {
    require(steps > 0, "inverseTimeDecay: the number of steps must be positive, got \(steps)")
    return LearningRateSchedule { step in
      rate / (1 + decayRate * Double(step) / Double(steps))
    }
  }
}
