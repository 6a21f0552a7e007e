// How a message shows two shapes that do not fit: one below the other, aligned at their last axes,
// with the mismatched sizes marked.
//
//     [32, 10]
//         [32]
//          ^^

extension TensorShape {
  /// The diagram of two shapes, beginning with a line break.
  ///
  /// `fits` says whether the sizes of both along an axis are compatible; the axis is counted from the
  /// front of the longer shape.
  static func diagram(
    _ a: TensorShape, _ b: TensorShape,
    where fits: (_ axis: Int, Int, Int) -> Bool = { $1 == $2 || $1 == 1 || $2 == 1 }
  ) -> String {
    let rank = Swift.max(a.rank, b.rank)
    func size(_ shape: TensorShape, _ axis: Int) -> Int? {
      axis < rank - shape.rank ? nil : shape[axis - rank + shape.rank]
    }
    var (first, second, marks) = ("  ", "  ", "  ")
    for axis in 0..<rank {
      let (x, y) = (size(a, axis), size(b, axis))
      let (textX, textY) = (x.map(String.init) ?? "", y.map(String.init) ?? "")
      let width = Swift.max(textX.utf8.count, textY.utf8.count)
      func column(_ shape: TensorShape, _ text: String) -> String {
        let start =
          text.isEmpty ? " " : rank - shape.rank == axis ? "[" : " "
        let end = text.isEmpty ? " " : axis + 1 == rank ? "]" : ","
        return start + String(repeating: " ", count: width - text.utf8.count) + text + end
      }
      first += column(a, textX)
      second += column(b, textY)
      var mark = " "
      if let x, let y { mark = fits(axis, x, y) ? " " : "^" }
      marks += " " + String(repeating: mark, count: width) + " "
    }
    if a.isEmpty { first += "[]" }
    if b.isEmpty { second += "[]" }
    while marks.last == " " { marks.removeLast() }
    return "\n\(first)\n\(second)" + (marks.isEmpty ? "" : "\n\(marks)")
  }

  /// A suggestion for two shapes that do not broadcast; may be empty.
  static func suggestion(_ a: TensorShape, _ b: TensorShape) -> String {
    if a.rank == b.rank {
      if b.rank == 2, broadcast(a, [b[1], b[0]]) != nil {
        return "; transposed() makes \(b) \(TensorShape([b[1], b[0]])), which fits"
      }
      return ""
    }
    // Axes of size 1 behind the shorter shape: what `keepingDimensions` leaves, for one.
    let (short, long) = a.rank < b.rank ? (a, b) : (b, a)
    for count in 1...(long.rank - short.rank) {
      let longer = TensorShape(Array(short) + Array(repeating: 1, count: count))
      if broadcast(longer, long) != nil {
        let call = count == 1 ? "expandingShape(at: -1)" : "reshaped(to: \(longer))"
        return "; \(call) makes \(short) \(longer), which fits"
      }
    }
    return ""
  }
}
