import Layers
import Testing

/// The lines of a table whose rows end in blanks, which an editor would remove: `·` stands for one.
private func table(_ text: String) -> String { text.replacing("·", with: " ") }

@Suite("The summary")
struct SummaryTests {
  @Test("is Keras 2's table, letter by letter")
  func rounding() {
    let network = Sequential([
      Dense(8, activation: .relu, inputShape: [1]), Dense(2, activation: .softmax),
    ])
    #expect(
      network.summary()
        == table(
          """
          Model: "sequential"
          _________________________________________________________________
          Layer (type)                 Output Shape              Param #···
          =================================================================
          dense (Dense)                (None, 8)                 16········
          _________________________________________________________________
          dense_1 (Dense)              (None, 2)                 18········
          =================================================================
          Total params: 34
          Trainable params: 34
          Non-trainable params: 0
          _________________________________________________________________
          """))
  }

  @Test("groups the totals by thousands and names every kind of layer")
  func kinds() {
    var network = Sequential([
      Flatten(inputShape: [28, 28]), Dense(128), Activation(.relu), Dropout(0.2), Dense(10),
    ])
    var generator = RandomGenerator(seed: 0)
    network.initialize(using: &generator)
    network.freeze("dense")
    #expect(
      network.summary(name: "clothes")
        == table(
          """
          Model: "clothes"
          _________________________________________________________________
          Layer (type)                 Output Shape              Param #···
          =================================================================
          flatten (Flatten)            (None, 784)               0·········
          _________________________________________________________________
          dense (Dense)                (None, 128)               100480····
          _________________________________________________________________
          activation (Activation)      (None, 128)               0·········
          _________________________________________________________________
          dropout (Dropout)            (None, 128)               0·········
          _________________________________________________________________
          dense_1 (Dense)              (None, 10)                1290······
          =================================================================
          Total params: 101,770
          Trainable params: 1,290
          Non-trainable params: 100,480
          _________________________________________________________________
          """))
  }

  @Test("cuts names that are too long for their column")
  func long() {
    struct AVeryLongNameForALayerThatDoesNothing: Layer {
      typealias Scalar = Float
      func call(_ x: Variable<Float>, in context: Context<Float>) -> Variable<Float> { x }
    }
    let network = Sequential([Dense(3, inputShape: [2]), AVeryLongNameForALayerThatDoesNothing()])
    let rows = network.summary().split(separator: "\n")
    #expect(rows[6] == "a_very_long_name_for_a_layer_(None, 3)                 0         ")
  }
}
