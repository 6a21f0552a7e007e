extension Parallel {
  /// The number of elements of a cheap loop that one piece of work covers.
  package static let partLength = 32_768

  /// Calls `body` with the parts of `0..<count`, on several threads when there is more than one.
  ///
  /// Parts have a fixed length, so what a part computes does not depend on the number of threads.
  @inline(__always)
  package static func overParts(
    of count: Int, partLength: Int = Parallel.partLength,
    _ body: (_ start: Int, _ count: Int) -> Void
  ) {
    if count <= partLength {
      if count > 0 { body(0, count) }
      return
    }
    run(pieces: (count + partLength - 1) / partLength) { piece in
      let start = piece * partLength
      body(start, min(partLength, count - start))
    }
  }
}
