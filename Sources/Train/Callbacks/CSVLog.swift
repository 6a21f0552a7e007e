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
  /// Writes the numbers of each epoch to a CSV file (Keras's `CSVLogger`).
  ///
  /// The first column is the epoch, counted from 1. The others have the names and numbers of
  /// `History`, with enough digits to restore each number exactly. Each line is written
  /// immediately, so a program that is stopped leaves only complete lines. If the file cannot be
  /// written, standard error says so once, and training continues.
  /// - Parameters:
  ///   - path: the file.
  ///   - append: whether to append lines to an existing file, without a header line.
  /// - Returns: the callback.
  public static func csvLog(to path: String, append: Bool = false) -> Callback {
    var names: [String] = []
    var hasFailed = false

    func write(_ cells: [String], isFirst: Bool) {
      guard !hasFailed else { return }
      var bytes: [UInt8] = []
      bytes.appendCSVRecord(cells, separator: UInt8(ascii: ","))
      let flags = O_WRONLY | O_CREAT | (isFirst ? O_TRUNC : O_APPEND)
      let file = open(path, flags, 0o644)
      let written = file < 0 ? -1 : bytes.withUnsafeBytes { writeAll(file, $0) }
      if written != bytes.count {
        hasFailed = true
        warn("csvLog: \(path) could not be written: \(String(cString: strerror(errno)))")
      }
      if file >= 0 { close(file) }
    }

    return Callback(
      trainingBegan: { _, _ in (names, hasFailed) = ([], false) },
      epochEnded: { _, state in
        if names.isEmpty {
          names = state.measured.map(\.name)
          if !(append && isReadable(path)) { write(["epoch"] + names, isFirst: true) }
        }
        let numbers = names.map { csvText(state[$0] ?? .nan) }
        write(["\(state.epoch)"] + numbers, isFirst: false)
      })
  }
}

/// Writes all bytes and returns their number, or -1 on an error.
private func writeAll(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(file, bytes.baseAddress!, bytes.count)
}
