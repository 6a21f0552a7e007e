// Optimizers: rules that update weights along gradients. An optimizer holds hyper-parameters; its
// memory of earlier steps is kept separately, in `OptimizerState`.

import Autograd
import Layers
import Tensor

/// A rule that updates weights along their gradients.
///
/// A custom optimizer needs its hyper-parameters and one function:
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
  /// The learning rate.
  var learningRate: Double { get set }
  /// The initial value of each moment tensor that is kept per parameter; by default there are none.
  var initialMoments: [Double] { get }
  /// The learning rate of the given step, counted from 1; by default `learningRate`.
  func rate(step: Int) -> Double
  /// How gradients are clipped before they are used; nil, the default, means not at all.
  var clipping: GradientClipping? { get }
  /// The fraction of each weight, times the learning rate, that every step subtracts before the
  /// update; by default 0.
  var weightDecay: Double { get }
  /// Groups of parameters with their own settings; nil, the default, if there are none.
  var groups: ParameterGroups? { get }

  /// Updates the weights of one parameter.
  ///
  /// - Parameters:
  ///   - weights: the weights, updated in place.
  ///   - gradient: the gradient of the loss with respect to them, of the same shape.
  ///   - moments: the moment tensors of this parameter, as many as `initialMoments` lists.
  ///   - rate: the result of `rate(step:)` for this step.
  ///   - step: the step number, counted from 1.
  func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int)

  /// Multiplies the weights of one parameter by `keep` (for weight decay) and then updates them.
  ///
  /// The default does one after the other; an optimizer may have a faster way to do both.
  func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int, keeping keep: Double)
}

extension Optimizer {
  /// No moments.
  public var initialMoments: [Double] { [] }
  /// The learning rate, the same for every step.
  public func rate(step: Int) -> Double { learningRate }
  /// No clipping.
  public var clipping: GradientClipping? { nil }
  /// No weight decay.
  public var weightDecay: Double { 0 }
  /// The name of the type with its hyper-parameters: `SGD(learningRate: 0.01, momentum: 0.0, …)`.
  public var description: String { Layers.description(of: self) }
  /// No groups: all parameters have the same settings.
  public var groups: ParameterGroups? { nil }

  /// Multiplies the weights by `keep` and then updates them.
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int, keeping keep: Double
  ) {
    let (w, kernels) = (weights.mutableBase, Scalar.kernels)
    // w -= (1 - keep) w
    Parallel.overParts(of: weights.count) { kernels.pointee.sgd(w + $0, w + $0, $1, 1 - keep) }
    update(&weights, along: gradient, moments: &moments, rate: rate, step: step)
  }
}

/// An optimizer that wraps another one and changes part of its behaviour; the rest is that of
/// `base`.
public protocol WrappedOptimizer: Optimizer {
  /// The type of the underlying optimizer.
  associatedtype Base: Optimizer
  /// The underlying optimizer.
  var base: Base { get set }
}

extension WrappedOptimizer {
  /// The name of the underlying optimizer.
  public var name: String { base.name }
  /// The learning rate.
  public var learningRate: Double {
    get { base.learningRate }
    set { base.learningRate = newValue }
  }
  /// The moments of the underlying optimizer.
  public var initialMoments: [Double] { base.initialMoments }
  /// The rate of the underlying optimizer.
  public func rate(step: Int) -> Double { base.rate(step: step) }
  /// The clipping of the underlying optimizer.
  public var clipping: GradientClipping? { base.clipping }
  /// The weight decay of the underlying optimizer.
  public var weightDecay: Double { base.weightDecay }
  /// The groups of the underlying optimizer.
  public var groups: ParameterGroups? { base.groups }

  /// Makes one step of the underlying optimizer.
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) { base.update(&weights, along: gradient, moments: &moments, rate: rate, step: step) }

  /// Multiplies the weights by `keep` and makes one step of the underlying optimizer.
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int, keeping keep: Double
  ) {
    base.update(
      &weights, along: gradient, moments: &moments, rate: rate, step: step, keeping: keep)
  }
}

