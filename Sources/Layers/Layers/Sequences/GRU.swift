import Tensor

/// A gated recurrent unit: like ``LSTM``, with one state and three quarters of the weights.
///
/// The gates stand in Keras's order: update, reset, candidate.
///
/// Source: K. Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014.
///
/// Samples have shape [steps, features]; see ``RecurrentLayer`` for results, states and masks.
public struct GRU<Scalar: TensorFloat>: RecurrentLayer {
  /// The settings and the weights.
  public var core: RecurrentCore<Scalar>

  /// A layer with `units` results, with Keras's defaults.
  ///
  /// - Parameters:
  ///   - units: the number of results and of numbers in a state.
  ///   - activation: what is applied to candidates: tanh, sigmoid, relu or linear.
  ///   - recurrentActivation: what is applied to the gates.
  ///   - inputShape: the shape of one sample, [steps, features].
  ///   - useBias: whether anything is added to the products.
  ///   - resetAfter: whether the reset gate acts after the product with the recurrent kernel, as in cuDNN and
  ///     PyTorch, or before it, as in the paper.
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
    recurrentActivation: ActivationFunction = .sigmoid,
    inputShape: TensorShape? = nil, useBias: Bool = true, resetAfter: Bool = true,
    weights: RecurrentWeights = RecurrentWeights(), dropout: Double = 0,
    recurrentDropout: Double = 0,
    returnSequences: Bool = false, returnState: Bool = false, goBackwards: Bool = false,
    statefulBatchSize: Int? = nil
  ) {
    core = RecurrentCore(
      resetAfter ? .gru : .gruResettingBefore, units, activation, recurrentActivation, inputShape,
      useBias: useBias, weights, dropout: dropout, recurrentDropout: recurrentDropout,
      returnSequences: returnSequences, returnState: returnState, goBackwards: goBackwards,
      statefulBatchSize: statefulBatchSize)
    requireValid()
  }
}
