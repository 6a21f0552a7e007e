// Hints about likely mistakes that are not errors, printed on standard error once per program.

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

/// Prints one line on standard error unless a hint of this kind was printed before.
private func hint(_ kind: String, _ message: @autoclosure () -> String) {
  guard given.withLock({ $0.insert(kind).inserted }) else { return }
  warn(message() + " (fit(…, hints: false) silences this)")
}

extension Model {
  /// Checks the data before training.
  ///
  /// Warns about badly scaled samples, NaN and infinity, outputs and targets that do not suit the
  /// loss, and targets sorted by class.
  ///
  /// - Parameters:
  ///   - samples: all samples passed to `fit`.
  ///   - validationShare: the fraction held back from the end, before shuffling.
  func hintAtData(_ samples: Samples<Scalar>, validationShare: Double) {
    let extents = samples.inputs.map { Double(abs($0).max()) }
    for (x, extent) in zip(samples.inputs, extents) where !extent.isFinite {
      hintAtNonFinite(x, "samples")
    }
    for y in samples.targets where !Double(abs(y).max()).isFinite {
      hintAtNonFinite(y, "targets")
    }
    guard samples.inputs.count == 1, samples.targets.count == 1,
      let some = samples.first(32, for: trained)
    else { return }
    let context = Context<Scalar>(isTraining: false)
    let x = context.tape.constant(some.x)
    let prediction = trained(x, in: context)
    let largest = extents[0]
    // Pixels in 0…255 can be trained on, if slowly; with larger numbers the first steps tend to
    // overshoot. Inputs that no operation computes with are indices, such as word numbers.
    if largest > 255 && largest.isFinite && context.tape.uses(x) {
      hint(
        "scale",
        "fit: the samples contain numbers up to \(Float(largest)), networks learn better from numbers near "
          + "-1…1; Standardizer(fitting: x) brings them there")
    }
    hintAtOutput(prediction)
    hintAtTargets(samples.y, units: prediction.shape.last ?? 1)
    if validationShare > 0 && isSortedByClass(samples.y) {
      hint(
        "sorted",
        "fit: the targets are in order of their class and the validation split takes the last part, so "
          + "that it contains other classes than the rest; shuffle the samples first, as trainTestSplit does"
      )
    }
  }

  /// Reports the first NaN or infinity in samples or targets.
  private func hintAtNonFinite(_ values: Tensor<Scalar>, _ name: String) {
    let elements = values.elements
    guard let index = elements.firstIndex(where: { !$0.isFinite }) else { return }
    let number = elements[index].isNaN ? "NaN" : "\(elements[index])"
    let (row, column) = index.quotientAndRemainder(dividingBy: elements.count / values.shape[0])
    let place =
      values.rank > 2 ? "sample \(row), number \(column)" : "row \(row), column \(column)"
    hint(
      "non-finite \(name)",
      "fit: the \(name) contain \(number), first in \(place), counted from 0; it makes the "
        + "loss and all weights NaN, so leave such rows out or fill the gaps first")
  }

  /// Whether the loss is a categorical cross-entropy, with one unit per class.
  private var isCategorical: Bool {
    loss is CategoricalCrossentropy || loss is SparseCategoricalCrossentropy
  }

  /// Warns about network outputs that the loss cannot learn from.
  private func hintAtOutput(_ prediction: Variable<Scalar>) {
    let units = prediction.shape.last ?? 1
    if units == 1 && prediction.logits(of: .softmax) != nil {
      hint(
        "softmax",
        "fit: softmax over one unit is always 1, so the network learns nothing; use sigmoid, or one unit "
          + "for each class")
    } else if units == 1 && isCategorical {
      hint(
        "one class",
        "fit: \(loss.name) compares one unit for each class, the network has one unit; use "
          + "binary_crossentropy with sigmoid, or one unit for each class with softmax")
    } else if isCategorical || loss is BinaryCrossentropy {
      let (low, high) = (prediction.value.min(), prediction.value.max())
      let last = prediction.operationName
      // An activation that produces probabilities would be a separate operation after the dense
      // layer's.
      guard last.hasPrefix("dense") || low < 0 || high > 1 else { return }
      hint(
        "probabilities",
        "fit: \(loss.name) expects probabilities, the network ends with the operation \(last), whose first "
          + "results reach from \(low) to \(high); give the last layer the activation "
          + (isCategorical ? "softmax" : "sigmoid"))
    }
  }

  /// Warns about targets that do not suit the loss.
  private func hintAtTargets(_ y: Tensor<Scalar>, units: Int) {
    let (low, high) = (y.min(), y.max())
    if let loss = loss as? SparseCategoricalCrossentropy {
      guard low < 0 || high > Scalar(units - 1), units > 1 else { return }
      let (labels, ignored) = (y.elements, loss.ignoredClass.map { Scalar($0) })
      let wrong = labels.firstIndex { $0 != ignored && ($0 < 0 || $0 > Scalar(units - 1)) }
      guard let index = wrong else { return }
      let sample = index / (labels.count / y.shape[0])
      hint(
        "classes",
        "fit: the class of sample \(sample) is \(labels[index]), the network has \(units) units "
          + "for the classes 0..<\(units); count classes from 0, or give the last layer more units")
    } else if loss is BinaryCrossentropy || loss is CategoricalCrossentropy || loss is KLDivergence
    {
      guard low < 0 || high > 1 else { return }
      hint(
        "targets",
        "fit: \(loss.name) expects targets in 0...1, they reach from \(low) to \(high); "
          + (loss is BinaryCrossentropy
            ? "write the two classes as 0 and 1" : "toCategorical makes one-hot rows of classes"))
    }
  }

  /// Whether class indices never decrease from first to last sample, with at least two of each
  /// class.
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

  /// After training, warns about a loss that did not fall and ReLU layers that output only zeros.
  func hintAtResult(_ samples: Samples<Scalar>, _ losses: [Double]) {
    if let first = losses.first, let last = losses.last, losses.count >= 5, last >= first {
      hint(
        "loss",
        "fit: after \(losses.count) epochs the loss is \(Float(last)), not below the first epoch's "
          + "\(Float(first)); try another learning rate (it is \(optimizer.learningRate))")
    }
    guard let some = samples.first(256, for: trained) else { return }
    for name in deadLayers(some.inputs) {
      hint(
        "dead",
        "fit: all units of layer \(name) give 0 for every one of the first samples, so nothing behind it can "
          + "learn (\"dead ReLU\"); lower the learning rate, or use leaky_relu"
      )
    }
  }

  /// The layers whose ReLU outputs only zeros for the given samples.
  private func deadLayers(_ x: [Tensor<Scalar>]) -> [String] {
    let context = Context<Scalar>(isTraining: false)
    context.tape.profile = Profile()
    _ = trained(x.map { context.tape.constant($0) }, in: context)
    return context.tape.layersGivingZeros(of: "relu")
  }
}

extension Samples {
  /// The first `most` samples, or as many as a stateful network requires; nil if there are too few.
  fileprivate func first(_ most: Int, for network: some Layer<Scalar>) -> Samples? {
    let size = network.statefulBatchSize ?? min(most, count)
    return size <= count ? self[0..<size] : nil
  }
}
