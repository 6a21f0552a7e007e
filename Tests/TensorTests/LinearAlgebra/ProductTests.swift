import Tensor
import Testing

// 0, 1, 2, … in the given shape: small integers, so that every product is exact.
private func counting(_ shape: TensorShape) -> Tensor<Double> {
  Tensor((0..<shape.elementCount).map(Double.init)).reshaped(to: shape)
}

// Expected values: NumPy 2.4, with a = np.arange(6.).reshape(2, 3), b = np.arange(12.).reshape(3, 4).
@Suite struct ProductTests {
  let a = counting([2, 3])
  let b = counting([3, 4])

  @Test func `einsum multiplies, transposes, sums and takes diagonals as NumPy does`() {
    #expect(einsum("ij,jk->ik", a, b) == [[20, 23, 26, 29], [56, 68, 80, 92]])
    #expect(einsum("ij,jk", a, b) == matmul(a, b))
    #expect(einsum("ba", a) == a.transposed())
    #expect(einsum("ij->j", a) == [3, 5, 7])
    #expect(einsum("ij->", a).scalar == 15)
    #expect(einsum("ii", counting([3, 3])).scalar == 12)
    #expect(einsum("ii->i", counting([3, 3])) == [0, 4, 8])
    #expect(einsum("ij,ij->ij", a, a) == a * a)
    #expect(einsum("i,j->ij", [1, 2], [3, 4, 5] as Tensor<Double>) == [[3, 4, 5], [6, 8, 10]])
    #expect(einsum("ij,kj->", a, a).scalar == 83)
  }

  @Test func `an ellipsis stands for the axes without a letter, which broadcast`() {
    let (x, y) = (counting([2, 1, 2, 3]), counting([4, 3, 5]))
    #expect(einsum("...ij,...jk->...ik", x, y) == matmul(x, y))
    #expect(einsum("...ij,...jk", x, y) == matmul(x, y))
    #expect(einsum("i...->...i", a) == a.transposed())
    #expect(einsum("...", a) == a)
    #expect(einsum("...,...", a, a[0, ...]) == a * a[0, ...])
  }

  @Test func `einsum of three operands equals explicit loops`() {
    let (x, y, z) = (counting([2, 3, 4]), counting([4, 3, 5]), counting([5, 2]))
    let result = einsum("bij,jik,kb->bk", x, y, z)
    for b in 0..<2 {
      for k in 0..<5 {
        var sum = 0.0
        for i in 0..<3 { for j in 0..<4 { sum += x[b, i, j] * y[j, i, k] * z[k, b] } }
        #expect(result[b, k] == sum)
      }
    }
  }

  @Test func `tensordot, dot, inner and outer contract the axes NumPy's do`() {
    let (x, y) = (counting([3, 4, 5]), counting([4, 3, 2]))
    // np.tensordot(np.arange(60.).reshape(3,4,5), np.arange(24.).reshape(4,3,2), ([1,0],[0,1]))
    #expect(
      tensordot(x, y, axes: ([1, 0], [0, 1])) == [
        [4400, 4730], [4532, 4874], [4664, 5018], [4796, 5162], [4928, 5306],
      ])
    #expect(dot(a, b) == matmul(a, b))
    #expect(dot([1, 2], [3, 4] as Tensor<Double>).scalar == 11)
    #expect(dot(x, counting([2, 5, 3])).shape == [3, 4, 2, 3])
    #expect(inner(a, a) == [[5, 14], [14, 50]])
    #expect(vdot(a, a.reshaped(to: [3, 2])) == 55)
    #expect(outer(a, [1, 2]).shape == [6, 2])
    #expect(a.trace().scalar == 4)
  }

  @Test func `shapes that do not fit stop with a sentence`() async {
    await #expect(processExitsWith: .failure) {
      _ = einsum("ij,jk", Tensor<Float>.zeros([2, 3]), Tensor<Float>.zeros([2, 3]))
    }
    await #expect(processExitsWith: .failure) {
      _ = try? solve(Tensor<Float>.zeros([2, 3]), Tensor<Float>.zeros([2]))
    }
  }
}
