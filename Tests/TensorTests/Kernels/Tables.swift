// What the tests of the kernels share: memory with guards, inputs and distances in ulps.
//
// Every test runs once for each instruction set that this machine supports, for `Float` and
// `Double`, against plain loops in `Double`.

import KernelTemplate
import Tensor

/// A floating-point type that kernels exist for.
protocol KernelScalar: BinaryFloatingPoint, Sendable {
  static func kernels(_ set: Machine.InstructionSet) -> Kernels<Self>
}

extension Float: KernelScalar {
  static func kernels(_ set: Machine.InstructionSet) -> Kernels<Float> { set.floatKernels }
}

extension Double: KernelScalar {
  static func kernels(_ set: Machine.InstructionSet) -> Kernels<Double> { set.doubleKernels }
}

/// The instruction sets that can run here.
let instructionSets = Machine.supportedInstructionSets

/// An array in memory of its own, with guards on both sides that no kernel may touch.
final class Guarded<Element> {
  let pointer: UnsafeMutablePointer<Element>
  let count: Int
  private let bytes: UnsafeMutableRawPointer
  private let guardBytes = 256

  init(_ values: [Element]) {
    count = values.count
    let size = values.count * MemoryLayout<Element>.stride
    bytes = .allocate(byteCount: 2 * guardBytes + size, alignment: 64)
    bytes.initializeMemory(as: UInt8.self, repeating: 0xA5, count: 2 * guardBytes + size)
    pointer = (bytes + guardBytes).bindMemory(to: Element.self, capacity: count)
    pointer.update(from: values, count: count)
  }

  deinit { bytes.deallocate() }

  var values: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Whether nothing was written outside.
  var isIntact: Bool {
    let after = bytes + (guardBytes + count * MemoryLayout<Element>.stride)
    return (0..<guardBytes).allSatisfy {
      bytes.load(fromByteOffset: $0, as: UInt8.self) == 0xA5
        && after.load(fromByteOffset: $0, as: UInt8.self) == 0xA5
    }
  }
}

/// Numbers in (-range, range) that look random and are always the same.
func noise<S: KernelScalar>(
  _ count: Int, _ range: Double = 3, seed: UInt64 = 1, as type: S.Type = S.self
) -> [S] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return S((Double(state >> 11) / 0x1p52 - 1) * range)
  }
}

/// The distance in units in the last place of `S` at `want`; 0 for equal infinities, zeros and for
/// two NaN, infinite where only one of both is special.
func ulps<S: KernelScalar>(_ got: S, _ want: Double) -> Double {
  let rounded = S(want)
  if rounded.isNaN || got.isNaN { return rounded.isNaN && got.isNaN ? 0 : .infinity }
  if rounded.isInfinite || got.isInfinite { return rounded == got ? 0 : .infinity }
  return abs(Double(got) - want) / Double(max(rounded.ulp, S.leastNonzeroMagnitude))
}

/// The greatest distance in ulps; numbers within `absolute` of the wanted ones do not count.
func distance<S: KernelScalar>(_ got: [S], _ want: [Double], absolute: Double = 0) -> Double {
  guard got.count == want.count else { return .infinity }
  return zip(got, want).reduce(0) { worst, pair in
    abs(Double(pair.0) - pair.1) <= absolute ? worst : max(worst, ulps(pair.0, pair.1))
  }
}
