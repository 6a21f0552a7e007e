// Names that users of NumPy and PyTorch try first. The compiler answers with this library's name.

extension Tensor {
  /// NumPy's `a.T`; here ``transposed()``.
  @available(*, unavailable, message: "write transposed(), which is a view")
  public var T: Tensor { fatalError() }
  /// NumPy's `a.ndim`; here ``rank``.
  @available(*, unavailable, renamed: "rank")
  public var ndim: Int { fatalError() }
  /// NumPy's `a.size`; here ``count``.
  @available(*, unavailable, renamed: "count")
  public var size: Int { fatalError() }
  /// NumPy's `a.dtype`; here the type's `Scalar`.
  @available(*, unavailable, message: "write scalarType of the element's type, Scalar.scalarType")
  public var dtype: Never { fatalError() }
  /// NumPy's `a.reshape(2, 3)`; here ``reshaped(to:)``.
  @available(*, unavailable, message: "write reshaped(to: [2, 3])")
  public func reshape(_ sizes: Int...) -> Tensor { fatalError() }
  /// NumPy's `a.reshape([2, 3])`; here ``reshaped(to:)``.
  @available(*, unavailable, renamed: "reshaped(to:)")
  public func reshape(_ shape: [Int]) -> Tensor { fatalError() }
  /// NumPy's `a.astype(t)`; here ``cast(to:)``.
  @available(*, unavailable, message: "write cast(to: Float.self)")
  public func astype<Other>(_ type: Other.Type) -> Tensor<Other> { fatalError() }
  /// NumPy's `a.dot(b)`; here `matmul` or `vdot`.
  @available(*, unavailable, message: "write matmul(a, b), or vdot(a, b) for two vectors")
  public func dot(_ other: Tensor) -> Tensor { fatalError() }
  /// NumPy's `a.std()`; here `standardDeviation()`.
  @available(*, unavailable, message: "write standardDeviation()")
  public func std() -> Scalar { fatalError() }
  /// NumPy's `a.var()`; here `variance()`.
  @available(*, unavailable, message: "write variance()")
  public func `var`() -> Scalar { fatalError() }
}

extension Tensor where Scalar: TensorNumber {
  /// NumPy's `a > b`; here `a .> b`, since `>` gives one `Bool` in Swift.
  @available(*, unavailable, message: "write a .> b, which compares element by element")
  public static func > (a: Tensor, b: Tensor) -> Bool { fatalError() }
  /// NumPy's `a > b`; here `a .> b`, since `>` gives one `Bool` in Swift.
  @available(*, unavailable, message: "write a .> b, which compares element by element")
  public static func > (a: Tensor, b: Scalar) -> Bool { fatalError() }
  /// NumPy's `a < b`; here `a .< b`, since `<` gives one `Bool` in Swift.
  @available(*, unavailable, message: "write a .< b, which compares element by element")
  public static func < (a: Tensor, b: Tensor) -> Bool { fatalError() }
  /// NumPy's `a < b`; here `a .< b`, since `<` gives one `Bool` in Swift.
  @available(*, unavailable, message: "write a .< b, which compares element by element")
  public static func < (a: Tensor, b: Scalar) -> Bool { fatalError() }
}
