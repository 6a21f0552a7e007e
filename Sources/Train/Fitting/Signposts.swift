// Compiler messages for users of Keras who call these methods before compiling the network.

import Layers

extension Layer {
  /// Unavailable: compile the network first; the resulting model has `fit`.
  @available(
    *, unavailable,
    message: "call compile(optimizer:loss:) first; the model that it returns has fit"
  )
  public func fit<X, Y>(_ x: X, _ y: Y, epochs: Int = 1, batchSize: Int = 32) { fatalError() }

  /// Unavailable: compile the network first; the resulting model has `evaluate`.
  @available(
    *, unavailable,
    message: "call compile(optimizer:loss:) first; the model that it returns has evaluate"
  )
  public func evaluate<X, Y>(_ x: X, _ y: Y, batchSize: Int = 32) { fatalError() }

  /// Unavailable: compile the network first; the resulting model has `predict`.
  @available(
    *, unavailable,
    message: "call compile(optimizer:loss:) first; the model that it returns has predict"
  )
  public func predict<X>(_ x: X, batchSize: Int = 32) { fatalError() }
}
