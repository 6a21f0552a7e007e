import Layers
import TestSupport
import Testing

private let images = numbers([2, 4, 5, 4], 1)
private let steps = numbers([3, 5, 4], 1)
private let mask = Tensor<Bool>([
  [true, true, true, true, true], [false, true, true, false, true],
  [true, true, false, false, false],
])

/// Checks in both types.
private func inBoth(_ check: (any TensorFloat.Type) -> Void) {
  check(Double.self)
  check(Float.self)
}

@Suite("Layers for images")
struct ImageLayerTests {
  @Test("pool as Keras does", arguments: Padding.allCases.filter { $0 != .causal })
  func pooling(padding: Padding) {
    func check<Scalar: TensorFloat>(_: Scalar.Type) {
      let max = "max.\(padding)"
      expectKeras("\(max).2", MaxPooling2D<Scalar>(padding: padding), [images])
      expectKeras("\(max).3.2", MaxPooling2D<Scalar>(3, strides: 2, padding: padding), [images])
      expectKeras(
        "\(max).2.3.1", MaxPooling2D<Scalar>([2, 3], strides: 1, padding: padding), [images])
      expectKeras("\(max).steps", MaxPooling1D<Scalar>(padding: padding), [steps])
      expectKeras(
        "\(max).steps.3.1", MaxPooling1D<Scalar>(3, strides: 1, padding: padding), [steps])
      let mean = "average.\(padding)"
      expectKeras("\(mean).2", AveragePooling2D<Scalar>(padding: padding), [images])
      expectKeras(
        "\(mean).3.2", AveragePooling2D<Scalar>(3, strides: 2, padding: padding), [images])
      expectKeras(
        "\(mean).2.3.1", AveragePooling2D<Scalar>([2, 3], strides: 1, padding: padding), [images])
      expectKeras("\(mean).steps", AveragePooling1D<Scalar>(padding: padding), [steps])
      expectKeras(
        "\(mean).steps.3.1", AveragePooling1D<Scalar>(3, strides: 1, padding: padding), [steps])
    }
    inBoth { check($0) }
  }

  @Test("pool whole images and sequences as Keras does", arguments: [false, true])
  func globalPooling(isKept: Bool) {
    func check<Scalar: TensorFloat>(_: Scalar.Type) {
      let end = isKept ? ".kept" : ""
      expectKeras("global_max" + end, GlobalMaxPooling2D<Scalar>(keepDimensions: isKept), [images])
      expectKeras(
        "global_average" + end, GlobalAveragePooling2D<Scalar>(keepDimensions: isKept), [images])
      expectKeras(
        "global_max.steps" + end, GlobalMaxPooling1D<Scalar>(keepDimensions: isKept), [steps])
      let mean = GlobalAveragePooling1D<Scalar>(keepDimensions: isKept)
      expectKeras("global_average.steps" + end, mean, [steps])
      expectKeras("global_average.masked" + end, mean, [steps], mask: mask)
    }
    inBoth { check($0) }
  }

  @Test("make images larger and smaller as Keras does")
  func sizes() {
    func check<Scalar: TensorFloat>(_: Scalar.Type) {
      expectKeras("up.nearest", UpSampling2D<Scalar>([2, 3]), [images])
      // TensorFlow's places between pixels are of single precision.
      expectKeras(
        "up.bilinear", UpSampling2D<Scalar>([2, 3], interpolation: .bilinear), [images],
        isRounded: true)
      expectKeras("up.steps", UpSampling1D<Scalar>(3), [steps])
      expectKeras(
        "padding", ZeroPadding2D<Scalar>(top: 1, bottom: 0, left: 2, right: 3), [images])
      expectKeras("padding.steps", ZeroPadding1D<Scalar>(before: 1, after: 2), [steps])
      expectKeras("cropping", Cropping2D<Scalar>(top: 1, left: 2, right: 2), [images])
      expectKeras("cropping.steps", Cropping1D<Scalar>(before: 1, after: 2), [steps])
    }
    inBoth { check($0) }
  }

