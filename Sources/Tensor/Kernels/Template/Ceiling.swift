// The most multiply-adds that a core can make: what matrix products are measured against.

/// A loop of multiply-adds on registers alone.
public enum Ceiling<I: InstructionSet> {
  /// The number of chains of multiply-adds: enough to hide the latency of each.
  @export(implementation) @inline(__always)
  public static var chains: Int { 12 }

  /// Makes `rounds` rounds of one multiply-add per chain and lane, and writes what they come to.
  @export(implementation) @inline(__always)
  public static func multiplyAdds(_ rounds: Int, _ out: UnsafeMutablePointer<I.Scalar>) {
    var sums = InlineArray<12, I.Vector>(repeating: I.Vector.all(0))
    for chain in 0..<12 { sums[unchecked: chain] = I.Vector.all(Double(chain)) }
    let factor = I.Vector.all(0.999)
    let term = I.Vector.all(1e-3)
    for _ in 0..<rounds {
      for chain in 0..<12 {
        sums[unchecked: chain] = I.multiplyAdd(sums[unchecked: chain], factor, term)
      }
    }
    var total = sums[unchecked: 0]
    for chain in 1..<12 { total = total + sums[unchecked: chain] }
    I.store(total, to: out, count: 1)
  }
}
