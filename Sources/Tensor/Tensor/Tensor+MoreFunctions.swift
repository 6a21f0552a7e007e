// Functions of the C library, element by element: exact to about a unit in the last place and
// computed on several threads, but with one call per element. The functions that networks need by
// the million have kernels instead; they are in Tensor+Functions.swift.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Tensor where Scalar: TensorFloat {
  fileprivate func calling(_ single: (Float) -> Float, _ double: (Double) -> Double) -> Tensor {
    Scalar.scalarType == .float32
      ? looped(cast(to: Float.self), single).cast(to: Scalar.self)
      : looped(cast(to: Double.self), double).cast(to: Scalar.self)
  }

  fileprivate func calling(
    _ other: Tensor, _ name: String, _ single: (Float, Float) -> Float,
    _ double: (Double, Double) -> Double
  ) -> Tensor {
    Scalar.scalarType == .float32
      ? looped(cast(to: Float.self), other.cast(to: Float.self), name, single).cast(to: Scalar.self)
      : looped(cast(to: Double.self), other.cast(to: Double.self), name, double)
        .cast(to: Scalar.self)
  }
}

// Not generic, so that the closures of the loops are compiled for one type.

private func looped(_ x: Tensor<Float>, _ f: (Float) -> Float) -> Tensor<Float> { x.mapElements(f) }

private func looped(_ x: Tensor<Double>, _ f: (Double) -> Double) -> Tensor<Double> {
  x.mapElements(f)
}

private func looped(
  _ a: Tensor<Float>, _ b: Tensor<Float>, _ name: String, _ f: (Float, Float) -> Float
) -> Tensor<Float> { a.zipElements(b, name, f) }

private func looped(
  _ a: Tensor<Double>, _ b: Tensor<Double>, _ name: String, _ f: (Double, Double) -> Double
) -> Tensor<Double> { a.zipElements(b, name, f) }

/// The angle in [-π/2, π/2] whose sine is each element; NaN beyond [-1, 1].
public func asin<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.calling({ asin($0) }, { asin($0) })
}

/// The angle in [0, π] whose cosine is each element; NaN beyond [-1, 1].
public func acos<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.calling({ acos($0) }, { acos($0) })
}

/// The angle in [-π/2, π/2] whose tangent is each element.
public func atan<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.calling({ atan($0) }, { atan($0) })
}

/// The angle of the point (x, y) in [-π, π].
public func atan2<Scalar: TensorFloat>(
  _ y: Tensor<Scalar>, _ x: Tensor<Scalar>
) -> Tensor<Scalar> { y.calling(x, "atan2", { atan2($0, $1) }, { atan2($0, $1) }) }

/// The hyperbolic sine of each element.
public func sinh<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.calling({ sinh($0) }, { sinh($0) })
}

/// The hyperbolic cosine of each element.
public func cosh<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.calling({ cosh($0) }, { cosh($0) })
}

/// The logarithm of each element to the base 2.
public func log2<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.calling({ log2($0) }, { log2($0) })
}

/// The logarithm of each element to the base 10.
public func log10<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.calling({ log10($0) }, { log10($0) })
}

/// 2 raised to each element.
public func exp2<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.calling({ exp2($0) }, { exp2($0) })
}

/// The cube root of each element.
public func cbrt<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.calling({ cbrt($0) }, { cbrt($0) })
}

/// √(x² + y²) for corresponding elements, without overflow.
public func hypot<Scalar: TensorFloat>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> { x.calling(y, "hypot", { hypot($0, $1) }, { hypot($0, $1) }) }
