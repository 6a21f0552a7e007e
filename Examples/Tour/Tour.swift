// A tour of arrays in the order of NumPy's quick-start tutorial, with the same numbers. Its output
// is character for character what NumPy prints for the same steps (`numpy_tour.py`, with whose
// output `numpy.txt` a test compares it).
//
//     swift run -c release tour

import CommandLineOptions
import Tensor

@main
package struct Tour {
  package static func main() {
    _ = CommandLineOptions(
      program: "tour", about: "Shows what arrays can do, in the order of NumPy's quick start.", [])
    run { print($0) }
  }

  /// Runs the tour; `show` receives every line or array to print.
  package static func run(_ show: (String) -> Void) {
    basics(show)
    creation(show)
    printing(show)
    arithmetic(show)
    functions(show)
    indexing(show)
    shapes(show)
    joining(show)
    copies(show)
    positions(show)
    masks(show)
    grids(show)
    linearAlgebra(show)
    histogram(show)
  }

  static func basics(_ show: (String) -> Void) {
    show("== An array and what it knows of itself")
    let a = Tensor<Int>.range(from: 0, to: 15).reshaped(to: [3, 5])
    show("\(a)")
    show("shape \(a.shape), axes \(a.rank), elements \(a.count), type \(Int.scalarType.rawValue)")
    let b: Tensor<Int> = [6, 7, 8]
    show("\(b)")
  }

  static func creation(_ show: (String) -> Void) {
    show("== Arrays from numbers")
    show("\([2, 3, 4] as Tensor<Int>)")
    show("\([1.2, 3.5, 5.1] as Tensor<Double>)")
    show("\([[1.5, 2, 3], [4, 5, 6]] as Tensor<Double>)")
    show("\(Tensor<Double>.zeros([3, 4]))")
    show("\(Tensor<Int32>.ones([2, 3, 4]))")
    show("\(Tensor<Float>(repeating: 7.5, shape: [2, 2]))")
    show("\(Tensor<Double>.identity(3))")
    show("\(Tensor<Int>.range(from: 10, to: 30, by: 5))")
    show("\(Tensor<Double>.range(from: 0, to: 2, by: 0.3))")
    show("\(Tensor<Double>.linspace(from: 0, to: 2, count: 9))")
    show("\(sin(Tensor<Double>.linspace(from: 0, to: 2 * .pi, count: 8)))")
    show("\(Tensor<Int>(shape: [5, 4]) { 10 * $0[0] + $0[1] })")
  }

  static func printing(_ show: (String) -> Void) {
    show("== How arrays look")
    show("\(Tensor<Int>.range(from: 0, to: 6))")
    show("\(Tensor<Int>.range(from: 0, to: 12).reshaped(to: [4, 3]))")
    show("\(Tensor<Int>.range(from: 0, to: 24).reshaped(to: [2, 3, 4]))")
    show("\(Tensor<Int>.range(from: 0, to: 10_000))")
    show("\(Tensor<Int>.range(from: 0, to: 10_000).reshaped(to: [100, 100]))")
    show("\([1e-10, 1, 123_456_789] as Tensor<Double>)")
    show("\(Tensor<Double>([.nan, .infinity, -0.5]))")
    show("\(Tensor<Double>([1, 2.0 / 3]).description(options: PrintOptions(precision: 3)))")
  }

  static func arithmetic(_ show: (String) -> Void) {
    show("== Element by element")
    let a: Tensor<Int> = [20, 30, 40, 50]
    let b = Tensor<Int>.range(from: 0, to: 4)
    show("\(a - b)")
    show("\(square(b))")
    show("\(10 * sin(Tensor<Double>(a)))")
    show("\(a .< 35)")

    let (m, n): (Tensor<Double>, Tensor<Double>) = ([[1, 1], [0, 1]], [[2, 0], [3, 4]])
    show("\(m * n)")  // element by element
    show("\(matmul(m, n))")  // the matrix product

    show("== In place")
    var ones = Tensor<Double>.ones([2, 3])
    ones *= 3
    show("\(ones)")
    var generator = MersenneTwister(seed: 1)
    var random = Tensor<Double>(shape: [2, 3]) { _ in generator.nextUniform() }
    random += ones
    show("\(random)")

    show("== Types are converted by name")
    let whole = Tensor<Int>.ones([3])
    let fractions = Tensor<Double>.linspace(from: 0, to: .pi, count: 3)
    show("\(Tensor<Double>(whole) + fractions)")
    show("\(Tensor<UInt8>([200, 100]) + Tensor<UInt8>([100, 100]))")  // wraps around
    show("\(Tensor<UInt8>([200, 100]).sum())")  // a sum does not

    show("== Many to one")
    let c = Tensor<Double>(shape: [2, 3]) { _ in generator.nextUniform() }
    show("\(c)")
    show("\(c.sum()) \(c.min()) \(c.max())")
    let d = Tensor<Int>.range(from: 0, to: 12).reshaped(to: [3, 4])
    show("\(d.sum(axis: 0))")
    show("\(d.min(axis: 1))")
    show("\(d.cumulativeSum(axis: 1))")
  }

  static func functions(_ show: (String) -> Void) {
    show("== Functions of every element")
    let b = Tensor<Double>.range(from: 0, to: 3)
    show("\(exp(b))")
    show("\(sqrt(b))")
    show("\(b + [2, -1, 4])")
    show("\(b.clipped(to: 0.5...1.5)) \(maximum(b, 1)) \(b.mean()) \(b.standardDeviation())")
  }

  static func indexing(_ show: (String) -> Void) {
    show("== Parts of an array with one axis")
    let indices = Tensor<Int>.range(from: 0, to: 10)
    var a = indices * indices * indices
    show("\(a)")
    show("\(a[2]) \(a[2..<5])")
    a[stride(from: 0, to: 6, by: 2)] = 1000
    show("\(a)")
    show("\(a.flipped())")
    show("\(cbrt(Tensor<Double>(a)))")

    show("== Parts of an array with more axes")
    let b = Tensor<Int>(shape: [5, 4]) { 10 * $0[0] + $0[1] }
    show("\(b[2, 3])")
    show("\(b[0..<5, 1])")
    show("\(b[0..., 1])")
    show("\(b[1..<3, 0...])")
    show("\(b[b.shape[0] - 1, ...])")  // negative positions are written out

    let c: Tensor<Int> = [[[0, 1, 2], [10, 12, 13]], [[100, 101, 102], [110, 112, 113]]]
    show("\(c.shape)")
    show("\(c[1, ...])")
    show("\(c[..., 2])")
    for row in b.rows { show("\(row)") }
    show(b.elements.map(String.init).joined(separator: " "))
  }

  static func shapes(_ show: (String) -> Void) {
    show("== Other shapes")
    var generator = MersenneTwister(seed: 3)
    let a = floor(10 * Tensor<Double>(shape: [3, 4]) { _ in generator.nextUniform() })
    show("\(a)")
    show("\(a.flattened())")
    show("\(a.reshaped(to: [6, 2]))")
    show("\(a.transposed())")
    show("\(a.transposed().shape) \(a.shape)")
    show("\(a.reshaped(to: [3, -1]))")
    show("\(a.expandingShape(at: 0).shape) \(a[0..., .newAxis, 0...].shape)")
  }

  static func joining(_ show: (String) -> Void) {
    show("== Joining and splitting")
    let (a, b): (Tensor<Double>, Tensor<Double>) = ([[9, 7], [5, 2]], [[1, 9], [5, 1]])
    show("\(concatenate([a, b]))")
    show("\(concatenate([a, b], axis: 1))")
    let (x, y): (Tensor<Double>, Tensor<Double>) = ([4, 2], [3, 8])
    show("\(stack([x, y], axis: 1))")
    show("\(concatenate([x, y]))")
    show("\(x[0..., .newAxis])")

    let long = Tensor<Int>.range(from: 0, to: 24).reshaped(to: [2, 12])
    for part in long.split(into: 3, axis: 1) { show("\(part)") }
    for part in long.split(at: [3, 4], axis: 1) { show("\(part)") }
    show("\(Tensor<Int>([1, 2]).tiled([2, 3]))")
    show("\(Tensor<Int>([1, 2]).repeated(3, axis: 0))")
  }

  static func copies(_ show: (String) -> Void) {
    // In NumPy, writing to a view changes the original array. Here every array is a value, and
    // memory is copied when it is changed while it is shared. The Python tour copies where that
    // makes a difference.
    show("== Values, not references")
    let a = Tensor<Int>.range(from: 0, to: 12).reshaped(to: [3, 4])
    var b = a
    b[0, 0] = 1234
    show("\(a)")
    var part = a[0..., 1..<3]
    part[...] = 10
    show("\(part)")
    b[0..., 1..<3] = 10  // changes b itself
    show("\(b)")
  }

  static func positions(_ show: (String) -> Void) {
    show("== Arrays of positions")
    let numbers = Tensor<Int>.range(from: 0, to: 12)
    let squares = square(numbers)
    show("\(squares.taking([1, 1, 3, 8, 5], axis: 0))")
    show("\(squares[Tensor<Int>([[3, 4], [9, 7]])])")

    let palette: Tensor<Int> = [
      [0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255],
    ]
    show("\(palette.taking([[0, 1, 2, 0], [0, 3, 4, 0]], axis: 0))")

    let a = numbers.reshaped(to: [3, 4])
    let (i, j): (Tensor<Int>, Tensor<Int>) = ([[0, 1], [1, 2]], [[2, 1], [3, 3]])
    show("\(a[i, j])")
    show("\(a[i, Tensor(2)])")
    show("\(a.taking(j, axis: 1))")

    let time = Tensor<Double>.linspace(from: 20, to: 145, count: 5)
    let data = sin(Tensor<Double>.range(from: 0, to: 20)).reshaped(to: [5, 4])
    show("\(data)")
    let latest = data.argmax(axis: 0)
    show("\(latest)")
    show("\(time.taking(latest, axis: 0))")
    show("\(data[latest, Tensor<Int>.range(from: 0, to: 4)])")

    var five = Tensor<Int>.range(from: 0, to: 5)
    five[Tensor<Int>([1, 3, 4])] = 0
    show("\(five)")
    five = .range(from: 0, to: 5)
    five.scatter([1, 2, 3], at: [0, 0, 2])  // the last value for a position wins
    show("\(five)")
    five = .range(from: 0, to: 5)
    five.scatterAdd([1, 1, 1], at: [0, 0, 2])  // each value counts
    show("\(five)")
  }

  static func masks(_ show: (String) -> Void) {
    show("== Arrays of truth values")
    var a = Tensor<Int>.range(from: 0, to: 12).reshaped(to: [3, 4])
    let large = a .> 4
    show("\(large)")
    show("\(a[large])")
    a[large] = 0
    show("\(a)")

    let b = Tensor<Int>.range(from: 0, to: 12).reshaped(to: [3, 4])
    show("\(b[Tensor<Bool>([false, true, true])])")
    show("\(select(b .< 6, b, -b))")
    show("\(b.argwhere()[0..<2])")

    // The Mandelbrot set: the number of steps in which each point leaves the circle of radius 2.
    let (x, y) = (
      Tensor<Double>.linspace(from: -2, to: 0.8, count: 9),
      Tensor<Double>.linspace(from: -1.4, to: 1.4, count: 7)[0..., .newAxis]
    )
    var (re, im) = (Tensor<Double>.zeros([7, 9]), Tensor<Double>.zeros([7, 9]))
    var steps = Tensor<Int>(repeating: 20, shape: [7, 9])
    for step in 0..<20 {
      (re, im) = (re * re - im * im + x, 2 * re * im + y)
      let diverges = (re * re + im * im) .> 4
      steps[diverges .& (steps .== 20)] = step
      (re[diverges], im[diverges]) = (2, 0)
    }
    show("\(steps)")
  }

  static func grids(_ show: (String) -> Void) {
    show("== Every combination")
    let a = Tensor<Int>([2, 3, 4, 5])[0..., .newAxis, .newAxis]
    let b = Tensor<Int>([8, 5, 4])[.newAxis, 0..., .newAxis]
    let c = Tensor<Int>([5, 4, 6, 8, 3])[.newAxis, .newAxis, 0...]
    show("\(a.shape) \(b.shape) \(c.shape)")
    let result = a + b * c
    show("\(result)")
    show("\(result[3, 2, 4])")
  }

  static func linearAlgebra(_ show: (String) -> Void) {
    show("== Linear algebra")
    let a: Tensor<Double> = [[1, 2], [3, 4]]
    show("\(a.transposed())")
    show("\(Tensor<Double>.identity(2))")
    show("\(a.trace())")
    let turn: Tensor<Double> = [[0, -1], [1, 0]]
    show("\(matmul(turn, turn))")
    do {
      show("\(try a.inverse())")
      show("\(try solve(a, [5, 7]))")
      show("\(try a.singularValues())")
      show("\(try ([[2, 1], [1, 2]] as Tensor<Double>).symmetricEigen().values)")
    } catch {
      show("\(error)")
    }
    show("\(einsum("ij,ij->i", a, a))")
    show("\(outer([1, 2, 3], [4, 5] as Tensor<Double>))")
  }

  static func histogram(_ show: (String) -> Void) {
    show("== A histogram")
    var generator = MersenneTwister(seed: 1)
    let values = Tensor<Double>(shape: [10_000]) { _ in 2 + 0.5 * generator.nextNormal() }
    let (counts, edges) = values.histogram(bins: 12)
    show("\(counts)")
    show("\(edges)")
    show("\(values.median()) \(values.percentile(25)) \(values.percentile(75))")
    show("\(values.sorted()[..<5])")
  }
}
