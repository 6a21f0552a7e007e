import ArrayFiles
import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A reader for the files of `encodePNG`: checks each chunk and undoes the filters.
private struct PNGReader {
  var width = 0
  var height = 0
  var format = PixelFormat.grey
  var pixels: [UInt8] = []
  /// The filter of each row.
  var filters: [UInt8] = []

  init(_ file: [UInt8]) throws {
    #expect(file.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    var position = 8
    var types: [String] = []
    var rows: [UInt8] = []
    func number(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(file[offset + $1]) } }
    while position < file.count {
      let length = number(position)
      let data = Array(file[position + 8..<position + 8 + length])
      let type = file[position + 4..<position + 8]
      types.append(String(decoding: type, as: UTF8.self))
      #expect(number(position + 8 + length) == Int(crc32(Array(type) + data)))
      if types.last == "IHDR" {
        (width, height) = (number(position + 8), number(position + 12))
        #expect(data.count == 13 && data[8] == 8 && data[10...] == [0, 0, 0])
        format = try #require([0: .grey, 2: .rgb, 6: .rgba][data[9]])
      } else if types.last == "IDAT" {
        let size = height * (1 + width * format.rawValue)
        rows = try data.withUnsafeBufferPointer { bytes throws(FileError) in
          try zlibDecompressed(bytes, limit: size, path: "IDAT").array
        }
        #expect(rows.count == size)
      }
      position += 12 + length
    }
    #expect(types == ["IHDR", "IDAT", "IEND"])
    unfilter(rows)
  }

  /// The W3C specification's reconstruction functions, 9.2.
  private mutating func unfilter(_ rows: [UInt8]) {
    let (length, step) = (width * format.rawValue, format.rawValue)
    var above = [UInt8](repeating: 0, count: length)
    for start in stride(from: 0, to: rows.count, by: length + 1) {
      let filter = rows[start]
      filters.append(filter)
      var row = Array(rows[start + 1...start + length])
      for i in 0..<length {
        let a = i < step ? 0 : Int(row[i - step])
        let b = Int(above[i])
        let c = i < step ? 0 : Int(above[i - step])
        let p = a + b - c
        let paeth =
          abs(p - a) <= abs(p - b) && abs(p - a) <= abs(p - c)
          ? a : abs(p - b) <= abs(p - c) ? b : c
        row[i] &+= UInt8([0, a, b, (a + b) / 2, paeth][Int(filter)])
      }
      pixels += row
      above = row
    }
  }
}

@Suite("PNG")
struct PNGTests {
  @Test(
    "pixels come back bit for bit", arguments: [PixelFormat.grey, .rgb, .rgba],
    [(1, 1), (1, 7), (7, 1), (28, 28), (37, 23)])
  func roundTrip(format: PixelFormat, size: (width: Int, height: Int)) throws {
    let pixels = (0..<size.width * size.height * format.rawValue).map {
      UInt8(truncatingIfNeeded: $0 * $0 / 7 + $0)
    }
    let file = encodePNG(pixels, width: size.width, height: size.height, format: format)
    // pillow.py reads these.
    if let folder = getenv("WENGERT_PNG_FOLDER").map({ String(cString: $0) }) {
      let path = "\(folder)/\(format)-\(size.width)x\(size.height)"
      try writeFile(file, to: path + ".png")
      try writeFile(pixels, to: path + ".raw")
    }
    let png = try PNGReader(file)
    #expect(png.width == size.width)
    #expect(png.height == size.height)
    #expect(png.format == format)
    #expect(png.pixels == pixels)
  }

  @Test("each filter is chosen where it suits")
  func filters() throws {
    let noise: [UInt8] = [9, 200, 31, 177, 90, 4, 250, 66, 133, 18, 222, 101]
    let rows: [[UInt8]] = [
      [0, 255, 1, 254, 0, 255, 1, 254, 0, 255, 1, 254],  // small as signed bytes: none
      [UInt8](repeating: 100, count: 12),  // left
      noise,
      noise,  // above
    ]
    let png = try PNGReader(encodePNG(rows.flatMap { $0 }, width: 12, height: 4, format: .grey))
    #expect(png.pixels == rows.flatMap { $0 })
    #expect(png.filters[0] == 0)
    #expect(png.filters[1] == 1)
    #expect(png.filters[3] == 2)
    // A smooth surface, where the prediction from three neighbours is exact.
    let smooth = (0..<144).map { (i: Int) in UInt8(i / 12 * 5 + i % 12 * 7) }
    #expect(try PNGReader(encodePNG(smooth, width: 12, height: 12, format: .grey)).pixels == smooth)
  }

  @Test("a plain picture becomes a hundred times smaller")
  func compression() {
    let white = [UInt8](repeating: 255, count: 300 * 200 * 3)
    #expect(encodePNG(white, width: 300, height: 200, format: .rgb).count < 1800)
  }

  @Test("a picture can be enlarged, each pixel to a square")
  func enlarged() throws {
    let picture = Picture(pixels: [1, 2, 3, 4], width: 2, height: 2, format: .grey)
    #expect(try PNGReader(picture.png()).pixels == [1, 2, 3, 4])
    #expect(
      try PNGReader(picture.png(scale: 2)).pixels
        == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
  }

  @Test("numbers become colours by their place in the range")
  func values() throws {
    let picture = Picture(values: [0, 5, 10, .nan], width: 4, height: 1)
    #expect(
      try PNGReader(picture.png()).pixels
        == [255, 255, 255, 128, 128, 128, 0, 0, 0, 255, 255, 255])
    let equal = Picture(values: [3, 3], width: 2, height: 1, colors: .viridis)
    #expect(try PNGReader(equal.png()).pixels == [0x21, 0x91, 0x8C, 0x21, 0x91, 0x8C])
  }
}
