// The two file formats of byte-pair vocabularies. GPT-2's: vocab.json with the number of each token
// and merges.txt with the pairs, highest priority first, both in an alphabet with a visible
// character for each byte. tiktoken's: each line is a token in base64 and its number; lower numbers
// have priority.

extension BytePairEncoder {
  /// Reads a vocabulary in GPT-2's format, which Hugging Face provides for many models.
  ///
  /// A token that is neither a byte nor the result of a merge is a special token.
  ///
  /// - Parameters:
  ///   - vocabulary: The path of `vocab.json` (OpenAI's `encoder.json`).
  ///   - merges: The path of `merges.txt` (OpenAI's `vocab.bpe`).
  /// - Throws: `FileError` if a file cannot be read or is malformed, if numbers are missing, or if
  ///   a byte has no token.
  public init(vocabulary: String, merges: String) throws(FileError) {
    guard case .object(let members) = try JSON(contentsOf: vocabulary) else {
      throw FileError(path: vocabulary, message: "expected an object of tokens and their numbers")
    }
    var names = [String?](repeating: nil, count: members.count)
    for member in members {
      guard case .integer(let number) = member.value, names.indices.contains(number),
        names[number] == nil
      else {
        throw FileError(
          path: vocabulary,
          message:
            "expected each number of 0..<\(members.count) once, got \(member.value.text) for "
            + member.name.debugDescription)
      }
      names[number] = member.name
    }
    let list = names.map { $0! }
    let numbers = Dictionary(uniqueKeysWithValues: zip(list, list.indices))
    let text = try readText(merges)
    var pairs: [Merge] = []
    var made: Set<Int> = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = line.last == "\r" ? line.dropLast() : line
      if line.isEmpty || index == 0 && line.hasPrefix("#version") { continue }
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      guard parts.count == 2, let left = numbers[String(parts[0])],
        let right = numbers[String(parts[1])], let result = numbers[String(parts[0] + parts[1])]
      else {
        throw FileError(
          path: merges, location: .line(index + 1),
          message: "expected two tokens of the vocabulary that make a third, got "
            + String(line.prefix(60)).debugDescription)
      }
      made.insert(result)
      pairs.append(
        Merge(
          left: UInt32(left), right: UInt32(right), result: UInt32(result),
          rank: UInt32(pairs.count)))
    }
    var tokens: [[UInt8]] = []
    var special: [String: Int] = [:]
    for (number, name) in list.enumerated() {
      let bytes = name.unicodeScalars.map { ByteAlphabet.byte(of: $0) }
      if made.contains(number) || bytes.count == 1, !bytes.contains(nil) {
        tokens.append(bytes.map { $0! })
      } else if made.contains(number) || name.isEmpty {
        throw FileError(
          path: vocabulary,
          message: "expected a token in GPT-2's alphabet of bytes, got \(name.debugDescription)")
      } else {
        special[name] = number
        tokens.append(Array(name.utf8))
      }
    }
    try Self.requireAllBytes(tokens, special: special, path: vocabulary)
    self.init(tokens: tokens, specialTokens: special, merges: pairs)
  }

  /// Writes the vocabulary atomically in GPT-2's format, which Hugging Face's tokenizers can read.
  ///
  /// - Parameters:
  ///   - vocabulary: The path for `vocab.json`.
  ///   - merges: The path for `merges.txt`.
  /// - Throws: `FileError` if a file cannot be written.
  public func write(vocabulary: String, merges: String) throws(FileError) {
    let special = Dictionary(uniqueKeysWithValues: specialTokens.map { ($1, $0) })
    let names = tokens.indices.map { special[$0] ?? ByteAlphabet.name(of: tokens[$0]) }
    let members = names.enumerated().map { JSON.Member($1, .integer($0)) }
    try writeFile(JSON.object(members).utf8, to: vocabulary)
    let lines = self.merges.map { "\(names[Int($0.left)]) \(names[Int($0.right)])\n" }
    try writeFile(Array(("#version: 0.2\n" + lines.joined()).utf8), to: merges)
  }

  /// Reads a vocabulary in tiktoken's format.
  ///
  /// - Parameters:
  ///   - path: The file, such as `gpt2.tiktoken`.
  ///   - specialTokens: The names and numbers of the special tokens, which are not in the file,
  ///     such as `["<|endoftext|>": 50256]` for GPT-2.
  /// - Throws: `FileError` if the file cannot be read or is malformed, if numbers are missing, or
  ///   if a byte has no token.
  public init(
    contentsOfTiktoken path: String, specialTokens: [String: Int] = [:]
  ) throws(FileError) {
    let text = try readText(path)
    var numbers: [[UInt8]: Int] = [:]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.isEmpty { continue }
      let parts = line.split(separator: " ")
      guard parts.count == 2, let token = decodeBase64(parts[0]), !token.isEmpty,
        let number = Int(parts[1]), numbers.updateValue(number, forKey: token) == nil
      else {
        throw FileError(
          path: path, location: .line(index + 1),
          message: "expected a new token in base64 and its number, got "
            + String(line.prefix(60)).debugDescription)
      }
    }
    let count = numbers.count + specialTokens.count
    var tokens = [[UInt8]?](repeating: nil, count: count)
    for (token, number) in Array(numbers) + specialTokens.map({ (Array($0.utf8), $1) }) {
      guard tokens.indices.contains(number), tokens[number] == nil else {
        throw FileError(
          path: path, message: "expected each number of 0..<\(count) once, got \(number)")
      }
      tokens[number] = token
    }
    // tiktoken merges any two tokens whose concatenation is a token.
    var merges: [Merge] = []
    for (number, token) in tokens.enumerated() where numbers[token!] == number {
      for split in token!.indices.dropFirst() {
        if let left = numbers[Array(token![..<split])], let right = numbers[Array(token![split...])]
        {
          merges.append(
            Merge(
              left: UInt32(left), right: UInt32(right), result: UInt32(number), rank: UInt32(number)
            ))
        }
      }
    }
    let known = tokens.map { $0! }
    try Self.requireAllBytes(known, special: specialTokens, path: path)
    self.init(tokens: known, specialTokens: specialTokens, merges: merges)
  }

  private static func requireAllBytes(
    _ tokens: [[UInt8]], special: [String: Int], path: String
  ) throws(FileError) {
    let known = Set(tokens.lazy.filter { $0.count == 1 }.map { $0[0] })
    if let missing = (0...UInt8.max).first(where: { !known.contains($0) }) {
      throw FileError(
        path: path,
        message: "expected a token for each byte, got none for \(hexadecimal([missing]))")
    }
  }
}

