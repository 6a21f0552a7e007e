import Testing
import Train

@Suite("Colours")
struct ColorTests {
  @Test("a colour is written in hexadecimal")
  func hexadecimal() {
    #expect(Color(0x0072B2).hexadecimal == "#0072b2")
    #expect(Color(red: 255, green: 0, blue: 10).hexadecimal == "#ff000a")
  }

  @Test("the palette's colours differ")
  func palette() { #expect(Set(Color.palette).count == 8) }

  @Test("a map interpolates between its colours and stops at its ends")
  func interpolation() {
    let map = ColorMap(Color(0x000000), Color(0x64C80A))
    #expect(map(0) == Color(0x000000))
    #expect(map(0.5) == Color(0x326405))
    #expect(map(1) == Color(0x64C80A))
    #expect(map(-.infinity) == map(0))
    #expect(map(.infinity) == map(1))
    #expect(map(.nan) == map(0))
    #expect(map.reversed(0) == map(1))
    #expect(ColorMap(Color.red)(0.7) == Color.red)
  }

  @Test("the named maps begin and end where they should")
  func named() {
    #expect(ColorMap.greys(0) == .white)
    #expect(ColorMap.greys(1) == .black)
    #expect(ColorMap.greys.reversed(0) == .black)
    #expect(ColorMap.viridis(0) == Color(0x440154))
    #expect(ColorMap.viridis(0.5) == Color(0x21918C))
    #expect(ColorMap.viridis(1) == Color(0xFDE725))
  }

  @Test("viridis stays close to matplotlib's")
  func viridis() {
    // matplotlib.colormaps['viridis']([0.1, 0.3, 0.7, 0.9], bytes=True)
    for (t, expected) in [(0.1, 0x482374), (0.3, 0x345E8D), (0.7, 0x44BE70), (0.9, 0xBDDE26)] {
      let (got, want) = (ColorMap.viridis(t), Color(UInt32(expected)))
      for channel in [\Color.red, \.green, \.blue] {
        #expect(abs(Int(got[keyPath: channel]) - Int(want[keyPath: channel])) <= 12)
      }
    }
  }
}
