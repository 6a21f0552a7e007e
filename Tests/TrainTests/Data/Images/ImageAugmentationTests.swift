import TestSupport
import Testing
import Train

private func pictures(_ shape: TensorShape) -> Tensor<Float> {
  var generator = RandomGenerator(seed: 11)
  return Tensor((0..<shape.reduce(1, *)).map { _ in Float(generator.nextUniform()) }, shape: shape)
}

@Suite("Image augmentation")
struct ImageAugmentationTests {
  static let all: [ImageStep] = [
    .horizontalFlip, .verticalFlip, .rotation(degrees: 20), .zoom(0.2),
    .translation(height: 0.1, width: 0.2), .crop(height: 6, width: 5, padding: 1), .brightness(0.2),
    .contrast(0.3),
  ]

  @Test("changes a picture in the same way whatever stands beside it")
  func reproducible() {
    let x = pictures([6, 8, 7, 3])
    let augmentation = ImageAugmentation<Float>(Self.all)
    let whole = augmentation(x, seed: 3)
    #expect(whole.shape == [6, 6, 5, 3] && whole == augmentation(x, seed: 3))
    #expect(whole != augmentation(x, seed: 4) && whole[0, ...] != whole[1, ...])
    let generator = RandomGenerator(seed: 3)
    let part = augmentation(x[4..<6]) { generator.stream($0 + 4) }
    #expect(part == whole[4..<6])
    #expect(augmentation(x[0..<0], seed: 1).shape == [0, 6, 5, 3])
  }

  @Test("flips about half of the pictures, exactly")
  func flips() {
    let x = pictures([200, 2, 3, 1])
    let y = ImageAugmentation<Float>([.horizontalFlip])(x, seed: 1)
    var flipped = 0
    for i in 0..<200 {
      let isFlipped = y[i, ...] == x[i, ...].flipped(axes: [1])
      #expect(isFlipped || y[i, ...] == x[i, ...])
      flipped += isFlipped ? 1 : 0
    }
    #expect((70...130).contains(flipped))
  }

  @Test("cuts every piece out of the padded picture")
  func crops() {
    let x = pictures([300, 4, 3, 2])
    let y = ImageAugmentation<Float>([.crop(height: 3, width: 3, padding: 1)])(x, seed: 2)
    let wide = x.padded([(0, 0), (1, 1), (1, 1), (0, 0)])
    var seen: Set<Int> = []
    for i in 0..<300 {
      let places = (0..<12).filter { place in
        let (top, left) = (place / 3, place % 3)
        return wide[i, top..<top + 3, left..<left + 3, 0...] == y[i, ...]
      }
      #expect(places.count == 1)
      seen.formUnion(places)
    }
    #expect(seen.count == 12)
  }

  @Test("keeps brightness and contrast within the range")
  func values() {
    let x = pictures([50, 5, 5, 2])
    let bright = ImageAugmentation<Float>([.brightness(0.5)])(x, seed: 5)
    #expect(bright.elements.allSatisfy { 0...1 ~= $0 } && bright != x)
    // One number is added to the whole picture where nothing was clipped.
    for i in 0..<50 {
      let steps = zip(bright[i, ...].elements, x[i, ...].elements).filter { 0 < $0.0 && $0.0 < 1 }
        .map { $0.0 - $0.1 }
      #expect(steps.allSatisfy { abs($0 - steps[0]) < 1e-6 && abs($0) <= 0.5 })
    }
    let wide = ImageAugmentation<Float>([.contrast(0.5)], range: -100...100)(x, seed: 6)
    for i in 0..<50 {
      for channel in 0..<2 {
        let (old, new) = (x[i, 0..., 0..., channel], wide[i, 0..., 0..., channel])
        #expect(abs(old.mean() - new.mean()) < 1e-5)
        let factor = new.standardDeviation() / old.standardDeviation()
        #expect(factor > 0.49 && factor < 1.51)
      }
    }
  }

  @Test("without steps changes nothing")
  func nothing() {
    let x = pictures([2, 3, 4, 1])
    #expect(ImageAugmentation<Float>([])(x, seed: 0) == x)
    #expect(ImageAugmentation<Float>([.zoom(0), .rotation(degrees: 0)])(x, seed: 0) == x)
  }

  @Test("stops with a sentence")
  func mistakes() async {
    var result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ImageAugmentation<Float>([.zoom(1.5)])
    }
    #expect(message(of: result, contains: "ImageAugmentation:", "zoom(1.5)", "out of range"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ImageAugmentation<Float>([.brightness(0.1), .horizontalFlip])
    }
    #expect(message(of: result, contains: "must come last"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ImageAugmentation<Float>([.crop(height: 9, width: 2)])(
        Tensor<Float>.ones([1, 4, 4, 1]), seed: 0)
    }
    #expect(message(of: result, contains: "9 x 2", "does not fit", "4 x 4"))
  }
}

@Suite("Mixed samples")
struct MixingTests {
  private let x = pictures([5, 6, 8, 2])
  private let y = toCategorical(Tensor<Int>([0, 1, 2, 0, 1]))

  @Test("are sums of neighbours, targets like numbers")
  func mixUps() {
    var generator = RandomGenerator(seed: 4)
    let (mixed, targets) = mixUp(x, y, alpha: 1, using: &generator)
    // The first target was all of class 0, the next one of class 1.
    let share = targets[0, 0]
    #expect(share > 0 && share < 1)
    for i in 0..<5 {
      let next = (i + 1) % 5
      expectClose(
        mixed[i, ...], x[i, ...] * share + x[next, ...] * (1 - share), absolute: 1e-6)
      expectClose(
        targets[i, ...], y[i, ...] * share + y[next, ...] * (1 - share), absolute: 1e-6)
    }
  }

  // scipy.stats.beta(a, a).var() is 1 / (4 (2 a + 1)).
  @Test("have shares from the beta distribution", arguments: [0.2, 1, 4])
  func shares(alpha: Double) {
    var generator = RandomGenerator(seed: 8)
    let one = Tensor<Double>([[1, 0], [0, 1]])
    let shares = (0..<4000).map { _ in
      mixUp(one, one, alpha: alpha, using: &generator).y[0, 0]
    }
    let mean = shares.reduce(0, +) / 4000
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    let expected = 1 / (4 * (2 * alpha + 1))
    #expect(abs(mean - 0.5) < 0.03 && abs(variance / expected - 1) < 0.1)
    #expect(shares.allSatisfy { 0...1 ~= $0 })
  }

  @Test("hold a piece of the next picture, targets by area")
  func cutMixes() {
    var areas: Set<Int> = []
    for seed in 0..<40 {
      var generator = RandomGenerator(seed: UInt64(seed))
      let (mixed, targets) = cutMix(x, y, using: &generator)
      var area = 0
      for row in 0..<6 {
        for column in 0..<8 {
          let isNext = mixed[0, row, column, ...] != x[0, row, column, ...]
          #expect(mixed[2, row, column, ...] == x[isNext ? 3 : 2, row, column, ...])
          #expect(mixed[4, row, column, ...] == x[isNext ? 0 : 4, row, column, ...])
          area += isNext ? 1 : 0
        }
      }
      #expect(abs(targets[0, 1] - Float(area) / 48) < 1e-6)
      areas.insert(area)
    }
    #expect(areas.count > 8)
  }
}
