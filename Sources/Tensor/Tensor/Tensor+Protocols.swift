// Tensors and Swift's own types: rows to loop over, nested arrays, spans, dictionary keys, and
// `Codable`.

// MARK: - Rows

/// The parts of a tensor along its first axis, as views.
///
/// ```swift
/// for image in images.rows { … }
/// let brightest = images.rows.max { $0.mean() < $1.mean() }
/// ```
public struct TensorRows<Scalar: TensorScalar>: RandomAccessCollection, Sendable {
  private let tensor: Tensor<Scalar>

  fileprivate init(_ tensor: Tensor<Scalar>) { self.tensor = tensor }

  /// The first row.
  public var startIndex: Int { 0 }
  /// One past the last row.
  public var endIndex: Int { tensor.shape[0] }
  /// The row at `position`.
  public subscript(position: Int) -> Tensor<Scalar> { tensor[position, ...] }
}

extension Tensor {
  /// The parts of the tensor along its first axis, as a collection of views.
  ///
  /// - Precondition: the tensor has at least one axis.
  public var rows: TensorRows<Scalar> {
    require(rank > 0, "rows: a single number has no rows")
    return TensorRows(self)
  }

  /// A tensor whose parts along the first axis are `rows`, which all have one shape.
  public init(rows: some Collection<Tensor>) { self = stack(Array(rows)) }
}

// MARK: - Arrays and spans

extension Array where Element: TensorScalar {
  /// The elements of a tensor with one axis.
  public init(_ tensor: Tensor<Element>) {
    require(
      tensor.rank == 1,
      "Array: got shape \(tensor.shape), expected one axis; all elements are in `elements`")
    self = tensor.elements
  }
}

extension Array {
  /// The rows of a tensor with two axes.
  public init<Scalar>(_ tensor: Tensor<Scalar>) where Element == [Scalar] {
    require(tensor.rank == 2, "Array: got shape \(tensor.shape), expected two axes")
    self = tensor.rows.map(\.elements)
  }
}

extension Tensor {
  /// Calls `body` with the elements in row-major order; a contiguous tensor is not copied.
  ///
  /// A span checks its indices and cannot outlive the call, so it is the safe way to write your own
  /// loop.
  public func withSpan<Result>(_ body: (Span<Scalar>) throws -> Result) rethrows -> Result {
    try withUnsafeBufferPointer { try body($0.span) }
  }

  /// Calls `body` with the elements in row-major order; `body` may change them.
  public mutating func withMutableSpan<Result>(
    _ body: (inout MutableSpan<Scalar>) throws -> Result
  ) rethrows -> Result {
    try withUnsafeMutableBufferPointer { buffer in
      var span = buffer.mutableSpan
      return try body(&span)
    }
  }
}

// MARK: - Hashing and encoding

extension Tensor: Hashable {
  /// Feeds the shape and the elements to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(shape)
    withUnsafeBufferPointer { for element in $0 { hasher.combine(element) } }
  }
}

extension Tensor: Codable where Scalar: Codable {
  private enum CodingKeys: String, CodingKey { case shape, elements }

  /// Writes the shape, and the elements in row-major order.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Array(shape), forKey: .shape)
    try container.encode(elements, forKey: .elements)
  }

  /// Reads the form that `encode(to:)` writes; throws if the elements do not fill the shape.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let sizes = try container.decode([Int].self, forKey: .shape)
    let elements = try container.decode([Scalar].self, forKey: .elements)
    var expected: Int? = 1
    for size in sizes {
      let product = expected?.multipliedReportingOverflow(by: size)
      expected = size < 0 || product?.overflow != false ? nil : product?.partialValue
    }
    guard sizes.count <= AxisList.maximumCount, expected == elements.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .elements, in: container,
        debugDescription: "\(elements.count) elements do not fill shape \(sizes)")
    }
    self.init(elements, shape: TensorShape(sizes))
  }
}
