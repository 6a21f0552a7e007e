// The seam between the generic tensor and the concrete loops: `Scalar.scalarType` chooses the loop.
// For `Float` and `Double` it is a kernel compiled for the machine's instruction set; for integers
// and booleans it is a plain loop, which the compiler vectorises for the baseline.
//
// Each function works on one row: `count` elements, operands with a step between neighbours.

import KernelTemplate

enum Loops {
  // MARK: Arithmetic

  /// `y[i] = a[i * aStep] (operation) b[i * bStep]`; `y` is contiguous.
  static func zip<Scalar: TensorNumber>(
    _ operation: BinaryOperation, _ a: UnsafePointer<Scalar>, _ aStep: Int,
    _ b: UnsafePointer<Scalar>, _ bStep: Int, _ y: UnsafeMutablePointer<Scalar>, _ count: Int
  ) {
    switch Scalar.scalarType {
    case .float32:
      withUnitSteps(a.cast(to: Float.self), aStep, b.cast(to: Float.self), bStep, count) {
        a, aStep, b, bStep, start, count in
        floatKernels.zip(
          operation, a, aStep, b, bStep, y.cast(to: Float.self) + start, count)
      }
    case .float64:
      withUnitSteps(a.cast(to: Double.self), aStep, b.cast(to: Double.self), bStep, count) {
        a, aStep, b, bStep, start, count in
        doubleKernels.zip(
          operation, a, aStep, b, bStep, y.cast(to: Double.self) + start, count)
      }
    case .uint8: integers(UInt8.self)
    case .int32: integers(Int32.self)
    case .int64: integers(Int64.self)
    case .bool: fail("arithmetic: truth values cannot be \(operation)ed")
    default: failCarried(Scalar.self, "\(operation)")
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
      case .add: each { $0 &+ $1 }
      case .subtract: each { $0 &- $1 }
      case .multiply: each { $0 &* $1 }
      case .minimum: each { Swift.min($0, $1) }
      case .maximum: each { Swift.max($0, $1) }
      case .divide, .power: fail("\(operation): integers have no such operation; convert to Float")
      }
    }
  }

  /// `y[i] = a[i * aStep] b[i * bStep] + c[i]`; `c` and `y` are contiguous.
  static func multiplyAdd<Scalar: TensorFloat>(
    _ a: UnsafePointer<Scalar>, _ aStep: Int, _ b: UnsafePointer<Scalar>, _ bStep: Int,
    _ c: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, _ count: Int
  ) {
    withUnitSteps(a, aStep, b, bStep, count) { a, aStep, b, bStep, start, count in
      Scalar.kernels.pointee.multiplyAdd(a, aStep, b, bStep, c + start, y + start, count)
    }
  }

  /// `y[i] = a[i * aStep] (comparison) b[i * bStep]`.
  static func compare<Scalar: TensorNumber>(
    _ comparison: Comparison, _ a: UnsafePointer<Scalar>, _ aStep: Int,
    _ b: UnsafePointer<Scalar>, _ bStep: Int, _ y: UnsafeMutablePointer<Bool>, _ count: Int
  ) {
    switch Scalar.scalarType {
    case .float32:
      withUnitSteps(a.cast(to: Float.self), aStep, b.cast(to: Float.self), bStep, count) {
        a, aStep, b, bStep, start, count in
        floatKernels.compare(comparison, a, aStep, b, bStep, y + start, count)
      }
    case .float64:
      withUnitSteps(a.cast(to: Double.self), aStep, b.cast(to: Double.self), bStep, count) {
        a, aStep, b, bStep, start, count in
        doubleKernels.compare(comparison, a, aStep, b, bStep, y + start, count)
      }
    case .uint8, .bool: integers(UInt8.self)
    case .int32: integers(Int32.self)
    case .int64: integers(Int64.self)
    default: failCarried(Scalar.self, "\(comparison)")
    }

    @inline(__always)
    func integers<Integer: FixedWidthInteger>(_: Integer.Type) {
      let a = a.cast(to: Integer.self)
      let b = b.cast(to: Integer.self)
      @inline(__always) func each(_ f: (Integer, Integer) -> Bool) {
        for i in 0..<count { y[i] = f(a[i &* aStep], b[i &* bStep]) }
      }
      switch comparison {
      case .equal: each { $0 == $1 }
      case .notEqual: each { $0 != $1 }
      case .less: each { $0 < $1 }
      case .lessOrEqual: each { $0 <= $1 }
      case .greater: each { $0 > $1 }
      case .greaterOrEqual: each { $0 >= $1 }
      }
    }
  }

  /// Passes rows with any steps to a kernel that takes only steps 0 and 1.
  ///
  /// If elements must be gathered first, the row is split into parts that fit a small buffer.
  @inline(__always)
  private static func withUnitSteps<Scalar: BitwiseCopyable>(
    _ a: UnsafePointer<Scalar>, _ aStep: Int, _ b: UnsafePointer<Scalar>, _ bStep: Int,
    _ count: Int,
    _ kernel: (UnsafePointer<Scalar>, Int, UnsafePointer<Scalar>, Int, Int, Int) -> Void
  ) {
    let gathersA = aStep != 0 && aStep != 1
    let gathersB = bStep != 0 && bStep != 1
    guard gathersA || gathersB else { return kernel(a, aStep, b, bStep, 0, count) }
    let part = 256
    // One vector of slack after each part, because kernels may read whole vectors.
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * (part + 16)) { scratch in
      let gatheredA = scratch.baseAddress!
      let gatheredB = gatheredA + (part + 16)
      var start = 0
      while start < count {
        let length = Swift.min(part, count - start)
        if gathersA { for i in 0..<length { gatheredA[i] = a[(start &+ i) &* aStep] } }
        if gathersB { for i in 0..<length { gatheredB[i] = b[(start &+ i) &* bStep] } }
        kernel(
          gathersA ? UnsafePointer(gatheredA) : a + start * aStep, gathersA ? 1 : aStep,
          gathersB ? UnsafePointer(gatheredB) : b + start * bStep, gathersB ? 1 : bStep,
          start, length)
        start += length
      }
    }
  }

  // MARK: Reductions

  /// The reduction of `count` contiguous elements; sums of integers wrap around.
  static func reduce<Scalar: TensorNumber>(
    _ reduction: Reduction, _ x: UnsafePointer<Scalar>, _ count: Int
  ) -> Scalar {
    var result = Scalar.zero
    withUnsafeMutablePointer(to: &result) { result in
      switch Scalar.scalarType {
      case .float32:
        floatKernels.reduce(reduction, x.cast(to: Float.self), count, result.cast(to: Float.self))
      case .float64:
        doubleKernels.reduce(
          reduction, x.cast(to: Double.self), count, result.cast(to: Double.self))
      case .uint8, .bool: integers(UInt8.self, result)
      case .int32: integers(Int32.self, result)
      case .int64: integers(Int64.self, result)
      default: failCarried(Scalar.self, "\(reduction)")
      }
    }
    return result

    @inline(__always)
    func integers<Integer: FixedWidthInteger>(
      _: Integer.Type, _ result: UnsafeMutablePointer<Scalar>
    ) {
      let x = x.cast(to: Integer.self)
      @inline(__always) func each(_ start: Integer, _ f: (Integer, Integer) -> Integer) {
        var value = start
        for i in 0..<count { value = f(value, x[i]) }
        result.cast(to: Integer.self).pointee = value
      }
      switch reduction {
      case .sum: each(0) { $0 &+ $1 }
      case .product: each(1) { $0 &* $1 }
      case .minimum: each(.max) { Swift.min($0, $1) }
      case .maximum: each(.min) { Swift.max($0, $1) }
      case .sumOfSquares: each(0) { $0 &+ $1 &* $1 }
      }
    }
  }

  /// The position of the smallest or largest of `count` > 0 contiguous elements, the first of
  /// several equal ones.
  static func argument<Scalar: TensorNumber>(
    _ reduction: ArgumentReduction, _ x: UnsafePointer<Scalar>, _ count: Int
  ) -> Int {
    return switch Scalar.scalarType {
    case .float32: floatKernels.argument(reduction, x.cast(to: Float.self), count)
    case .float64: doubleKernels.argument(reduction, x.cast(to: Double.self), count)
    case .uint8, .bool: integers(UInt8.self)
    case .int32: integers(Int32.self)
    case .int64: integers(Int64.self)
    default: failCarried(Scalar.self, "\(reduction)")
    }

    @inline(__always)
    func integers<Integer: FixedWidthInteger>(_: Integer.Type) -> Int {
      let x = x.cast(to: Integer.self)
      var best = 0
      for i in 1..<Swift.max(count, 1)
      where reduction == .maximum ? x[i] > x[best] : x[i] < x[best] {
        best = i
      }
      return best
    }
  }

  // MARK: Equality and conversion

  static func allEqual<Scalar: TensorScalar>(
    _ a: UnsafeBufferPointer<Scalar>, _ b: UnsafeBufferPointer<Scalar>
  ) -> Bool {
    let count = a.count
    return switch Scalar.scalarType {
    case .bool, .uint8, .int8: each(UInt8.self)
    case .uint16, .int16: each(UInt16.self)
    case .uint32, .int32: each(Int32.self)
    case .uint64, .int64: each(Int64.self)
    case .float16: failCarried(Scalar.self, "equal")
    case .float32: each(Float.self)
    case .float64: each(Double.self)
    }

    @inline(__always)
    func each<Element: Equatable>(_: Element.Type) -> Bool {
      guard let a = a.baseAddress?.cast(to: Element.self),
        let b = b.baseAddress?.cast(to: Element.self)
      else { return true }
      var differences = 0
      for i in 0..<count where a[i] != b[i] { differences &+= 1 }
      return differences == 0
    }
  }

  /// `y[i] = Target(x[i])`; see `Tensor.init(_:)` for the rules.
  static func convert<Source: TensorScalar, Target: TensorScalar>(
    _ x: UnsafePointer<Source>, to y: UnsafeMutablePointer<Target>, _ count: Int
  ) {
    switch Source.scalarType {
    case .bool: fromInteger(x.cast(to: UInt8.self))
    case .uint8: fromInteger(x.cast(to: UInt8.self))
    case .int32: fromInteger(x.cast(to: Int32.self))
    case .int64: fromInteger(x.cast(to: Int64.self))
    // Conversions to carriers, and from `UInt64` to floating point.
    case .int8: each(x.cast(to: Int8.self), Int32.self) { Int32($0) }
    case .uint16: each(x.cast(to: UInt16.self), Int32.self) { Int32($0) }
    case .int16: each(x.cast(to: Int16.self), Int32.self) { Int32($0) }
    case .uint32: each(x.cast(to: UInt32.self), Int64.self) { Int64($0) }
    case .uint64 where Target.scalarType == .float32:
      each(x.cast(to: UInt64.self), Float.self) { Float($0) }
    case .uint64 where Target.scalarType == .float64:
      each(x.cast(to: UInt64.self), Double.self) { Double($0) }
    case .uint64: each(x.cast(to: Int64.self), Int64.self) { $0 }
    case .float16: each(x.cast(to: UInt16.self), Float.self) { HalfPrecision.float($0) }
    case .float32: fromFloat(x.cast(to: Float.self))
    case .float64: fromFloat(x.cast(to: Double.self))
    }

    @inline(__always)
    func fromInteger<Element: FixedWidthInteger>(_ x: UnsafePointer<Element>) {
      switch Target.scalarType {
      case .bool: each(x, Bool.self) { $0 != 0 }
      case .uint8, .int8: each(x, UInt8.self) { UInt8(truncatingIfNeeded: $0) }
      case .uint16, .int16: each(x, UInt16.self) { UInt16(truncatingIfNeeded: $0) }
      case .uint32, .int32: each(x, Int32.self) { Int32(truncatingIfNeeded: $0) }
      case .uint64, .int64: each(x, Int64.self) { Int64(truncatingIfNeeded: $0) }
      case .float16: failCarried(Target.self, "convert")
      case .float32: each(x, Float.self) { Float($0) }
      case .float64: each(x, Double.self) { Double($0) }
      }
    }

    @inline(__always)
    func fromFloat<Element: TensorFloat>(_ x: UnsafePointer<Element>) {
      switch Target.scalarType {
      case .bool: each(x, Bool.self) { $0 != 0 }
      case .uint8: each(x, UInt8.self) { UInt8(converting: $0.asDouble) }
      case .int8: each(x, Int8.self) { Int8(converting: $0.asDouble) }
      case .uint16: each(x, UInt16.self) { UInt16(converting: $0.asDouble) }
      case .int16: each(x, Int16.self) { Int16(converting: $0.asDouble) }
      case .uint32: each(x, UInt32.self) { UInt32(converting: $0.asDouble) }
      case .uint64: each(x, UInt64.self) { UInt64(converting: $0.asDouble) }
      case .float16: each(x, UInt16.self) { HalfPrecision.bits(of: $0.asDouble) }
      case .int32: each(x, Int32.self) { Int32(converting: $0.asDouble) }
      case .int64: each(x, Int64.self) { Int64(converting: $0.asDouble) }
      case .float32: each(x, Float.self) { Float($0.asDouble) }
      case .float64: each(x, Double.self) { $0.asDouble }
      }
    }

    @inline(__always)
    func each<From, To>(_ x: UnsafePointer<From>, _: To.Type, _ f: (From) -> To) {
      let y = y.cast(to: To.self)
      for i in 0..<count { y[i] = f(x[i]) }
    }
  }
}

extension UnsafePointer where Pointee: BitwiseCopyable {
  /// The same address, bound to the element type that `ScalarType` has just reported.
  @inline(__always)
  package func cast<Other>(to: Other.Type) -> UnsafePointer<Other> {
    UnsafeRawPointer(self).assumingMemoryBound(to: Other.self)
  }
}

extension UnsafeMutablePointer where Pointee: BitwiseCopyable {
  /// The same address, bound to the element type that `ScalarType` has just reported.
  @inline(__always)
  package func cast<Other>(to: Other.Type) -> UnsafeMutablePointer<Other> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: Other.self)
  }
}
