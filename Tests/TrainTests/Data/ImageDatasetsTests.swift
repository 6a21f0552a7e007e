import ArrayFiles
import TestSupport
import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private let fileNames = [
  "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
]

/// An IDX file of that shape, filled with bytes that count up from 0.
private func idx(_ shape: [Int]) -> [UInt8] {
  let sizes = shape.flatMap { size in (0..<4).map { UInt8(size >> (24 - 8 * $0) & 255) } }
  let count = shape.reduce(1, *)
  return [0, 0, 8, UInt8(shape.count)] + sizes + (0..<count).map { UInt8($0 & 255) }
}

/// A small data set: three images for training and two for testing, of 2 x 4 pixels.
private let smallDataset = [idx([3, 2, 4]), idx([3]), idx([2, 2, 4]), idx([2])]

/// Writes files into a new folder, calls `body` with its path, and removes it.
private func withFolder(_ contents: [[UInt8]?], _ body: (String) throws -> Void) throws {
  try withTemporaryFolder { folder in
    for (name, bytes) in zip(fileNames, contents) {
      if let bytes { try writeFile(bytes, to: "\(folder)/\(name)") }
    }
    try body(folder)
  }
}

/// A folder with the real files: from `WENGERT_DATA`, or beside the project.
private let fashionFolder: String? = {
  let roots = [getenv("WENGERT_DATA").map { String(cString: $0) }, "../shared/datasets"]
  for root in roots.compactMap({ $0 }) {
    for folder in [root, "\(root)/fashion-mnist"]
    where isReadable("\(folder)/\(fileNames[0]).gz") || isReadable("\(folder)/\(fileNames[0])") {
      return folder
    }
  }
  return nil
}()

@Suite("Image data sets")
struct ImageDatasetsTests {
  @Test("are read from four files")
  func small() throws {
    try withFolder(smallDataset) { folder in
      let data = try ImageDataset(folder: folder)
      #expect(data.trainImages.shape == [3, 2, 4] && data.testImages.shape == [2, 2, 4])
      #expect(data.trainLabels == [0, 1, 2] && data.testLabels == [0, 1])
      #expect(data.trainImages[2, 1, 3] == 23 && data.testImages[1, 0, 0] == 8)
      #expect(data.trainImages.elements == Array(0..<24))
    }
  }

  @Test("name the file that is missing", arguments: 0..<4)
  func missing(_ index: Int) throws {
    var files: [[UInt8]?] = smallDataset
    files[index] = nil
    try withFolder(files) { folder in
      let error = try #require(throws: FileError.self) { try ImageDataset(folder: folder) }
      #expect(error.path == "\(folder)/\(fileNames[index])")
      #expect(error.description.hasSuffix("no such file, neither plain nor with .gz"))
    }
  }

  @Test("name the file that is too short, and the byte", arguments: 0..<4)
  func short(_ index: Int) throws {
    var files: [[UInt8]?] = smallDataset
    files[index]!.removeLast()
    try withFolder(files) { folder in
      let error = try #require(throws: FileError.self) { try ImageDataset(folder: folder) }
      #expect(error.path.hasSuffix(fileNames[index]))
      #expect(error.location == .byte(index % 2 == 0 ? 16 : 8))
      #expect(error.message.contains("bytes after the header"))
    }
  }

  @Test("do not take labels that do not fit the images")
  func mismatch() throws {
    try withFolder([idx([3, 2, 4]), idx([4]), idx([2, 2, 4]), idx([2])]) { folder in
      let error = try #require(throws: FileError.self) { try ImageDataset(folder: folder) }
      #expect(error.path.hasSuffix("train-labels-idx1-ubyte"))
      #expect(error.message == "expected one label for each of 3 images, got shape [4]")
    }
    try withFolder([idx([3, 8]), idx([3]), idx([2, 2, 4]), idx([2])]) { folder in
      let error = try #require(throws: FileError.self) { try ImageDataset(folder: folder) }
      #expect(error.path.hasSuffix("train-images-idx3-ubyte"))
      #expect(error.message == "expected images [samples, rows, columns], got shape [3, 8]")
    }
    try withFolder([idx([3]), idx([3, 2, 4]), idx([2, 2, 4]), idx([2])]) { folder in
      let error = try #require(throws: FileError.self) { try ImageDataset(folder: folder) }
      #expect(error.path.hasSuffix("train-images-idx3-ubyte"))
    }
  }

  @Test("do not take other files")
  func otherFiles() throws {
    try withFolder([Array("hello".utf8), idx([3]), nil, nil]) { folder in
      let error = try #require(throws: FileError.self) { try ImageDataset(folder: folder) }
      #expect(error.path.hasSuffix("train-images-idx3-ubyte"))
    }
    // A header that claims 10¹² elements.
    let huge: [UInt8] = [0, 0, 8, 3, 0, 0, 39, 16, 0, 0, 39, 16, 0, 0, 39, 16]
    try withFolder([huge, idx([3]), nil, nil]) { folder in
      #expect(throws: FileError.self) { try ImageDataset(folder: folder) }
    }
  }

  @Test("of fashion are read", .enabled(if: fashionFolder != nil, "no files of Fashion-MNIST here"))
  func fashion() throws {
    let data = try ImageDataset(folder: try #require(fashionFolder))
    #expect(data.trainImages.shape == [60_000, 28, 28] && data.trainLabels.shape == [60_000])
    #expect(data.testImages.shape == [10_000, 28, 28] && data.testLabels.shape == [10_000])
    // The first image is an ankle boot; each class has as many images.
    #expect(fashionClassNames[Int(data.trainLabels[0])] == "Ankle boot")
    #expect(fashionClassNames.count == 10)
    #expect(data.trainImages.max() == 255 && data.trainImages.min() == 0)
    for label in 0..<10 as Range<UInt8> {
      #expect((data.trainLabels .== label).countTrue() == 6000)
      #expect((data.testLabels .== label).countTrue() == 1000)
    }
  }
}
