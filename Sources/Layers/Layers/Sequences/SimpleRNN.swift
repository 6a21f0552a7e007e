import Tensor

/// A state that is mixed with each step: `h' = activation(x · kernel + h · recurrentKernel + bias)`.
///
/// It forgets within some ten steps; ``LSTM`` and ``GRU`` do not.
///
/// Samples have shape [steps, features]; see ``RecurrentLayer`` for results, states and masks.
public struct SimpleRNN<Scalar: TensorFloat>: RecurrentLayer {
  /// The settings and the weights.
  public var core: RecurrentCore<Scalar>

  /// A layer with `units` results, with Keras's defaults.
  ///
  /// - Parameters:
  ///   - units: the number of results and of numbers in a state.
  ///   - activation: what is applied to candidates: tanh, sigmoid, relu or linear.
  ///   - inputShape: the shape of one sample, [steps, features].
  ///   - useBias: whether anything is added to the products.
  ///   - weights: how the weights begin and what keeps them small.
  ///   - dropout: the share of features that training drops, the same ones at all steps.
  ///   - recurrentDropout: the share of the state that training drops from the recurrent product.
  ///   - returnSequences: whether the result holds all steps, or the last one only.
  ///   - returnState: whether the last states are further results.
  ///   - goBackwards: whether the last step comes first; the results then stand in that order.
  ///   - statefulBatchSize: the size of all batches, if the states of one begin the next (Keras's
  ///     `stateful`): sample i of a batch then continues sample i of the one before. ``Layer/resetStates()``
  ///     begins anew.
  public init(
    _ units: Int, activation: ActivationFunction = .tanh,
    inputShape: TensorShape? = nil, useBias: Bool = true,
    weights: RecurrentWeights = RecurrentWeights(), dropout: Double = 0,
    recurrentDropout: Double = 0,
    returnSequences: Bool = false, returnState: Bool = false, goBackwards: Bool = false,
    statefulBatchSize: Int? = nil
  ) {
    core = RecurrentCore(
      .simple, units, activation, .linear, inputShape,
      useBias: useBias, weights, dropout: dropout, recurrentDropout: recurrentDropout,
      returnSequences: returnSequences, returnState: returnState, goBackwards: goBackwards,
      statefulBatchSize: statefulBatchSize)
    requireValid()
  }
}
