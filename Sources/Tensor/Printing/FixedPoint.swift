// Numbers for progress lines, tables and axes: a fixed number of decimals, C's `%.4f` and `%.4e`,
// and digits in groups of three. They are rounded from the exact value (DecimalDigits.swift), so
// the text never depends on the platform's C library.

/// Returns a number with `decimals` digits after the decimal point, as C's `printf("%.*f")`.
///
/// The exact value is rounded to the nearest; ties go to the even digit: 0.125 becomes `0.12`.
/// A value that rounds to zero keeps its sign (`-0.00`). Not a number is `nan`, infinity `inf`.
package func formatFixed(_ value: Double, decimals: Int) -> String {
  require(decimals >= 0, "formatFixed: decimals must be 0 or more, got \(decimals)")
  guard value.isFinite else { return scalarText(value) }
  let (whole, fraction) =
    DecimalDigits(exactly: value).rounded(fractionDigits: decimals).positionalParts
  return whole + (decimals > 0 ? "." : "") + fraction.rightPadded(to: decimals, with: "0")
}

/// Returns a number as `d.dddde±xx` with `decimals` digits after the point, as C's
/// `printf("%.*e")`.
///
/// Rounding and special values are those of `formatFixed(_:decimals:)`.
package func formatScientific(_ value: Double, decimals: Int) -> String {
  require(decimals >= 0, "formatScientific: decimals must be 0 or more, got \(decimals)")
  guard value.isFinite else { return scalarText(value) }
  let (whole, fraction, exponent) =
    DecimalDigits(exactly: value).rounded(significantDigits: 1 + decimals).scientificParts
  return whole + (decimals > 0 ? "." : "") + fraction.rightPadded(to: decimals, with: "0") + "e"
    + exponent
}

/// Returns an integer with a comma between groups of three digits: `8,770`.
package func groupedByThousands(_ number: Int) -> String {
  var text = ""
  for (position, digit) in String(number.magnitude).reversed().enumerated() {
    if position > 0, position.isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return (number < 0 ? "-" : "") + String(text.reversed())
}
