import Train

/// A network that describes a picture by a point of the plane, up to a normal distribution around it, and
/// draws the picture of a point.
struct PlaneAutoencoder: Layer {
  private var encoder: Sequential<Float>
  private var mean = Dense<Float>(2)
  private var logVariance = Dense<Float>(2)
  private let sampling = GaussianSampling<Float>()
  private var decoder: Sequential<Float>
  private let pixels: Int

  init(pixels: Int, hidden: [Int]) {
    self.pixels = pixels
    encoder = Sequential(hidden.map { Dense($0, activation: .relu) })
    decoder = Sequential(
      hidden.reversed().map { Dense($0, activation: .relu) } + [Dense(pixels, activation: .sigmoid)]
    )
  }

  var inputShape: TensorShape? { [pixels] }

  mutating func forEachMember(_ visit: inout some MemberVisitor<Float>) {
    visit("encoder", &encoder)
    visit("mean", &mean)
    visit("logVariance", &logVariance)
    visit("decoder", &decoder)
  }

  mutating func build(
    _ builder: inout LayerBuilder<Float>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let features = try builder.layer("encoder", &encoder, inputShape: inputShape)
    _ = try builder.layer("logVariance", &logVariance, inputShape: features)
    let point = try builder.layer("mean", &mean, inputShape: features)
    return try builder.layer("decoder", &decoder, inputShape: point)
  }

  /// The picture of the most likely point.
  func call(_ x: Variable<Float>, in context: Context<Float>) -> Variable<Float> {
    decoder(mean(encoder(x, in: context), in: context), in: context)
  }

  /// The two parts of what training makes small, means over the pictures: the cross-entropy of the pixels,
  /// and how far the distributions of the points are from the standard one.
  func bound(
    of pictures: Tensor<Float>, in context: Context<Float>
  ) -> (reconstruction: Variable<Float>, divergence: Variable<Float>) {
    let x = context.tape.constant(pictures)
    let features = encoder(x, in: context)
    let (mean, logVariance) = (mean(features, in: context), logVariance(features, in: context))
    let point = sampling([mean, logVariance], in: context)[0]
    let cost = BinaryCrossentropy()(decoder(point, in: context), x)
    return (
      cost.sum(axis: -1).mean(),
      gaussianKLDivergence(mean: mean, logVariance: logVariance).mean()
    )
  }

  /// The most likely points of pictures.
  func encode(_ pictures: Tensor<Float>) -> Tensor<Float> {
    let context = Context<Float>(isTraining: false)
    return mean(encoder(context.tape.constant(pictures), in: context), in: context).value
  }

  /// The pictures of points.
  func decode(_ points: Tensor<Float>) -> Tensor<Float> {
    let context = Context<Float>(isTraining: false)
    return decoder(context.tape.constant(points), in: context).value
  }
}
