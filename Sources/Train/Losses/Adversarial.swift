// Losses for generative adversarial networks.

import Autograd
import Layers
import Tensor

/// The losses of a generator and a discriminator.
///
/// All forms take the discriminator's logits D, its outputs without a sigmoid: large for real
/// samples, small for generated ones.
///
/// ```swift
/// discriminator.step(in: context) { network, context in
///   let tape = context.tape
///   return AdversarialLoss.nonSaturating.discriminator(
///     real: network(tape.constant(real), in: context),
///     made: network(tape.constant(generator.predict(noise)), in: context))
/// }
/// generator.step(in: context) { network, context in
///   let made = network(context.tape.constant(noise), in: context)
///   return AdversarialLoss.nonSaturating.generator(
///     made: discriminator.network(made, in: context))
/// }
/// ```
public enum AdversarialLoss: String, CaseIterable, Sendable {
  /// The original minimax loss: the generator minimises the mean of `log(1 - σ(D(made)))`.
  ///
  /// The generator's gradient vanishes where the discriminator is confident.
  ///
  /// Source: I. Goodfellow et al., "Generative adversarial nets", 2014, equation 1.
  case minimax
  /// The same discriminator loss; the generator minimises the mean of `-log σ(D(made))`.
  ///
  /// Source: the same paper, section 3.
  case nonSaturating
  /// The difference between the means of D.
  ///
  /// The discriminator's weights must be clipped after each step, with `clipWeights(to:)`.
  ///
  /// Source: M. Arjovsky, S. Chintala, L. Bottou, "Wasserstein GAN", 2017.
  case wasserstein
  /// `max(0, 1 - D(real)) + max(0, 1 + D(made))`; the generator minimises the mean of `-D(made)`.
  ///
  /// Source: J. Lim, J. Ye, "Geometric GAN", 2017.
  case hinge

  /// Records the discriminator's loss.
  ///
  /// - Parameters:
  ///   - real: the logits of real samples.
  ///   - made: the logits of generated samples.
  ///   - realLabel: the label of real samples in the two forms with a sigmoid; 0.9 smooths it.
  /// - Returns: the loss, a single number.
  public func discriminator<Scalar>(
    real: Variable<Scalar>, made: Variable<Scalar>, realLabel: Double = 1
  ) -> Variable<Scalar> {
    require(
      (0...1).contains(realLabel),
      "discriminator: the label of real samples must lie in 0...1, got \(realLabel)")
    switch self {
    case .minimax, .nonSaturating:
      // -log σ(x) = softplus(-x) and -log(1 - σ(x)) = softplus(x).
      let certain = softplus(-real).mean() + softplus(made).mean()
      if realLabel == 1 { return certain }
      // softplus(x) = softplus(-x) + x, so the part of the label that moves to 0 adds x to the
      // loss.
      return certain + real.mean() * Scalar(1 - realLabel)
    case .wasserstein: return made.mean() - real.mean()
    case .hinge: return relu(1 - real).mean() + relu(1 + made).mean()
    }
  }

  /// Records the generator's loss.
  ///
  /// - Parameter made: the discriminator's logits of generated samples.
  /// - Returns: the loss, a single number.
  public func generator<Scalar>(made: Variable<Scalar>) -> Variable<Scalar> {
    switch self {
    case .minimax: -softplus(made).mean()
    case .nonSaturating: softplus(-made).mean()
    case .wasserstein, .hinge: -made.mean()
    }
  }
}

extension Layer {
  /// Clips every trainable weight to a range, as the Wasserstein loss requires for its
  /// discriminator.
  public mutating func clipWeights(to range: ClosedRange<Scalar>) {
    forEachParameter { parameter in
      if parameter.isTrainable { parameter.value = parameter.value.clipped(to: range) }
    }
  }
}
