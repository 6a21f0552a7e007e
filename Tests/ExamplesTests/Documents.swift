// The texts of the project: where they are, and the programs in them.
//
// All Swift fences of a document make one program, in the order of reading: each stands in a scope of its
// own within that of the one before, so that it sees earlier names and may use them anew. A fence
// that is a package manifest, which its first line says, is a program of its own.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A text in Markdown.
struct Document {
  /// The path below the project's folder.
  let name: String
  let lines: [String]

  /// A fenced block that says it is Swift.
  struct Fence {
    /// The number of its first line in the document, counted from 1.
    let line: Int
    let lines: [String]

    var isManifest: Bool { lines.first?.hasPrefix("// swift-tools-version") ?? false }
  }

  init?(_ name: String) {
    guard let file = fopen("\(projectFolder)/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
    self.name = name
    lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The fences whose language is Swift.
  var fences: [Fence] {
    var fences: [Fence] = []
    var start: Int?
    var isSwift = false
    for (index, line) in lines.enumerated() where line.hasPrefix("```") {
      if let first = start {
        if isSwift { fences.append(Fence(line: first + 1, lines: Array(lines[first..<index]))) }
        start = nil
      } else {
        start = index + 1
        isSwift = line.hasPrefix("```swift")
      }
    }
    return fences
  }

  /// The programs of the document: what the compiler is to read, with the document's line numbers.
  var programs: [String] {
    let manifests = fences.filter(\.isManifest).map { [$0] }
    return (manifests + [fences.filter { !$0.isManifest }]).filter { !$0.isEmpty }.map(program)
  }

  private func program(of fences: [Fence]) -> String {
    func isImport(_ line: String) -> Bool { line.hasPrefix("import ") }
    let imports = Set(fences.flatMap(\.lines).filter(isImport)).sorted()
    let place = "\(name)_\(fences[0].line)"
    let identifier = String(place.map { $0.isLetter || $0.isNumber ? $0 : "_" })
    var program = imports + ["func \(identifier)() async throws {"]
    for fence in fences {
      program.append("do {")
      program.append(located(fence, fence.lines.map { isImport($0) ? "" : $0 }))
    }
    return (program + [fences.map { _ in "}" }.joined(separator: " ") + " }"])
      .joined(separator: "\n")
  }

  private func located(_ fence: Fence, _ lines: [String]) -> String {
    "#sourceLocation(file: \"\(name)\", line: \(fence.line))\n"
      + lines.joined(separator: "\n") + "\n#sourceLocation()"
  }

  /// All documents with programs for readers: those of the project's first folder, of the examples, and
  /// the articles of the documentation catalogues.
  static func all() -> [Document] {
    var names = [String]()
    func addFiles(of folder: String) {
      for name in files(in: "\(projectFolder)/\(folder)") where name.hasSuffix(".md") {
        names.append(folder.isEmpty ? name : "\(folder)/\(name)")
      }
    }
    addFiles(of: "")
    addFiles(of: "Examples")
    for module in ["Tensor", "Tensor/Files", "Autograd", "Layers", "Train"] {
      for entry in files(in: "\(projectFolder)/Sources/\(module)") where entry.hasSuffix(".docc") {
        addFiles(of: "Sources/\(module)/\(entry)")
      }
    }
    return names.sorted().compactMap { Document($0) }
  }
}

/// The folder with the package's manifest.
let projectFolder = "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false)
  .dropLast(3).joined(separator: "/")

/// The folder with what was built, programs and modules: the one above the program that runs the tests, or
/// the usual one; nil if there is none.
let productsFolder: String? = {
  var folders: [String] = []
  var parts = CommandLine.arguments[0].split(separator: "/", omittingEmptySubsequences: false)
  while !parts.isEmpty {
    parts.removeLast()
    folders.append(parts.joined(separator: "/"))
  }
  folders += ["debug", "release"].map { "\(projectFolder)/.build/\($0)" }
  return folders.first { access($0 + "/Modules/Train.swiftmodule", R_OK) == 0 }
}()

/// The names in a folder; none if it cannot be read.
private func files(in folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    withUnsafeBytes(of: entry.pointee.d_name) {
      names.append(String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self))
    }
  }
  return names
}

/// What a shell command prints on standard output and standard error, and its exit status.
func run(_ command: String) -> (output: String, status: Int32) {
  guard let pipe = popen("(\(command)) 2>&1", "r") else { return ("", -1) }
  var bytes: [UInt8] = []
  while case let byte = getc(pipe), byte != EOF { bytes.append(UInt8(byte)) }
  let status = pclose(pipe)
  return (
    String(decoding: bytes, as: UTF8.self),
    status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
  )
}
