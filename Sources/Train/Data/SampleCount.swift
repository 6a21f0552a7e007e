// The size that a data set made on request may have.

import Tensor

/// Stops with a sentence unless so many samples can be made.
func checkSamples(_ samples: Int, _ name: String) {
  require(
    samples >= 1 && samples <= 1 << 40, "\(name): got \(samples) samples, expected 1 to 2^40")
}
