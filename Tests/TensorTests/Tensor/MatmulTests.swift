import Tensor
import TestSupport
import Testing

/// The product of two matrices by its definition.
private func product<Scalar: TensorFloat>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<
  Scalar
> {
  let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
  var c = Tensor<Scalar>.zeros([m, n])
  for i in 0..<m {
    for j in 0..<n { c[i, j] = (0..<k).reduce(0) { $0 + a[i, $1] * b[$1, j] } }
  }
  return c
}

@Suite("Matrix products of tensors")
struct MatmulTests {
  @Test("small products by hand")
  func byHand() {
    let a: Tensor<Float> = [[1, 2], [3, 4]]
    #expect(matmul(a, a) == [[7, 10], [15, 22]])
    #expect(matmul(a, a.transposed()) == [[5, 11], [11, 25]])
    #expect(matmul(a.transposed(), a) == [[10, 14], [14, 20]])
    #expect(matmul(a, .identity(2)) == a && matmul(.identity(2), a) == a)
    #expect(matmul(Tensor<Double>([[2]]), [[3]]) == [[6]])
  }

  @Test("operands in every layout", arguments: Layout.allCases)
  func layouts(layout: Layout) {
    // Small integers: every order of additions gives the same bits.
    let a = layout.matrix(seed: 1, of: Float.self)
    for right in Layout.allCases {
      let b = right.matrix(seed: 2, of: Float.self)
      #expect(matmul(a, b.transposed()) == product(a, b.transposed()), "\(right)")
      #expect(matmul(a.transposed(), b) == product(a.transposed(), b), "\(right)")
    }
  }

