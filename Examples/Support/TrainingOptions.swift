// The options that programs which train a network share: each is declared with its default in the
// program's list of options, and read here. CommandLineOptions.swift reads the arguments themselves.

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
  /// `--data DIR`, where the data set of that name lies.
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

  /// `--learning-rate R`, part of `optimizer`; the optimizer's own if the program states none.
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

  /// `--save FILE`, part of `callbacks`.
  public static var save: Self {
    .value("save", "FILE", "where the model is written after each epoch and when training stops")
  }

  /// `--output DIR`, where pictures go.
  public static func output(_ help: String, default folder: String? = nil) -> Self {
    .value("output", "DIR", help, default: folder)
  }
}

/// The activations with which hidden layers learn.
private let trainable = ActivationFunction.allCases.map(\.name).filter {
  !["step", "softmax", "log_softmax", "exponential"].contains($0)
}

extension CommandLineOptions {
  /// Whether to tell where the time went; a page about the run tells it too.
  public var profile: Bool { has("profile") || has("report") }

  /// Writes a page about the run if `--report` names its file.
  ///
  /// - Parameters:
  ///   - title: the heading of the page.
  ///   - contents: adds what the page tells.
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

  /// How often all samples are seen.
  public var epochs: Int { integer("epochs", in: 0...1_000_000) ?? 1 }

  /// How many samples make a step.
  public var batchSize: Int { integer("batch-size", in: 1...1_000_000) ?? 32 }

  /// The units of the hidden layers.
  public var hidden: [Int] { integers("hidden", in: 1...10_000) ?? [] }

  /// The activation of the hidden layers.
  public var activation: ActivationFunction {
    ActivationFunction(stringLiteral: choice("activation", of: trainable) ?? "relu")
  }

  /// The optimizer with its learning rate.
  ///
  /// A rate that the program states is meant for its own optimizer: another one keeps its default
  /// unless a rate is given too.
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

  /// What the programs do while they train: Ctrl-C ends training with the batch at hand, and the program
  /// goes on with what it has and ends with status 130; with `--save` the model is written.
  public func callbacks<Network: Layer>() -> [Callback<Network>] {
    let file = declares("save") ? text("save") : nil
    let atEnd = Callback<Network>(trainingEnded: { _, state in
      guard state.isStopped else { return }
      exitStatus.store(130, ordering: .relaxed)
      if let file { printError("The model, from which training can go on, is in \(file).") }
    })
    return [.stopOnInterrupt()] + (file.map { [.checkpoint(to: $0, keep: 1)] } ?? []) + [atEnd]
  }

  /// What decides everything random.
  public var seed: UInt64 { UInt64(integer("seed", in: 0...Int.max) ?? 0) }

  /// The images of `mnist` or `fashion-mnist`, from `--data` or fetched with `--download`; or, with
  /// `--synthetic`, drawn digits.
  ///
  /// Throws if files are missing or damaged, or cannot be fetched.
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
