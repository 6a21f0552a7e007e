// Networks of any topology: several inputs and outputs, shared layers, skip connections.

import Autograd
import Tensor

/// A network as a directed graph of layers, like Keras's functional model.
///
/// The closure declares the inputs, calls layers and declares the outputs. A layer that is called
/// twice uses the same weights both times:
///
/// ```swift
/// let siamese = Graph { g in
///   let left = g.input([28, 28], name: "left")
///   let right = g.input([28, 28], name: "right")
///   let twin = g.layer(Sequential([Flatten(), Dense(64, activation: .relu)]), name: "twin")
///   let likeness = g.layer(Dot(normalizes: true))(twin(left), twin(right))
///   g.output(g.layer(Dense(1, activation: .sigmoid))(likeness), name: "same")
/// }
/// ```
///
/// `x + g.layer(Dense(64))(x)` is a residual connection.
public struct Graph<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The inputs, in order.
  public let inputs: [LayerInput]
  private var members: [Member]
  private var steps: [Step]
  private var outputs: [Output]

  fileprivate struct Member: Codable, Sendable {
    let name: String
    var content: NamedLayer<Scalar>
  }

  /// A call of a layer.
  ///
  /// Values are numbered: the inputs, then the results of each step.
  fileprivate struct Step: Codable, Sendable {
    var member: Int
    var inputs: [Int]
    let resultCount: Int
  }

  fileprivate struct Output: Codable, Sendable {
    let name: String
    var value: Int
  }

  /// A network of the layers that the closure calls, in `Float`.
  public init(_ body: (GraphBuilder<Float>) -> Void) where Scalar == Float { self.init(of: body) }

  /// A network of the layers that the closure calls.
  @_disfavoredOverload
  public init(_ body: (GraphBuilder<Scalar>) -> Void) { self.init(of: body) }

  private init(of body: (GraphBuilder<Scalar>) -> Void) {
    let builder = GraphBuilder<Scalar>()
    body(builder)
    (inputs, members) = (builder.inputs, builder.members)
    (steps, outputs) = (builder.steps, builder.outputs)
    requireValid()
  }

  /// Throws unless each step uses only earlier values, every layer is called and all names differ.
  public func validate() throws(InvalidValue) {
    for names in [inputs.map(\.name) + members.map(\.name), outputs.map(\.name)] {
      guard Set(names).count == names.count, !names.contains(where: { $0.contains(".") }) else {
        throw InvalidValue("expected names that differ and have no points, got \(names)")
      }
    }
    guard !inputs.isEmpty && !outputs.isEmpty else {
      throw InvalidValue("a graph needs an input and an output")
    }
    var count = inputs.count
    for step in steps {
      guard members.indices.contains(step.member), !step.inputs.isEmpty,
        step.inputs.allSatisfy((0..<count).contains),
        step.resultCount == members[step.member].content.layer.outputNames.count
      else { throw InvalidValue("a step takes values that are not there before it") }
      count += step.resultCount
    }
    guard outputs.allSatisfy({ (0..<count).contains($0.value) }) else {
      throw InvalidValue("an output is none of the \(count) values")
    }
    for index in members.indices where !steps.contains(where: { $0.member == index }) {
      throw InvalidValue("the layer \(members[index].name) is never called")
    }
  }

  /// The shape of the input, if there is only one and it declares a shape.
  public var inputShape: TensorShape? { inputs.count == 1 ? inputs[0].shape : nil }

  /// The names of the outputs, in order.
  public var outputNames: [String] { outputs.map(\.name) }

  /// The layer with the given name, such as an encoder to use on its own.
  public subscript(name: String) -> any Layer<Scalar> {
    get { members[position(of: name)].content.layer }
    set { members[position(of: name)].content.layer = newValue }
  }

  private func position(of name: String) -> Int {
    guard let position = members.firstIndex(where: { $0.name == name }) else {
      fail(unknownName(name, kind: "Graph", known: members.map(\.name)))
    }
    return position
  }

  /// The layers by their names.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    for i in 0..<members.count {
      let name = members[i].name
      visit.visit(&members[i].content.layer, .name(name))
    }
  }

  /// Builds the layers in the order of their first calls.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShapes: [TensorShape]
  ) throws(ShapeError) -> [TensorShape] {
    guard inputShapes.count == inputs.count else {
      throw ShapeError("expected \(inputs.count) inputs, got \(inputShapes.count)")
    }
    var values = zip(inputShapes, inputs).map { (shape: $0, source: $1.name) }
    for (input, shape) in zip(inputs, inputShapes) { builder.note(input: input, shape: shape) }
    var built = Set<Int>()
    for step in steps {
      let name = members[step.member].name
      let taken = step.inputs.map { values[$0] }
      let isFirst = built.insert(step.member).inserted
      let shapes = try builder.layer(
        .name(name), &members[step.member].content.layer, inputShapes: taken.map(\.shape),
        from: taken.map(\.source), isShared: !isFirst)
      values += shapes.map { ($0, name) }
    }
    return outputs.map { values[$0.value].shape }
  }

  /// Builds the layers of a graph with one input and one output.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let shapes = try build(&builder, inputShapes: [inputShape])
    guard shapes.count == 1 else { throw ShapeError("expected one result, got \(shapes.count)") }
    return shapes[0]
  }

  /// Merges pairs of layers of which the second alone takes what the first gives, both called once.
  ///
  /// - Parameter merged: the layer that does what both do, if there is one.
  mutating func foldSteps(
    _ merged: (_ layer: any Layer<Scalar>, _ next: any Layer<Scalar>) -> (any Layer<Scalar>)?
  ) {
    var next = 0
    while next < steps.count {
      if let first = steps.indices.first(where: { isOnlySource($0, of: next) }),
        let layer = merged(
          members[steps[first].member].content.layer, members[steps[next].member].content.layer)
      {
        members[steps[first].member].content.layer = layer
        remove(next)
      } else {
        next += 1
      }
    }
  }

  /// The number of the first result of a step.
  private func value(of step: Int) -> Int {
    steps[..<step].reduce(inputs.count) { $0 + $1.resultCount }
  }

  /// Whether a step takes nothing but the one result of another, which nothing else takes, and no layer of the two
  /// is called again.
  private func isOnlySource(_ source: Int, of step: Int) -> Bool {
    let value = value(of: source)
    let uses = steps.flatMap(\.inputs) + outputs.map(\.value)
    return steps[step].inputs == [value] && steps[source].resultCount == 1
      && steps[step].resultCount == 1 && uses.count { $0 == value } == 1
      && [source, step].allSatisfy { place in
        steps.count { $0.member == steps[place].member } == 1
      }
  }

  /// Takes a step of one input and one result away: who took the result takes the input.
  private mutating func remove(_ step: Int) {
    let (removed, source, member) = (value(of: step), steps[step].inputs[0], steps[step].member)
    func renumbered(_ value: Int) -> Int {
      value == removed ? source : value > removed ? value - 1 : value
    }
    steps.remove(at: step)
    members.remove(at: member)
    for i in steps.indices {
      steps[i].inputs = steps[i].inputs.map(renumbered)
      if steps[i].member > member { steps[i].member -= 1 }
    }
    for i in outputs.indices { outputs[i].value = renumbered(outputs[i].value) }
  }

  /// Records the layers' functions in order.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func call(
    _ inputs: [Variable<Scalar>], in context: Context<Scalar>
  ) -> [Variable<Scalar>] {
    require(
      inputs.count == self.inputs.count,
      "Graph: expected \(self.inputs.count) inputs (\(self.inputs.map(\.name).joined(separator: ", "))), "
        + "got \(inputs.count)")
    var values = inputs
    for step in steps {
      let member = members[step.member]
      if context.tape.profile == nil {
        values.appendResults(of: step, by: member.content.layer, in: context)
      } else {
        context.inScope(of: member.content.layer, name: member.name) {
          values.appendResults(of: step, by: member.content.layer, in: context)
        }
      }
    }
    return outputs.map { values[$0.value] }
  }

  /// Records a graph with one input and one output.
  public func call(
    _ input: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    require(outputs.count == 1, "Graph: expected a graph of one result, it has \(outputs.count)")
    return call([input], in: context)[0]
  }
}

