import Autograd
import Layers
import Tensor

/// The Kullback-Leibler divergence `Σ t log(t / p)` of predictions p from targets t, over the last
/// axis.
///
/// Both are clipped to [1e-7, 1], as in Keras.
///
/// Source: S. Kullback, R. Leibler, "On information and sufficiency", 1951.
public struct KLDivergence: Loss, Codable {
  /// The name in messages and files: Keras's `kl_divergence`.
  public var name: String { "kl_divergence" }

  /// The loss; it has no settings.
  public init() {}

  /// Records the losses, one per row.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    check(prediction, target)
    let range = Scalar(1e-7)...1
    let (p, t) = (prediction.clipped(to: range), target.clipped(to: range))
    return (t * log(t / p)).sum(axis: -1)
  }
}

extension Loss where Self == KLDivergence {
  /// `Σ t log(t / p)` over the last axis.
  public static var klDivergence: KLDivergence { KLDivergence() }
}
