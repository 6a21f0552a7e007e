// How weights follow their gradients. Each optimizer is a rule with hyper-parameters; what it remembers
// of earlier steps lies beside it, in `OptimizerState`.

import Autograd
import Layers
import Tensor

/// A rule that changes weights along their gradients.
///
/// A rule of your own needs its hyper-parameters and one function:
///
/// ```swift
/// struct SignDescent: Optimizer {
///   var name: String { "sign" }
///   var learningRate = 0.01
///   func update<Scalar: TensorFloat>(
///     _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
///     moments: inout [Tensor<Scalar>], rate: Double, step: Int
///   ) {
///     weights -= sign(gradient) * Scalar(rate)
///   }
/// }
/// ```
public protocol Optimizer: Sendable, CustomStringConvertible {
  /// The name in messages, in Keras's spelling where Keras has the optimizer.
  var name: String { get }
  /// The length of a step.
  var learningRate: Double { get set }
  /// What each tensor that is remembered per parameter begins with; one number per tensor.
  var initialMoments: [Double] { get }
  /// The learning rate of step number `step`, counted from 1; the default is `learningRate`.
  func rate(step: Int) -> Double
  /// How gradients are made smaller before they are used; the default is not at all.
  var clipping: GradientClipping? { get }

  /// Changes one parameter's weights.
  ///
  /// - Parameters:
  ///   - weights: the weights; changed in place.
  ///   - gradient: the gradient of the loss with respect to them, of the same shape.
  ///   - moments: the tensors remembered for this parameter, as many as `initialMoments` lists.
  ///   - rate: what `rate(step:)` gave for this step.
  ///   - step: the number of the step, counted from 1.
  func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int)
}

extension Optimizer {
  /// Nothing is remembered.
  public var initialMoments: [Double] { [] }
  /// The same rate for every step.
  public func rate(step: Int) -> Double { learningRate }
  /// Gradients are used as they are.
  public var clipping: GradientClipping? { nil }
  /// The name of the type with its hyper-parameters: `SGD(learningRate: 0.01, momentum: 0.0, …)`.
  public var description: String { Layers.description(of: self) }
}

/// What an optimizer remembers: the number of steps, and tensors for each parameter.
///
/// It belongs to one rule: used with an optimizer of another name it begins afresh.
public struct OptimizerState<Scalar: TensorFloat>: Sendable {
  /// The name of the optimizer whose memory this is; nil before the first step.
  public internal(set) var optimizerName: String?
  /// The number of steps made.
  public internal(set) var step = 0
  /// For each parameter, in the network's order, the tensors remembered for it.
  public internal(set) var moments: [[Tensor<Scalar>]] = []

  /// The state before the first step.
  public init() {}

  /// The bytes that an update reads and writes beside gradients and weights, and those.
  var updateByteCount: Int {
    moments.reduce(0) { $0 + (3 + 2 * $1.count) * ($1.first?.count ?? 0) }
      * MemoryLayout<Scalar>.stride
  }
}

extension OptimizerState: CustomStringConvertible {
  /// Whose memory it is, and after how many steps.
  public var description: String {
    optimizerName.map { "State of \($0) after step \(step)" } ?? "State before the first step"
  }
}

extension Optimizer {
  /// Makes one step: changes every trainable parameter of `network` that the gradients know.
  ///
  /// Weights and moments that would be subnormal numbers become zero.
  public func update<Network: Layer>(
    _ network: inout Network, along gradients: Gradients<Network.Scalar>,
    state: inout OptimizerState<Network.Scalar>
  ) {
    let mode = FloatingPointMode.startFlushing()
    defer { mode.restore() }
    network.update(along: gradients, by: self, state: &state)
  }
}

extension Layer {
  /// One step of any optimizer; compiled for the usual network.
  @specialized(where Self == Sequential<Float>)
  @specialized(where Self == Sequential<Double>)
  fileprivate mutating func update(
    along gradients: Gradients<Scalar>, by optimizer: any Optimizer,
    state: inout OptimizerState<Scalar>
  ) {
    if state.optimizerName != optimizer.name {
      if state.optimizerName != nil { state = OptimizerState() }
      state.optimizerName = optimizer.name
    }
    state.step += 1
    let (rate, step) = (optimizer.rate(step: state.step), state.step)
    let initialMoments = optimizer.initialMoments
    let clipping = optimizer.clipping
    let globalNorm = clipping.map { $0.norm(of: gradients, for: &self) } ?? 0
    gradients.tape.releaseParameters()
    var update = ParameterUpdate(
      gradients: gradients, optimizer: optimizer, rate: rate, step: step,
      initialMoments: initialMoments, clipping: clipping, globalNorm: globalNorm)
    // The moments move to the walk and back: a second owner would make each update a copy.
    swap(&update.moments, &state.moments)
    forEachMember(&update)
    swap(&update.moments, &state.moments)
  }
}

/// The walk that changes each parameter.
private struct ParameterUpdate<Scalar: TensorFloat>: MemberVisitor {
  let gradients: Gradients<Scalar>
  let optimizer: any Optimizer
  let rate: Double
  let step: Int
  let initialMoments: [Double]
  let clipping: GradientClipping?
  let globalNorm: Double
  var moments: [[Tensor<Scalar>]] = []

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  mutating func visit(_ parameter: inout Parameter<Scalar>, _ name: MemberName) {
    require(
      parameter.slot >= 0,
      "update: the network was not initialised; call initialize(using:) or compile it first")
    guard parameter.isTrainable, var gradient = gradients[parameter] else { return }
    if let clipping { gradient = clipping.clipped(gradient, globalNorm: globalNorm) }
    // Updates go through memory from front to back, as the gradient lies.
    if !parameter.value.isContiguous { parameter.value = parameter.value.contiguous() }
    while moments.count <= parameter.slot { moments.append([]) }
    if moments[parameter.slot].count != initialMoments.count
      || moments[parameter.slot].contains(where: { $0.count != parameter.value.count })
    {
      moments[parameter.slot] = initialMoments.map {
        Tensor(repeating: Scalar($0), shape: parameter.value.shape)
      }
    }
    optimizer.update(
      &parameter.value, along: gradient, moments: &moments[parameter.slot], rate: rate,
      step: step)
  }
}

/// An optimizer by Keras's name, with Keras's defaults: `"adam"`.
public struct OptimizerName: ExpressibleByStringLiteral, Sendable {
  /// The optimizer with Keras's defaults.
  public let optimizer: any Optimizer

  /// All optimizers with a name.
  public static let known: [any Optimizer] = [
    SGD(), Adam(), AdamW(), Nadam(), Adamax(), RMSprop(), Adagrad(), Adadelta(),
  ]

  /// The optimizer with the given name; nil if there is none.
  public init?(_ name: String) {
    guard let optimizer = Self.known.first(where: { $0.name == name }) else { return nil }
    self.optimizer = optimizer
  }

  /// The optimizer with the given name; stops if there is none.
  public init(stringLiteral name: String) {
    guard let known = OptimizerName(name as String) else {
      fail(unknownName(name, kind: "optimizer", known: Self.known.map(\.name)))
    }
    self = known
  }
}
