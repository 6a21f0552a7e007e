// A batch: samples that are processed together. Where they come from: `Dataset.swift`.

import Layers
import Tensor

/// A batch of samples and targets, along the first axis of each tensor.
///
/// `x` and `y` are the input and target of a network with one of each. Several are in `inputs` and
/// `targets`, in the network's order.
public struct Batch<Scalar: TensorFloat>: Sendable {
  /// The inputs of the network, one tensor [batch, …] each.
  public var inputs: [Tensor<Scalar>]
  /// The targets, one tensor [batch, …] for each output; empty if there are none.
  public var targets: [Tensor<Scalar>]
  /// The weight of each sample in the loss, [batch]: one tensor for all outputs or one for each;
  /// empty if all count equally.
  public var weights: [Tensor<Scalar>]

  /// The range of `order` that holds the samples' numbers, or the numbers themselves if `order` is
  /// empty.
  var places = 0..<0
  var order: [Int] = []
  /// The epoch's random generator, for random changes of the samples.
  var generator = RandomGenerator(seed: 0)

  /// A batch with several inputs and targets.
  public init(
    inputs: [Tensor<Scalar>], targets: [Tensor<Scalar>] = [], weights: [Tensor<Scalar>] = []
  ) {
    self.inputs = inputs
    self.targets = targets
    self.weights = weights
  }

  /// A batch with one input and one target.
  public init(x: Tensor<Scalar>, y: Tensor<Scalar>, weights: Tensor<Scalar>? = nil) {
    self.init(inputs: [x], targets: [y], weights: weights.map { [$0] } ?? [])
  }

  /// The number of samples.
  public var count: Int { inputs[0].shape[0] }

  /// The input, [batch, …]; the first if there are several.
  public var x: Tensor<Scalar> {
    get { inputs[0] }
    set { inputs[0] = newValue }
  }

  /// The target, [batch, …]; the first if there are several.
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

  /// A random generator for one sample of the batch; it depends only on the model's seed, the epoch
  /// and the number of the sample.
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
