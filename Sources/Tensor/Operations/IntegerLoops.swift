// Loops for operations that only integers have: bits, shifts, divisors, exact powers. They are
// plain loops, which the compiler vectorises for the baseline if the operation allows it.

/// The operations on two integers that floating-point numbers do not have.
enum IntegerOperation: String {
  case and, or, exclusiveOr, shiftLeft, shiftRight, power, gcd, lcm
}

extension Loops {
  /// `y[i] = a[i * aStep] (operation) b[i * bStep]`; `y` is contiguous.
  static func zip<Scalar: TensorNumber>(
    _ operation: IntegerOperation, _ a: UnsafePointer<Scalar>, _ aStep: Int,
    _ b: UnsafePointer<Scalar>, _ bStep: Int, _ y: UnsafeMutablePointer<Scalar>, _ count: Int
  ) {
    switch Scalar.scalarType {
    case .uint8: integers(UInt8.self)
    case .int32: integers(Int32.self)
    case .int64: integers(Int64.self)
    case .uint64: integers(UInt64.self)
    case .int8, .uint16, .int16, .uint32: failCarried(Scalar.self, "\(operation)")
    case .bool, .float16, .float32, .float64: fail("\(operation): \(Scalar.self) is no integer")
    }

    @inline(__always)
    func integers<Integer: FixedWidthInteger>(_: Integer.Type) {
      let a = a.cast(to: Integer.self)
      let b = b.cast(to: Integer.self)
      let y = y.cast(to: Integer.self)
      @inline(__always) func each(_ f: (Integer, Integer) -> Integer) {
        for i in 0..<count { y[i] = f(a[i &* aStep], b[i &* bStep]) }
      }
      switch operation {
      case .and: each { $0 & $1 }
      case .or: each { $0 | $1 }
      case .exclusiveOr: each { $0 ^ $1 }
      case .shiftLeft: each { $0 << $1 }
      case .shiftRight: each { $0 >> $1 }
      case .power: each { power($0, $1) }
      case .gcd: each { greatestCommonDivisor($0, $1) }
      case .lcm:
        each {
          let divisor = greatestCommonDivisor($0, $1)
          let multiple = divisor == 0 ? 0 : $0.quotient(by: divisor) &* $1
          return multiple < 0 ? 0 &- multiple : multiple
        }
      }
    }
  }
}

extension FixedWidthInteger {
  /// The quotient; the smallest integer divided by -1 wraps around.
  @inline(__always)
  fileprivate func quotient(by divisor: Self) -> Self {
    dividedReportingOverflow(by: divisor).partialValue
  }
}

/// `base` raised to `exponent`, which is not negative; it wraps around on overflow.
@inline(__always)
private func power<Integer: FixedWidthInteger>(_ base: Integer, _ exponent: Integer) -> Integer {
  var (result, square, rest): (Integer, Integer, Integer) = (1, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result = result &* square }
    square = square &* square
    rest >>= 1
  }
  return result
}

/// The greatest common divisor, by Euclid's algorithm; 0 for two zeros.
@inline(__always)
private func greatestCommonDivisor<Integer: FixedWidthInteger>(
  _ a: Integer, _ b: Integer
) -> Integer {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a.remainderReportingOverflow(dividingBy: b).partialValue) }
  return a < 0 ? 0 &- a : a
}

extension Tensor where Scalar: TensorNumber {
  /// `a (operation) b` for every element of the broadcast shape.
  static func combined(_ operation: IntegerOperation, _ a: Tensor, _ b: Tensor) -> Tensor {
    if Scalar.scalarType.isCarried && Scalar.scalarType != .uint64 {
      return Tensor(carrier: .combined(operation, a.carrier, b.carrier))
    }
    let result = Tensor(
      uninitialized: TensorShape.broadcast(a.shape, b.shape, operation.rawValue))
    let y = result.storage.base
    forEachPart(of: result.shape, a.operand, b.operand) { a, aStep, b, bStep, start, count in
      Loops.zip(operation, a, aStep, b, bStep, y + start, count)
    }
    withExtendedLifetime((a, b)) {}
    return result
  }
}
