import Tensor
import TestSupport
import Testing

@Suite("Conversion")
struct ConversionTests {
  @Test("floating-point numbers lose their fraction and stay in range, NaN becomes 0")
  func floatsToIntegers() {
    let x = Tensor<Double>([
      2.9, -2.9, -0.5, 255, 256, 1e10, -1e10, 1e30, -1e30, .infinity, -.infinity, .nan,
    ])
    #expect(Tensor<UInt8>(x) == [2, 0, 0, 255, 255, 255, 0, 255, 0, 255, 0, 0])
    let (low, high) = (Int32.min, Int32.max)
    #expect(
      Tensor<Int32>(x).elements == [2, -2, 0, 255, 256, high, low, high, low, high, low, 0])
    #expect(
      Tensor<Int>(x).elements == [
        2, -2, 0, 255, 256, 10_000_000_000, -10_000_000_000, .max, .min, .max, .min, 0,
      ])
    #expect(Tensor<Int64>(x).elements == Tensor<Int>(x).elements.map(Int64.init))
    #expect(Tensor<Int32>(Tensor<Float>(x)).elements == Tensor<Int32>(x).elements)
    #expect(
      Tensor<Int>(Tensor<Double>([9.223372036854775e18, -9.223372036854775808e18])).elements
        == [9_223_372_036_854_774_784, .min])
  }

  @Test("integers keep their low bits")
  func narrowing() {
    // np.array([300, -1, 256]).astype(np.uint8), np.array([2**40 + 5, -1]).astype(np.int32)
    #expect(Tensor<UInt8>(Tensor<Int>([300, -1, 256])) == [44, 255, 0])
    #expect(Tensor<Int32>(Tensor<Int>([1 << 40 + 5, -1])) == [5, -1])
    #expect(Tensor<Int>(Tensor<UInt8>([255])) == [255])
    #expect(Tensor<Int>(Tensor<Int64>([.min])).elements == [.min])
    #expect(Tensor<Int64>(Tensor<Int32>([-7])) == [-7])
  }

  @Test("integers become the nearest floating-point number")
  func integersToFloats() {
    let x = Tensor<Int>([16_777_217, 9_007_199_254_740_993, -3])
    #expect(Tensor<Float>(x).elements == [16_777_216, 9_007_199_254_740_992, -3])
    #expect(Tensor<Double>(x).elements == [16_777_217, 9_007_199_254_740_992, -3])
    #expect(Tensor<Float>(Tensor<UInt8>([0, 128, 255])) == [0, 128, 255])
  }

  @Test("precision is lost and kept")
  func precision() {
    let x = Tensor<Double>([0.1, 1e300, -1e300, 1e-300, .nan])
    let y = Tensor<Float>(x)
    #expect(y[0] == Float(0.1) && y[1] == .infinity && y[2] == -.infinity && y[3] == 0)
    #expect(y[4].isNaN)
    #expect(Tensor<Double>(y)[0] == Double(Float(0.1)))
  }

  @Test("truth values are 0 and 1, and numbers are true unless 0")
  func truthValues() {
    let flags = Tensor([true, false])
    #expect(Tensor<Float>(flags) == [1, 0] && Tensor<Double>(flags) == [1, 0])
    #expect(Tensor<UInt8>(flags) == [1, 0] && Tensor<Int32>(flags) == [1, 0])
    #expect(Tensor<Int>(flags) == [1, 0] && Tensor<Int64>(flags) == [1, 0])
    #expect(Tensor<Bool>(Tensor<Int>([0, 2, -1])) == [false, true, true])
    #expect(
      Tensor<Bool>(Tensor<Float>([0, -0.0, 0.5, .nan, -.infinity])) == [
        false, false, true, true, true,
      ])
  }

  @Test("every layout can be converted to every type", arguments: Layout.allCases)
  func layouts(layout: Layout) {
    let t = layout.matrix(seed: 3, of: Int.self)
    let expected = elementByElement(t).map(Double.init)
    #expect(Tensor<Double>(t).elements == expected && Tensor<Double>(t).shape == [5, 7])
    #expect(Tensor<Float>(t).elements.map(\.asDouble) == expected)
    #expect(Tensor<UInt8>(Tensor<Float>(t).transposed()) == Tensor<UInt8>(t).transposed())
    #expect(Tensor<Int32>(t).elements.map(\.asDouble) == expected)
  }

  @Test("a conversion to the same type shares the memory")
  func sameType() {
    let t = Tensor<Float>([[1, 2], [3, 4]]).transposed()
    #expect(Tensor<Float>(t).storage === t.storage && Tensor<Float>(t) == t)
  }

  @Test("single numbers convert by the same rules")
  func scalars() {
    #expect(UInt8(converting: 300) == 255 && UInt8(converting: -0.5) == 0)
    #expect(UInt8(converting: .nan) == 0 && Int(converting: -7.9) == -7)
    #expect(Int(converting: .infinity) == .max && Int32(converting: -1e99) == .min)
    #expect(Float(converting: 0.1) == 0.1 && (3 as UInt8).asDouble == 3)
  }
}
