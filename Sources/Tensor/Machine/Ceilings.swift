// The measured peak rates of the machine: the two lines of a roofline.
//
// Source: S. Williams, A. Waterman, D. Patterson, "Roofline: an insightful visual performance
// model", 2009.

import KernelTemplate

/// The peak rates of this machine, which no loop exceeds.
package enum Ceilings {
  /// Floating-point operations per second of one core, measured with multiply-adds on registers.
  package static func multiplyAddRate<Scalar: TensorFloat>(_: Scalar.Type) -> Double {
    let kernels = Scalar.kernels
    let rounds = 200_000
    var out = Scalar.zero
    let times = (0..<5).map { _ in time { kernels.pointee.multiplyAdds(rounds, &out) } }
    return Double(2 * 12 * kernels.pointee.lanes * rounds) / times.min()!
  }

  /// Bytes per second when copying more than the caches hold; reads and writes both count.
  package static func copyRate() -> Double {
    let source = Tensor<Float>.ones([10_000_000])
    var target = Tensor<Float>.zeros([10_000_000])
    let base = target.mutableBase
    let times = (0..<7).map { _ in
      time {
        Parallel.overParts(of: source.count) { start, count in
          (base + start).update(from: source.base + start, count: count)
        }
      }
    }
    return Double(8 * source.count) / times.sorted()[3]
  }

  private static func time(_ body: () -> Void) -> Double {
    let start = ContinuousClock.now
    body()
    let (seconds, attoseconds) = start.duration(to: .now).components
    return Double(seconds) + 1e-18 * Double(attoseconds)
  }
}
