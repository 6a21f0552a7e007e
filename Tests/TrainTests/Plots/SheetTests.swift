import ArrayFiles
import TestSupport
import Testing
import Train

@Suite("Sheets of pictures")
struct SheetTests {
  @Test("put pictures in rows with lines between them")
  func sheet() throws {
    let images = Tensor<Float>(shape: [5, 2, 3]) { Float($0[0]) }
    let picture = Picture(sheet: images, columns: 3, colors: ColorMap.greys.reversed)
    // Two rows of pictures of 2 x 3 pixels, and a line between them in each direction.
    let pixels = try withTemporaryFolder { folder in
      let path = folder + "/sheet.png"
      try writeFile(picture.png(), to: path)
      return try Tensor<UInt8>(contentsOfImage: path)
    }
    #expect(Array(pixels.shape.prefix(2)) == [5, 11])
    func grey(_ row: Int, _ column: Int) -> Int { Int(pixels[row, column, 0]) }
    // 0...4 becomes 0...255; lines and the empty place are in the middle.
    #expect(
      [grey(0, 0), grey(1, 6), grey(0, 10), grey(3, 2), grey(4, 4)] == [0, 64, 128, 191, 255])
    #expect([grey(2, 0), grey(0, 3), grey(3, 8), grey(4, 10)] == [128, 128, 128, 128])
  }

  @Test("take a range that is given, and one picture")
  func range() {
    let images: Tensor<Int> = [[[0, 5]]]
    let one = Picture(sheet: images, columns: 4, range: 0...10)
    #expect(one.png() == Picture(sheet: images, columns: 4, range: 0...10).png())
    #expect(one.png() != Picture(sheet: images, columns: 4).png())
  }
}
