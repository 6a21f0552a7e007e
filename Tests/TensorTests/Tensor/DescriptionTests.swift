import Tensor
import TestSupport
import Testing

@Suite("Descriptions")
struct DescriptionTests {
  // The texts are those of print(a) and repr(a) in NumPy 2.4.6.

  @Test("tensors print like NumPy's arrays")
  func descriptions() {
    #expect("\(Tensor<Float>([1, 2.5, -3]))" == "[ 1.   2.5 -3. ]")
    #expect("\(Tensor<Int>([[1, 20], [300, 4]]))" == "[[  1  20]\n [300   4]]")
    #expect("\(Tensor([true, false]))" == "[ True False]")
    #expect("\(Tensor<Double>(0.1))" == "0.1" && "\(Tensor<Float>.zeros([0, 3]))" == "[]")
    #expect("\(Tensor<Double>([.nan, .infinity, -.infinity]))" == "[ nan  inf -inf]")
    #expect(
      "\(Tensor<Int>(Array(0..<8), shape: [2, 2, 2]))"
        == "[[[0 1]\n  [2 3]]\n\n [[4 5]\n  [6 7]]]")
  }

  @Test("the debug description tells the type where it is not the usual one")
  func debugDescriptions() {
    #expect(Tensor<Double>([1, 2]).debugDescription == "array([1., 2.])")
    #expect(Tensor<Float>([1, 2]).debugDescription == "array([1., 2.], dtype=float32)")
    #expect(Tensor<UInt8>([1]).debugDescription == "array([1], dtype=uint8)")
  }

  @Test("views print their own elements", arguments: Layout.allCases)
  func views(layout: Layout) {
    let t = layout.matrix(seed: 3, of: Int.self)
    #expect(t.description == t.copied().description)
    #expect(t[1, 2...4].description == Tensor(t[1, 2...4].elements).description)
    #expect(t.transposed().description == t.transposed().copied().description)
  }

  @Test("options change digits and width")
  func options() {
    let t = Tensor<Double>([1.0 / 3, 2])
    #expect(t.description(options: PrintOptions(precision: 3)) == "[0.333 2.   ]")
    let line = Tensor<Int>(Array(0..<6))
    #expect(line.description(options: PrintOptions(threshold: 4, edgeItems: 1)) == "[0 ... 5]")
    #expect(line.description(options: PrintOptions(lineWidth: 8)) == "[0 1 2\n 3 4 5]")
  }

  @Test("a large tensor prints its edges only, however large it is")
  func elision() {
    let line = Tensor<Int>(Array(0..<1001)) * 1000
    #expect("\(line)" == "[      0    1000    2000 ...  998000  999000 1000000]")
    #expect("\(line[..<7])" == "[   0 1000 2000 3000 4000 5000 6000]")
    let huge = Tensor<Float>(2).broadcast(to: [1 << 24, 1 << 24])
    #expect(huge.description.split(separator: "\n").count == 7)
    #expect(huge.description.hasPrefix("[[2. 2. 2. ... 2. 2. 2.]\n [2. 2."))
  }
}
