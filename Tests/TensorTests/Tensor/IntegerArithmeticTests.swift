import Tensor
import TestSupport
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("Arithmetic beyond the four operations")
struct IntegerArithmeticTests {
  @Test("integers wrap around on overflow")
  func overflow() {
    // np.array([250, 10], np.uint8) + np.uint8(10) and the like
    #expect(Tensor<UInt8>([250, 10]) + 10 == [4, 20])
    #expect(5 - Tensor<UInt8>([10]) == [251])
    #expect(Tensor<Int32>([.max]) + 1 == Tensor([Int32.min]))
    #expect(Tensor<Int>([.min]) * -1 == Tensor([Int.min]))
    #expect(abs(Tensor<Int>([.min, -3])) == Tensor([.min, 3]))
    #expect(Tensor<Int>([.min]) / -1 == Tensor([Int.min]) && Tensor<Int>([.min]) % -1 == [0])
    #expect(-Tensor<Int32>([3, .min]) == Tensor([-3, .min]))
  }

  @Test("division truncates, floorDivide and mod round down")
  func division() {
    let a: Tensor<Int> = [7, -7, 7, -7]
    let b: Tensor<Int> = [2, 2, -2, -2]
    #expect(a / b == [3, -3, -3, 3] && a % b == [1, -1, 1, -1])
    // np.array([7, -7, 7, -7]) // np.array([2, 2, -2, -2]), %
    #expect(floorDivide(a, b) == [3, -4, -4, 3] && mod(a, b) == [1, 1, -1, -1])
    #expect(7 / b == [3, 3, -3, -3] && a / 2 == [3, -3, 3, -3] && a % 4 == [3, -3, 3, -3])
    #expect(Tensor<UInt8>([200, 7]) / 3 == [66, 2] && mod(Tensor<UInt8>([200]), 7) == [4])
    // np.floor_divide([5.5, -5.5, 6, 1, 1], [2, 2, -4, 0, .1]), np.mod, np.fmod
    let x: Tensor<Double> = [5.5, -5.5, 6, 1, 1]
    let y: Tensor<Double> = [2, 2, -4, 0, 0.1]
    #expect(floorDivide(x, y) == Tensor([2, -3, -2, .infinity, 9]))
    #expect(mod(x, y)[..<3] == [1.5, 0.5, -2] && mod(x, y)[3].isNaN)
    #expect(mod(x, y)[4] == 0.09999999999999995)
    #expect(fmod(x, y)[..<3] == [1.5, -1.5, 2])
    var c = a
    c /= 2
    c += 1
    #expect(c == [4, -2, 4, -2] && sign(a) == [1, -1, 1, -1] && square(b) == [4, 4, 4, 4])
  }

  @Test("numbers stand on either side")
  func scalars() {
    let t: Tensor<Float> = [-2, 0.5, 3]
    #expect(maximum(t, 0) == [0, 0.5, 3] && minimum(1, t) == [-2, 0.5, 1])
    #expect(t.clipped(to: -1...1) == [-1, 0.5, 1])
    #expect(Tensor<Int>([-5, 5, 50]).clipped(to: 0...9) == [0, 5, 9])
    #expect(Tensor<Float>([.nan]).clipped(to: 0...1)[0].isNaN)
    expectClose(pow(2, t), [0.25, 1.4142135, 8])
    #expect(pow(t, 2) == [4, 0.25, 9])
    #expect((1 .< t) == [false, false, true] && (0.5 .== t) == [false, true, false])
    #expect((0.5 .>= t) == [true, true, false] && (0.5 .!= t) == [true, false, true])
  }

  @Test("functions of the C library, and whole numbers")
  func functions() {
    let x: Tensor<Double> = [-0.75, 0.25, 0.5]
    func expect(
      _ f: (Tensor<Double>) -> Tensor<Double>, _ g: (Double) -> Double, _ name: Comment
    ) {
      expectClose(f(x).elements, x.elements.map(g), name)
      expectClose(
        f(x.flipped()).elements, x.elements.reversed().map(g), name)
    }
    expect({ tan($0) }, { tan($0) }, "tan")
    expect({ asin($0) }, { asin($0) }, "asin")
    expect({ acos($0) }, { acos($0) }, "acos")
    expect({ atan($0) }, { atan($0) }, "atan")
    expect({ sinh($0) }, { sinh($0) }, "sinh")
    expect({ cosh($0) }, { cosh($0) }, "cosh")
    expect({ log2(abs($0)) }, { log2(abs($0)) }, "log2")
    expect({ log10(abs($0)) }, { log10(abs($0)) }, "log10")
    expect({ exp2($0) }, { exp2($0) }, "exp2")
    expect({ cbrt($0) }, { cbrt($0) }, "cbrt")
    // np.arctan2([1, -1], [[-1], [0]]), np.hypot([3, 5], [4, 12])
    expectClose(
      atan2(Tensor<Double>([1, -1]), [[-1], [0]]),
      [[2.356194490192345, -2.356194490192345], [1.5707963267948966, -1.5707963267948966]])
    #expect(hypot(Tensor<Float>([3, 5]), [4, 12]) == [5, 13])
    #expect(trunc(Tensor<Float>([-1.5, 2.7])) == [-1, 2] && reciprocal(x)[1] == 4)
    #expect(round(Tensor<Float>([0.5, 1.5, -2.5])) == [0, 2, -2])
  }

