import Autograd
import Layers
import Tensor
import Train

/// A network that finds the noise in a picture of 28 x 28 pixels: a U-Net.
///
/// It looks at the picture in three sizes, from fine to coarse, and adds the finer details back on
/// its way up.
///
/// Source: O. Ronneberger, P. Fischer, T. Brox, "U-Net: convolutional networks for biomedical image
/// segmentation", 2015.
func makeDenoiser(channels: Int) -> Graph<Float> {
  Graph { g in
    let picture = g.input([28, 28, 1], name: "picture")
    let step = g.input([stepFeatureCount], name: "step")
    let level = g.layer(Dense(4 * channels, activation: .silu), name: "level")(step)

    /// Two convolutions around a residual connection; the level of the noise shifts the channels.
    func block(_ x: GraphValue<Float>, _ count: Int) -> GraphValue<Float> {
      let wide = g.layer(Conv2D(count, kernelSize: 3, padding: .same))(x)
      let shifted = g.layer(ChannelShift<Float>())(wide, g.layer(Dense(count))(level))
      let active = g.layer(Activation(.silu))(g.layer(GroupNormalization(4))(shifted))
      return shifted + g.layer(Conv2D(count, kernelSize: 3, padding: .same))(active)
    }
    func down(_ x: GraphValue<Float>) -> GraphValue<Float> { g.layer(AveragePooling2D(2))(x) }
    func up(_ x: GraphValue<Float>, beside fine: GraphValue<Float>) -> GraphValue<Float> {
      g.layer(Concatenate())(g.layer(UpSampling2D(2))(x), fine)
    }

    let fine = block(picture, channels)
    let middle = block(down(fine), 2 * channels)
    let coarse = block(down(middle), 4 * channels)
    let middleAgain = block(up(coarse, beside: middle), 2 * channels)
    let fineAgain = block(up(middleAgain, beside: fine), channels)
    g.output(g.layer(Conv2D(1, kernelSize: 3, padding: .same))(fineAgain), name: "noise")
  }
}

/// Adds a number to each channel of a picture.
struct ChannelShift<Scalar: TensorFloat>: MergeLayer {
  func mergedShape(_ shapes: [TensorShape]) throws(ShapeError) -> TensorShape {
    guard shapes.count == 2, shapes[0].rank == 3, shapes[1] == [shapes[0][2]] else {
      throw ShapeError("expected a picture and a number for each of its channels, got \(shapes)")
    }
    return shapes[0]
  }

  func merge(_ inputs: [Variable<Scalar>]) -> Variable<Scalar> {
    inputs[0] + inputs[1].reshaped(to: [-1, 1, 1, inputs[1].shape[1]])
  }
}

/// How many numbers describe a step.
let stepFeatureCount = 32

/// Sines and cosines of each step, fast ones and slow ones, which a network can use better than the
/// number itself; shape [steps, stepFeatureCount].
func stepFeatures(_ steps: [Int]) -> Tensor<Float> {
  let frequencies = exp(Tensor<Float>.linspace(from: 0, to: -9, count: stepFeatureCount / 2))
  let angles = Tensor(steps.map { Float($0) }).expandingShape(at: 1) * frequencies
  return concatenate([sin(angles), cos(angles)], axis: 1)
}