/// The state of an optimizer: the number of steps and the moment tensors of each parameter.
///
/// It belongs to one optimizer; used with an optimizer of another name, it starts over.
public struct OptimizerState<Scalar: TensorFloat>: Sendable {
  /// The name of the optimizer that the state belongs to; nil before the first step.
  public internal(set) var optimizerName: String?
  /// The number of steps made.
  public internal(set) var step = 0
  /// The moment tensors of each parameter, in the network's order.
  public internal(set) var moments: [[Tensor<Scalar>]] = []
  /// The settings of each parameter, and the number of the groups they were looked up for.
  var settings: (groups: UInt64, list: [ParameterSettings]) = (0, [])

  /// The state before the first step.
  public init() {}

  /// The bytes that one update moves: gradients, weights and moments.
  var updateByteCount: Int {
    moments.reduce(0) { $0 + (3 + 2 * $1.count) * ($1.first?.count ?? 0) }
      * MemoryLayout<Scalar>.stride
  }
}

extension OptimizerState: CustomStringConvertible {
  /// The name of the optimizer and the number of steps.
  public var description: String {
    optimizerName.map { "State of \($0) after step \(step)" } ?? "State before the first step"
  }
}

extension Optimizer {
  /// Makes one step: updates every trainable parameter of `network` that has a gradient.
  ///
  /// Weights and moments that would be subnormal are set to zero.
  public func update<Network: Layer>(
    _ network: inout Network, along gradients: Gradients<Network.Scalar>,
    state: inout OptimizerState<Network.Scalar>
  ) {
    let mode = FloatingPointMode.startFlushing()
    defer { mode.restore() }
    network.update(along: .onTape(gradients), by: self, state: &state)
  }

  /// Makes one step along gradients that are not on a tape, one per parameter in the network's
  /// order; nil leaves a parameter unchanged.
  func update<Network: Layer>(
    _ network: inout Network, along gradients: [Tensor<Network.Scalar>?],
    state: inout OptimizerState<Network.Scalar>
  ) {
    let mode = FloatingPointMode.startFlushing()
    defer { mode.restore() }
    network.update(along: .apart(gradients), by: self, state: &state)
  }
}

/// The source of the gradients for an update.
private enum GradientSource<Scalar: TensorFloat> {
  case onTape(Gradients<Scalar>)
  case apart([Tensor<Scalar>?])

  /// The gradient of a parameter with the given number in its network; nil if there is none.
  @inline(__always)
  func gradient(of parameter: Parameter<Scalar>, _ number: Int) -> Tensor<Scalar>? {
    switch self {
    case .onTape(let gradients): gradients[parameter]
    case .apart(let list): number < list.count ? list[number] : nil
    }
  }
}

extension Layer {
  /// Makes one step of any optimizer; specialised for the usual network.
  @specialized(where Self == Sequential<Float>)
  @specialized(where Self == Sequential<Double>)
  fileprivate mutating func update(
    along gradients: GradientSource<Scalar>, by optimizer: any Optimizer,
    state: inout OptimizerState<Scalar>
  ) {
    if state.optimizerName != optimizer.name {
      if state.optimizerName != nil { state = OptimizerState() }
      state.optimizerName = optimizer.name
    }
    state.step += 1
    let (rate, step) = (optimizer.rate(step: state.step), state.step)
    let initialMoments = optimizer.initialMoments
    let groups = optimizer.groups
    if let groups {
      var count = 0
      forEachParameter { _ in count += 1 }
      groups.settle(&state, for: self, parameterCount: count)
    }
    let clipping = optimizer.clipping
    let settings = groups == nil ? nil : state.settings.list
    let norms =
      clipping == nil && groups == nil ? [] : globalNorms(of: gradients, clipping, groups, settings)
    if case .onTape(let gradients) = gradients { gradients.tape.releaseParameters() }
    var update = ParameterUpdate(
      gradients: gradients, optimizer: optimizer, rate: rate, step: step,
      initialMoments: initialMoments, learningRate: optimizer.learningRate,
      weightDecay: optimizer.weightDecay, clipping: clipping, groups: groups, settings: settings,
      norms: norms)
    // The moments are moved to the visitor and back, since a second owner would force copies.
    swap(&update.moments, &state.moments)
    forEachMember(&update)
    swap(&update.moments, &state.moments)
  }