  @Test(
    "odd sizes in both types",
    arguments: [
      (1, 1, 1), (1, 5, 7), (7, 5, 1), (1, 1, 9), (9, 1, 9), (17, 33, 13), (64, 3, 65),
      (31, 127, 2),
      (2, 300, 3),
    ])
  func oddSizes(m: Int, k: Int, n: Int) {
    func check<Scalar: TensorFloat>(_: Scalar.Type) {
      let a = Tensor<Scalar>(numbers(m * k, seed: 1), shape: [m, k]) - 64
      let b = Tensor<Scalar>(numbers(k * n, seed: 2), shape: [k, n]) - 64
      #expect(matmul(a, b) == product(a, b))
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("sizes of zero give empty products and zeros")
  func empty() {
    func zeros(_ shape: TensorShape) -> Tensor<Float> { .zeros(shape) }
    #expect(matmul(zeros([2, 0]), zeros([0, 3])) == zeros([2, 3]))
    #expect(matmul(zeros([0, 3]), zeros([3, 2])).shape == [0, 2])
    #expect(matmul(zeros([2, 3]), zeros([3, 0])).shape == [2, 0])
    #expect(matmul(zeros([0, 0]), zeros([0, 0])).shape == [0, 0])
    #expect(matmul(zeros([0]), zeros([0])).scalar == 0)
    #expect(matmul(zeros([0]), zeros([0, 4])) == zeros([4]))
    #expect(matmul(zeros([4, 0]), zeros([0])) == zeros([4]))
    #expect(matmul(zeros([0, 2, 3]), zeros([3, 4])).shape == [0, 2, 4])
    #expect(matmul(zeros([5, 2, 0]), zeros([0, 4])) == zeros([5, 2, 4]))
  }

  @Test("vectors are rows on the left and columns on the right")
  func vectors() {
    // v @ m, m.T @ v, v @ v, v @ t, t @ w
    let v: Tensor<Double> = [1, -2, 3]
    let m = Tensor<Double>.range(from: -5, to: 7).reshaped(to: [3, 4])
    #expect(matmul(v, m) == [6, 8, 10, 12] && matmul(m.transposed(), v) == [6, 8, 10, 12])
    #expect(matmul(v, v).shape == [] && matmul(v, v).scalar == 14)
    let t = Tensor<Double>.range(from: -10, to: 14).reshaped(to: [2, 3, 4])
    #expect(matmul(v, t) == [[-4, -2, 0, 2], [20, 22, 24, 26]])
    #expect(matmul(t, [1, 2, -1, 3]) == [[-41, -21, -1], [19, 39, 59]])
    let reversed = v[stride(from: 2, through: 0, by: -1)]
    // v[::-1] @ m
    #expect(matmul(reversed, m) == [-10, -8, -6, -4])
  }

  @Test("leading axes broadcast")
  func batches() {
    // (np.arange(24).reshape(2, 1, 3, 4) - 7.) @ (np.arange(40).reshape(5, 4, 2) - 11.)
    let a = Tensor<Double>.range(from: -7, to: 17).reshaped(to: [2, 1, 3, 4])
    let b = Tensor<Double>.range(from: -11, to: 29).reshaped(to: [5, 4, 2])
    let c = matmul(a, b)
    #expect(c.shape == [2, 5, 3, 2])
    #expect(
      c.elements == [
        186, 164, 58, 52, -70, -60, 10, -12, 10, 4, 10, 20, -166, -188, -38, -44, 90, 100, -342,
        -364, -86, -92, 170, 180, -518, -540, -134, -140, 250, 260, -198, -172, -326, -284, -454,
        -396, 10, 36, 10, 52, 10, 68, 218, 244, 346, 388, 474, 532, 426, 452, 682, 724, 938, 996,
        634, 660, 1018, 1060, 1402, 1460,
      ])
  }

  @Test("batches of views equal the products one by one")
  func batchesOfViews() {
    let a = Tensor<Float>(numbers(210, seed: 1), shape: [7, 2, 3, 5]).transposed(permutation: [
      1, 2, 3, 0,
    ])
    let b = Tensor<Float>(numbers(105, seed: 2), shape: [3, 7, 5])[
      stride(from: 2, through: 0, by: -1)]
    let c = matmul(a, b)  // [2, 3, 5, 7] x [3, 7, 5]
    #expect(c.shape == [2, 3, 5, 5])
    for i in 0..<2 {
      for j in 0..<3 { #expect(c[i, j, ...] == product(a[i, j, ...], b[j, ...])) }
    }
    let repeated = b[0, ...].broadcast(to: [2, 3, 7, 5])
    let d = matmul(a, repeated)
    for i in 0..<2 {
      for j in 0..<3 { #expect(d[i, j, ...] == product(a[i, j, ...], b[0, ...])) }
    }
  }

  @Test("products may have eight axes")
  func eightAxes() {
    let a = Tensor<Double>(numbers(48, seed: 3), shape: [2, 1, 2, 1, 1, 2, 2, 3])
    let b = Tensor<Double>(numbers(36, seed: 4), shape: [2, 1, 3, 1, 3, 2])
    let c = matmul(a, b)
    #expect(c.shape == [2, 1, 2, 1, 3, 2, 2, 2])
    for p in positions(of: [2, 2, 3, 2]) {
      let left = a[p[0], 0, p[1], 0, 0, p[3], 0..., 0...]
      let right = b[p[1], 0, p[2], 0, 0..., 0...]
      #expect(c[p[0], 0, p[1], 0, p[2], p[3], 0..., 0...] == product(left, right))
    }
  }

  @Test("NaN and infinity reach their row and column only")
  func special() {
    var a = Tensor<Float>.ones([3, 4])
    let b = Tensor<Float>.ones([4, 3])
    a[1, 2] = .nan
    a[2, 0] = .infinity
    expectClose(
      matmul(a, b),
      Tensor([[4, 4, 4], [.nan, .nan, .nan], [.infinity, .infinity, .infinity]]))
    let zeros = Tensor<Float>.zeros([4, 3])
    #expect(matmul(a, zeros)[1, 0].isNaN && matmul(a, zeros)[2, 0].isNaN)
  }

  @Test("products have the same bits for any number of threads")
  func threads() async {
    await #expect(processExitsWith: .success) {
      let a = Tensor<Float>(numbers(300 * 200, seed: 1), shape: [300, 200]) / 9
      let b = Tensor<Float>(numbers(200 * 250, seed: 2), shape: [200, 250]) / 11
      expectSameBits("plain") { matmul(a, b) }
      expectSameBits("transposed") { matmul(b.transposed(), a.transposed()) }
      expectSameBits("vector") { matmul(a, b[0..., 0]) }
    }
  }
}
