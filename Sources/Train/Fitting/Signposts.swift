// What users of Keras write on a network before they compile it, answered by the compiler.

import Layers

extension Layer {
  /// Keras's `model.fit`; here a network is compiled first, and the model that this gives has `fit`.
  @available(
    *, unavailable,
    message: "call compile(optimizer:loss:) first; the model that it returns has fit"
  )
  public func fit<X, Y>(_ x: X, _ y: Y, epochs: Int = 1, batchSize: Int = 32) { fatalError() }

  /// Keras's `model.evaluate`; here a network is compiled first.
  @available(
    *, unavailable,
    message: "call compile(optimizer:loss:) first; the model that it returns has evaluate"
  )
  public func evaluate<X, Y>(_ x: X, _ y: Y, batchSize: Int = 32) { fatalError() }

  /// Keras's `model.predict`; here a network is compiled first.
  @available(
    *, unavailable,
    message: "call compile(optimizer:loss:) first; the model that it returns has predict"
  )
  public func predict<X>(_ x: X, batchSize: Int = 32) { fatalError() }
}
