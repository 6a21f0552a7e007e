// The losses of two networks that train each other.

import Autograd
import Layers
import Tensor

/// What a generator and a discriminator make small.
///
/// All forms take what the discriminator gives before a sigmoid, its logits D: large for real samples,
/// small for made ones.
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
  /// The game of the first paper: the generator makes the mean of `log(1 - σ(D(made)))` small.
  ///
  /// Where the discriminator is sure, its gradient vanishes.
  ///
  /// Source: I. Goodfellow et al., "Generative adversarial nets", 2014, equation 1.
  case minimax
  /// The same discriminator; the generator makes the mean of `-log σ(D(made))` small.
  ///
  /// Source: the same paper, section 3.
  case nonSaturating
  /// The difference of the means of D; the weights of the discriminator have to be held small after each
  /// step: `clipWeights(to:)`.
  ///
  /// Source: M. Arjovsky, S. Chintala, L. Bottou, "Wasserstein GAN", 2017.
  case wasserstein
  /// `max(0, 1 - D(real)) + max(0, 1 + D(made))`; the generator makes the mean of `-D(made)` small.
  ///
  /// Source: J. Lim, J. Ye, "Geometric GAN", 2017.
  case hinge

  /// Records what the discriminator makes small.
  ///
  /// - Parameters:
  ///   - real: the logits of real samples.
  ///   - made: the logits of samples that the generator made.
  ///   - realLabel: what the two forms with a sigmoid take as the label of real samples; 0.9 smooths it.
  /// - Returns: the loss, one number.
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
      // softplus(x) = softplus(-x) + x, so a share of the label that moves to 0 costs x.
      return certain + real.mean() * Scalar(1 - realLabel)
    case .wasserstein: return made.mean() - real.mean()
    case .hinge: return relu(1 - real).mean() + relu(1 + made).mean()
    }
  }

  /// Records what the generator makes small.
  ///
  /// - Parameter made: the discriminator's logits of samples that the generator made.
  /// - Returns: the loss, one number.
  public func generator<Scalar>(made: Variable<Scalar>) -> Variable<Scalar> {
    switch self {
    case .minimax: -softplus(made).mean()
    case .nonSaturating: softplus(-made).mean()
    case .wasserstein, .hinge: -made.mean()
    }
  }
}

extension Layer {
  /// Moves every trainable weight into a range, as the Wasserstein loss asks of its discriminator.
  public mutating func clipWeights(to range: ClosedRange<Scalar>) {
    forEachParameter { parameter in
      if parameter.isTrainable { parameter.value = parameter.value.clipped(to: range) }
    }
  }
}