  @Test("normalise and rectify as Keras does")
  func normalization() {
    func check<Scalar: TensorFloat>(_: Scalar.Type) {
      expectKeras("prelu", PReLU<Scalar>(), [images])
      expectKeras("prelu.shared", PReLU<Scalar>(sharedAxes: [1, 2]), [images])
      expectKeras("group", GroupNormalization<Scalar>(2), [images])
      expectKeras("group.each", GroupNormalization<Scalar>(-1), [images])
      expectKeras("group.steps", GroupNormalization<Scalar>(1), [steps])
      expectKeras("rms", RMSNormalization<Scalar>(), [steps])
      expectKeras("layer.images", LayerNormalization<Scalar>(axes: [1, 2, 3]), [images])
      expectKeras("layer.inner", LayerNormalization<Scalar>(axes: [1, -1]), [images])
      expectKeras(
        "batch.training", BatchNormalization<Scalar>(momentum: 0.9), [images], positive: [3])
      expectKeras(
        "batch.inference", BatchNormalization<Scalar>(), [images], positive: [3],
        isTraining: false)
    }
    inBoth { check($0) }
  }

  @Test("make the mean of a sequence without data 0, and leave the numbers of no data out")
  func masks() {
    let context = Context<Float>(isTraining: false)
    let x = context.tape.constant([[[1], [.nan]], [[.nan], [.nan]]])
    context.setMask([[true, false], [false, false]], of: x)
    let y = GlobalAveragePooling1D<Float>()(x, in: context)
    #expect(y.value == [[1], [0]] && context.mask(of: y) == nil)
  }

  @Test("drop whole channels of a sample, and nothing at inference")
  func spatialDropout() {
    let x = Tensor<Float>.ones([50, 3, 4, 20])
    let layer = SpatialDropout2D<Float>(0.25)
    #expect(apply(layer, x) == x)
    let y = apply(layer, x, isTraining: true)
    let kept = Float(1 / 0.75)
    #expect(y.elements.allSatisfy { $0 == 0 || $0 == kept })
    #expect(y == y[0..., 0..<1, 0..<1].broadcast(to: x.shape))
    let share = Double(y[0..., 0, 0].elements.count { $0 == 0 }) / 1000
    #expect(abs(share - 0.25) < 5 * (0.25 * 0.75 / 1000).squareRoot())
    let z = apply(SpatialDropout1D<Float>(0.5), .ones([40, 7, 5]), isTraining: true)
    #expect(z == z[0..., 0..<1].broadcast(to: z.shape) && Set(z.elements) == [0, 2])
  }

  @Test("disturb by normally distributed numbers in training only")
  func noise() {
    let x = Tensor<Double>(repeating: 3, shape: [100, 100])
    func moments(_ layer: some Layer<Double>) -> (mean: Double, deviation: Double) {
      #expect(apply(layer, x) == x)
      let y = apply(layer, x, isTraining: true, seed: 1)
      #expect(y == apply(layer, x, isTraining: true, seed: 1))
      #expect(y != apply(layer, x, isTraining: true, seed: 2))
      return (y.mean(), y.standardDeviation())
    }
    // Five standard deviations of 10,000 draws.
    let added = moments(GaussianNoise(0.5))
    #expect(abs(added.mean - 3) < 0.025 && abs(added.deviation - 0.5) < 0.018)
    let scaled = moments(GaussianDropout(0.2))
    #expect(abs(scaled.mean - 3) < 0.075 && abs(scaled.deviation - 1.5) < 0.054)
    #expect(apply(GaussianNoise<Double>(0), x, isTraining: true) == x)
    #expect(apply(GaussianDropout<Double>(0), x, isTraining: true) == x)
  }

