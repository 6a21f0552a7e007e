// Numbers to be rounded: a task for the smallest of networks, with one input.
// Next: BagOfWords.swift, from words to numbers.

import Tensor

/// Numbers between 0 and 1, spread evenly, and whether each is at least 0.5: what it rounds to.
///
/// - Parameters:
///   - samples: how many numbers, 1 or more.
///   - seed: decides the numbers.
/// - Returns: the numbers, [samples, 1], from 0..<1, and the classes 0 and 1, [samples].
public func makeRounding(samples: Int, seed: UInt64) -> (x: Tensor<Double>, y: Tensor<Int>) {
  checkSamples(samples, "makeRounding")
  var generator = RandomGenerator(seed: seed)
  let x = Tensor<Double>.uniform([samples, 1], using: &generator)
  return (x, Tensor<Int>(x .>= 0.5).reshaped(to: [samples]))
}
