// The layer protocol. A layer is a value that holds parameters and other layers and maps variables
// to variables.
//
// Next on the way down: `Layers/Dense.swift`. Listing members: `Members.swift`. Declaring shapes:
// `LayerBuilder.swift`.

import Autograd
import Tensor

/// A part of a network or a whole network: parameters, nested layers and a function of an input.
///
/// A custom layer lists its members once, by name. Parameters, their paths, freezing, the summary,
/// files and profiles follow from that list:
///
/// ```swift
/// struct Block<Scalar: TensorFloat>: StorableLayer {
///   var inner = Dense<Scalar>(8, activation: .relu)
///   var scale = Parameter<Scalar>()
///
///   mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
///     visit("inner", &inner)
///     visit("scale", &scale)
///   }
///   mutating func build(
///     _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
///   ) throws(ShapeError) -> TensorShape {
///     let shape = try builder.layer("inner", &inner, inputShape: inputShape)
///     try builder.parameter(&scale, Array(shape), .ones)
///     return shape
///   }
///   func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
///     inner(x, in: context) * context[scale]
///   }
/// }
/// ```
///
/// Layers are structs, so copying a network copies its weights. Shapes in `build` are those of one
/// sample, without the batch axis. A layer without parameters that keeps the shape needs only
/// `call`.
public protocol Layer<Scalar>: Sendable, CustomStringConvertible {
  /// The number type of the parameters and of all computations.
  associatedtype Scalar: TensorFloat

  /// The shape of one sample if the layer declares it; nil if it follows from the previous layer.
  var inputShape: TensorShape? { get }

  /// The name of the layer's activation function, for drawings; nil if it has none.
  var activationName: String? { get }

  /// Whether the input's mask also applies to the result, provided that it has as many steps.
  var supportsMasking: Bool { get }

  /// Whether the layer computes new steps of a text alone: each result follows from its own step and earlier
  /// ones, of which the context's ``Context/cache`` keeps what is needed.
  var supportsCaching: Bool { get }

  /// Calls `visit` with the name of each parameter and of each layer within, always in the same order.
  mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>)

  /// Declares the shapes of the parameters and returns that of the result for one sample.
  ///
  /// Throws if the layer cannot accept samples of `inputShape`.
  mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape

  /// Records the layer's computation on the context's tape; call nested layers like functions.
  func call(_ input: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar>

  /// The inputs, in order; by default one named `input`.
  var inputs: [LayerInput] { get }

  /// The names of the results, in order; by default one named `output`.
  var outputNames: [String] { get }

  /// Same as the form for one input, but for layers with several inputs or results.
  mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShapes: [TensorShape]
  ) throws(ShapeError) -> [TensorShape]

  /// Same as the form for one input, but for layers with several inputs or results.
  func call(_ inputs: [Variable<Scalar>], in context: Context<Scalar>) -> [Variable<Scalar>]
}

/// An input of a network: its name and, if known, the shape of one sample.
public struct LayerInput: Sendable, Equatable, Codable {
  /// The name under which data are passed.
  public let name: String
  /// The shape of one sample; nil if any shape is accepted.
  public let shape: TensorShape?

  /// An input with the given name.
  public init(_ name: String, shape: TensorShape?) {
    self.name = name
    self.shape = shape
  }
}

extension Layer {
  /// Nil: the shape follows from the previous layer.
  public var inputShape: TensorShape? { nil }

  /// Nil: the layer has no activation function.
  public var activationName: String? { nil }

  /// True: the steps keep their meaning.
  public var supportsMasking: Bool { true }

  /// False: nothing is known of how the steps take part.
  public var supportsCaching: Bool { false }

  /// Has no members.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {}

  /// Declares no parameters and a result of the same shape as the input.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape { inputShape }

  /// One input named `input`.
  public var inputs: [LayerInput] { [LayerInput("input", shape: inputShape)] }

  /// One result named `output`.
  public var outputNames: [String] { ["output"] }

  /// Builds the layer for its one input.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShapes: [TensorShape]
  ) throws(ShapeError) -> [TensorShape] {
    guard inputShapes.count == 1 else {
      throw ShapeError("expected one input, got \(inputShapes.count)")
    }
    return [try build(&builder, inputShape: inputShapes[0])]
  }

  /// Calls the layer with its one input.
  public func call(
    _ inputs: [Variable<Scalar>], in context: Context<Scalar>
  ) -> [Variable<Scalar>] {
    require(
      inputs.count == 1, "\(layerTypeName(self)): expected one input, got \(inputs.count)")
    return [call(inputs[0], in: context)]
  }
}

extension Layer {
  /// Records the layer's computation on the context's tape.
  @inlinable @inline(__always)
  public func callAsFunction(
    _ input: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    if context.tape.profile == nil { return callPassingMask(input, in: context) }
    return context.inScope(of: self) { callPassingMask(input, in: context) }
  }

