// Images in class folders: each folder is a class, and each file in it a sample. At first only the
// names are read; an image is read when its batch is needed.

import ArrayFiles
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Images and their classes, from a folder with one folder per class.
///
/// ```swift
/// let pictures = try ImageFolder("pets", height: 64, width: 64)     // pets/cat/1.jpg, pets/dog/1.png …
/// pictures.classNames                                               // ["cat", "dog"]
/// let x = Tensor<Float>(try pictures.images([0, 1, 2])) / 255       // [3, 64, 64, 3]
/// ```
/// Classes and files are sorted by the bytes of their names, so that the numbers of classes and
/// samples are the same everywhere. Names that start with a dot are skipped, and so are files
/// without one of these extensions: `.png`, `.jpg`, `.jpeg`, `.bmp`, `.pbm`, `.pgm`, `.ppm`,
/// `.pnm`.
public struct ImageFolder: Sendable {
  /// The names of the classes, which are the names of the folders.
  public let classNames: [String]
  /// The files, class by class.
  public let paths: [String]
  /// The class number of each file, [samples].
  public let labels: Tensor<Int>
  /// The height to which images are resized.
  public let height: Int
  /// The width to which images are resized.
  public let width: Int
  /// The number of channels to which images are converted.
  public let channels: Int
  /// The filter for resizing.
  public let filter: ResizeFilter

  /// Lists the images of a folder.
  ///
  /// - Parameters:
  ///   - folder: The folder that contains one folder per class.
  ///   - height: The height to which images are resized.
  ///   - width: The width to which images are resized.
  ///   - channels: 1 for grey, 3 for colour, 2 and 4 for these with opacity.
  ///   - filter: The filter for resizing.
  /// - Throws: `FileError` if the folder cannot be read or contains no folder with an image.
  public init(
    _ folder: String, height: Int, width: Int, channels: Int = 3, filter: ResizeFilter = .bilinear
  ) throws(FileError) {
    checkSides(height, width, "ImageFolder")
    require(
      1...4 ~= channels, "ImageFolder: expected 1 to 4 channels, got \(channels)")
    (self.height, self.width, self.channels, self.filter) = (height, width, channels, filter)
    classNames = try names(in: folder).filter { isFolder("\(folder)/\($0)") }
    var (paths, labels): ([String], [Int]) = ([], [])
    for (label, name) in classNames.enumerated() {
      for file in try names(in: "\(folder)/\(name)") where isPicture(file) {
        paths.append("\(folder)/\(name)/\(file)")
        labels.append(label)
      }
    }
    guard !paths.isEmpty else {
      throw FileError(
        path: folder,
        message: classNames.isEmpty
          ? "expected a folder for each class, got none"
          : "expected pictures (\(endings.joined(separator: ", "))) in the folders of the "
            + "\(classNames.count) classes, got none")
    }
    self.paths = paths
    self.labels = Tensor(labels)
  }

  /// The number of images.
  public var count: Int { paths.count }

  /// Reads the images with the given numbers, in that order.
  ///
  /// - Parameter numbers: Numbers in `0..<count`; nil for all.
  /// - Returns: The images, [samples, height, width, channels], 0...255.
  /// - Throws: `FileError` if a file cannot be read or is not an image.
  public func images(_ numbers: [Int]? = nil) throws(FileError) -> Tensor<UInt8> {
    var result: [Tensor<UInt8>] = []
    for number in numbers ?? Array(paths.indices) {
      require(
        paths.indices.contains(number),
        "ImageFolder: there is no picture \(number), there are \(count), counted from 0")
      result.append(
        try Tensor(contentsOfImage: paths[number], channels: channels)
          .resized(height: height, width: width, filter: filter))
    }
    return result.isEmpty ? Tensor.zeros([0, height, width, channels]) : stack(result)
  }
}

private let endings = [".png", ".jpg", ".jpeg", ".bmp", ".pbm", ".pgm", ".ppm", ".pnm"]

/// Whether a file name has the extension of an image.
private func isPicture(_ name: String) -> Bool {
  let name = name.lowercased()
  return endings.contains { name.hasSuffix($0) }
}

/// The names in a folder, sorted by their bytes, without those that start with a dot.
private func names(in folder: String) throws(FileError) -> [String] {
  guard let directory = opendir(folder) else {
    throw FileError(path: folder, message: "cannot be opened: \(String(cString: strerror(errno)))")
  }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Whether the path is a folder.
private func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
