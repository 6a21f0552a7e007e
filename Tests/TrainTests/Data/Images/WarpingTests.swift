import TestSupport
import Testing
import Train

private let goldens = pictureGoldens("warp")

@Suite("Warped pictures")
struct WarpingTests {
  @Test("have SciPy's numbers", arguments: goldens)
  fileprivate func scipy(golden: PictureGolden) throws {
    let numbers = golden.words[0].split(separator: " ").compactMap { Double($0) }
    let map = AffineMap(
      row: (numbers[0], numbers[1], numbers[2]), column: (numbers[3], numbers[4], numbers[5]))
    let outside: PaddingMode<Double> =
      switch golden.words[1] {
      case "edge": .edge
      case "reflect": .reflect
      default: .constant(0.25)
      }
    let result = golden.old.warped(
      by: map, height: golden.new.shape[0], width: golden.new.shape[1], outside: outside)
    expectClose(result, golden.new, relative: 1e-12, absolute: 1e-12)
  }

  @Test("are many")
  func count() { #expect(goldens.count == 48) }

  @Test("move whole pixels without changing a number")
  func exact() {
    let picture = Tensor<Float>([.infinity, 1, 2, 3, .nan, 5], shape: [2, 3, 1])
    func rows(_ x: Tensor<Float>) -> String { "\(x.squeezingShape(at: -1).elements)" }
    #expect(rows(picture.warped(by: .flip())) == "[2.0, 1.0, inf, 5.0, nan, 3.0]")
    #expect(
      rows(picture.warped(by: .flip(horizontally: false, vertically: true)))
        == "[3.0, nan, 5.0, inf, 1.0, 2.0]")
    // numpy.rot90 turns counter-clockwise too.
    #expect(
      rows(picture.warped(by: .rotation(degrees: 90), height: 3, width: 2))
        == "[2.0, 5.0, 1.0, nan, inf, 3.0]")
    #expect(rows(picture.warped(by: .rotation(degrees: 180))) == "[5.0, nan, 3.0, 2.0, 1.0, inf]")
    #expect(
      rows(picture.warped(by: .rotation(degrees: -90), height: 3, width: 2))
        == rows(picture.warped(by: .rotation(degrees: 270), height: 3, width: 2)))
    #expect(
      rows(picture.warped(by: .translation(rows: 1, columns: -1), outside: .constant(9)))
        == "[9.0, 9.0, 9.0, 1.0, 2.0, 9.0]")
    #expect(rows(picture.warped(by: .identity)) == rows(picture))
  }

  @Test("do steps in their order")
  func order() {
    var generator = RandomGenerator(seed: 1)
    let picture = Tensor<Double>.normal([1, 5, 5, 2], using: &generator)
    let move = AffineMap.translation(rows: 1, columns: 2), turn = AffineMap.rotation(degrees: 90)
    #expect(
      picture.warped(by: move.then(turn)) != picture.warped(by: turn.then(move)))
    #expect(
      picture.warped(by: turn.then(move)) == picture.warped(by: turn).warped(by: move))
  }
}
