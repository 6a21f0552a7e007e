// Pictures in a folder of folders: each folder is a class, each file in it a sample. Only the names are read
// at first; a picture is read when its batch is asked for.

import ArrayFiles
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Pictures and their classes, from a folder that has a folder for each class.
///
/// ```swift
/// let pictures = try ImageFolder("pets", height: 64, width: 64)     // pets/cat/1.jpg, pets/dog/1.png …
/// pictures.classNames                                               // ["cat", "dog"]
/// let x = Tensor<Float>(try pictures.images([0, 1, 2])) / 255       // [3, 64, 64, 3]
/// ```
/// Classes and files come in the order of their names' bytes, so that the numbers of classes and samples are
/// the same everywhere. Names that begin with a dot are left out, and so are files whose names do not end
/// like those of pictures: `.png`, `.jpg`, `.jpeg`, `.bmp`, `.pbm`, `.pgm`, `.ppm`, `.pnm`.
public struct ImageFolder: Sendable {
  /// The names of the classes, which are those of the folders.
  public let classNames: [String]
  /// The files, class by class.
  public let paths: [String]
  /// The number of the class of each file, [samples].
  public let labels: Tensor<Int>
  /// The number of rows that pictures are brought to.
  public let height: Int
  /// The number of columns that pictures are brought to.
  public let width: Int
  /// The number of channels that pictures are brought to.
  public let channels: Int
  /// What the pixels of a resized picture are made of.
  public let filter: ResizeFilter

  /// Lists the pictures of a folder.
  ///
  /// - Parameters:
  ///   - folder: The folder that holds one folder for each class.
  ///   - height: The number of rows that pictures are brought to.
  ///   - width: The number of columns that pictures are brought to.
  ///   - channels: 1 for grey, 3 for colours, 2 and 4 for these with opacity.
  ///   - filter: What the pixels of a resized picture are made of.
  /// - Throws: `FileError` if the folder cannot be read or holds no folder with a picture.
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

  /// The number of pictures.
  public var count: Int { paths.count }

  /// Reads some of the pictures, in the given order.
  ///
  /// - Parameter numbers: Numbers in `0..<count`; all if nil.
  /// - Returns: The pictures, [samples, height, width, channels], 0...255.
  /// - Throws: `FileError` if a file cannot be read or is no picture.
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

/// Whether a file's name ends like that of a picture.
private func isPicture(_ name: String) -> Bool {
  let name = name.lowercased()
  return endings.contains { name.hasSuffix($0) }
}

/// The names in a folder in the order of their bytes, without those that begin with a dot.
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

/// Whether there is a folder at a path.
private func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
