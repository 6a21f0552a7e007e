// Numbers with a fixed number of decimals, against Python's `format`, which rounds the exact value.

import Tensor
import Testing

@Suite("Fixed-point numbers")
struct FixedPointTests {
  // for v in …: print(f"({v!r}, {d}, \"{v:.{d}f}\", \"{v:.{d}e}\"),")
  @Test(
    "A number rounds from its exact value, halfway to the even digit",
    arguments: [
      (0.0, 0, "0", "0e+00"),
      (0.0, 4, "0.0000", "0.0000e+00"),
      (-0.0, 2, "-0.00", "-0.00e+00"),
      (1.0, 4, "1.0000", "1.0000e+00"),
      (0.953, 4, "0.9530", "9.5300e-01"),
      (0.5, 0, "0", "5e-01"),
      (1.5, 0, "2", "2e+00"),
      (2.5, 0, "2", "2e+00"),
      (-0.5, 0, "-0", "-5e-01"),
      (-2.5, 0, "-2", "-2e+00"),
      (0.125, 2, "0.12", "1.25e-01"),
      (0.375, 2, "0.38", "3.75e-01"),
      (-0.125, 2, "-0.12", "-1.25e-01"),
      (1.005, 2, "1.00", "1.00e+00"),
      (2.675, 2, "2.67", "2.67e+00"),
      (5e-05, 4, "0.0001", "5.0000e-05"),
      (0.00015, 4, "0.0001", "1.5000e-04"),
      (9.99995, 4, "10.0000", "1.0000e+01"),
      (9.5, 0, "10", "1e+01"),
      (99.999999, 2, "100.00", "1.00e+02"),
      (-1e-05, 4, "-0.0000", "-1.0000e-05"),
      (30640927932416.0, 4, "30640927932416.0000", "3.0641e+13"),
      (1e+22, 0, "10000000000000000000000", "1e+22"),
      (1e+23, 2, "99999999999999991611392.00", "1.00e+23"),
      (123456789.98765433, 3, "123456789.988", "1.235e+08"),
      (0.001953125, 8, "0.00195312", "1.95312500e-03"),
      (0.1, 25, "0.1000000000000000055511151", "1.0000000000000000555111512e-01"),
      (
        1e+100, 0,
        "10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104",
        "1e+100"
      ),
      (.leastNonzeroMagnitude, 3, "0.000", "4.941e-324"),
      (2.2250738585072014e-308, 0, "0", "2e-308"),
      (1e-07, 6, "0.000000", "1.000000e-07"),
      (6e-07, 6, "0.000001", "6.000000e-07"),
      (4.9e-07, 6, "0.000000", "4.900000e-07"),
      (9007199254740992.0, 1, "9007199254740992.0", "9.0e+15"),
    ] as [(Double, Int, String, String)])
  func rounds(value: Double, decimals: Int, fixed: String, scientific: String) {
    #expect(formatFixed(value, decimals: decimals) == fixed)
    #expect(formatScientific(value, decimals: decimals) == scientific)
  }

  // x = "%.1f" % sys.float_info.max; y = "%.1074f" % 5e-324; print(x[:40], x[-40:], y[-40:])
  @Test("The largest number has all its 309 digits, and the smallest all its 1074 decimals")
  func extremes() {
    let largest = formatFixed(Double.greatestFiniteMagnitude, decimals: 1)
    #expect(largest.hasPrefix("1797693134862315708145274237317043567980"))
    #expect(largest.hasSuffix("38177180919299881250404026184124858368.0"))
    #expect(largest.count == 311)

    let smallest = formatFixed(Double.leastNonzeroMagnitude, decimals: 1074)
    #expect(smallest.count == 1076)
    #expect(smallest.hasSuffix("4565229087538682506419718265533447265625"))
    #expect(
      formatFixed(Double.leastNonzeroMagnitude, decimals: 323).allSatisfy { "0.".contains($0) })
    #expect(formatFixed(Double.leastNonzeroMagnitude, decimals: 324).hasSuffix("0005"))
  }

  @Test("What is not finite is a word", arguments: [0, 4])
  func words(decimals: Int) {
    for format in [formatFixed, formatScientific] {
      #expect(format(.nan, decimals) == "nan")
      #expect(format(-Double.nan, decimals) == "nan")
      #expect(format(.infinity, decimals) == "inf")
      #expect(format(-.infinity, decimals) == "-inf")
    }
  }

  @Test(
    "Thousands are separated by commas",
    arguments: [
      (0, "0"), (7, "7"), (-7, "-7"), (999, "999"), (-999, "-999"), (1000, "1,000"),
      (8770, "8,770"), (-123456, "-123,456"), (1_234_567, "1,234,567"),
      (Int(Int32.max), "2,147,483,647"),
      (Int.min, "-9,223,372,036,854,775,808"),
      (Int.max, "9,223,372,036,854,775,807"),
    ])
  func thousands(number: Int, text: String) {
    #expect(groupedByThousands(number) == text)
  }
}
