import Tensor
import TestSupport
import Testing

@Suite("Arithmetic")
struct ArithmeticTests {
  @Test("operators agree with one-by-one arithmetic for every pair of layouts")
  func layouts() {
    func check<Scalar: TensorNumber>(
      _: Scalar.Type, _ name: String,
      _ operation: (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>,
      _ scalar: (Scalar, Scalar) -> Scalar
    ) {
      for left in Layout.allCases {
        let a = left.matrix(seed: 1, of: Scalar.self)
        let x = elementByElement(a)
        for right in Layout.allCases {
          let b = right.matrix(seed: 2, of: Scalar.self)
          let expected = zip(x, elementByElement(b)).map { scalar($0, $1) }
          let result = operation(a, b)
          #expect(
            result.shape == [5, 7] && result.elements == expected,
            "\(Scalar.self) \(left) \(name) \(right)")
        }
      }
    }
    func checkFloats<Scalar: TensorFloat>(_: Scalar.Type) {
      check(Scalar.self, "+", +) { $0 + $1 }
      check(Scalar.self, "-", -) { $0 - $1 }
      check(Scalar.self, "*", *) { $0 * $1 }
      check(Scalar.self, "/", /) { $0 / $1 }
      check(Scalar.self, "minimum", minimum) { Swift.min($0, $1) }
      check(Scalar.self, "maximum", maximum) { Swift.max($0, $1) }
    }
    func checkIntegers<Scalar: TensorNumber & FixedWidthInteger>(_: Scalar.Type) {
      check(Scalar.self, "+", +) { $0 &+ $1 }
      check(Scalar.self, "-", -) { $0 &- $1 }
      check(Scalar.self, "*", *) { $0 &* $1 }
      check(Scalar.self, "minimum", minimum) { Swift.min($0, $1) }
      check(Scalar.self, "maximum", maximum) { Swift.max($0, $1) }
    }
    checkFloats(Float.self)
    checkFloats(Double.self)
    checkIntegers(UInt8.self)
    checkIntegers(Int32.self)
    checkIntegers(Int64.self)
    checkIntegers(Int.self)
  }

  @Test("a single number stands on either side")
  func scalars() {
    let t: Tensor<Float> = [[1, 2], [4, 8]]
    #expect(t + 1 == [[2, 3], [5, 9]] && 1 + t == t + 1)
    #expect(t - 1 == [[0, 1], [3, 7]] && 1 - t == [[0, -1], [-3, -7]])
    #expect(t * 2 == [[2, 4], [8, 16]] && 2 * t == t * 2)
    #expect(t / 2 == [[0.5, 1], [2, 4]] && 8 / t == [[8, 4], [2, 1]])
    #expect(-t == [[-1, -2], [-4, -8]] && -t.transposed() == [[-1, -4], [-2, -8]])
    let n: Tensor<Int> = [1, 2]
    #expect(n * 3 + 1 == [4, 7] && 10 - n == [9, 8])
    let y = (t * 2 + t / 2 - 1) * (t + 4)
    #expect(y == [[7.5, 24], [72, 228]])
  }

  @Test("a number that is not exact is added as the scalar type's nearest")
  func precision() {
    #expect((Tensor<Float>([1]) + 0.1)[0] == Float(1) + 0.1)
    #expect((Tensor<Double>([1]) + 0.1)[0] == 1.1)
  }

  @Test("operators with assignment equal those without", arguments: Layout.allCases)
  func inPlace(layout: Layout) {
    let b = layout.matrix(seed: 8, of: Double.self)
    for left in Layout.allCases {
      let a = left.matrix(seed: 7, of: Double.self)
      var t = a
      t += b
      #expect(t == a + b)
      t -= b * 2
      #expect(t == a + b - b * 2)
      t *= b
      #expect(t == (a + b - b * 2) * b)
      t /= b
      #expect(t == (a + b - b * 2) * b / b)
    }
  }

  @Test("operators with assignment take single numbers and rows")
  func inPlaceBroadcast() {
    var t: Tensor<Float> = [[1, 2], [3, 4]]
    t += 1
    t *= 2
    t -= 4
    t /= 2
    #expect(t == [[0, 1], [2, 3]])
    t += [10, 20]
    #expect(t == [[10, 21], [12, 23]])
    t *= [[1], [0]]
    #expect(t == [[10, 21], [0, 0]])
    var empty = Tensor<Float>.zeros([0, 2])
    empty += [1, 2]
    #expect(empty.shape == [0, 2])
    var number = Tensor<Int>(3)
    number *= 5
    #expect(number.scalar == 15)
  }

