// Training that is disturbed: random numbers of threads, stops at random steps, cancelled tasks, models
// saved and read again, predictions from another task meanwhile. The bits at the end have to be those of
// training that was left alone.
//
//     swift run -c release fuzz soak --seconds 1800 --data DIR
//
// The network is that of `clothes`, on a random part of Fashion-MNIST or, without it, on drawn digits.

import ArrayFiles
import CommandLineOptions
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private typealias Images = (x: Tensor<Float>, y: Tensor<UInt8>)

/// Trains for the given time; a difference prints its seed and ends the program.
func soak(_ options: CommandLineOptions, seconds: Int, seed: UInt64) async {
  let images = images(options)
  let path = "\(options.text("folder") ?? "/tmp")/soak-\(getpid()).safetensors"
  defer { unlink(path) }
  let start = ContinuousClock.now
  var disturbances = Disturbances()
  var (runs, memory) = (0, 0)
  repeat {
    let seed = seed &+ UInt64(runs)
    var generator = SplitMix64(state: seed)
    let first = Int.random(in: 0...(images.y.count - 1000), using: &generator)
    let count = Int.random(in: 300...1000, using: &generator)
    let part = (x: images.x[first..<(first + count)], y: images.y[first..<(first + count)])
    let run = Run(
      images: part, batchSize: Int.random(in: 8...64, using: &generator), seed: seed, path: path)
    let undisturbed = run.alone()
    let disturbed = await run.disturbed(&disturbances, using: &generator)
    guard disturbed == undisturbed else {
      fatalError("soak: seed \(seed): other bits; fuzz soak --seconds 0 --seed \(seed)")
    }
    runs += 1
    // What the first runs take is kept for the others.
    if runs == 5 { memory = peakMemory() }
  } while start.duration(to: .now) < .seconds(seconds)
  print(
    "soak: seeds from \(seed), \(runs) trainings, \(disturbances), no difference, memory grew by "
      + "\(runs > 5 ? (peakMemory() - memory) >> 10 : 0) KiB after the fifth")
}

/// What was done to disturb training.
private struct Disturbances: CustomStringConvertible {
  var stops = 0, cancellations = 0, files = 0, threadCounts = 0

  var description: String {
    "\(stops) stops, \(cancellations) cancelled tasks, \(files) files, \(threadCounts) changes of the "
      + "number of threads"
  }
}

private func images(_ options: CommandLineOptions) -> Images {
  let folder = options.text("data") ?? getenv("WENGERT_DATA").map { String(cString: $0) }
  guard folder != nil || fileExists("../shared/datasets") else {
    let (x, y) = makeDigits(samples: 3000, seed: 1)
    return (Tensor<Float>(x) / 255, y)
  }
  do {
    let data = try ImageDataset(folder: dataFolder(options, named: "fashion-mnist"))
    return (Tensor<Float>(data.trainImages[..<10_000]) / 255, data.trainLabels[..<10_000])
  } catch {
    stop(error)
  }
}

private struct Run {
  let images: Images
  let batchSize: Int
  let seed: UInt64
  let path: String
  private let epochs = 3

  init(images: Images, batchSize: Int, seed: UInt64, path: String) {
    self.images = images
    self.batchSize = batchSize
    self.seed = seed
    self.path = path
  }

  private var model: Model<Sequential<Float>> {
    Sequential<Float> {
      Flatten(inputShape: [28, 28])
      Dense(128, activation: .relu)
      if seed % 2 == 0 { Dropout(0.2) }
      if seed % 3 == 0 { BatchNormalization() }
      Dense(10, activation: .softmax)
    }
    .compile(
      optimizer: seed % 5 == 0 ? "rmsprop" : "adam", loss: "sparse_categorical_crossentropy",
      seed: seed)
  }

  func alone() -> [Tensor<Float>] {
    Parallel.threadCount = 1
    var model = model
    fit(&model)
    return model.weights
  }

  func disturbed(
    _ disturbances: inout Disturbances, using generator: inout SplitMix64
  ) async -> [Tensor<Float>] {
    var model = model
    let steps = (images.y.count + batchSize - 1) / batchSize
    while model.epoch < epochs {
      Parallel.threadCount = Int.random(in: 1...8, using: &generator)
      disturbances.threadCounts += 1
      switch Int.random(in: 0...2, using: &generator) {
      case 0:
        var left = Int.random(in: 1...2 * steps, using: &generator)
        fit(
          &model,
          Callback(lossComputed: { _, state in
            left -= 1
            if left == 0 { state.stop("enough") }
          }))
        disturbances.stops += 1
      case 1:
        let delay = Duration.microseconds(Int.random(in: 0...20_000, using: &generator))
        let before = model
        let training = Task {
          var model = before
          fit(&model)
          return model
        }
        // The model that is being trained elsewhere is a copy: this one may be used meanwhile.
        let predictions = before.predict(images.x[..<20])
        try? await Task.sleep(for: delay)
        training.cancel()
        guard before.predict(images.x[..<20]) == predictions else {
          fatalError("soak: seed \(seed): predictions change while a copy is trained")
        }
        model = await training.value
        disturbances.cancellations += 1
      default:
        do {
          try model.save(to: path)
          model = try Model(contentsOf: path)
        } catch {
          fatalError("soak: seed \(seed): \(error)")
        }
        disturbances.files += 1
      }
    }
    return model.weights
  }

  private func fit(
    _ model: inout Model<Sequential<Float>>, _ callbacks: Callback<Sequential<Float>>...
  ) {
    model.fit(
      images.x, images.y, epochs: epochs, initialEpoch: model.epoch, batchSize: batchSize,
      callbacks: callbacks, verbose: 0, hints: false)
  }
}
