// The names of arrays, columns and members in a file. Two of Swift's strings are equal if they look
// alike, such as an é of one character and one of two; files tell them apart, as NumPy and pandas do,
// so names are compared by their bytes here. CSVCursor.swift, ZIP.swift and JSONParser.swift read them.

/// A name that equals another one if both have the same bytes.
package struct ExactName: Hashable, Sendable {
  /// The name as a text.
  package let text: String

  /// A name of these bytes.
  package init(_ text: String) { self.text = text }

  /// Whether both have the same bytes.
  package static func == (a: ExactName, b: ExactName) -> Bool {
    a.text.utf8.elementsEqual(b.text.utf8)
  }

  /// Feeds the bytes to the hasher.
  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension [String] {
  /// The position of a name: of the one with the same bytes or else of the first that looks alike, nil
  /// if there is none.
  package func position(ofName name: String) -> Int? {
    let exact = ExactName(name)
    return firstIndex { ExactName($0) == exact } ?? firstIndex(of: name)
  }

  /// The first name that was there before, or nil if all differ.
  package var firstRepeated: String? {
    var seen: Set<ExactName> = []
    return first { !seen.insert(ExactName($0)).inserted }
  }
}

/// Stops the program if a name occurs twice.
func requireDistinct(_ names: [String], _ format: String) {
  if let name = names.firstRepeated {
    fail("\(format): there are two arrays \(excerpt(name)), expected names that differ")
  }
}

/// The error that there is no array of a name.
func unknownArray(_ name: String, path: String, known: [String]) -> FileError {
  let some = known.prefix(10).map(excerpt).joined(separator: ", ")
  return FileError(
    path: path,
    message: "expected an array \(excerpt(name)), got \(known.isEmpty ? "none" : some)"
      + (known.count > 10 ? " and \(known.count - 10) more" : ""))
}
