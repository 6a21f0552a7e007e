import TestSupport
import Testing
import Train

// Where 6 rows become 9, three centres lie between two pixels, and Pillow's sums of rounded steps decide:
// those are left to `ties`.
private let goldens = pictureGoldens("resize").filter {
  !($0.words[1] == "nearest" && $0.new.shape[0] == 9)
}

@Suite("Resized pictures")
struct ResizingTests {
  @Test("have Pillow's bytes", arguments: goldens.filter { $0.words[0] == "pillow-bytes" })
  fileprivate func bytes(golden: PictureGolden) throws {
    let filter = try #require(filters[golden.words[1]])
    let result = Tensor<UInt8>(golden.old).resized(
      height: golden.new.shape[0], width: golden.new.shape[1], filter: filter)
    #expect(result == Tensor<UInt8>(golden.new))
  }

  @Test(
    "have Pillow's floating-point numbers",
    arguments: goldens.filter { $0.words[0] == "pillow-floats" })
  fileprivate func floats(golden: PictureGolden) throws {
    let filter = try #require(filters[golden.words[1]])
    let result = Tensor<Float>(golden.old).resized(
      height: golden.new.shape[0], width: golden.new.shape[1], filter: filter)
    expectClose(result, Tensor<Float>(golden.new), relative: 1e-5, absolute: 1e-6)
  }

  @Test(
    "have PyTorch's numbers with and without antialiasing",
    arguments: goldens.filter { $0.words[0] == "torch" })
  fileprivate func torch(golden: PictureGolden) throws {
    let filter = try #require(filters[golden.words[1]])
    let result = golden.old.resized(
      height: golden.new.shape[1], width: golden.new.shape[2], filter: filter,
      antialias: golden.words[2] == "true")
    expectClose(result, golden.new, relative: 1e-12, absolute: 1e-12)
  }

  @Test("take the later one of two pixels that meet at the centre of a new one")
  func ties() {
    let row = Tensor<UInt8>([0, 1, 2, 3, 4, 5], shape: [6, 1, 1])
    #expect(
      row.resized(height: 9, width: 1, filter: .nearest).elements == [0, 1, 1, 2, 3, 3, 4, 5, 5])
    #expect(row.resized(height: 3, width: 1, filter: .nearest).elements == [1, 3, 5])
  }

  @Test("were compared with three oracles")
  func count() {
    #expect(goldens.count > 80 && Set(goldens.map { $0.words[0] }).count == 3)
  }

  @Test("are the same as views, in batches and of the same size")
  func views() {
    var generator = RandomGenerator(seed: 5)
    let pictures = Tensor<Float>.normal([2, 9, 7, 3], using: &generator)
    let turned = pictures.transposed(permutation: [0, 2, 1, 3])
    #expect(
      turned.resized(height: 4, width: 5) == turned.copied().resized(height: 4, width: 5))
    let small = pictures.resized(height: 3, width: 11)
    #expect(
      small.shape == [2, 3, 11, 3]
        && small[1, ...] == pictures[1, ...].resized(height: 3, width: 11))
    #expect(pictures.resized(height: 9, width: 7) == pictures)
    #expect(Tensor<Float>.zeros([0, 4, 4, 3]).resized(height: 2, width: 2).shape == [0, 2, 2, 3])
  }

  @Test("keep infinity and NaN where they are")
  func awkward() {
    var picture = Tensor<Float>.ones([4, 4, 1])
    picture[0, 0, 0] = .nan
    picture[3, 3, 0] = .infinity
    let half = picture.resized(height: 2, width: 2, filter: .area)
    #expect(half[0, 0, 0].isNaN && half[0, 1, 0] == 1 && half[1, 0, 0] == 1)
    #expect(half[1, 1, 0] == .infinity)
  }

  @Test("need pixels and a size")
  func mistakes() async {
    var result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([4, 4]).resized(height: 2, width: 2)
    }
    #expect(message(of: result, contains: "resized:", "[4, 4]", "expandingShape"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([4, 4, 1]).resized(height: 0, width: 2)
    }
    #expect(message(of: result, contains: "resized:", "0 x 2"))
  }
}

private let filters: [String: ResizeFilter] = [
  "nearest": .nearest, "bilinear": .bilinear, "bicubic": .bicubic, "area": .area,
]
