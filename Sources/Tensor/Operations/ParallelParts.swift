// How threads divide loops over elements: in parts whose length depends only on the number of
// elements. So the work of each part, and with it every bit of the result, does not depend on the
// number of threads.

extension Parallel {
  /// The largest number of elements that a single thread handles alone.
  @inline(__always)
  package static var longestPart: Int { 32_768 }

  /// The length of the parts into which a loop over `count` elements is split.
  ///
  /// Up to 32,768 elements, a few microseconds of work, there is one part, because a second thread
  /// would not pay. Above that, there is an even number of equal parts, so that two threads finish
  /// together.
  @inline(__always)
  package static func partLength(of count: Int) -> Int {
    if count <= longestPart { return max(1, count) }
    let parts = 2 * ((count + 65_535) / 65_536)
    return ((count + parts - 1) / parts + 63) / 64 * 64
  }

  /// Calls `body` with the parts of `0..<count`, on several threads when there is more than one.
  @inline(__always)
  package static func overParts(
    of count: Int, _ body: (_ start: Int, _ count: Int) -> Void
  ) {
    overParts(of: count, length: partLength(of: count), body)
  }

  /// Calls `body` with parts of `rows` rows, each of `columns` elements.
  @inline(__always)
  package static func overRows(
    _ rows: Int, of columns: Int, _ body: (_ start: Int, _ rows: Int) -> Void
  ) {
    let columns = max(1, columns)
    overParts(of: rows, length: max(1, partLength(of: rows * columns) / columns), body)
  }

  /// Calls `body` with the parts of `0..<count` that have the given length.
  @inline(__always)
  package static func overParts(
    of count: Int, length: Int, _ body: (_ start: Int, _ count: Int) -> Void
  ) {
    if count <= length {
      if count > 0 { body(0, count) }
      return
    }
    run(pieces: (count &+ length &- 1) / length) { piece in
      let start = piece &* length
      body(start, min(length, count &- start))
    }
  }
}
