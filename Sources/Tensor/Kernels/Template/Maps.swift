/// Functions of one number, applied to every element.
public enum UnaryOperation: Sendable {
  case negate, relu
}

public enum Maps<I: InstructionSet> {
  @inlinable @inline(__always)
  public static func map(
    _ operation: UnaryOperation, _ x: UnsafePointer<I.Scalar>, _ y: UnsafeMutablePointer<I.Scalar>,
    _ count: Int
  ) {
    let zero = I.Vector.all(0)
    switch operation {
    case .negate: apply(x, y, count) { zero - $0 }
    case .relu: apply(x, y, count) { $0.replacing(with: zero, where: $0 .< zero) }
    }
  }

  @inlinable @inline(__always)
  static func apply(
    _ x: UnsafePointer<I.Scalar>, _ y: UnsafeMutablePointer<I.Scalar>, _ count: Int,
    _ f: (I.Vector) -> I.Vector
  ) {
    var i = 0
    while i &+ I.Vector.count <= count {
      I.store(f(I.load(x + i)), to: y + i)
      i &+= I.Vector.count
    }
    if i < count { I.store(f(I.load(x + i, count: count &- i)), to: y + i, count: count &- i) }
  }
}