  @Test("have Keras's shapes and counts")
  func shapes() throws {
    func shape(_ layer: some Layer<Float>, _ sample: TensorShape) throws -> TensorShape {
      try layer.outputShapes(for: [sample])[0]
    }
    #expect(try shape(MaxPooling2D(), [28, 27, 3]) == [14, 13, 3])
    #expect(try shape(MaxPooling2D(padding: .same), [28, 27, 3]) == [14, 14, 3])
    #expect(try shape(AveragePooling1D(3, strides: 2), [8, 5]) == [3, 5])
    #expect(try shape(GlobalMaxPooling2D(), [4, 5, 6]) == [6])
    #expect(try shape(GlobalAveragePooling1D(keepDimensions: true), [4, 5]) == [1, 5])
    #expect(try shape(UpSampling2D([1, 3]), [4, 5, 6]) == [4, 15, 6])
    #expect(try shape(ZeroPadding2D([1, 2]), [4, 5, 6]) == [6, 9, 6])
    #expect(try shape(Cropping2D([1, 2]), [4, 5, 6]) == [2, 1, 6])
    let summary = Sequential<Float>([
      GroupNormalization(2), PReLU(sharedAxes: [1, 2]), RMSNormalization(), PReLU(),
    ]).summary(inputShapes: [[4, 5, 6]])
    #expect(summary.contains("Total params: 144"), "\(summary)")
    #expect(summary.contains("p_re_lu (PReLU)"), "\(summary)")
    #expect(
      Sequential<Float>([
        MaxPooling2D(), GlobalMaxPooling2D(), RepeatVector(2), RMSNormalization(), LSTM(3),
        LeakyReLU(),
      ]).layerNames == [
        "max_pooling2d", "global_max_pooling2d", "repeat_vector", "rms_normalization", "lstm",
        "leaky_re_lu",
      ])
    #expect(
      "\(MaxPooling2D<Float>())" == "MaxPooling2D(poolSize: 2 x 2, strides: 2 x 2, padding: valid)")
  }

  @Test("have nothing to do for an empty batch")
  func emptyBatch() {
    let none = Tensor<Float>.zeros([0, 4, 5, 6])
    #expect(apply(MaxPooling2D<Float>(), none).shape == [0, 2, 2, 6])
    #expect(apply(AveragePooling2D<Float>(1), none).shape == [0, 4, 5, 6])
    #expect(apply(GlobalMaxPooling2D<Float>(), none).shape == [0, 6])
    #expect(apply(GlobalAveragePooling2D<Float>(), none).shape == [0, 6])
    #expect(apply(UpSampling2D<Float>(interpolation: .bilinear), none).shape == [0, 8, 10, 6])
    #expect(apply(ZeroPadding2D<Float>(), none).shape == [0, 6, 7, 6])
    #expect(apply(Cropping2D<Float>(1), none).shape == [0, 2, 3, 6])
  }

  @Test("refuse samples that they have no use for")
  func misfits() {
    func message(_ layer: some Layer<Float>, _ sample: TensorShape) -> String {
      do {
        return "\(try layer.outputShapes(for: [sample]))"
      } catch { return "\(error)" }
    }
    #expect(message(MaxPooling2D(), [28, 28]).contains("[height, width, channels], got [28, 28]"))
    #expect(message(MaxPooling2D(3), [2, 5, 1]).contains("no window of 3 x 3 fits"))
    #expect(message(AveragePooling1D(), [3]).contains("[steps, features], got [3]"))
    #expect(message(GlobalMaxPooling2D(), [0, 3, 2]).contains("got [0, 3, 2]"))
    #expect(message(Cropping2D(2), [4, 9, 1]).contains("nothing is left"))
    #expect(message(GroupNormalization(4), [5, 5, 6]).contains("into 4 groups"))
    #expect(message(PReLU(sharedAxes: [3]), [5, 6]).contains("shared axes [3]"))
    #expect(message(LayerNormalization(axes: [0]), [5, 6]).contains("along axes [0]"))
    #expect(message(LayerNormalization(axes: [1, -2]), [5, 6]).contains("along axes [1, 1]"))
  }

  @Test("stop for settings that make no sense")
  func mistakes() async {
    func expectStop(_ text: String, _ result: ExitTest.Result?) {
      #expect(message(of: result, contains: text))
    }
    expectStop(
      "MaxPooling2D: there is no causal padding",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = MaxPooling2D<Float>(padding: .causal)
      })
    expectStop(
      "AveragePooling1D: windows and strides must lie in 1...",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = AveragePooling1D<Float>(0)
      })
    expectStop(
      "ZeroPadding2D: what is added or taken must lie in 0...",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ZeroPadding2D<Float>(top: 0, bottom: -1, left: 0, right: 0)
      })
    expectStop(
      "GaussianNoise: the standard deviation",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = GaussianNoise<Float>(.nan)
      })
  }
}