  @Test("what is not a number, and what is close")
  func closeness() {
    let t = Tensor<Float>([1, .nan, .infinity, -.infinity])
    #expect(isNaN(t) == [false, true, false, false])
    #expect(isInfinite(t) == [false, false, true, true])
    #expect(isFinite(t) == [true, false, false, false])
    let largest = Float.greatestFiniteMagnitude
    #expect(nanToNum(t) == Tensor([1, 0, largest, -largest]))
    #expect(nanToNum(t, nan: 7, positiveInfinity: 8, negativeInfinity: 9) == [1, 7, 8, 9])
    // np.isclose([1e10, 1e-7, inf, nan, 1], [1.00001e10, 1e-8, inf, nan, inf])
    let a = Tensor<Double>([1e10, 1e-7, .infinity, .nan, 1])
    let b = Tensor<Double>([1.00001e10, 1e-8, .infinity, .nan, .infinity])
    #expect(isClose(a, b) == [true, false, true, false, false])
    #expect(isClose(a, b, equalNaN: true) == [true, false, true, true, false])
    #expect(allClose(a, a, equalNaN: true) && !allClose(a, a) && allClose(Tensor<Float>([]), []))
  }

  @Test("sums of bytes and truth values do not overflow")
  func sums() {
    let bytes = Tensor<UInt8>(repeating: 255, shape: [1000, 3])
    #expect(bytes.sum() == 765_000 && bytes.sum(axis: 0) == [255_000, 255_000, 255_000])
    #expect(bytes.sum(axes: [0, 1]).scalar == 765_000 && bytes.mean() == 255)
    #expect(bytes.mean(axis: 0) == [255, 255, 255])
    #expect(Tensor<Int32>([[2, 3], [4, 5]]).product(axis: 1) == [6, 20])
    #expect(Tensor<UInt8>([200, 2]).product() == 400 && Tensor<UInt8>([]).sum() == 0)
    #expect(bytes[..., 0][stride(from: 0, to: 1000, by: 2)].sum() == 127_500)
  }
}

@Suite("Division by one integer")
struct DivisionByOneIntegerTests {
  private static let divisors = [
    1, 2, 3, 5, 7, 10, 16, 255, 641, 1 << 31, (1 << 31) + 1, 1 << 62, .max - 1, .max, -1, -3, -10,
    .min,
  ]

  @Test("equals the division of every element", arguments: divisors)
  func agreement(d: Int) {
    var numbers = [0, 1, -1, 2, -2, 6, 7, 8, -6, -7, -8, .max, .min, .max - 1, .min + 1]
    var generator = RandomGenerator(seed: 3)
    for bits in 1..<63 {
      numbers += (0..<6).map { _ in Int(truncatingIfNeeded: generator.next()) >> bits }
      numbers += [1 << bits, (1 << bits) - 1, -(1 << bits)]
    }
    if d != -1 {
      numbers += numbers.flatMap { n in [n / d &* d, n / d &* d &- 1] }
    }
    let a = Tensor<Int>(numbers)
    let repeated = Tensor<Int>(repeating: d, shape: a.shape)
    #expect(floorDivide(a, d) == floorDivide(a, repeated))
    #expect(mod(a, d) == mod(a, repeated))
    if let small = Int32(exactly: d) {
      let b = Tensor<Int32>(numbers.map { Int32(truncatingIfNeeded: $0) })
      let repeated = Tensor<Int32>(repeating: small, shape: b.shape)
      #expect(floorDivide(b, small) == floorDivide(b, repeated))
      #expect(mod(b, small) == mod(b, repeated))
    }
    if let byte = UInt8(exactly: d) {
      let b = Tensor<UInt8>((0..<256).map { UInt8($0) })
      #expect(floorDivide(b, byte) == floorDivide(b, Tensor(repeating: byte, shape: b.shape)))
      #expect(mod(b, byte) == mod(b, Tensor(repeating: byte, shape: b.shape)))
    }
  }
}
