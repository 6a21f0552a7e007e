import Tensor
import TestSupport
import Testing

@Suite("Comparison")
struct ComparisonTests {
  @Test("comparisons agree with one-by-one ones for every pair of layouts")
  func layouts() {
    func check<Scalar: TensorNumber>(_: Scalar.Type) {
      for left in Layout.allCases {
        let a = left.matrix(seed: 1, of: Scalar.self)
        let x = elementByElement(a)
        for right in Layout.allCases {
          let b = right.matrix(seed: left == right ? 1 : 2, of: Scalar.self)
          let y = elementByElement(b)
          let pairs = Array(zip(x, y))
          #expect((a .== b).elements == pairs.map { $0 == $1 }, "\(left) \(right)")
          #expect((a .!= b).elements == pairs.map { $0 != $1 }, "\(left) \(right)")
          #expect((a .< b).elements == pairs.map { $0 < $1 }, "\(left) \(right)")
          #expect((a .<= b).elements == pairs.map { $0 <= $1 }, "\(left) \(right)")
          #expect((a .> b).elements == pairs.map { $0 > $1 }, "\(left) \(right)")
          #expect((a .>= b).elements == pairs.map { $0 >= $1 }, "\(left) \(right)")
        }
      }
    }
    check(Float.self)
    check(Double.self)
    check(UInt8.self)
    check(Int32.self)
    check(Int64.self)
    check(Int.self)
  }

  @Test("a single number is compared with every element")
  func scalars() {
    let t: Tensor<Float> = [[-1, 0], [0, 2]]
    #expect((t .== 0) == [[false, true], [true, false]])
    #expect((t .!= 0) == [[true, false], [false, true]])
    #expect((t .< 0) == [[true, false], [false, false]])
    #expect((t .<= 0) == [[true, true], [true, false]])
    #expect((t .> 0) == [[false, false], [false, true]])
    #expect((t .>= 0) == [[false, true], [true, true]])
    #expect((Tensor<Int>.zeros([0, 2]) .== 0).shape == [0, 2])
    #expect((Tensor<UInt8>([3, 200]) .> 100) == [false, true])
  }

  @Test("rows and columns are compared with matrices")
  func broadcasting() {
    let t: Tensor<Int> = [[1, 2, 3], [3, 2, 1]]
    #expect((t .== [1, 2, 3]) == [[true, true, true], [false, true, false]])
    #expect((t .< [[2], [3]]) == [[true, false, false], [false, true, true]])
  }

  @Test("NaN equals nothing and is neither less nor greater", arguments: [1, 3, 16, 37])
  func nan(count: Int) {
    let a = Tensor<Float>(repeating: .nan, shape: [count])
    let no = Tensor<Bool>.zeros([count])
    let yes = Tensor(repeating: true, shape: [count])
    #expect((a .== a) == no && (a .!= a) == yes)
    #expect((a .< a) == no && (a .<= a) == no && (a .> a) == no && (a .>= a) == no)
    #expect((a .< .infinity) == no && (a .== .nan) == no && (a .!= 0) == yes)
  }

  @Test("zeros of both signs are equal, infinities are ordered")
  func special() {
    let t = Tensor<Double>([-0.0, .infinity, -.infinity])
    #expect((t .== 0) == [true, false, false])
    #expect((t .>= .infinity) == [false, true, false])
    #expect((t .< -.greatestFiniteMagnitude) == [false, false, true])
  }

  @Test("whole tensors are equal if shapes and all elements are")
  func equality() {
    let t: Tensor<Float> = [[1, 2], [3, 4]]
    #expect(t == t && t == t.copied() && t == t.transposed().transposed())
    #expect(t != t.transposed() && t != [1, 2, 3, 4] && t != [[1, 2], [3, 5]])
    #expect(Tensor<Float>.zeros([0, 2]) == .zeros([0, 2]))
    #expect(Tensor<Float>.zeros([0, 2]) != .zeros([2, 0]))
    #expect(Tensor<Float>([0]) == Tensor([-0.0]))
    let nan = Tensor<Float>([.nan])
    #expect(nan != nan)
    #expect(Tensor([true, false]) == [true, false] && Tensor([true]) != [false])
    #expect(Tensor<Int>([.max]) != Tensor([.max - 1]))
    #expect(Tensor<Int>(1) != [1])
  }

  @Test("counting what is true", arguments: Layout.allCases)
  func counting(layout: Layout) {
    let t = layout.matrix(seed: 6, of: Int.self)
    #expect((t .> 64).countTrue() == elementByElement(t).filter { $0 > 64 }.count)
    #expect(Tensor(repeating: true, shape: [1000]).countTrue() == 1000)
    #expect(Tensor<Bool>.zeros([0]).countTrue() == 0)
  }
}
