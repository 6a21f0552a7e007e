// What the tests of random numbers measure on samples.

/// Mean and variance of a sample.
struct Moments {
  var mean: Double
  var variance: Double

  init(_ sample: [Double]) {
    let mean = sample.reduce(0, +) / Double(sample.count)
    self.mean = mean
    variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sample.count)
  }
}

/// The sum of (observed - expected)^2 / expected for equally likely bins.
func chiSquare(_ counts: [Int]) -> Double {
  let expected = Double(counts.reduce(0, +)) / Double(counts.count)
  return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
}

/// Five standard deviations above the mean of the chi-square distribution.
func chiSquareLimit(degrees: Int) -> Double {
  Double(degrees) + 5 * (2 * Double(degrees)).squareRoot()
}

/// The correlation coefficient of two samples.
func correlation(_ a: [Double], _ b: [Double]) -> Double {
  let x = Moments(a)
  let y = Moments(b)
  let covariance = zip(a, b).reduce(0) { $0 + ($1.0 - x.mean) * ($1.1 - y.mean) }
  return covariance / Double(a.count) / (x.variance * y.variance).squareRoot()
}
