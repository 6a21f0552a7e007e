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
  /// The share of a weight, times the learning rate, that each step takes away before the rule is used;
  /// the default is 0.
  var weightDecay: Double { get }
  /// Parameters that are treated in their own way; the default is nil, none.
  var groups: ParameterGroups? { get }

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

  /// Multiplies one parameter's weights by `keep`, what weight decay leaves of them, and then changes them
  /// as the other `update` does.
  ///
  /// The default does one after the other; a rule may have a quicker way to do both.
  func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int, keeping keep: Double)
}

extension Optimizer {
  /// Nothing is remembered.
  public var initialMoments: [Double] { [] }
  /// The same rate for every step.
  public func rate(step: Int) -> Double { learningRate }
  /// Gradients are used as they are.
  public var clipping: GradientClipping? { nil }
  /// Nothing is taken away.
  public var weightDecay: Double { 0 }
  /// The name of the type with its hyper-parameters: `SGD(learningRate: 0.01, momentum: 0.0, …)`.
  public var description: String { Layers.description(of: self) }
  /// All parameters are treated alike.
  public var groups: ParameterGroups? { nil }

  /// Multiplies the weights by `keep` and makes a step.
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

/// An optimizer that is another one with something changed: all that it does not say itself is said by
/// `base`.
public protocol WrappedOptimizer: Optimizer {
  /// The type of the rule itself.
  associatedtype Base: Optimizer
  /// The rule itself.
  var base: Base { get set }
}

extension WrappedOptimizer {
  /// The name of the rule itself.
  public var name: String { base.name }
  /// The length of a step.
  public var learningRate: Double {
    get { base.learningRate }
    set { base.learningRate = newValue }
  }
  /// What the rule itself remembers.
  public var initialMoments: [Double] { base.initialMoments }
  /// The rule's own rate.
  public func rate(step: Int) -> Double { base.rate(step: step) }
  /// The rule's own clipping.
  public var clipping: GradientClipping? { base.clipping }
  /// The rule's own decay.
  public var weightDecay: Double { base.weightDecay }
  /// The rule's own groups.
  public var groups: ParameterGroups? { base.groups }

  /// Makes one step of the rule itself.
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) { base.update(&weights, along: gradient, moments: &moments, rate: rate, step: step) }

  /// Makes one step of the rule itself after the weights were multiplied by `keep`.
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int, keeping keep: Double
  ) {
    base.update(
      &weights, along: gradient, moments: &moments, rate: rate, step: step, keeping: keep)
  }
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
  /// How each parameter is treated, for the groups of that number.
  var settings: (groups: UInt64, list: [ParameterSettings]) = (0, [])

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
    network.update(along: .onTape(gradients), by: self, state: &state)
  }

  /// Makes one step along gradients apart from a tape, for each parameter in the network's order; nil for
  /// those that stay as they are.
  func update<Network: Layer>(
    _ network: inout Network, along gradients: [Tensor<Network.Scalar>?],
    state: inout OptimizerState<Network.Scalar>
  ) {
    let mode = FloatingPointMode.startFlushing()
    defer { mode.restore() }
    network.update(along: .apart(gradients), by: self, state: &state)
  }
}

/// Where an update finds the gradients.
private enum GradientSource<Scalar: TensorFloat> {
  case onTape(Gradients<Scalar>)
  case apart([Tensor<Scalar>?])

  /// The gradient of a parameter, which has the given number in its network; nil for none.
  @inline(__always)
  func gradient(of parameter: Parameter<Scalar>, _ number: Int) -> Tensor<Scalar>? {
    switch self {
    case .onTape(let gradients): gradients[parameter]
    case .apart(let list): number < list.count ? list[number] : nil
    }
  }
}

extension Layer {
  /// One step of any optimizer; compiled for the usual network.
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
    // The moments move to the walk and back: a second owner would make each update a copy.
    swap(&update.moments, &state.moments)
    forEachMember(&update)
    swap(&update.moments, &state.moments)
  }

  /// The length of all gradients that are clipped together: those of the optimizer's own clipping first,
  /// then those of each group; 0 where that is not asked for.
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

/// The walk that changes each parameter.
private struct ParameterUpdate<Scalar: TensorFloat>: MemberVisitor {
  let gradients: GradientSource<Scalar>
  let optimizer: any Optimizer
  let rate: Double
  let step: Int
  let initialMoments: [Double]
  let learningRate, weightDecay: Double
  let clipping: GradientClipping?
  let groups: ParameterGroups?
  /// How each parameter is treated; nil if all are treated alike.
  let settings: [ParameterSettings]?
  /// The lengths that `globalNorms` found; empty if nothing is clipped.
  let norms: [Double]
  var moments: [[Tensor<Scalar>]] = []
  /// The number of parameters that were visited.
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
