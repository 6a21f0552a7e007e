import ArrayFiles
import TestSupport
import Testing
import Train

private func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

/// The chunks of a PNG file; each checksum is checked.
private func chunks(_ file: [UInt8]) -> [(type: String, data: [UInt8])] {
  #expect(file.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  var position = 8
  var chunks: [(String, [UInt8])] = []
  while position < file.count {
    let end = position + 8 + number(file[position..<position + 4])
    chunks.append(
      (
        String(decoding: file[position + 4..<position + 8], as: UTF8.self),
        Array(file[position + 8..<end])
      ))
    #expect(number(file[end..<end + 4]) == Int(crc32(Array(file[position + 4..<end]))))
    position = end + 4
  }
  return chunks
}

@Suite("Animations")
struct AnimationTests {
  @Test("hold the data of each picture's own file", arguments: [1, 3])
  func frames(scale: Int) throws {
    var film = Animation(secondsPerFrame: 0.25, secondsAtEnd: 1.5)
    for frame in 0..<4 {
      film.append(
        Picture(
          values: (0..<35).map { Double(($0 * (frame + 2)) % 11) }, width: 7, height: 5,
          range: 0...10))
    }
    let parts = chunks(film.png(scale: scale))
    let own = film.frames.map { chunks($0.png(scale: scale)) }
    #expect(
      parts.map(\.type)
        == ["IHDR", "acTL", "fcTL", "IDAT"] + (0..<3).flatMap { _ in ["fcTL", "fdAT"] } + ["IEND"])
    #expect(parts[0].data == own[0][0].data)
    #expect(number(parts[1].data[..<4]) == 4 && number(parts[1].data[4...]) == 0)
    var expected = 0
    for frame in 0..<4 {
      let control = parts[2 + 2 * frame].data
      #expect(control.count == 26 && number(control[..<4]) == expected)
      expected += 1
      let sizes = [4, 8, 12, 16].map { number(control[$0..<$0 + 4]) }
      #expect(sizes == [7 * scale, 5 * scale, 0, 0])
      #expect(number(control[20..<22]) == (frame == 3 ? 1500 : 250))
      #expect(number(control[22..<24]) == 1000 && control[24...] == [0, 0])
      var data = parts[3 + 2 * frame].data[...]
      if frame > 0 {
        #expect(number(data.prefix(4)) == expected)
        expected += 1
        data = data.dropFirst(4)
      }
      #expect(Array(data) == own[frame][1].data)
    }
  }

  @Test("are written to a file")
  func file() throws {
    var film = Animation()
    film.append(Picture(values: [0, 1], width: 2, height: 1))
    try withTemporaryFolder { folder in
      try film.write(to: folder + "/film.png")
      let bytes = try FileBytes(mapping: folder + "/film.png").withUnsafeBufferPointer {
        Array($0)
      }
      #expect(bytes == film.png())
    }
  }
}
