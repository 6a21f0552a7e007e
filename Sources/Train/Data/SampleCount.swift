// A check of the size of synthetic data sets.

import Tensor

/// Stops with a message unless that many samples can be made.
func checkSamples(_ samples: Int, _ name: String) {
  require(
    samples >= 1 && samples <= 1 << 40, "\(name): got \(samples) samples, expected 1 to 2^40")
}
