// Tensors of the types that have no loops of their own: Int8, Int16, UInt16, UInt32, UInt64, Float16.
// Expected values are NumPy's, but where a comment says what differs.

import Tensor
import TestSupport
import Testing

/// What every integer type has to do, with numbers that all of them hold.
private func check<Scalar: TensorNumber & FixedWidthInteger>(_: Scalar.Type) {
  let a = Tensor<Scalar>([[5, 0, 100], [7, 127, 1]])
  let b = Tensor<Scalar>([3, 2, 100])
  let (x, y) = (Tensor<Int>(a), Tensor<Int>(b))
  func expect(_ result: Tensor<Scalar>, _ expected: Tensor<Int>, _ name: String) {
    #expect(result == Tensor<Scalar>(expected), "\(Scalar.self) \(name): \(result)")
    #expect(Tensor<Int>(result) == Tensor<Int>(Tensor<Scalar>(expected)), "\(Scalar.self) \(name)")
  }
  expect(a + b, x + y, "+")
  expect(a - b, x - y, "-")
  expect(a * b, x * y, "*")
  expect(2 * a.transposed(), 2 * x.transposed(), "views")
  expect(a / b, x / y, "/")
  expect(a % b, x % y, "%")
  expect(floorDivide(a, 3), floorDivide(x, 3), "floorDivide")
  expect(mod(a, b), mod(x, y), "mod")
  expect(minimum(a, b), minimum(x, y), "minimum")
  expect(maximum(a, b), maximum(x, y), "maximum")
  expect(abs(a), abs(x), "abs")
  expect(sign(a), sign(x), "sign")
  expect(a & b, x & y, "&")
  expect(a | b, x | y, "|")
  expect(a ^ b, x ^ y, "^")
  expect(~a, ~x, "~")
  expect(a << 2, x << 2, "<<")
  expect(a >> 2, x >> 2, ">>")
  expect(pow(b, 3), pow(y, 3), "pow")
  expect(gcd(a, b), gcd(x, y), "gcd")
  expect(matmul(a, b), matmul(x, y), "matmul")
  expect(a.max(axis: 0), x.max(axis: 0), "max")
  expect(a.min(axes: [0, 1]), x.min(axes: [0, 1]), "min")
  expect(a.sorted(), x.sorted(), "sorted")
  expect(a.unique(), x.unique(), "unique")
  expect(a.partitioned(at: 1), x.sorted(), "partitioned")
  expect(a.cumulativeMax(axis: 1), x.cumulativeMax(axis: 1), "cumulativeMax")
  expect(select(a .> b, a, b), select(x .> y, x, y), "select")
  expect(a.differences(), x.differences(), "differences")
  expect(a.taking([2, 0], axis: 1), x.taking([2, 0], axis: 1), "taking")
  expect(a[0..., stride(from: 0, to: 3, by: 2)], x[0..., stride(from: 0, to: 3, by: 2)], "stride")
  expect(a.padded(1, mode: .mean), x.padded(1, mode: .mean), "padded")
  expect(concatenate([a, a], axis: 1), concatenate([x, x], axis: 1), "concatenate")
  expect(a.topK(2).values, x.topK(2).values, "topK")
  #expect(a.sum() == x.sum() && a.product() == 0 && a.max() == 127 && a.mean() == x.mean())
  #expect(a.sum(axis: 0) == x.sum(axis: 0) && a.median() == x.median())
  #expect(a.argmax() == 4 && a.argmin(axis: 1) == [1, 2] && a.argsort() == x.argsort())
  #expect((a .== b) == (x .== y) && (a .<= b) == (x .<= y) && (a .> 6) == (x .> 6))
  #expect(b.sorted().searchSorted(a) == y.sorted().searchSorted(x))
  #expect(a.binCount() == x.binCount() && a.description == x.description)
  #expect(a == a.transposed().contiguous().transposed() && a != a + 1)
  #expect(Array(Tensor<Scalar>.range(from: 2, to: 9, by: 3)) == [2, 5, 8])
  var c = a
  c[0, 1] = 9
  c[1..., 0] = 8
  c.scatterAdd(b.expandingShape(at: 0), at: [0])
  c += 1
  let expected = [[9, 12, 201], [9, 128, 2]].map { $0.map { Scalar(truncatingIfNeeded: $0) } }
  #expect(c == Tensor(expected))
}

