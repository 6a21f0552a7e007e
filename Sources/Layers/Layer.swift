// What a layer is: a value that holds parameters and turns one variable into another.
//
// Next on the way down: `Layers/Dense.swift`.

import Autograd
import Tensor

/// A part of a network: parameters, and a function of them and an input.
///
/// A layer of your own needs little more than its function:
///
/// ```swift
/// struct Scale<Scalar: TensorFloat>: Layer {
///   var factor = Parameter<Scalar>("factor")
///
///   mutating func build(inputShape: TensorShape, using generator: inout RandomGenerator) -> TensorShape {
///     factor.value = .ones(inputShape)
///     return inputShape
///   }
///   func callAsFunction(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
///     x * context[factor]
///   }
///   mutating func forEachParameter(_ body: (inout Parameter<Scalar>) -> Void) { body(&factor) }
/// }
/// ```
///
/// Layers are structs: a copied network is a copied network. Shapes given to and returned by `build`
/// do not contain the batch axis.
public protocol Layer<Scalar>: Sendable {
  /// The type of the parameters and of all that is computed.
  associatedtype Scalar: TensorFloat

  /// The shape of one sample, where the layer states it; nil where it follows from the layer before.
  var inputShape: TensorShape? { get }

  /// Makes the parameters for samples of `inputShape` and returns the shape of the result.
  ///
  /// Stops with a sentence if the layer has no use for such samples.
  mutating func build(
    inputShape: TensorShape, using generator: inout RandomGenerator
  ) -> TensorShape

  /// Records the layer's function on the context's tape.
  func callAsFunction(
    _ input: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar>

  /// Calls `body` with each parameter, always in the same order.
  mutating func forEachParameter(_ body: (inout Parameter<Scalar>) -> Void)
}

extension Layer {
  /// Nil: the shape follows from the layer before.
  public var inputShape: TensorShape? { nil }

  /// Makes no parameters and gives back the shape it takes.
  public mutating func build(
    inputShape: TensorShape, using generator: inout RandomGenerator
  ) -> TensorShape { inputShape }

  /// Has no parameters.
  public mutating func forEachParameter(_ body: (inout Parameter<Scalar>) -> Void) {}
}

extension Layer {
  /// Makes all parameters afresh and numbers them: what a network needs once before it computes.
  ///
  /// - Parameters:
  ///   - inputShape: the shape of one sample; may be left out where the first layer states it.
  ///   - generator: the source of the initial weights.
  /// - Returns: the shape of the result for one sample.
  @discardableResult
  public mutating func initialize(
    inputShape: TensorShape? = nil, using generator: inout RandomGenerator
  ) -> TensorShape {
    guard let shape = inputShape ?? self.inputShape else {
      fail(
        "initialize: the shape of a sample is not known; give the first layer an inputShape or "
          + "pass it here")
    }
    let outputShape = build(inputShape: shape, using: &generator)
    var slot = 0
    forEachParameter { parameter in
      parameter.slot = slot
      slot += 1
    }
    return outputShape
  }

  /// The parameters in the order of `forEachParameter`.
  public var parameters: [Parameter<Scalar>] {
    var copy = self
    var list: [Parameter<Scalar>] = []
    copy.forEachParameter { list.append($0) }
    return list
  }

  /// The values of all parameters, such as kernel and bias of each dense layer.
  ///
  /// Setting them needs as many tensors, of the same shapes.
  public var weights: [Tensor<Scalar>] {
    get { parameters.map(\.value) }
    set {
      let current = parameters
      require(
        newValue.count == current.count,
        "weights: got \(newValue.count) tensors for \(current.count) parameters")
      for (parameter, value) in zip(current, newValue) {
        require(
          parameter.value.shape == value.shape,
          "weights: got shape \(value.shape) for parameter \(parameter.name) of shape "
            + "\(parameter.value.shape)")
      }
      var index = 0
      forEachParameter { parameter in
        parameter.value = newValue[index]
        index += 1
      }
    }
  }

  /// The number of numbers that training adjusts, and of those it leaves alone.
  public var parameterCounts: (trainable: Int, nonTrainable: Int) {
    parameters.reduce(into: (0, 0)) { counts, parameter in
      if parameter.isTrainable {
        counts.trainable += parameter.value.count
      } else {
        counts.nonTrainable += parameter.value.count
      }
    }
  }
}
