// The damage: what bad disks, bad programs and bad people do to files.

/// SplitMix64, so that a run can be repeated.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// One of the files with one to eight changes.
func mutated(_ seeds: [[UInt8]], using generator: inout SplitMix64) -> [UInt8] {
  var file = seeds.randomElement(using: &generator)!
  for _ in 0..<Int.random(in: 1...8, using: &generator) {
    change(&file, seeds, using: &generator)
  }
  return file
}

/// Numbers at which lengths overflow, wrap around or become negative.
private let edges: [UInt64] = [
  0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE,
  0xFFFF_FFFF, 0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max,
]

private let texts = [
  "99999999999999999999", "-1", "0", "4294967296", "9223372036854775807", "1e999", "\"", "'",
  "[[[[",
  "{", "}", ",", ":", "\\u", "\\ud800", "\n", "\r\n", "nan", "()", "\u{FEFF}", "\0",
].map { Array($0.utf8) }

private func change(_ file: inout [UInt8], _ seeds: [[UInt8]], using generator: inout SplitMix64) {
  guard !file.isEmpty else {
    file = seeds.randomElement(using: &generator)!
    return
  }
  // Headers and directories lie at the ends, so places there are tried more often.
  let place =
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: Int.random(in: 0..<min(128, file.count), using: &generator)
    case 1: file.count - 1 - Int.random(in: 0..<min(128, file.count), using: &generator)
    default: Int.random(in: 0..<file.count, using: &generator)
    }
  let length = min(Int.random(in: 1...64, using: &generator), file.count - place)
  switch Int.random(in: 0..<10, using: &generator) {
  case 0, 1: file[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
  case 2: file[place] = UInt8.random(in: 0...255, using: &generator)
  case 3:  // a number, lowest or highest byte first
    var number = edges.randomElement(using: &generator)!
    if Bool.random(using: &generator) { number = UInt64(file.count) }
    let size = [1, 2, 4, 8].randomElement(using: &generator)!
    let isBigEndian = Bool.random(using: &generator)
    for index in 0..<min(size, file.count - place) {
      let shift = 8 * (isBigEndian ? size - 1 - index : index)
      file[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(shift))
    }
  case 4: file.removeSubrange(place...)
  case 5: file.removeSubrange(place..<place + length)
  case 6: file.insert(contentsOf: file[place..<place + length], at: place)
  case 7:  // the rest of another file
    let other = seeds.randomElement(using: &generator)!
    guard !other.isEmpty else { return }
    file.replaceSubrange(
      place..., with: other[Int.random(in: 0..<other.count, using: &generator)...])
  case 8:
    file.replaceSubrange(
      place..<place + min(length, 4), with: texts.randomElement(using: &generator)!)
  default:  // another digit, where there are some
    if let digit = file[place...].firstIndex(where: { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    {
      file[digit] = UInt8.random(in: UInt8(ascii: "0")...UInt8(ascii: "9"), using: &generator)
    }
  }
}
