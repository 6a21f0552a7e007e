// A network that finds the noise in pictures of digits, and so makes digits from pure noise.
//
//     swift run -c release diffusion --synthetic
//     swift run -c release diffusion --data DIR --output pictures

import CommandLineOptions
import Train

@main
struct Diffusion {
  static func main() {
    let options = CommandLineOptions(
      program: "diffusion",
      about: "Trains a network to find the noise in pictures of digits, and draws digits with it.",
      [
        .data("mnist"), .download, .synthetic, .epochs(10), .batchSize(64),
        .value("channels", "N", "of the picture in full size, in steps of 4", default: "16"),
        .value("noise-steps", "N", "from a picture to noise", default: "200"),
        .learningRate(0.002), .seed, .output("a folder for the film of the training"),
      ])
    let data: ImageDataset
    do { data = try options.images(named: "mnist") } catch { stop(error) }
    let schedule = NoiseSchedule(steps: options.integer("noise-steps", in: 1...10_000) ?? 200)
    let channels = 4 * max(1, (options.integer("channels", in: 1...1024) ?? 16) / 4)
    let rate = options.number("learning-rate", in: 1e-12...1e6) ?? 0.002

    // An ordinary regression: from a noisy picture and its step to the noise.
    var model = makeDenoiser(channels: channels).compile(
      optimizer: .adam(learningRate: rate).averagingWeights(decay: 0.995),
      loss: .meanSquaredError, seed: options.seed)
    print(model.summary())

    // The same noise after each epoch: what is made of it changes slowly.
    func drawn(by model: Model<Graph<Float>>) -> Picture {
      var generator = RandomGenerator(seed: options.seed)
      let noise = Tensor<Float>.normal([64, 28, 28, 1], using: &generator)
      let network = model.averaged.network
      let made = schedule.pictures(from: noise, using: &generator) { x, step in
        let context = Context<Float>(isTraining: false)
        let steps = stepFeatures(Array(repeating: step, count: x.shape[0]))
        return network(
          [context.tape.constant(x), context.tape.constant(steps)], in: context)[0].value
      }
      return Picture(
        sheet: made.reshaped(to: [-1, 28, 28]), columns: 8, colors: ColorMap.greys.reversed,
        range: -1...1)
    }

    var film = Animation(secondsPerFrame: 0.5)
    film.append(drawn(by: model))
    do {
      try model.fit(
        noisyPictures(data.trainImages, schedule), epochs: options.epochs,
        batchSize: options.batchSize,
        validationData: noisyPictures(data.testImages, schedule),
        callbacks: options.callbacks() + [
          Callback(epochEnded: { model, _ in film.append(drawn(by: model)) })
        ])
    } catch {
      stop(error)
    }

    print(film.frames.last!.terminalText())
    if let folder = options.text("output") {
      makeFolder(folder)
      do { try film.write(to: "\(folder)/diffusion.png") } catch { stop(error) }
      print("Wrote \(folder)/diffusion.png")
    }
  }

  /// Pictures with noise of a random step, drawn anew in each epoch; the targets are the noise.
  static func noisyPictures(_ images: Tensor<UInt8>, _ schedule: NoiseSchedule) -> Dataset<Float> {
    let x = (Tensor<Float>(images) / 127.5 - 1).reshaped(to: [-1, 28, 28, 1])
    return Dataset(x, x).map { batch in
      let old = batch
      let noisy = (0..<old.count).map { row in
        var generator = old.random(forSample: row)
        return schedule.noisy(old.x[row], using: &generator)
      }
      batch.inputs = [
        stack(noisy.map(\.picture), axis: 0),
        stepFeatures(noisy.map(\.step)),
      ]
      batch.targets = [stack(noisy.map(\.noise), axis: 0)]
    }
  }
}
