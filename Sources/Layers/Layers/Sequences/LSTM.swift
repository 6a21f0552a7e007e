import Tensor

/// Long short-term memory: a state that gates write to, erase and read.
///
/// The gates have Keras's order: input, forget, candidate, output.
///
/// Source: S. Hochreiter, J. Schmidhuber, "Long short-term memory", 1997; Keras's defaults, with a bias of 1 for
/// the forget gate after R. Jozefowicz et al., 2015.
///
/// Samples have shape [steps, features]; see ``RecurrentLayer`` for results, states and masks.
public struct LSTM<Scalar: TensorFloat>: RecurrentLayer {
  /// The settings and the parameters.
  public var core: RecurrentCore<Scalar>

  /// A layer with `units` outputs and Keras's defaults.
  ///
  /// - Parameters:
  ///   - units: the size of the output and of a state.
  ///   - activation: the activation of the candidates: tanh, sigmoid, relu or linear.
  ///   - recurrentActivation: the activation of the gates.
  ///   - inputShape: the shape of one sample, [steps, features].
  ///   - useBias: whether a bias is added to the products.
  ///   - unitForgetBias: whether the forget gate's bias starts at 1, so that early in training the
  ///     state is kept.
  ///   - weights: the initializers and regularizers of the weights.
  ///   - dropout: the fraction of features dropped in training, the same features at every step.
  ///   - recurrentDropout: the fraction of the state dropped from the recurrent product in
  ///     training.
  ///   - returnSequences: whether the result holds all steps or only the last one.
  ///   - returnState: whether the final states are returned as further results.
  ///   - goBackwards: whether the steps are read in reverse; the results then have that order too.
  ///   - statefulBatchSize: the size of every batch if each batch starts from the final states of
  ///     the previous one (Keras's `stateful`): sample i then continues sample i of the previous
  ///     batch. ``Layer/resetStates()`` starts over.
  public init(
    _ units: Int, activation: ActivationFunction = .tanh,
    recurrentActivation: ActivationFunction = .sigmoid,
    inputShape: TensorShape? = nil, useBias: Bool = true, unitForgetBias: Bool = true,
    weights: RecurrentWeights = RecurrentWeights(), dropout: Double = 0,
    recurrentDropout: Double = 0,
    returnSequences: Bool = false, returnState: Bool = false, goBackwards: Bool = false,
    statefulBatchSize: Int? = nil
  ) {
    core = RecurrentCore(
      .lstm, units, activation, recurrentActivation, inputShape,
      useBias: useBias, hasUnitForgetBias: unitForgetBias, weights, dropout: dropout,
      recurrentDropout: recurrentDropout,
      returnSequences: returnSequences, returnState: returnState, goBackwards: goBackwards,
      statefulBatchSize: statefulBatchSize)
    requireValid()
  }
}