  /// Records the computation of a layer with several inputs or results on the context's tape.
  @inlinable @inline(__always)
  public func callAsFunction(
    _ inputs: [Variable<Scalar>], in context: Context<Scalar>
  ) -> [Variable<Scalar>] {
    if context.tape.profile == nil { return callPassingMask(inputs, in: context) }
    return context.inScope(of: self) { callPassingMask(inputs, in: context) }
  }

  /// Calls the layer and passes on the mask of its input.
  @inlinable @inline(__always)
  func callPassingMask(
    _ input: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    let result = call(input, in: context)
    if context.hasMasks { context.passMask(from: input, to: result, through: self) }
    return result
  }

  /// Calls the layer and passes the mask of its first input to its first result.
  @inlinable @inline(__always)
  func callPassingMask(
    _ inputs: [Variable<Scalar>], in context: Context<Scalar>
  ) -> [Variable<Scalar>] {
    let results = call(inputs, in: context)
    if context.hasMasks { context.passMask(from: inputs[0], to: results[0], through: self) }
    return results
  }
}

extension Layer {
  /// Creates all parameters, numbers them and sets their paths.
  ///
  /// A network must be initialised once before it can compute.
  ///
  /// - Parameters:
  ///   - inputShape: the shape of one sample; optional if the first layer declares it.
  ///   - generator: the source of the initial weights.
  /// - Returns: the shape of the result for one sample.
  @discardableResult
  public mutating func initialize(
    inputShape: TensorShape? = nil, using generator: inout RandomGenerator
  ) -> TensorShape {
    initialize(
      inputShapes: inputShape.map { [$0] } ?? requireStatedShapes("initialize"), using: &generator)[
        0]
  }

  /// Creates all parameters of a network with several inputs or results.
  ///
  /// - Parameters:
  ///   - inputShapes: the shape of one sample of each input.
  ///   - generator: the source of the initial weights.
  /// - Returns: the shape of each result for one sample.
  @discardableResult
  public mutating func initialize(
    inputShapes: [TensorShape], using generator: inout RandomGenerator
  ) -> [TensorShape] {
    do {
      return try initialize(inputShapes: inputShapes, keepingValues: false, using: &generator)
    } catch {
      fail(error.description)
    }
  }

  /// Does the same, but if `keepingValues`, parameters that have values keep them.
  package mutating func initialize(
    inputShapes: [TensorShape], keepingValues: Bool, using generator: inout RandomGenerator
  ) throws(ShapeError) -> [TensorShape] {
    var builder = LayerBuilder<Scalar>(generator, keepsValues: keepingValues)
    let shapes = try builder.network(&self, inputShapes: inputShapes)
    generator = builder.generator!
    numberParameters()
    return shapes
  }

  /// Tells all parameters their numbers and paths.
  mutating func numberParameters() {
    var slot = 0
    forEachNamedParameter { path, parameter in
      parameter.place(slot: slot, path: path)
      slot += 1
    }
  }

  /// The shapes of the inputs if the network declares all of them; nil otherwise.
  package var statedShapes: [TensorShape]? {
    if inputs.count == 1 { return inputShape.map { [$0] } }
    let shapes = inputs.compactMap(\.shape)
    return shapes.count == inputs.count ? shapes : nil
  }

  func requireStatedShapes(_ operation: String) -> [TensorShape] {
    guard let shapes = statedShapes else {
      fail(
        "\(operation): the shape of a sample is not known; give the first layer an inputShape or "
          + "pass it here")
    }
    return shapes
  }

  /// The shapes of the results for samples of the given shapes, without creating parameters.
  ///
  /// - Throws: `ShapeError` if the network cannot accept such samples.
  public func outputShapes(for inputShapes: [TensorShape]) throws(ShapeError) -> [TensorShape] {
    var (copy, builder) = (self, LayerBuilder<Scalar>())
    return try builder.network(&copy, inputShapes: inputShapes)
  }

  /// The paths and shapes of the parameters for samples of the given shapes, without creating them.
  package func parameterShapes(
    for inputShapes: [TensorShape]
  ) throws(ShapeError) -> [(path: String, shape: TensorShape)] {
    var (copy, builder) = (self, LayerBuilder<Scalar>())
    _ = try builder.network(&copy, inputShapes: inputShapes)
    return zip(copy.parameterPaths, copy.parameters).map { ($0, $1.value.shape) }
  }

  /// The values of all parameters, such as the kernel and bias of each dense layer.
  ///
  /// When set, the new list must have as many tensors, of the same shapes.
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
          "weights: got shape \(value.shape) for parameter \(parameter.path) of shape "
            + "\(parameter.value.shape)")
      }
      var index = 0
      forEachParameter { parameter in
        parameter.value = newValue[index]
        index += 1
      }
    }
  }

  /// The count of numbers that training adjusts, and of those it does not.
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
