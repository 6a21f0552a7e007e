// MNIST and data sets of the same form: four IDX files, plain or compressed.

import ArrayFiles
import Layers
import Tensor

/// Images and their classes, for training and for testing.
public struct ImageDataset: Sendable {
  /// The training images, [samples, rows, columns], 0...255.
  public let trainImages: Tensor<UInt8>
  /// The classes of the training images, [samples].
  public let trainLabels: Tensor<UInt8>
  /// The test images, [samples, rows, columns], 0...255.
  public let testImages: Tensor<UInt8>
  /// The classes of the test images, [samples].
  public let testLabels: Tensor<UInt8>

  /// Reads the four files of MNIST or Fashion-MNIST from a folder.
  ///
  /// They are called `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
  /// `t10k-labels-idx1-ubyte`, with or without `.gz`. Throws if one is missing, damaged, or does not
  /// fit its partner.
  public init(folder: String) throws(FileError) {
    (trainImages, trainLabels) = try Self.read(folder, "train")
    (testImages, testLabels) = try Self.read(folder, "t10k")
  }

  private static func read(
    _ folder: String, _ part: String
  ) throws(FileError) -> (images: Tensor<UInt8>, labels: Tensor<UInt8>) {
    let imagesPath = try existing("\(folder)/\(part)-images-idx3-ubyte")
    let labelsPath = try existing("\(folder)/\(part)-labels-idx1-ubyte")
    let images = Tensor(try IDXFile(contentsOf: imagesPath))
    let labels = Tensor(try IDXFile(contentsOf: labelsPath))
    guard images.rank == 3 else {
      throw FileError(
        path: imagesPath,
        message: "expected images [samples, rows, columns], got shape \(images.shape)")
    }
    guard labels.rank == 1 && labels.shape[0] == images.shape[0] else {
      throw FileError(
        path: labelsPath,
        message:
          "expected one label for each of \(images.shape[0]) images, got shape \(labels.shape)")
    }
    return (images, labels)
  }
}

/// The path itself or with `.gz`, whichever is a file.
private func existing(_ path: String) throws(FileError) -> String {
  for candidate in [path, path + ".gz"] where isReadable(candidate) { return candidate }
  throw FileError(path: path, message: "no such file, neither plain nor with .gz")
}

/// The names of Fashion-MNIST's ten classes, by label.
public let fashionClassNames = [
  "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
  "Ankle boot",
]
