// The shared options of programs that train a network. Each program declares them with its
// defaults, and they are read here. CommandLineOptions.swift parses the arguments.

import ArrayFiles
import Layers
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension CommandLineOptions.Option {
  /// `--data DIR`, the folder of the data set with the given name.
  public static func data(_ name: String) -> Self {
    .value("data", "DIR", "the folder \(name), or the one that holds it (or WENGERT_DATA)")
  }

  /// `--download`, for MNIST and Fashion-MNIST.
  public static var download: Self {
    .flag("download", "fetches the data, unless that was done before, into a folder of the user")
  }

  /// `--synthetic`, drawn digits in place of `images(named:)`.
  public static var synthetic: Self {
    .flag("synthetic", "draws 10,000 digits for training and 2,000 for the test instead")
  }

  /// `--epochs N`, read as `epochs`.
  public static func epochs(_ count: Int) -> Self {
    .value(
      "epochs", "N", "how often all samples are seen", default: "\(count)",
      check: { _ = $0.epochs })
  }

  /// `--batch-size N`, read as `batchSize`.
  public static func batchSize(_ size: Int) -> Self {
    .value(
      "batch-size", "N", "how many samples make a step", default: "\(size)",
      check: { _ = $0.batchSize })
  }

  /// `--hidden N,N`, read as `hidden`.
  public static func hidden(_ units: Int...) -> Self {
    .value(
      "hidden", "N,N", "the units of the hidden layers",
      default: units.map { "\($0)" }.joined(separator: ","), check: { _ = $0.hidden })
  }

  /// `--activation NAME`, read as `activation`.
  public static func activation(_ name: String) -> Self {
    .value(
      "activation", "NAME", "of the hidden layers: \(trainable.joined(separator: ", "))",
      default: name, check: { _ = $0.activation })
  }

  /// `--optimizer NAME`, read as `optimizer`.
  public static func optimizer(_ name: String) -> Self {
    let known = OptimizerName.known.map(\.name).joined(separator: ", ")
    return .value("optimizer", "NAME", known, default: name, check: { _ = $0.optimizer })
  }

  /// `--learning-rate R`, used by `optimizer`; by default that of the optimizer.
  public static func learningRate(_ rate: Double? = nil) -> Self {
    let help = "the length of a step" + (rate == nil ? " (default: the optimizer's)" : "")
    return .value("learning-rate", "R", help, default: rate.map { "\($0)" })
  }

  /// `--seed N`, read as `seed`.
  public static var seed: Self {
    .value(
      "seed", "N", "decides initial weights, the order of samples and dropout", default: "0",
      check: { _ = $0.seed })
  }

  /// `--profile`, read as `profile`.
  public static var profile: Self {
    .flag("profile", "tells at the end of training where the time went")
  }

  /// `--report FILE`, written by `report`.
  public static var report: Self {
    .value("report", "FILE", "a page (HTML) about the run: network, curves, mistakes, time")
  }

  /// `--save FILE`, used by `callbacks`.
  public static var save: Self {
    .value("save", "FILE", "where the model is written after each epoch and when training stops")
  }

  /// `--output DIR`, the folder for pictures.
  public static func output(_ help: String, default folder: String? = nil) -> Self {
    .value("output", "DIR", help, default: folder)
  }
}

/// The activations that can be trained in hidden layers.
private let trainable = ActivationFunction.allCases.map(\.name).filter {
  !["step", "softmax", "log_softmax", "exponential"].contains($0)
}

extension CommandLineOptions {
  /// Whether to profile; also true if a report is written.
  public var profile: Bool { has("profile") || has("report") }

  /// Writes a report about the run if `--report` is given.
  ///
  /// - Parameters:
  ///   - title: the title of the report.
  ///   - contents: adds the contents.
  public func report(_ title: String, _ contents: (inout Report) -> Void) {
    guard let path = text("report") else { return }
    let start = ContinuousClock.now
    var report = Report(title: title)
    report.preformatted(
      "swift run -c release "
        + ([program] + CommandLine.arguments.dropFirst()).joined(separator: " "))
    contents(&report)
    do {
      try report.write(to: path)
    } catch {
      printError("Error: \(error)")
      exit(1)
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    print("Wrote \(path) in \(formatFixed(seconds, decimals: 2)) s")
  }

  /// The number of epochs.
  public var epochs: Int { integer("epochs", in: 0...1_000_000) ?? 1 }

  /// The number of samples per step.
  public var batchSize: Int { integer("batch-size", in: 1...1_000_000) ?? 32 }

  /// The number of units of each hidden layer.
  public var hidden: [Int] { integers("hidden", in: 1...10_000) ?? [] }

  /// The activation of the hidden layers.
  public var activation: ActivationFunction {
    ActivationFunction(stringLiteral: choice("activation", of: trainable) ?? "relu")
  }

  /// The optimizer with its learning rate.
  ///
  /// The program's default rate only applies to its default optimizer; another one keeps its own
  /// default unless a rate is given.
  public var optimizer: any Optimizer {
    let name = choice("optimizer", of: OptimizerName.known.map(\.name)) ?? "adam"
    guard var optimizer = OptimizerName.known.first(where: { $0.name == name }) else {
      fatalError("\(name) is one of the known names")
    }
    if has("learning-rate") || !has("optimizer") {
      let rate = number("learning-rate", in: 1e-12...1e6)
      optimizer.learningRate = rate ?? optimizer.learningRate
    }
    return optimizer
  }

  /// The callbacks of the programs: stop on Ctrl-C and, with `--save`, write the model.
  ///
  /// Ctrl-C ends training after the current batch. The program then continues with the model so far
  /// and ends with status 130.
  public func callbacks<Network: Layer>() -> [Callback<Network>] {
    let file = declares("save") ? text("save") : nil
    let atEnd = Callback<Network>(trainingEnded: { _, state in
      guard state.isStopped else { return }
      exitStatus.store(130, ordering: .relaxed)
      if let file { printError("The model, from which training can go on, is in \(file).") }
    })
    return [.stopOnInterrupt()] + (file.map { [.checkpoint(to: $0, keep: 1)] } ?? []) + [atEnd]
  }

  /// The seed for everything random.
  public var seed: UInt64 { UInt64(integer("seed", in: 0...Int.max) ?? 0) }

  /// The images of `mnist` or `fashion-mnist`, from `--data` or fetched with `--download`; or, with
  /// `--synthetic`, drawn digits.
  ///
  /// Throws if files are missing, damaged or cannot be downloaded.
  public func images(named name: String) throws(FileError) -> ImageDataset {
    if declares("synthetic") && has("synthetic") {
      // Two seeds that no option gives, so that weights and pictures are independent.
      let (train, test) = (
        makeDigits(samples: 10_000, seed: .max), makeDigits(samples: 2_000, seed: .max - 1)
      )
      return ImageDataset(
        trainImages: train.images, trainLabels: train.labels, testImages: test.images,
        testLabels: test.labels)
    }
    guard has("download") else {
      return try ImageDataset(folder: dataFolder(self, named: name))
    }
    return try name == "mnist" ? .mnist() : .fashionMNIST()
  }
}
