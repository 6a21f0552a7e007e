import Autograd
import Tensor

/// A tensor that training adjusts.
public struct Parameter<Scalar: TensorFloat>: Sendable {
  /// The values; empty until the layer is built.
  public var value = Tensor<Scalar>(uninitialized: [0])
  /// The path in the network, such as `encoder.dense_1.kernel`; empty until the network is initialised.
  public private(set) var path = ""
  /// The penalty on the values, added to the loss; nil for none.
  public var regularizer: Regularizer?
  /// Whether gradients are computed and optimizers change the value (Keras's `trainable`).
  ///
  /// Setting it freezes or unfreezes the parameter. Parameters created as not trainable, such as
  /// the moving averages of batch normalisation, stay so.
  public var isTrainable: Bool {
    get { isWeight && !isFrozen }
    set { isFrozen = !newValue }
  }
  private let isWeight: Bool
  /// Whether the parameter is frozen.
  package private(set) var isFrozen = false
  /// The number of the parameter in its network; -1 until `initialize` sets it.
  package private(set) var slot = -1

  /// A parameter without a value.
  public init(isTrainable: Bool = true, regularizer: Regularizer? = nil) {
    self.regularizer = regularizer
    isWeight = isTrainable
  }

  /// Whether `initialize` gave it a value.
  package var isInitialized: Bool { slot >= 0 }

  /// Sets the number and path of the parameter in its network.
  mutating func place(slot: Int, path: String) {
    self.slot = slot
    self.path = path
  }
}

extension Parameter: Codable {
  private enum Key: CodingKey { case regularizer, isTrainable }

  /// Decodes a parameter without a value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      isTrainable: try container.decodeIfPresent(Bool.self, forKey: .isTrainable) ?? true,
      regularizer: try container.decodeIfPresent(Regularizer.self, forKey: .regularizer))
  }

  /// Encodes the settings but not the value, which files hold as a tensor.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(regularizer, forKey: .regularizer)
    if !isWeight { try container.encode(false, forKey: .isTrainable) }
  }
}

extension Gradients {
  /// The gradient with respect to a parameter; nil if the result does not depend on it or if it is frozen.
  ///
  /// The parameter is identified by its memory. So two networks can share a tape, and a copy that
  /// was not changed counts as the original.
  @inline(__always)
  public subscript(parameter: Parameter<Scalar>) -> Tensor<Scalar>? {
    parameter.isTrainable ? self.parameter(slot: parameter.slot, parameter.value) : nil
  }
}