extension Array {
  /// Calls a layer with the inputs of a step and appends its results.
  @inline(__always)
  fileprivate mutating func appendResults<Scalar>(
    of step: Graph<Scalar>.Step, by layer: any Layer<Scalar>, in context: Context<Scalar>
  ) where Element == Variable<Scalar> {
    if step.inputs.count == 1 && step.resultCount == 1 {
      append(layer.callPassingMask(self[step.inputs[0]], in: context))
    } else {
      append(contentsOf: layer.callPassingMask(step.inputs.map { self[$0] }, in: context))
    }
  }
}

/// Declares the inputs, layers and outputs of a ``Graph``.
public final class GraphBuilder<Scalar: TensorFloat> {
  fileprivate var inputs: [LayerInput] = []
  fileprivate var members: [Graph<Scalar>.Member] = []
  fileprivate var steps: [Graph<Scalar>.Step] = []
  fileprivate var outputs: [Graph<Scalar>.Output] = []
  /// The number of values so far: inputs and results of steps.
  private var values = 0
  private var names = MemberPath()

  fileprivate init() {}

  /// Declares an input of the network.
  ///
  /// - Parameters:
  ///   - shape: the shape of one sample; optional if the network is built from data.
  ///   - name: the name under which data are passed; by default `input`, `input_1`, ….
  /// - Returns: a value that layers can be called with.
  public func input(_ shape: TensorShape? = nil, name: String? = nil) -> GraphValue<Scalar> {
    require(steps.isEmpty, "Graph: make all inputs before the first layer is called")
    inputs.append(LayerInput(name ?? numbered("input", inputs.count), shape: shape))
    values += 1
    return GraphValue(builder: self, index: values - 1)
  }

