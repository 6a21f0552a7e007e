// MNIST and data sets of the same form: four IDX files, plain or compressed, from a given folder or
// downloaded. Next: Download.swift.

import ArrayFiles
import Layers
import Tensor

/// Images and their classes, for training and for testing.
public struct ImageDataset: Sendable {
  /// The training images, [samples, rows, columns] or, in colour, [samples, rows, columns, 3],
  /// 0...255.
  public let trainImages: Tensor<UInt8>
  /// The classes of the training images, [samples].
  public let trainLabels: Tensor<UInt8>
  /// The test images, of the same shape, 0...255.
  public let testImages: Tensor<UInt8>
  /// The classes of the test images, [samples].
  public let testLabels: Tensor<UInt8>

  /// Images of one's own with their classes.
  ///
  /// - Precondition: there is a class for each image.
  public init(
    trainImages: Tensor<UInt8>, trainLabels: Tensor<UInt8>, testImages: Tensor<UInt8>,
    testLabels: Tensor<UInt8>
  ) {
    for (images, labels) in [(trainImages, trainLabels), (testImages, testLabels)] {
      require(
        labels.rank == 1 && images.shape.first == labels.shape[0],
        "ImageDataset: images of shape \(images.shape) and classes of shape \(labels.shape) do not fit; "
          + "expected a class for each image")
    }
    self.trainImages = trainImages
    self.trainLabels = trainLabels
    self.testImages = testImages
    self.testLabels = testLabels
  }

  /// Reads the four files of MNIST or Fashion-MNIST from a folder.
  ///
  /// They are called `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`
  /// and `t10k-labels-idx1-ubyte`, with or without `.gz`. Throws if one is missing, damaged, or
  /// does not match its partner.
  public init(folder: String) throws(FileError) {
    (trainImages, trainLabels) = try Self.read(folder, "train")
    (testImages, testLabels) = try Self.read(folder, "t10k")
  }

  private static func read(
    _ folder: String, _ part: String
  ) throws(FileError) -> (images: Tensor<UInt8>, labels: Tensor<UInt8>) {
    let imagesPath = try existing("\(folder)/\(part)-images-idx3-ubyte")
    let labelsPath = try existing("\(folder)/\(part)-labels-idx1-ubyte")
    let images = try Tensor<UInt8>(contentsOfIDX: imagesPath)
    let labels = try Tensor<UInt8>(contentsOfIDX: labelsPath)
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

// MARK: - Downloads

extension ImageDataset {
  /// MNIST: 60 000 training and 10 000 test images of digits, downloaded on first use (12 MB).
  ///
  /// - Parameters:
  ///   - folder: The folder for its files; `mnist` in `Download.defaultFolder()` if nil.
  ///   - verbose: Whether to print the progress of downloads.
  /// - Returns: The images and labels.
  /// - Throws: `FileError` if a file cannot be downloaded or read.
  public static func mnist(
    folder: String? = nil, verbose: Verbosity = .bar
  ) throws(FileError) -> ImageDataset {
    try fetched(mnistFiles, into: folder, named: "mnist", verbose)
  }

  /// Fashion-MNIST: 60 000 training and 10 000 test images of clothes, downloaded on first use (31
  /// MB).
  ///
  /// - Parameters:
  ///   - folder: The folder for its files; `fashion-mnist` in `Download.defaultFolder()` if nil.
  ///   - verbose: Whether to print the progress of downloads.
  /// - Returns: The images and labels.
  /// - Throws: `FileError` if a file cannot be downloaded or read.
  public static func fashionMNIST(
    folder: String? = nil, verbose: Verbosity = .bar
  ) throws(FileError) -> ImageDataset {
    try fetched(fashionFiles, into: folder, named: "fashion-mnist", verbose)
  }

  private static func fetched(
    _ files: [Download], into folder: String?, named name: String, _ verbose: Verbosity
  ) throws(FileError) -> ImageDataset {
    let folder = if let folder { folder } else { try "\(Download.defaultFolder())/\(name)" }
    for file in files { try file.fetch(into: folder, verbose: verbose) }
    return try ImageDataset(folder: folder)
  }
}

private let mnistFiles = published(
  at: [
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
  ],
  [
    (
      "train-images-idx3-ubyte.gz", 9_912_422,
      "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
    ),
    (
      "train-labels-idx1-ubyte.gz", 28_881,
      "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
    ),
    (
      "t10k-images-idx3-ubyte.gz", 1_648_877,
      "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    (
      "t10k-labels-idx1-ubyte.gz", 4_542,
      "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
    ),
  ])

private let fashionFiles = published(
  at: [
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
  ],
  [
    (
      "train-images-idx3-ubyte.gz", 26_421_880,
      "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
    ),
    (
      "train-labels-idx1-ubyte.gz", 29_515,
      "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
    ),
    (
      "t10k-images-idx3-ubyte.gz", 4_422_102,
      "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
    ),
    (
      "t10k-labels-idx1-ubyte.gz", 5_148,
      "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
    ),
  ])

/// The downloads of files published in the same place.
private func published(
  at folders: [String], _ files: [(name: String, byteCount: Int, sha256: String)]
) -> [Download] {
  files.map { file in
    Download(
      from: folders.map { "\($0)/\(file.name)" }, byteCount: file.byteCount, sha256: file.sha256)
  }
}

/// The path itself or with `.gz` appended, whichever exists.
func existing(_ path: String) throws(FileError) -> String {
  for candidate in [path, path + ".gz"] where isReadable(candidate) { return candidate }
  throw FileError(path: path, message: "no such file, neither plain nor with .gz")
}

/// The names of Fashion-MNIST's ten classes, by label.
public let fashionClassNames = [
  "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
  "Ankle boot",
]
