// The message for an unknown name: the known names and the closest one.

/// The message for a name that is not among the known ones, with the closest match.
package func unknownName(_ name: String, kind: String, known: [String]) -> String {
  let nearest = known.min { editDistance($0, name) < editDistance($1, name) }
  let guess = nearest.flatMap { editDistance($0, name) <= 3 ? "; did you mean \"\($0)\"?" : nil }
  return "\(kind): there is no \"\(name)\", known are \(known.joined(separator: ", "))"
    + (guess ?? "")
}

/// The Levenshtein distance: the fewest letters to insert, remove or replace to turn `b` into `a`.
package func editDistance(_ a: String, _ b: String) -> Int {
  let b = Array(b)
  var row = Array(0...b.count)
  for (i, letter) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let cost = min(row[j] + 1, row[j + 1] + 1, diagonal + (b[j] == letter ? 0 : 1))
      diagonal = row[j + 1]
      row[j + 1] = cost
    }
  }
  return row[b.count]
}
