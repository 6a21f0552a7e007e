// Models saved while they train: by a closure of one's own, or as a file with its predecessors.

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
  /// Hands the model to `save` after epochs that are the best so far, or after all: Keras's
  /// `ModelCheckpoint`.
  ///
  /// What `save` throws is reported on standard error, and training goes on.
  ///
  /// - Parameters:
  ///   - monitor: the number that decides which epoch is best.
  ///   - direction: whether smaller or larger numbers are better.
  ///   - bestOnly: whether other epochs are passed over.
  ///   - save: takes the model and the place in training.
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

  /// Writes the model to a file after each epoch, and keeps the files before it.
  ///
  /// ```swift
  /// try model.restoreLatest(from: "run.safetensors")      // nothing at the first start
  /// model.fit(
  ///   x, y, epochs: 100, initialEpoch: model.epoch,
  ///   callbacks: [.checkpoint(to: "run.safetensors"), .stopOnInterrupt()])
  /// ```
  ///
  /// The newest is at `path`, those before at `path` with `.1`, `.2` … behind it. At every moment a whole
  /// file is at `path`: a program that is killed or a disk that is full leaves the last one. What fails
  /// is reported on standard error, and training goes on. Training that is stopped inside of an epoch
  /// leaves a file from which that epoch goes on.
  ///
  /// - Parameters:
  ///   - path: the file, as `Model.save(to:)` writes it.
  ///   - keep: how many files are kept, the newest included.
  /// - Returns: the callback.
  public static func checkpoint(to path: String, keep: Int = 2) -> Callback {
    require(keep >= 1, "checkpoint: got \(keep) files to keep, expected 1 or more")
    return .checkpoint(bestOnly: false) { model, _ in
      // The newest file gets a second name, so that it is at `path` until the new one takes its place.
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
  /// Takes up the newest checkpoint that can be read: weights, the optimizer's memory and the place in
  /// training.
  ///
  /// A damaged one is named on standard error and the one before it taken.
  ///
  /// - Parameter path: the path that was given to `.checkpoint(to:keep:)`.
  /// - Returns: the path of the file that was taken; nil if there is none, as at the first start.
  /// - Throws: `FileError` of the newest file if there are checkpoints and none can be read; then the model
  ///   is as it was.
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

/// The path of the checkpoint that is `age` older than the newest.
private func earlier(_ path: String, _ age: Int) -> String { age == 0 ? path : "\(path).\(age)" }
