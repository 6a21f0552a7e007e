import Layers
import Tensor

extension Callback {
  /// Ends training at the first batch whose loss is NaN or infinite, before it reaches the weights: Keras's
  /// `TerminateOnNaN`.
  ///
  /// The reason, in `History.stopReason` and on standard error, names epoch and batch and, if weights
  /// are no numbers any more, the first layer of them.
  public static func terminateOnNaN() -> Callback {
    Callback(lossComputed: { model, state in
      guard !state.loss.isFinite else { return }
      let reason =
        "the loss is \(state.loss) in epoch \(state.epoch), batch \(state.batch); "
        + culprit(in: model.network)
      warn("fit: " + reason)
      state.stop(reason)
    })
  }

  private static func culprit(in network: Network) -> String {
    func broken(_ layer: any Layer<Network.Scalar>) -> String? {
      layer.parameters.first { !$0.value.elements.allSatisfy(\.isFinite) }?.name
    }
    let layers = (network as? Sequential<Network.Scalar>)?.layers ?? [network]
    for (index, layer) in layers.enumerated() {
      if let name = broken(layer) {
        return
          "the \(name) of layer \(index) (\(layerTypeName(layer))) is not finite any more: lower "
          + "the learning rate or clip the gradients"
      }
    }
    return "all weights are still finite: look for NaN and very large numbers in the data"
  }
}
