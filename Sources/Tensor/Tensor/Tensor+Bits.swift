// Operations that only integers have: bits, shifts, common divisors and multiples, exact powers and
// matrix products. Booleans have `.&`, `.|`, `.^` and `.!`. The loops are in
// Operations/IntegerLoops.swift.

extension Tensor where Scalar: TensorNumber & FixedWidthInteger {
  // MARK: Bits

  /// The bits that are set in both of the corresponding elements.
  public static func & (a: Tensor, b: Tensor) -> Tensor { combined(.and, a, b) }
  /// The bits that are set in each element and in `b`.
  public static func & (a: Tensor, b: Scalar) -> Tensor { a & Tensor(b) }

  /// The bits that are set in at least one of the corresponding elements.
  public static func | (a: Tensor, b: Tensor) -> Tensor { combined(.or, a, b) }
  /// The bits that are set in each element or in `b`.
  public static func | (a: Tensor, b: Scalar) -> Tensor { a | Tensor(b) }

  /// The bits that are set in exactly one of the corresponding elements.
  public static func ^ (a: Tensor, b: Tensor) -> Tensor { combined(.exclusiveOr, a, b) }
  /// The bits that are set in exactly one of each element and `b`.
  public static func ^ (a: Tensor, b: Scalar) -> Tensor { a ^ Tensor(b) }

  /// Each element with all of its bits inverted.
  public static prefix func ~ (a: Tensor) -> Tensor { a ^ (0 &- 1) }

  /// Each element shifted left by the corresponding number of bits; 0 if that is at least its
  /// width.
  ///
  /// A negative number of bits shifts right, as for Swift's integers.
  public static func << (a: Tensor, b: Tensor) -> Tensor { combined(.shiftLeft, a, b) }
  /// Each element shifted left by `b` bits.
  public static func << (a: Tensor, b: Scalar) -> Tensor { a << Tensor(b) }

  /// Each element shifted right by the corresponding number of bits; the sign is kept.
  public static func >> (a: Tensor, b: Tensor) -> Tensor { combined(.shiftRight, a, b) }
  /// Each element shifted right by `b` bits.
  public static func >> (a: Tensor, b: Scalar) -> Tensor { a >> Tensor(b) }
}

// MARK: - Divisors and powers

/// The greatest common divisor of corresponding elements, never negative; 0 of two zeros.
public func gcd<Scalar: TensorNumber & FixedWidthInteger>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> { Tensor.combined(.gcd, a, b) }

/// The greatest common divisor of each element and `b`.
public func gcd<Scalar: TensorNumber & FixedWidthInteger>(
  _ a: Tensor<Scalar>, _ b: Scalar
) -> Tensor<Scalar> { gcd(a, Tensor(b)) }

/// The least common multiple of corresponding elements, never negative; it wraps around on
/// overflow.
public func lcm<Scalar: TensorNumber & FixedWidthInteger>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> { Tensor.combined(.lcm, a, b) }

/// The least common multiple of each element and `b`.
public func lcm<Scalar: TensorNumber & FixedWidthInteger>(
  _ a: Tensor<Scalar>, _ b: Scalar
) -> Tensor<Scalar> { lcm(a, Tensor(b)) }

/// Each integer raised to the corresponding element of `exponent`; powers wrap around on overflow.
///
/// - Precondition: no exponent is negative, because such powers are not integers.
public func pow<Scalar: TensorNumber & FixedWidthInteger>(
  _ base: Tensor<Scalar>, _ exponent: Tensor<Scalar>
) -> Tensor<Scalar> {
  require(
    !(exponent .< 0).any(),
    "pow: an exponent is negative, and such powers are no integers; convert to Double")
  return Tensor.combined(.power, base, exponent)
}

/// Each integer raised to `exponent`; powers wrap around on overflow.
///
/// - Precondition: the exponent is not negative.
public func pow<Scalar: TensorNumber & FixedWidthInteger>(
  _ base: Tensor<Scalar>, _ exponent: Scalar
) -> Tensor<Scalar> { pow(base, Tensor(exponent)) }

// MARK: - Matrix products

/// The matrix product of integer tensors, which wraps around on overflow; shapes follow the same
/// rules as for floating-point numbers.
///
/// - Precondition: the last axis of `a` is as long as the second to last, or only one, of `b`.
/// - Complexity: O(*m n k*).
public func matmul<Scalar: TensorNumber & FixedWidthInteger>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  require(
    a.rank > 0 && b.rank > 0 && a.shape[a.rank - 1] == b.shape[max(b.rank - 2, 0)],
    "matmul: inner sizes differ for shapes \(a.shape) and \(b.shape); the last axis of the left must "
      + "equal the second to last, or only one, of the right")
  if b.rank == 1 { return matmul(a, b.expandingShape(at: 1)).squeezingShape(at: -1) }
  if a.rank == 1 { return matmul(a.expandingShape(at: 0), b).squeezingShape(at: -2) }
  return product(a, b)
}

private func product<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  if Scalar.scalarType.isCarried { return Tensor(carrier: product(a.carrier, b.carrier)) }
  let (m, k, n) = (a.shape[a.rank - 2], a.shape[a.rank - 1], b.shape[b.rank - 1])
  let batch = TensorShape.broadcast(
    TensorShape(a.shape.dropLast(2)), TensorShape(b.shape.dropLast(2)),
    "matmul of shapes \(a.shape) and \(b.shape)")
  let left = a.broadcast(to: TensorShape(Array(batch) + [m, k])).contiguous()
  let right = b.broadcast(to: TensorShape(Array(batch) + [k, n])).contiguous()
  let result = Tensor<Scalar>.zeros(TensorShape(Array(batch) + [m, n]))
  let (x, z, y) = (left.base, right.base, result.storage.base)
  // Row by row: multiples of the rows of b are added up in the cache.
  if n > 0 {
    Parallel.overRows(batch.elementCount * m, of: k * n) { start, rows in
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: n) { products in
        let products = products.baseAddress!
        for row in start..<start + rows {
          for p in 0..<k {
            let other = z + (row / m &* k &+ p) &* n
            Loops.zip(.multiply, other, 1, x + (row &* k &+ p), 0, products, n)
            Loops.zip(.add, y + row &* n, 1, UnsafePointer(products), 1, y + row &* n, n)
          }
        }
      }
    }
  }
  withExtendedLifetime((left, right)) {}
  return result
}