struct SmallTypesTests {
  @Test("Integers compute as Int does, and wrap around")
  func integers() {
    check(Int8.self)
    check(Int16.self)
    check(UInt16.self)
    check(UInt32.self)
    check(UInt64.self)
    #expect(Tensor<Int8>([100, -128]) + 100 == [-56, -28])
    #expect(-Tensor<Int8>([-128, 5]) == [-128, -5] && abs(Tensor<Int8>([-128])) == [-128])
    #expect(Tensor<Int8>([-128, 7]) / -1 == [-128, -7])
    #expect(Tensor<UInt16>([1]) - 2 == [65_535])
    #expect(Tensor<Int16>([-300, 5]).sorted(descending: true) == [5, -300])
    #expect(floorDivide(Tensor<Int16>([-7]), 2) == [-4])
  }

  @Test("The upper half of UInt64 is ordered, divided and converted as what it is")
  func upperHalf() {
    let (max, half) = (UInt64.max, UInt64(1) << 63)
    func list(_ values: UInt64...) -> Tensor<UInt64> { Tensor(values) }
    let a = list(max, 1, half, 0, half + 4097)
    #expect(a.sorted() == list(0, 1, half, half + 4097, max))
    #expect(a.max() == .max && a.min() == 0 && a.argmax() == 0)
    #expect((a .> half / 2) == [true, false, true, false, true])
    #expect(a.argsort(descending: true) == [0, 4, 2, 1, 3])
    #expect(maximum(a, 5) == list(max, 5, half, 5, half + 4097))
    #expect(
      a / 10
        == list(
          1_844_674_407_370_955_161, 0, 922_337_203_685_477_580, 0, 922_337_203_685_477_990))
    #expect(a % 10 == [5, 1, 8, 0, 5] && a >> 60 == [15, 0, 8, 0, 8])
    #expect(gcd(a, list(max, 7, half / 2, 6, 1)) == list(max, 1, half / 2, 6, 1))
    #expect(a.sorted().searchSorted(list(half, max)) == [2, 4])
    #expect(abs(a) == a && sign(a) == [1, 1, 1, 0, 1])
    #expect(list(max, max).mean() == 0x1p64 && list(half, 0).mean() == 0x1p62)
    #expect(Tensor<Double>(a) == Tensor([0x1p64, 1, 0x1p63, 0, 0x1p63 + 4096]))
    #expect(Tensor<Float>(a)[0] == 0x1p64 && Tensor<Int>(a)[0] == -1 && Tensor<Int8>(a)[4] == 1)
    #expect(
      Tensor<UInt64>(Tensor<Double>([1e19, 2e19, -1, .nan]))
        == list(10_000_000_000_000_000_000, max, 0, 0))
    #expect(Tensor<UInt64>(Tensor<Int8>([-1])) == list(max))
    #expect(
      a.description == """
        [18446744073709551615                    1  9223372036854775808
                            0  9223372036854779905]
        """)
  }

  @Test("Conversions keep low bits of integers and the range of floats")
  func conversions() {
    let x = Tensor<Int>([300, -1, 70_000, -70_000, 1_099_511_627_776])
    #expect(Tensor<Int8>(x) == [44, -1, 112, -112, 0])
    #expect(Tensor<UInt16>(x) == [300, 65_535, 4464, 61_072, 0])
    #expect(Tensor<Int16>(x) == [300, -1, 4464, -4464, 0])
    #expect(Tensor<UInt32>(x) == [300, 4_294_967_295, 70_000, 4_294_897_296, 0])
    #expect(Tensor<UInt16>(Tensor<Int8>([-2, 3])) == [65_534, 3])
    #expect(Tensor<Int8>(Tensor<UInt32>([4_000_000_000])) == [0])
    #expect(Tensor<Bool>(Tensor<Int16>([0, 256])) == [false, true])
    #expect(Tensor<Int16>(Tensor<Bool>([true])) == [1])
    #expect(Tensor<Int64>(Tensor<UInt32>([.max])) == [4_294_967_295])
    // NumPy leaves these undefined.
    let y = Tensor<Float>([300.7, -1.5, .infinity, -.infinity, .nan])
    #expect(Tensor<Int8>(y) == [127, -1, 127, -128, 0])
    #expect(Tensor<UInt16>(y) == [300, 0, 65_535, 0, 0])
    #expect(Tensor<UInt32>(Tensor<Double>([4e9, 5e9])) == [4_000_000_000, 4_294_967_295])
  }

  @Test("Shapes with no elements and single elements")
  func empty() {
    #expect(Tensor<Int8>([]).sorted() == [] && Tensor<UInt16>([]) + 1 == [])
    #expect(Tensor<UInt32>.zeros([2, 0]).sum(axis: 1) == [0, 0])
    #expect(Tensor<Int16>(5).description == "5" && Tensor<Int16>(-5).max() == -5)
    #expect(Tensor<UInt16>([1, 20]).debugDescription == "array([ 1, 20], dtype=uint16)")
  }
}

