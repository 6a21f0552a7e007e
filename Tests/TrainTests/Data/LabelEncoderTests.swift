import TestSupport
import Testing
import Train

@Suite("Classes of texts")
struct LabelEncoderTests {
  @Test("have numbers in ascending order, there and back")
  func numbers() {
    let encoder = LabelEncoder(fitting: ["Ulm", "Bonn", "köln", "Ulm", ""])
    #expect(encoder.classes == ["", "Bonn", "Ulm", "köln"])
    #expect(encoder(["Ulm", ""]) == [2, 0] as Tensor<Int>)
    #expect(encoder.oneHot(["Bonn", "köln"]) == [[0, 1, 0, 0], [0, 0, 0, 1]])
    #expect(encoder.inverse(Tensor<Float>([[3], [0]])) == ["köln", ""])
    #expect(encoder([]).shape == [0] && encoder.oneHot([]).shape == [0, 4])
  }

  @Test("may have one for all others")
  func others() {
    let encoder = LabelEncoder(fitting: ["b", "a"], other: "other")
    #expect(encoder.classes == ["a", "b", "other"] && encoder.hasOther)
    #expect(encoder(["b", "x", "other"]) == [1, 2, 2] as Tensor<Int>)
    #expect(LabelEncoder(fitting: ["other", "a"], other: "other").classes == ["a", "other"])
    #expect(LabelEncoder(fitting: ["", "a"], other: "").classes == ["a", ""])
    #expect(LabelEncoder(classes: ["low", "high"])(["high"]) == [1] as Tensor<Int>)
  }

  @Test("that look alike and have other bytes are two")
  func exact() {
    let encoder = LabelEncoder(fitting: ["\u{E9}", "e\u{301}"])
    #expect(encoder.classes.count == 2)
    #expect(encoder(["\u{E9}", "e\u{301}"]).elements.sorted() == [0, 1])
  }

  @Test("of columns give the same columns for training and test")
  func columns() {
    let train = Table(["city": .texts(["Ulm", "Bonn"]), "x": .numbers([1, 2])])
    let test = Table(["city": .texts(["Rome"]), "x": .numbers([3])])
    let cities = LabelEncoder(fitting: train[text: "city"], other: "elsewhere")
    let encoded = test.oneHotEncoding("city", with: cities)
    #expect(encoded.columnNames == ["city_Bonn", "city_Ulm", "city_elsewhere", "x"])
    #expect(encoded.tensor() == [[0, 0, 1, 3]])
    #expect(test.encoding("city", with: cities)["city"] == [2])
  }

  @Test("stop the program for a text of none, with its row and the way out")
  func unknown() async {
    let text = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LabelEncoder(fitting: ["Bonn", "Ulm"])(["Ulm", "Bon"])
    }
    #expect(
      message(
        of: text, contains: "row 1: there is no \"Bon\"", "did you mean \"Bonn\"?",
        "LabelEncoder(fitting:other:)"))
    let label = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LabelEncoder(fitting: ["Bonn", "Ulm"]).inverse(Tensor<Int>([1, 2]))
    }
    #expect(message(of: label, contains: "label 2.0 of sample 1 is not one of the 2 classes"))
  }
}
