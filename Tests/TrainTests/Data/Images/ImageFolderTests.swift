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

/// The error that reading ends in.
private func failure(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}

@Suite("Folders of pictures")
struct ImageFolderTests {
  @Test("have a class for each folder, in the order of names")
  func small() throws {
    try withTemporaryFolder { folder in
      for name in ["b", "a", "empty"] { mkdir("\(folder)/\(name)", 0o777) }
      try writeFile(Array("P2 2 1 255 10 20".utf8), to: "\(folder)/b/2.pgm")
      try writeFile(Array("P3 1 1 255 1 2 3".utf8), to: "\(folder)/b/1.PPM")
      try writeFile(Array("P2 1 1 255 7".utf8), to: "\(folder)/a/x.pgm")
      try writeFile(Array("no picture".utf8), to: "\(folder)/a/notes.txt")
      try writeFile(Array("no picture".utf8), to: "\(folder)/a/.hidden.png")
      try writeFile(Array("no picture".utf8), to: "\(folder)/list.csv")
      let pictures = try ImageFolder(folder, height: 1, width: 2)
      #expect(pictures.classNames == ["a", "b", "empty"])
      #expect(pictures.paths == ["a/x.pgm", "b/1.PPM", "b/2.pgm"].map { "\(folder)/\($0)" })
      #expect(pictures.labels == [0, 1, 1] && pictures.count == 3)
      let images = try pictures.images([2, 0, 1])
      #expect(images.shape == [3, 1, 2, 3])
      #expect(images[0, ...] == [[[10, 10, 10], [20, 20, 20]]])
      #expect(
        images[1, ...] == [[[7, 7, 7], [7, 7, 7]]] && images[2, ...] == [[[1, 2, 3], [1, 2, 3]]])
      #expect(try pictures.images() == pictures.images([0, 1, 2]))
      #expect(try pictures.images([]).shape == [0, 1, 2, 3])
    }
  }

  @Test("are samples for fit, changed alike however they are read")
  func dataset() throws {
    try withTemporaryFolder { folder in
      mkdir("\(folder)/a", 0o777)
      mkdir("\(folder)/b", 0o777)
      for number in 0..<5 {
        let pixels = (0..<12).map { "\(7 * number + $0)" }.joined(separator: " ")
        try writeFile(
          Array("P3 2 2 255 \(pixels)".utf8),
          to: "\(folder)/\(number < 2 ? "a" : "b")/\(number).ppm")
      }
      let pictures = try ImageFolder(folder, height: 2, width: 2)
      let network = Sequential([Flatten(inputShape: [2, 2, 3])])
      let model = network.compile(optimizer: SGD(), loss: "mse")
      let read = try model.predict(Dataset(pictures))
      #expect(read == Tensor<Float>(try pictures.images()).reshaped(to: [5, 12]) / 255)

      let augmentation = ImageAugmentation<Float>([.horizontalFlip, .brightness(0.1)])
      let data = Dataset(pictures).augmented(augmentation)
      let changed = try model.predict(data)
      #expect(changed != read)
      for (ahead, batchSize) in [(0, 1), (0, 3), (3, 2)] {
        #expect(try model.predict(data.readingAhead(ahead), batchSize: batchSize) == changed)
      }
    }
  }

  @Test("that hold nothing or a damaged file are refused")
  func faults() throws {
    try withTemporaryFolder { folder in
      #expect(
        failure { _ = try ImageFolder("\(folder)/none", height: 1, width: 1) }?
          .contains("cannot be opened: No such file") == true)
      #expect(
        failure { _ = try ImageFolder(folder, height: 1, width: 1) }?
          .contains("expected a folder for each class") == true)
      mkdir("\(folder)/a", 0o777)
      #expect(
        failure { _ = try ImageFolder(folder, height: 1, width: 1) }?
          .contains("expected pictures (.png") == true)
      try writeFile(Array("P2 2 1 255 10".utf8), to: "\(folder)/a/x.pgm")
      let pictures = try ImageFolder(folder, height: 1, width: 1)
      #expect(failure { _ = try pictures.images() }?.contains("a/x.pgm") == true)
    }
  }
}

@Suite("CIFAR-10")
struct CIFAR10Tests {
  /// A record whose pixel p has the bytes p, p + 1 and p + 2, modulo 251.
  private func record(_ label: UInt8) -> [UInt8] {
    [label] + (0..<3).flatMap { channel in (0..<1024).map { UInt8(($0 + channel) % 251) } }
  }

  @Test("is read from its binary files, plain or compressed")
  func small() throws {
    try withTemporaryFolder { folder in
      try writeFile(record(3) + record(9), to: "\(folder)/data_batch_1.bin")
      try writeFile(gzipCompressed(record(0)), to: "\(folder)/data_batch_3.bin.gz")
      try writeFile(record(5), to: "\(folder)/test_batch.bin")
      let data = try ImageDataset.cifar10(folder: folder)
      #expect(data.trainImages.shape == [3, 32, 32, 3] && data.testImages.shape == [1, 32, 32, 3])
      #expect(data.trainLabels == [3, 9, 0] && data.testLabels == [5])
      #expect(
        data.trainImages[2, 0, 7, ...] == [7, 8, 9]
          && data.testImages[0, 1, 0, ...] == [32, 33, 34])
    }
  }

  @Test("is refused where it is damaged")
  func damaged() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/x.bin"
      for (bytes, words) in [
        (Array(record(1).dropLast()), "records of 3073 bytes, got 3072"), ([], "got 0 bytes"),
        (record(1) + record(10), "byte 3073: expected a class in 0...9, got 10"),
      ] {
        try writeFile(bytes, to: path)
        #expect(failure { _ = try cifar10Records(contentsOf: path) }?.contains(words) == true)
      }
      try writeFile(record(1) + record(2), to: path)
      #expect(failure { _ = try cifar10Records(contentsOf: path, limit: 1) } != nil)
      #expect(
        failure { _ = try ImageDataset.cifar10(folder: folder) }?.contains("no such file") == true)
    }
  }
}
