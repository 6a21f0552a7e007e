// CIFAR-10 in its binary version: records of one byte for the class and three planes of 32 x 32
// bytes, red, green and blue.

import ArrayFiles
import Tensor

/// The names of CIFAR-10's ten classes, by label.
public let cifar10ClassNames = [
  "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
]

extension ImageDataset {
  /// Reads the files of CIFAR-10's binary version from a folder.
  ///
  /// They are called `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`, with or without `.gz`.
  /// The images have shape [samples, 32, 32, 3].
  ///
  /// - Parameter folder: The folder of the files; training files that are missing, except for the
  ///   first, are skipped.
  /// - Returns: Images and labels.
  /// - Throws: `FileError` if the first training file or the test file is missing, or if a file is damaged.
  public static func cifar10(folder: String) throws(FileError) -> ImageDataset {
    var parts = [try cifar10Records(contentsOf: existing("\(folder)/data_batch_1.bin"))]
    for number in 2...5 {
      guard let path = try? existing("\(folder)/data_batch_\(number).bin") else { continue }
      parts.append(try cifar10Records(contentsOf: path))
    }
    let test = try cifar10Records(contentsOf: existing("\(folder)/test_batch.bin"))
    return ImageDataset(
      trainImages: concatenate(parts.map(\.images), axis: 0),
      trainLabels: concatenate(parts.map(\.labels), axis: 0), testImages: test.images,
      testLabels: test.labels)
  }
}

/// Reads one file of CIFAR-10's binary version, plain or compressed with gzip.
///
/// - Parameters:
///   - path: The file.
///   - limit: The maximum number of images to accept.
/// - Returns: The images, [samples, 32, 32, 3], 0...255, and their classes, [samples].
/// - Throws: `FileError` if the file cannot be read or does not consist of complete records with
///   classes 0...9.
public func cifar10Records(
  contentsOf path: String, limit: Int = 1_000_000
) throws(FileError) -> (images: Tensor<UInt8>, labels: Tensor<UInt8>) {
  let limit = min(limit, 1 << 32)
  let raw = try FileBytes(mapping: path)
  let file = try raw.withUnsafeBufferPointer { bytes throws(FileError) in
    isGzip(bytes) ? try gunzip(bytes, limit: limit * recordSize, path: path) : raw
  }
  let count = file.count / recordSize
  guard count > 0, count <= limit, file.count % recordSize == 0 else {
    throw FileError(
      path: path,
      message: "expected 1 to \(limit) records of \(recordSize) bytes, got \(file.count) bytes")
  }
  return try file.withUnsafeBufferPointer { bytes throws(FileError) in
    let labels = (0..<count).map { bytes[$0 * recordSize] }
    if let wrong = labels.firstIndex(where: { $0 > 9 }) {
      throw FileError(
        path: path, location: .byte(wrong * recordSize),
        message: "expected a class in 0...9, got \(labels[wrong])")
    }
    let pixels = [UInt8](unsafeUninitializedCapacity: count * 3072) { target, initialized in
      for record in 0..<count {
        let (planes, place) = (record * recordSize + 1, record * 3072)
        for pixel in 0..<1024 {
          for channel in 0..<3 {
            target[place + 3 * pixel + channel] = bytes[planes + 1024 * channel + pixel]
          }
        }
      }
      initialized = count * 3072
    }
    return (Tensor(pixels, shape: [count, 32, 32, 3]), Tensor(labels))
  }
}

private let recordSize = 1 + 3 * 1024