#if !(arch(x86_64) && (os(macOS) || targetEnvironment(macCatalyst)))
struct HalfPrecisionTests {
  @Test("All 65,536 numbers become the Floats that they are, and come back")
  func all() {
    let bits = (0..<65_536).map { UInt16($0) }
    let halves = Tensor(bits.map { Float16(bitPattern: $0) })
    let floats = Tensor<Float>(halves)
    let back = Tensor<Float16>(floats)
    let doubles = Tensor<Double>(halves)
    for i in bits.indices {
      let half = Float16(bitPattern: bits[i])
      guard !half.isNaN else {
        #expect(floats[i].isNaN && doubles[i].isNaN && back[i].isNaN)
        continue
      }
      #expect(floats[i].bitPattern == Float(half).bitPattern && back[i].bitPattern == bits[i])
      #expect(doubles[i] == Double(half))
    }
  }

  @Test("Ties go to the even neighbour, also when a Double is only a little off one")
  func ties() {
    var values: [Double] = []
    for bits in stride(from: UInt16(0), to: 0x7C00, by: 1) {
      let low = Float16(bitPattern: bits)
      let high = bits == 0x7BFF ? 65_536 : Double(low.nextUp)
      let middle = (Double(low) + high) / 2
      values += [middle, middle.nextUp, middle.nextDown, -middle, middle + (high - middle) / 2]
    }
    values += [1e300, -1e300, 1e-300, .leastNonzeroMagnitude, .infinity, 0x1p-25, 0x1.0000001p-25]
    let halves = Tensor<Float16>(Tensor<Double>(values))
    let fromFloats = Tensor<Float16>(Tensor<Float>(values.map { Float($0) }))
    for (i, value) in values.enumerated() {
      #expect(halves[i].bitPattern == Float16(value).bitPattern, "\(value)")
      #expect(fromFloats[i].bitPattern == Float16(Float(value)).bitPattern, "\(value)")
    }
  }

  @Test("Arithmetic is Float's, rounded; comparison and order as well")
  func arithmetic() {
    let a = Tensor<Float16>([0.1, 2048, 65_504, -0.0])
    #expect((a + 1).elements == [1.0996094, 2048, 65_504, 1] && (a * 2)[2] == .infinity)
    #expect(minimum(a, 1).elements == [0.1, 1, 1, 0] && a.max() == 65_504 && a.argmin() == 3)
    #expect((a .< 1) == [true, false, false, true] && a == a && a[3...] == [0])
    let nan = Tensor<Float16>([.nan, 1, -.infinity])
    #expect(nan != nan && nan.sorted()[0] == -.infinity && nan.sorted()[2].isNaN)
    #expect(nan[1] == 1 && select(a .> 1, a, 0)[1] == 2048)
    #expect(Tensor<Int8>(a) == [0, 127, 127, 0])
    #expect(Tensor<Float16>(Tensor<UInt64>([UInt64.max]))[0] == .infinity)
    #expect(a.reshaped(to: [2, 2]).transposed().contiguous()[0, 1] == 65_504)
    #expect(
      Tensor<Float16>(Tensor<Int>([2049, 2051, -70_000])).elements == [2048, 2052, -.infinity])
  }

  @Test("Printed as NumPy prints")
  func printed() {
    #expect(
      Tensor<Float16>([0.1, 1000.5, 2049]).description == "[9.9976e-02 1.0005e+03 2.0480e+03]")
    #expect(Tensor<Float16>([1000, 2]).description == "[1.e+03 2.e+00]")
    #expect(Tensor<Float16>([0.001, 1]).description == "[0.001 1.   ]")
    #expect(Tensor<Float16>([1.5, .nan]).debugDescription == "array([1.5, nan], dtype=float16)")
    for (value, text) in [
      (Float16(1234), "1.234e+03"), (1e-4, "0.0001"), (1e-5, "1e-05"),
      (1000, "1e+03"), (999, "999.0"), (-.infinity, "-inf"),
    ] { #expect(Tensor(value).description == text) }
  }
}
#endif
