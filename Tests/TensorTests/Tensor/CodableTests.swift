// A tensor through encoders: Foundation's JSON, which only this file imports, and back.

import Foundation
import Tensor
import Testing

@Suite("Encoding tensors")
struct CodableTests {
  private func returned<S: Codable>(_ t: Tensor<S>) throws -> Tensor<S> {
    try JSONDecoder().decode(Tensor<S>.self, from: JSONEncoder().encode(t))
  }

  @Test("every type and shape comes back")
  func roundTrips() throws {
    let floats: Tensor<Float> = [[0.1, -2.5e-30, 3], [4, 5e30, -0.0]]
    #expect(try returned(floats) == floats)
    #expect(try returned(floats)[1, 2].sign == .minus)
    let doubles = Tensor<Double>([.pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude])
    #expect(try returned(doubles) == doubles)
    let integers = Tensor<Int>([[.max], [.min]])
    #expect(try returned(integers) == integers)
    #expect(try returned([[true], [false]] as Tensor<Bool>) == [[true], [false]])
    #expect(try returned(Tensor<UInt8>([0, 255])) == [0, 255])
    for shape: TensorShape in [[], [0], [3, 0, 2], [1, 1, 1]] {
      #expect(try returned(Tensor<Int32>.ones(shape)) == .ones(shape))
    }
  }

  @Test("a view is written as what it shows")
  func views() throws {
    let t = Tensor<Int>.range(from: 0, to: 12).reshaped(to: [3, 4])
    let view = t.transposed()[1..., stride(from: 2, through: 0, by: -2)]
    #expect(try returned(view) == view)
    let text = String(decoding: try JSONEncoder().encode(t[0..<1, 1..<3]), as: UTF8.self)
    #expect(text.contains("\"shape\":[1,2]") && text.contains("\"elements\":[1,2]"))
  }

  @Test("a tensor within another value")
  func nested() throws {
    struct Layer: Codable, Equatable {
      var name: String
      var weights: Tensor<Float>
    }
    let layer = Layer(name: "first", weights: [[1, 2], [3, 4]])
    #expect(
      try JSONDecoder().decode(Layer.self, from: JSONEncoder().encode(layer)) == layer)
  }

  @Test(
    "damaged data is refused",
    arguments: [
      #"{"shape":[2,2],"elements":[1,2,3]}"#, #"{"shape":[-1],"elements":[]}"#,
      #"{"shape":[1,1,1,1,1,1,1,1,1],"elements":[1]}"#,
      #"{"shape":[4611686018427387904,4],"elements":[]}"#, #"{"shape":[2]}"#,
      #"{"elements":[1]}"#, #"{"shape":[1],"elements":["one"]}"#, "[1, 2]",
    ])
  func damaged(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Tensor<Float>.self, from: Data(text.utf8))
    }
  }
}
