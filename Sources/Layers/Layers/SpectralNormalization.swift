// A layer whose kernel is divided by its greatest singular value.

import Autograd
import Tensor

/// Divides the kernel of a layer by the kernel's greatest singular value, so that the layer cannot
/// stretch any difference between two inputs: the judge of a generative adversarial network then
/// changes slowly with its input.
///
/// The kernel counts as a matrix W of all axes but the last times the last. The singular value σ is
/// followed by the power method, with as few as one iteration in each training step, since the
/// kernel changes little from step to step:
///
/// ```
/// v = W u / ‖W u‖,   u = Wᵀ v / ‖Wᵀ v‖,   σ = vᵀ W u
/// ```
///
/// Gradients pass through W / σ, with u and v taken as constants. Inference and a frozen layer use
/// the u of the last training step. The wrapped layer keeps the kernel that is trained, not the
/// divided one; Keras instead stores the divided kernel after each step.
///
/// Source: T. Miyato et al., "Spectral normalization for generative adversarial networks", 2018.
public struct SpectralNormalization<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The layer whose kernel is divided.
  public private(set) var layer: any Layer<Scalar>
  /// The number of iterations of the power method in each training step.
  public let powerIterations: Int
  /// The vector u, as long as the kernel's last axis; not trained.
  public var u = Parameter<Scalar>(isTrainable: false)

  /// Wraps a layer that has a parameter named `kernel` or `embeddings`.
  public init(_ layer: any Layer<Scalar>, powerIterations: Int = 1) {
    self.layer = layer
    self.powerIterations = powerIterations
    requireValid()
  }

  /// Throws if there is no iteration.
  public func validate() throws(InvalidValue) {
    guard powerIterations > 0 else {
      throw InvalidValue("the number of power iterations must be positive, got \(powerIterations)")
    }
  }

  /// The shape that the layer was given.
  public var inputShape: TensorShape? { layer.inputShape }
  /// The activation function of the layer.
  public var activationName: String? { layer.activationName }
  /// Whether the layer keeps masks.
  public var supportsMasking: Bool { layer.supportsMasking }
  /// Whether the layer can read a text step by step.
  public var supportsCaching: Bool { layer.supportsCaching }

  /// The layer and the vector u.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit.visit(&layer, .name("layer"))
    visit("vector_u", &u)
  }

  /// Builds the layer and declares u, with as many elements as the kernel's last axis.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let shape = try builder.layer("layer", &layer, inputShape: inputShape)
    guard let kernel, let size = kernel.value.shape.last else {
      throw ShapeError(
        "\(layerTypeName(layer)) has no kernel to divide; wrap a layer such as Dense or Conv2D")
    }
    try builder.parameter(&u, [size], .truncatedNormal(standardDeviation: 0.02))
    return shape
  }

  /// Calls the layer with its kernel divided by σ.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    guard let kernel else { return layer(x, in: context) }
    let w = kernel.value.reshaped(to: [-1, kernel.value.shape.last!])
    let isFollowing = context.isTraining && kernel.isTrainable
    var u = context.assignedValue(of: u)
    var v = direction(matmul(w, u))
    if isFollowing {
      for iteration in 0..<powerIterations {
        if iteration > 0 { v = direction(matmul(w, u)) }
        u = direction(matmul(v, w))
      }
      context.assign(u, to: self.u)
    }
    let product = (v.expandingShape(at: 1) * u).reshaped(to: kernel.value.shape)
    let variable = context[kernel]
    let sigma = (variable * context.tape.constant(product)).sum()
    // A kernel of zeros stays one.
    let divided = sigma.scalar == 0 ? variable : variable / sigma
    return context.substituting(divided, for: kernel) { layer(x, in: context) }
  }

  /// The layer's own kernel.
  private var kernel: Parameter<Scalar>? {
    var copy = layer
    var found: Parameter<Scalar>?
    copy.forEachNamedParameter { path, parameter in
      if path == "kernel" || path == "embeddings" { found = parameter }
    }
    return found
  }

  private enum Key: CodingKey { case layer, powerIterations }

  /// Decodes the layer and the number of iterations.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    layer = try container.decode(NamedLayer<Scalar>.self, forKey: .layer).layer
    powerIterations = try container.decode(Int.self, forKey: .powerIterations)
  }

  /// Encodes the layer, without its weights, and the number of iterations.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(NamedLayer(layer), forKey: .layer)
    try container.encode(powerIterations, forKey: .powerIterations)
  }
}

/// The vector divided by its length; zeros stay zeros.
private func direction<Scalar: TensorFloat>(_ vector: Tensor<Scalar>) -> Tensor<Scalar> {
  let length = vector.norm()
  return length == 0 ? vector : vector / length
}
