import Autograd
import Tensor

/// A custom recurrent cell: computes an output and new states from one step's input and the states.
///
/// ```swift
/// struct Leaky<Scalar: TensorFloat>: RecurrentCell {
///   var mix = Dense<Scalar>(8)
///   var stateSizes: [Int] { [8] }
///
///   mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) { visit("mix", &mix) }
///   mutating func buildStep(
///     _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
///   ) throws(ShapeError) -> TensorShape { try builder.layer("mix", &mix, inputShape: inputShape) }
///   func step(
///     _ x: Variable<Scalar>, _ states: [Variable<Scalar>], in context: Context<Scalar>
///   ) -> (output: Variable<Scalar>, states: [Variable<Scalar>]) {
///     let h = states[0] * 0.9 + mix(x, in: context)
///     return (h, [h])
///   }
/// }
/// let network = Sequential([RNN(Leaky(), inputShape: [20, 3]), Dense(1)])
/// ```
public protocol RecurrentCell<Scalar>: Layer {
  /// The size of each state of a sample.
  var stateSizes: [Int] { get }

  /// Declares the shapes of the parameters and returns that of the output for one step of a sample.
  mutating func buildStep(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape

  /// Records one step: the output, [batch, …], and the new states.
  func step(
    _ x: Variable<Scalar>, _ states: [Variable<Scalar>], in context: Context<Scalar>
  ) -> (output: Variable<Scalar>, states: [Variable<Scalar>])
}

extension RecurrentCell {
  /// Builds the cell for one step.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape { try buildStep(&builder, inputShape: inputShape) }

  /// Records one step that starts from zero states.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    step(x, zeroStates(x, context), in: context).output
  }

  fileprivate func zeroStates(
    _ x: Variable<Scalar>, _ context: Context<Scalar>
  ) -> [Variable<Scalar>] {
    stateSizes.map { context.tape.constant(.zeros([x.shape[0], $0])) }
  }
}

/// Runs a custom cell over the steps of samples of shape [steps, …].
///
/// Each step is recorded separately, so the cell can use any operation. ``LSTM``, ``GRU`` and
/// ``SimpleRNN`` are single operations and faster. Masked steps leave the states unchanged.
public struct RNN<Cell: RecurrentCell>: Layer {
  /// The number type of the cell.
  public typealias Scalar = Cell.Scalar

  /// The cell that computes each step.
  public var cell: Cell
  /// Whether the result holds all steps or only the last one.
  public let returnSequences: Bool
  /// Whether the steps are read in reverse.
  public let goBackwards: Bool
  /// The shape of one sample, if it was given.
  public let inputShape: TensorShape?

  /// A layer that runs a cell over time.
  public init(
    _ cell: Cell, inputShape: TensorShape? = nil, returnSequences: Bool = false,
    goBackwards: Bool = false
  ) {
    self.cell = cell
    self.inputShape = inputShape
    self.returnSequences = returnSequences
    self.goBackwards = goBackwards
  }

  /// Visits the cell.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("cell", &cell)
  }

  /// Builds the cell for one step.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard let steps = inputShape.first, steps > 0 else {
      throw ShapeError("expected samples of shape [steps, …], got \(inputShape)")
    }
    let step = TensorShape(Array(inputShape.dropFirst()))
    let output = try builder.layer("cell", &cell, inputShape: step)
    return returnSequences ? TensorShape([steps] + Array(output)) : output
  }

  /// Records the steps one after another.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let mask = context.mask(of: x)
    var states = cell.zeroStates(x, context)
    var outputs: [Variable<Scalar>] = []
    let steps = 0..<x.shape[1]
    for t in goBackwards ? Array(steps.reversed()) : Array(steps) {
      var (output, new) = cell.step(x[0..<x.shape[0], t], states, in: context)
      if let mask {
        let isValid = mask[0..<x.shape[0], t]
        func choose(_ a: Variable<Scalar>, _ b: Variable<Scalar>) -> Variable<Scalar> {
          let sizes = [a.shape[0]] + Array(repeating: 1, count: a.rank - 1)
          return select(isValid.reshaped(to: TensorShape(sizes)), a, b)
        }
        output = choose(output, outputs.last ?? output * 0)
        new = zip(new, states).map { choose($0, $1) }
      }
      (states, outputs) = (new, returnSequences ? outputs + [output] : [output])
    }
    return returnSequences ? stack(outputs, axis: 1) : outputs[0]
  }
}