  /// Declares a layer of the network; every call of the returned layer uses the same weights.
  ///
  /// - Parameters:
  ///   - layer: the layer.
  ///   - name: the name in paths; by default Keras's, such as `dense_1`.
  /// - Returns: the layer, which is called with values.
  public func layer<Member: Layer>(_ layer: Member, name: String? = nil) -> GraphLayer<Scalar>
  where Member.Scalar == Scalar {
    names.enter(name.map { .name($0) } ?? .type, of: Member.self)
    defer { names.leave() }
    require(
      name == nil || names.last == name!, "Graph: there are two layers of the name \(name ?? "")")
    members.append(.init(name: names.last, content: NamedLayer(layer)))
    return GraphLayer(builder: self, member: members.count - 1)
  }

  /// Declares a value as an output of the network.
  ///
  /// - Parameters:
  ///   - value: the value.
  ///   - name: the name under which targets and losses are passed; by default `output`, `output_1`,
  ///     ….
  public func output(_ value: GraphValue<Scalar>, name: String? = nil) {
    check([value])
    outputs.append(.init(name: name ?? numbered("output", outputs.count), value: value.index))
  }

  private func numbered(_ name: String, _ number: Int) -> String {
    number == 0 ? name : "\(name)_\(number)"
  }

  private func check(_ values: [GraphValue<Scalar>]) {
    require(
      values.allSatisfy { $0.builder === self }, "Graph: a value is of another graph")
  }

  fileprivate func call(_ member: Int, _ inputs: [GraphValue<Scalar>]) -> [GraphValue<Scalar>] {
    check(inputs)
    require(!inputs.isEmpty, "Graph: the layer \(members[member].name) is called without a value")
    let count = members[member].content.layer.outputNames.count
    steps.append(.init(member: member, inputs: inputs.map(\.index), resultCount: count))
    values += count
    return (values - count..<values).map { GraphValue(builder: self, index: $0) }
  }
}

/// A layer of a graph under construction, which is called with values.
public struct GraphLayer<Scalar: TensorFloat> {
  fileprivate let builder: GraphBuilder<Scalar>
  fileprivate let member: Int

  /// The result of the layer for the given values.
  ///
  /// - Precondition: the layer has one result.
  public func callAsFunction(_ inputs: GraphValue<Scalar>...) -> GraphValue<Scalar> {
    let values = builder.call(member, inputs)
    require(
      values.count == 1,
      "Graph: the layer \(builder.members[member].name) has \(values.count) results; take them with "
        + "results(_:)")
    return values[0]
  }

  /// The results of a layer that has several.
  public func results(_ inputs: GraphValue<Scalar>...) -> [GraphValue<Scalar>] {
    builder.call(member, inputs)
  }
}

/// A value of a graph under construction: an input or a result of a layer.
public struct GraphValue<Scalar: TensorFloat> {
  fileprivate let builder: GraphBuilder<Scalar>
  fileprivate let index: Int

  /// The sum, as an ``Add`` layer.
  public static func + (a: GraphValue, b: GraphValue) -> GraphValue {
    a.builder.layer(Add<Scalar>())(a, b)
  }

  /// The difference, as a ``Subtract`` layer.
  public static func - (a: GraphValue, b: GraphValue) -> GraphValue {
    a.builder.layer(Subtract<Scalar>())(a, b)
  }

  /// The element-wise product, as a ``Multiply`` layer.
  public static func * (a: GraphValue, b: GraphValue) -> GraphValue {
    a.builder.layer(Multiply<Scalar>())(a, b)
  }
}
