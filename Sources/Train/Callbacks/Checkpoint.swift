// Saving models during training: with your own closure, or to a file that keeps earlier versions.

import ArrayFiles
import Layers
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Callback {
  /// Calls `save` after each epoch that is the best so far, or after every epoch (Keras's
  /// `ModelCheckpoint`).
  ///
  /// An error that `save` throws is reported on standard error, and training continues.
  ///
  /// - Parameters:
  ///   - monitor: the name of the number that decides which epoch is best.
  ///   - direction: whether smaller or larger numbers are better.
  ///   - bestOnly: whether to skip epochs that are not the best so far.
  ///   - save: takes the model and the state of training.
  /// - Returns: the callback.
  public static func checkpoint(
    monitor: String = "val_loss", direction: Direction = .automatic, bestOnly: Bool = true,
    save: @escaping (_ model: Model<Network>, _ state: TrainingState) throws -> Void
  ) -> Callback {
    var watched = Monitor(monitor, direction: direction)
    return Callback(
      trainingBegan: { model, _ in if bestOnly { watched.begin(model) } },
      epochEnded: { model, state in
        guard !bestOnly || watched.improves(in: state) else { return }
        do {
          try save(model, state)
        } catch {
          warn("checkpoint: the model of epoch \(state.epoch) could not be saved: \(error)")
        }
      })
  }

  /// Writes the model to a file after each epoch, and keeps earlier files.
  ///
  /// ```swift
  /// try model.restoreLatest(from: "run.safetensors")      // nothing at the first start
  /// model.fit(
  ///   x, y, epochs: 100, initialEpoch: model.epoch,
  ///   callbacks: [.checkpoint(to: "run.safetensors"), .stopOnInterrupt()])
  /// ```
  ///
  /// The newest file is at `path`; earlier ones have `.1`, `.2`, … appended. There is always a
  /// complete file at `path`: if the program is killed or the disk is full, the previous one
  /// remains. Failures are reported on standard error, and training continues. If training is
  /// stopped within an epoch, the file lets it continue from that point.
  ///
  /// - Parameters:
  ///   - path: the file, as `Model.save(to:)` writes it.
  ///   - keep: how many files to keep, including the newest.
  /// - Returns: the callback.
  public static func checkpoint(to path: String, keep: Int = 2) -> Callback {
    require(keep >= 1, "checkpoint: got \(keep) files to keep, expected 1 or more")
    return .checkpoint(bestOnly: false) { model, _ in
      // The current file gets a second name, so that it stays at `path` until the new one replaces
      // it.
      if keep > 1 && isReadable(path) {
        for age in stride(from: keep - 1, to: 1, by: -1) {
          rename(earlier(path, age - 1), earlier(path, age))
        }
        unlink(earlier(path, 1))
        if link(path, earlier(path, 1)) != 0 { rename(path, earlier(path, 1)) }
      }
      try model.save(to: path)
    }
  }
}

extension Model {
  /// Restores the newest readable checkpoint: weights, optimizer state and position in training.
  ///
  /// Damaged checkpoints are reported on standard error, and the previous one is tried.
  ///
  /// - Parameter path: the path passed to `.checkpoint(to:keep:)`.
  /// - Returns: the path of the file that was restored; nil if there is none, as on the first run.
  /// - Throws: the `FileError` of the newest file if there are checkpoints but none can be read;
  ///   the model is then unchanged.
  @discardableResult
  public mutating func restoreLatest(from path: String) throws(FileError) -> String? {
    var newest: FileError?
    var age = 0
    while age == 0 || isReadable(earlier(path, age)) {
      let file = earlier(path, age)
      age += 1
      guard isReadable(file) else { continue }
      do throws(FileError) {
        try restore(contentsOf: file)
        return file
      } catch {
        warn("restoreLatest: \(error); the checkpoint before it is tried")
        newest = newest ?? error
      }
    }
    if let newest { throw newest }
    return nil
  }
}

/// The path of the checkpoint that is `age` versions older than the newest.
private func earlier(_ path: String, _ age: Int) -> String { age == 0 ? path : "\(path).\(age)" }
