import KernelTemplate
import Tensor
import Testing

// The kernels of the decompositions against plain loops in `Double`, on every instruction set.
@Suite("Kernels of the decompositions")
struct RotationTests {
  private static let sizes = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 67, 130]

  @Test("rows times a vector", arguments: instructionSets)
  func rowProducts(set: Machine.InstructionSet) {
    func check<S: KernelScalar>(_: S.Type) {
      let kernels = S.kernels(set)
      for rows in [0, 1, 2, 3, 4, 5, 8, 11] {
        for columns in Self.sizes {
          let stride = columns + 3
          let a = Guarded(noise(max(0, rows * stride - 3), as: S.self))
          let x = Guarded(noise(columns, seed: 2, as: S.self))
          let y = Guarded([S](repeating: 9, count: rows))
          kernels.rowProducts(a.pointer, stride, x.pointer, y.pointer, rows, columns)
          let (values, vector) = (a.values, x.values)
          for i in 0..<rows {
            var (sum, size) = (0.0, 0.0)
            for k in 0..<columns {
              let product = Double(values[i * stride + k]) * Double(vector[k])
              sum += product
              size += abs(product)
            }
            #expect(abs(Double(y.values[i]) - sum) <= 8 * size * Double(S.ulpOfOne))
          }
          #expect(y.isIntact)
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("sweeps of rotations, down and up", arguments: instructionSets)
  func rotate(set: Machine.InstructionSet) {
    func check<S: KernelScalar>(_: S.Type) {
      let kernels = S.kernels(set)
      let rows = 7
      // From row 1 down three rotations, from row 6 up six, and a sweep of none.
      let sweeps = [
        RotationSweep(row: 1, step: 1, count: 3, place: 0),
        RotationSweep(row: 6, step: -1, count: 6, place: 6),
        RotationSweep(row: 2, step: 1, count: 0, place: 18),
      ]
      let angles = noise(9, seed: 3, as: Double.self)
      // Sine and cosine of some angle: (1 - t², 2 t) / (1 + t²).
      let pairs = angles.flatMap { (t: Double) -> [S] in
        let square: Double = t * t
        let c: Double = (1 - square) / (1 + square)
        let s: Double = 2 * t / (1 + square)
        return [S(c), S(s)]
      }
      for columns in Self.sizes {
        let stride = columns + 5
        let z = Guarded(noise(rows * stride, as: S.self))
        var expected = z.values.map(Double.init)
        for sweep in sweeps {
          var row = sweep.row
          for k in 0..<sweep.count {
            let (c, s) = (
              Double(pairs[sweep.place + 2 * k]), Double(pairs[sweep.place + 2 * k + 1])
            )
            for j in 0..<columns {
              let (f, x) = (
                expected[row * stride + j], expected[(row + sweep.step) * stride + j]
              )
              expected[row * stride + j] = c * f + s * x
              expected[(row + sweep.step) * stride + j] = c * x - s * f
            }
            row += sweep.step
          }
        }
        kernels.rotate(z.pointer, stride, columns, pairs, sweeps, sweeps.count)
        let worst = zip(z.values, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
        #expect(worst <= 40 * Double(S.ulpOfOne))
        #expect(z.isIntact)
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