/// GPT-2's visible character for each byte: itself if visible in Latin-1, else the next one from
/// U+0100.
enum ByteAlphabet {
  /// All bytes in the order of their characters, which is the order of their tokens.
  static let bytes: [UInt8] = visible + (0...255).filter { !Set(visible).contains($0) }

  private static let visible = [UInt8](0x21...0x7E) + [UInt8](0xA1...0xAC) + [UInt8](0xAE...0xFF)

  private static let characters: [Unicode.Scalar] = {
    var characters = [Unicode.Scalar](repeating: " ", count: 256)
    for (place, byte) in bytes.enumerated() {
      characters[Int(byte)] =
        place < visible.count
        ? Unicode.Scalar(byte) : Unicode.Scalar(UInt32(256 + place - visible.count))!
    }
    return characters
  }()

  private static let byteOfCharacter = Dictionary(uniqueKeysWithValues: zip(characters, 0...255))

  /// The byte of a character; nil if it does not represent a byte.
  static func byte(of character: Unicode.Scalar) -> UInt8? {
    byteOfCharacter[character].map { UInt8($0) }
  }

  /// The characters that represent the given bytes.
  static func name(of bytes: [UInt8]) -> String {
    var name = String.UnicodeScalarView()
    for byte in bytes { name.append(characters[Int(byte)]) }
    return String(name)
  }
}

/// The bytes of a base64 text (RFC 4648); nil if it is invalid.
private func decodeBase64(_ text: Substring) -> [UInt8]? {
  let padding = text.utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
  guard text.utf8.count % 4 == 0, padding <= 2 else { return nil }
  var bytes: [UInt8] = []
  var (bits, count): (UInt32, UInt32) = (0, 0)
  for letter in text.utf8.dropLast(padding) {
    let value: UInt8
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = letter - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): value = letter - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): value = letter - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): value = 62
    case UInt8(ascii: "/"): value = 63
    default: return nil
    }
    (bits, count) = (bits << 6 | UInt32(value), count + 6)
    if count >= 8 {
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> count))
    }
  }
  return bytes
}
