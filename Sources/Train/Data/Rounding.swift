// Numbers to round: a task for the smallest network, with one input.
// Next: BagOfWords.swift, from words to numbers.

import Tensor

/// Makes uniform random numbers between 0 and 1, with the class 1 if they round up (at least 0.5).
///
/// - Parameters:
///   - samples: the number of samples, at least 1.
///   - seed: the seed for the numbers.
/// - Returns: the numbers, [samples, 1], from 0..<1, and the classes 0 and 1, [samples].
public func makeRounding(samples: Int, seed: UInt64) -> (x: Tensor<Double>, y: Tensor<Int>) {
  checkSamples(samples, "makeRounding")
  var generator = RandomGenerator(seed: seed)
  let x = Tensor<Double>.uniform([samples, 1], using: &generator)
  return (x, Tensor<Int>(x .>= 0.5).reshaped(to: [samples]))
}
