// Some samples that are computed together. Where they come from: `Dataset.swift`.

import Layers
import Tensor

/// Some samples and their targets, along the first axis of each tensor.
///
/// A network of one input and one target has them at `x` and `y`; several are in `inputs` and `targets`,
/// in the network's order.
public struct Batch<Scalar: TensorFloat>: Sendable {
  /// What the network takes, a tensor [batch, …] for each input.
  public var inputs: [Tensor<Scalar>]
  /// What it should give, a tensor [batch, …] for each output; empty where nothing is known of that.
  public var targets: [Tensor<Scalar>]
  /// How much each sample counts in the loss, [batch]: one tensor for all outputs or one for each; empty
  /// if all count alike.
  public var weights: [Tensor<Scalar>]

  /// Where the numbers of the samples are: these places of `order`, or the places themselves if it is
  /// empty.
  var places = 0..<0
  var order: [Int] = []
  /// The epoch's source of randomness for the samples.
  var generator = RandomGenerator(seed: 0)

  /// A batch of several inputs and targets.
  public init(
    inputs: [Tensor<Scalar>], targets: [Tensor<Scalar>] = [], weights: [Tensor<Scalar>] = []
  ) {
    self.inputs = inputs
    self.targets = targets
    self.weights = weights
  }

  /// A batch of one input and one target.
  public init(x: Tensor<Scalar>, y: Tensor<Scalar>, weights: Tensor<Scalar>? = nil) {
    self.init(inputs: [x], targets: [y], weights: weights.map { [$0] } ?? [])
  }

  /// The number of samples.
  public var count: Int { inputs[0].shape[0] }

  /// The only input, [batch, …]; the first if there are several.
  public var x: Tensor<Scalar> {
    get { inputs[0] }
    set { inputs[0] = newValue }
  }

  /// The only target, [batch, …]; the first if there are several.
  public var y: Tensor<Scalar> {
    get {
      require(!targets.isEmpty, "batch: the samples have no targets")
      return targets[0]
    }
    set {
      require(!targets.isEmpty, "batch: the samples have no targets")
      targets[0] = newValue
    }
  }

  /// The numbers of the samples in their source, counted from 0.
  public var samples: [Int] { order.isEmpty ? Array(places) : Array(order[places]) }

  /// The source of random numbers for one sample of the batch: it depends on the model's seed, the epoch
  /// and the number of the sample, and on nothing else.
  public func random(forSample row: Int) -> RandomGenerator {
    require(
      places.indices.contains(places.lowerBound + row) && row >= 0,
      "random(forSample:): there is no sample \(row) in a batch of \(places.count)")
    let place = places.lowerBound + row
    return generator.stream(order.isEmpty ? place : order[place])
  }

  /// Whether all tensors hold as many samples as the first.
  var isEven: Bool {
    let count = inputs.first.map { $0.rank > 0 ? $0.shape[0] : -1 } ?? -1
    return count >= 0
      && (inputs + targets + weights).allSatisfy { $0.rank > 0 && $0.shape[0] == count }
  }
}