  /// The norms of gradients that are clipped together: first for the optimizer's own clipping, then
  /// for each group; 0 where no global clipping is set.
  private mutating func globalNorms(
    of gradients: GradientSource<Scalar>, _ clipping: GradientClipping?, _ groups: ParameterGroups?,
    _ settings: [ParameterSettings]?
  ) -> [Double] {
    let clippings = [clipping] + (groups?.list.map(\.clipping) ?? [])
    var parts = [[Tensor<Scalar>]](repeating: [], count: clippings.count)
    var number = -1
    forEachParameter { parameter in
      number += 1
      let place = (settings?[number].clippingGroup ?? -1) + 1
      guard parameter.isTrainable, settings?[number].isFrozen != true,
        case .globalNorm = clippings[place],
        let gradient = gradients.gradient(of: parameter, number)
      else { return }
      parts[place].append(gradient)
    }
    return parts.map { $0.isEmpty ? 0 : length(of: $0) }
  }
}

/// The visitor that updates each parameter.
private struct ParameterUpdate<Scalar: TensorFloat>: MemberVisitor {
  let gradients: GradientSource<Scalar>
  let optimizer: any Optimizer
  let rate: Double
  let step: Int
  let initialMoments: [Double]
  let learningRate, weightDecay: Double
  let clipping: GradientClipping?
  let groups: ParameterGroups?
  /// The settings of each parameter; nil if there are no groups.
  let settings: [ParameterSettings]?
  /// The results of `globalNorms`; empty if nothing is clipped.
  let norms: [Double]
  var moments: [[Tensor<Scalar>]] = []
  /// The number of parameters visited so far.
  private var visited = 0

  init(
    gradients: GradientSource<Scalar>, optimizer: any Optimizer, rate: Double, step: Int,
    initialMoments: [Double], learningRate: Double, weightDecay: Double,
    clipping: GradientClipping?, groups: ParameterGroups?, settings: [ParameterSettings]?,
    norms: [Double]
  ) {
    self.gradients = gradients
    self.optimizer = optimizer
    self.rate = rate
    self.step = step
    self.initialMoments = initialMoments
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.clipping = clipping
    self.groups = groups
    self.settings = settings
    self.norms = norms
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  mutating func visit(_ parameter: inout Parameter<Scalar>, _ name: MemberName) {
    let number = visited
    visited &+= 1
    require(
      parameter.slot >= 0,
      "update: the network was not initialised; call initialize(using:) or compile it first")
    guard parameter.isTrainable, var gradient = gradients.gradient(of: parameter, number)
    else { return }
    var (factor, keep) = (1.0, 1 - learningRate * weightDecay)
    if let own = settings?[number] {
      if own.isFrozen { return }
      factor = own.rateFactor
      keep = 1 - learningRate * factor * (own.weightDecay ?? weightDecay)
    }
    if !norms.isEmpty {
      let group = settings?[number].clippingGroup
      if let clipping = group.map({ groups!.list[$0].clipping! }) ?? clipping {
        gradient = clipping.clipped(gradient, globalNorm: norms[(group ?? -1) + 1])
      }
    }
    // Updates run through memory in the order of the contiguous gradient.
    if !parameter.value.isContiguous { parameter.value = parameter.value.contiguous() }
    while moments.count <= parameter.slot { moments.append([]) }
    if moments[parameter.slot].count != initialMoments.count
      || moments[parameter.slot].contains(where: { $0.count != parameter.value.count })
    {
      moments[parameter.slot] = initialMoments.map {
        Tensor(repeating: Scalar($0), shape: parameter.value.shape)
      }
    }
    if keep == 1 {
      optimizer.update(
        &parameter.value, along: gradient, moments: &moments[parameter.slot],
        rate: factor * rate, step: step)
    } else {
      optimizer.update(
        &parameter.value, along: gradient, moments: &moments[parameter.slot],
        rate: factor * rate, step: step, keeping: keep)
    }
  }
}

/// An optimizer given by Keras's name, such as `"adam"`, with Keras's defaults.
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