  @Test("a tensor may be combined with a view of itself in place")
  func aliasing() {
    // o = np.arange(9.).reshape(3, 3); o += o.T
    var a = Tensor<Double>.range(from: 0, to: 9).reshaped(to: [3, 3])
    a += a.transposed()
    #expect(a == [[0, 4, 8], [4, 8, 12], [8, 12, 16]])
    var b: Tensor<Float> = [1, 2, 3]
    b += b
    #expect(b == [2, 4, 6])
    b -= b[1..<2]
    #expect(b == [-2, 0, 2])
    b *= b[stride(from: 2, through: 0, by: -1)]
    #expect(b == [-4, 0, -4])
    b[..<2] += b[1...]
    #expect(b == [-4, -4, -4])
  }

  @Test("integers wrap around")
  func wrapAround() {
    // np.array([250, 3], np.uint8) + np.array([10, 4], np.uint8) and so on
    #expect(Tensor<UInt8>([250, 3]) + Tensor<UInt8>([10, 4]) == [4, 7])
    #expect(Tensor<UInt8>([3]) - 4 == [255])
    #expect(Tensor<UInt8>([100]) * 3 == [44])
    #expect(Tensor<Int32>([.max]) + 1 == [-2_147_483_648])
    #expect(Tensor<Int>([1 << 62]) * 3 == [-4_611_686_018_427_387_904])
    #expect(Tensor<Int64>([.min]) - 1 == [9_223_372_036_854_775_807])
    var t = Tensor<Int32>([.min])
    t -= 1
    #expect(t.elements == [.max])
  }

  @Test("NaN and infinity follow IEEE 754")
  func special() {
    let a: Tensor<Float> = Tensor([.infinity, -.infinity, .nan, 0, 1, -1])
    expectClose(a - a, Tensor([.nan, .nan, .nan, 0, 0, 0]))
    expectClose(a * 0, Tensor([.nan, .nan, .nan, 0, 0, 0]))
    expectClose(a / 0, Tensor([.infinity, -.infinity, .nan, .nan, .infinity, -.infinity]))
    expectClose(1 / a, Tensor([0, 0, .nan, .infinity, 1, -1]))
    #expect((-a)[3].sign == .minus)
  }

  @Test("the smaller and the larger of two are NaN where either is")
  func extremes() {
    let a = Tensor<Double>([1, .nan, 3, -.infinity])
    let b = Tensor<Double>([2, 2, .nan, 0])
    expectClose(minimum(a, b), Tensor([1, .nan, .nan, -.infinity]))
    expectClose(maximum(b, a), Tensor([2, .nan, .nan, 0]))
    #expect(maximum(Tensor<Int>([[-1], [5]]), [0, 7]) == [[0, 7], [5, 7]])
  }

  @Test("powers of many kinds")
  func powers() {
    // np.power([2, -2, 0, 0, inf, 9, -8, 1], [3, 3, 0, -1, -1, 0.5, 1 / 3, nan])
    let base = Tensor<Double>([2, -2, 0, 0, .infinity, 9, -8, 1])
    let exponent = Tensor<Double>([3, 3, 0, -1, -1, 0.5, 1.0 / 3, .nan])
    expectClose(pow(base, exponent), Tensor([8, -8, 1, .infinity, 0, 3, .nan, 1]))
    expectClose(pow(Tensor<Float>([[1, 2], [3, 4]]).transposed(), 2), [[1, 9], [4, 16]])
    expectClose(pow(Tensor<Float>([4, 9]), 0.5), [2, 3])
  }

  @Test("large arrays have the same bits for any number of threads")
  func threads() async {
    await #expect(processExitsWith: .success) {
      let a = Tensor<Float>(numbers(200_003, seed: 1)) / 7
      let b = Tensor<Float>(numbers(200_003, seed: 2)) / 3
      let expected = zip(a.elements, b.elements).map { $0 * $1 }
      #expect((a * b).elements == expected)
      expectSameBits("multiply") { a * b }
      expectSameBits("subtract a number") { a - 0.3 }
      expectSameBits("in place") {
        var c = a * 1
        c /= b
        return c
      }
      expectSameBits("backwards") { a + b[stride(from: 200_002, through: 0, by: -1)] }
      let plane = a[..<200_000].reshaped(to: [400, 500])
      expectSameBits("transposed") { plane.transposed() - plane.reshaped(to: [500, 400]) }
    }
  }
}
