// Hashes of all weights after each epoch, to compare builds, thread counts and machines:
//
//     swift run -c release verify --hashes > release
//     swift run verify --hashes | diff release -
//
// For one instruction set, the bits are the same with any number of threads, in debug and release.
// With the environment variable WENGERT_ISA=portable they are the same on every x86-64 processor.

import ArrayFiles
import CommandLineOptions
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Prints the hashes of the selected networks (if there is no data, of those that need none), and
/// ends the program.
func printHashes(_ options: CommandLineOptions, _ wanted: (String) -> Bool) -> Never {
  func watch(_ name: String) -> Watch {
    [Callback(epochEnded: { model, state in printHash(name, state.epoch, of: model.weights) })]
  }
  if wanted("circles") { _ = trainCircles(seed: 0, watch("circles")) }
  if wanted("rounding") { _ = trainRounding(seed: 0, watch("rounding")) }
  let hasData =
    options.has("data") || getenv("WENGERT_DATA") != nil || fileExists("../shared/datasets")
  guard hasData else { exit(0) }
  do throws(FileError) {
    if wanted("one-circle") || wanted("houses") {
      let folder = dataFolder(options, named: "grokking")
      if wanted("one-circle") {
        _ = trainOneCircle(
          try Table(contentsOf: "\(folder)/one_circle.csv"), seed: 0, watch("one-circle"))
      }
      if wanted("houses") {
        _ = trainHouses(try Table(contentsOf: "\(folder)/Hyderabad.csv"), seed: 0, watch("houses"))
      }
    }
    if wanted("clothes") {
      let data = try ImageDataset(folder: dataFolder(options, named: "fashion-mnist"))
      _ = trainClothes(data, seed: 0, watch("clothes"))
    }
    if wanted("digits") || wanted("from-scratch") {
      let data = try ImageDataset(folder: dataFolder(options, named: "mnist"))
      if wanted("digits") { _ = trainDigits(data, seed: 0, watch("digits")) }
      if wanted("from-scratch") {
        var thousands = 0
        _ = trainFromScratch(data, seed: 0) { weights in
          thousands += 1
          printHash("from-scratch", thousands * 1000, of: weights)
        }
      }
    }
  } catch {
    stop(error)
  }
  exit(0)
}

/// Prints a hash that changes if any bit of a weight changes (FNV-1a).
private func printHash(_ name: String, _ epoch: Int, of weights: [Tensor<Float>]) {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for tensor in weights {
    for element in tensor.elements {
      hash = (hash ^ UInt64(element.bitPattern)) &* 0x100_0000_01b3
    }
  }
  print(name, epoch, String(hash, radix: 16))
}
