// The time of predictions: for one image, as in a program that answers requests, and for ten
// thousand.

import CommandLineOptions
import Train

func inferenceSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  guard reporter.wants("fashion-one-image") || reporter.wants("fashion-10000-images") else {
    return
  }
  let model = fashionNetwork()
    .compile(optimizer: "adam", loss: "sparse_categorical_crossentropy")
  let images = imageData("fashion-mnist", options).images[..<10_000] + 0
  let one = images[..<1] + 0
  measure("fashion-one-image", "us", 1e6, one)
  measure("fashion-10000-images", "ms", 1e3, images)

  func measure(_ workload: String, _ unit: String, _ factor: Double, _ x: Tensor<Float>) {
    guard reporter.wants(workload) else { return }
    let seconds = Reporter.sample(repeats: 9) { _ = model.predict(x) }
    reporter.report(workload, metric: "predict", unit: unit, seconds.map { factor * $0 })
  }
}
