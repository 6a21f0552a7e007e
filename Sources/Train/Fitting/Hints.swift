// What a learner should know and no error says: sentences on standard error, each once per program.

import Autograd
import Layers
import Synchronization
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Prints one line on standard error.
package func warn(_ message: String) {
  let line = "warning: \(message)\n"
  _ = line.utf8CString.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress!, $0.count - 1) }
}

private let given = Mutex<Set<String>>([])

/// Prints one line on standard error unless the same hint was given before.
private func hint(_ kind: String, _ message: @autoclosure () -> String) {
  guard given.withLock({ $0.insert(kind).inserted }) else { return }
  warn(message() + " (fit(…, hints: false) silences this)")
}

extension Model {
  /// Before training: samples on a scale that layers do not like, targets in order of their class.
  ///
  /// - Parameters:
  ///   - samples: all samples that `fit` was given.
  ///   - validationShare: the share that it holds back from the end, unshuffled.
  func hintAtData(_ samples: Samples<Scalar>, validationShare: Double) {
    let largest = Double(abs(samples.x).max())
    // Pictures of 0…255 train, if slowly; beyond that first steps tend to overshoot.
    if largest > 255 && largest.isFinite {
      hint(
        "scale",
        "fit: the samples contain numbers up to \(Float(largest)), networks learn better from numbers near "
          + "-1…1; Standardizer(fitting: x) brings them there")
    }
    if validationShare > 0 && isSortedByClass(samples.y) {
      hint(
        "sorted",
        "fit: the targets are in order of their class and the validation split takes the last part, so "
          + "that it contains other classes than the rest; shuffle the samples first, as trainTestSplit does"
      )
    }
  }

  /// Whether class indices rise from the first sample to the last, with at least two of each class.
  private func isSortedByClass(_ y: Tensor<Scalar>) -> Bool {
    let labels = y.elements
    guard labels.count == y.shape[0], labels.count > 3, labels.first != labels.last else {
      return false
    }
    var changes = 0
    for (earlier, later) in zip(labels, labels.dropFirst()) where earlier != later {
      guard earlier < later else { return false }
      changes += 1
    }
    return 2 * (changes + 1) <= labels.count
  }

  /// After training: a loss that did not fall, ReLU layers that give nothing but zeros.
  func hintAtResult(_ samples: Samples<Scalar>, _ losses: [Double]) {
    if let first = losses.first, let last = losses.last, losses.count >= 5, last >= first {
      hint(
        "loss",
        "fit: after \(losses.count) epochs the loss is \(Float(last)), not below the first epoch's "
          + "\(Float(first)); try another learning rate (it is \(optimizer.learningRate))")
    }
    for name in deadLayers(samples[..<min(256, samples.count)].inputs) {
      hint(
        "dead",
        "fit: all units of layer \(name) give 0 for every one of the first samples, so nothing behind it can "
          + "learn (\"dead ReLU\"); lower the learning rate, or use leaky_relu"
      )
    }
  }

  /// The layers with a ReLU that gives only zeros for the given samples.
  private func deadLayers(_ x: [Tensor<Scalar>]) -> [String] {
    let context = Context<Scalar>(isTraining: false)
    context.tape.profile = Profile()
    _ = trained(x.map { context.tape.constant($0) }, in: context)
    return context.tape.layersGivingZeros(of: "relu")
  }
}
