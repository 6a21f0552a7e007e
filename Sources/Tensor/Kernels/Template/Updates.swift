// The optimizers' steps: new weights w from gradients g, with the moments kept between steps.
//
// The formulas are those of Keras 3. `Kernels.swift` collects all kernels in one table.

/// The kernels that update weights.
public enum Updates<I: InstructionSet> {
  /// The vector of the instruction set.
  public typealias Vector = I.Vector

  /// `w -= learningRate g`.
  @export(implementation) @inline(__always)
  public static func sgd(_ w: I.Output, _ g: I.Input, _ count: Int, _ learningRate: Double) {
    let rate = Vector.all(learningRate)
    I.sweep(count) { I.store(I.load(w, $0) - rate * I.load(g, $0), w, $0) }
  }

  /// `v = momentum v - learningRate g`, then `w += v` or, with Nesterov's look ahead,
  /// `w += momentum v - learningRate g`.
  @export(implementation) @inline(__always)
  public static func momentum(
    _ w: I.Output, _ g: I.Input, _ v: I.Output, _ count: Int, _ learningRate: Double,
    _ momentum: Double, _ nesterov: Bool
  ) {
    let rate = Vector.all(learningRate)
    let keep = Vector.all(momentum)
    if nesterov {
      I.sweep(count) {
        let step = rate * I.load(g, $0)
        let next = keep * I.load(v, $0) - step
        I.store(next, v, $0)
        I.store(I.load(w, $0) + (keep * next - step), w, $0)
      }
    } else {
      I.sweep(count) {
        let next = keep * I.load(v, $0) - rate * I.load(g, $0)
        I.store(next, v, $0)
        I.store(I.load(w, $0) + next, w, $0)
      }
    }
  }

  /// `m` and `v` approach g and g², then `w = keep w - learningRate m / (√v + epsilon)`; a `keep` of 1
  /// is Adam, a smaller one AdamW.
  @export(implementation) @inline(__always)
  public static func adam(
    _ w: I.Output, _ g: I.Input, _ m: I.Output, _ v: I.Output, _ count: Int,
    _ learningRate: Double, _ beta1: Double, _ beta2: Double, _ epsilon: Double, _ keep: Double
  ) {
    let rate = Vector.all(learningRate)
    let kept = Vector.all(keep)
    let new1 = Vector.all(1 - beta1)
    let new2 = Vector.all(1 - beta2)
    let small = Vector.all(epsilon)
    I.sweep(count) {
      let gradient = I.load(g, $0)
      let (oldM, oldV) = (I.load(m, $0), I.load(v, $0))
      let m1 = I.multiplyAdd(gradient - oldM, new1, oldM)
      let v1 = I.multiplyAdd(gradient * gradient - oldV, new2, oldV)
      I.store(m1, m, $0)
      I.store(v1, v, $0)
      I.store(kept * I.load(w, $0) - rate * m1 / (I.squareRoot(v1) + small), w, $0)
    }
  }

  /// `m` and `v` approach g and g², then
  /// `w -= (meanRate m + gradientRate g) / (√(correction v) + epsilon)`.
  @export(implementation) @inline(__always)
  public static func nadam(
    _ w: I.Output, _ g: I.Input, _ m: I.Output, _ v: I.Output, _ count: Int,
    _ meanRate: Double, _ gradientRate: Double, _ correction: Double, _ beta1: Double,
    _ beta2: Double, _ epsilon: Double
  ) {
    let (forMean, forGradient) = (Vector.all(meanRate), Vector.all(gradientRate))
    let correct = Vector.all(correction)
    let new1 = Vector.all(1 - beta1)
    let new2 = Vector.all(1 - beta2)
    let small = Vector.all(epsilon)
    I.sweep(count) {
      let gradient = I.load(g, $0)
      let (oldM, oldV) = (I.load(m, $0), I.load(v, $0))
      let m1 = I.multiplyAdd(gradient - oldM, new1, oldM)
      let v1 = I.multiplyAdd(gradient * gradient - oldV, new2, oldV)
      I.store(m1, m, $0)
      I.store(v1, v, $0)
      let step = I.multiplyAdd(forMean, m1, forGradient * gradient)
      I.store(I.load(w, $0) - step / (I.squareRoot(correct * v1) + small), w, $0)
    }
  }

  /// `m` approaches g, `u = max(beta2 u, |g|)`, then `w -= learningRate m / (u + epsilon)`.
  @export(implementation) @inline(__always)
  public static func adamax(
    _ w: I.Output, _ g: I.Input, _ m: I.Output, _ u: I.Output, _ count: Int,
    _ learningRate: Double, _ beta1: Double, _ beta2: Double, _ epsilon: Double
  ) {
    let rate = Vector.all(learningRate)
    let new1 = Vector.all(1 - beta1)
    let keep = Vector.all(beta2)
    let small = Vector.all(epsilon)
    I.sweep(count) {
      let gradient = I.load(g, $0)
      let oldM = I.load(m, $0)
      let m1 = I.multiplyAdd(gradient - oldM, new1, oldM)
      let decayed = keep * I.load(u, $0)
      let size = I.magnitude(gradient)
      let u1 = decayed.replacing(with: size, where: size .> decayed)
      I.store(m1, m, $0)
      I.store(u1, u, $0)
      I.store(I.load(w, $0) - rate * m1 / (u1 + small), w, $0)
    }
  }

  /// `v = rho v + (1 - rho) g²`, `d = g √(s + epsilon) / √(v + epsilon)`,
  /// `s = rho s + (1 - rho) d²`, then `w -= learningRate d`.
  @export(implementation) @inline(__always)
  public static func adadelta(
    _ w: I.Output, _ g: I.Input, _ v: I.Output, _ s: I.Output, _ count: Int,
    _ learningRate: Double, _ rho: Double, _ epsilon: Double
  ) {
    let rate = Vector.all(learningRate)
    let (keep, new) = (Vector.all(rho), Vector.all(1 - rho))
    let small = Vector.all(epsilon)
    I.sweep(count) {
      let gradient = I.load(g, $0)
      let v1 = keep * I.load(v, $0) + new * (gradient * gradient)
      let oldS = I.load(s, $0)
      let step = gradient * I.squareRoot(oldS + small) / I.squareRoot(v1 + small)
      I.store(v1, v, $0)
      I.store(keep * oldS + new * (step * step), s, $0)
      I.store(I.load(w, $0) - rate * step, w, $0)
    }
  }

  /// `v = rho v + (1 - rho) g²`, then `w -= learningRate g / √(v + epsilon)`.
  @export(implementation) @inline(__always)
  public static func rmsprop(
    _ w: I.Output, _ g: I.Input, _ v: I.Output, _ count: Int, _ learningRate: Double,
    _ rho: Double, _ epsilon: Double
  ) {
    let rate = Vector.all(learningRate)
    let (keep, new) = (Vector.all(rho), Vector.all(1 - rho))
    let small = Vector.all(epsilon)
    I.sweep(count) {
      let gradient = I.load(g, $0)
      let next = keep * I.load(v, $0) + new * (gradient * gradient)
      I.store(next, v, $0)
      I.store(I.load(w, $0) - rate * gradient / I.squareRoot(next + small), w, $0)
    }
  }

  /// `sum += g²`, then `w -= learningRate g / √(sum + epsilon)`.
  @export(implementation) @inline(__always)
  public static func adagrad(
    _ w: I.Output, _ g: I.Input, _ sum: I.Output, _ count: Int, _ learningRate: Double,
    _ epsilon: Double
  ) {
    let rate = Vector.all(learningRate)
    let small = Vector.all(epsilon)
    I.sweep(count) {
      let gradient = I.load(g, $0)
      let next = I.multiplyAdd(gradient, gradient, I.load(sum, $0))
      I.store(next, sum, $0)
      I.store(I.load(w, $0) - rate * gradient / I.squareRoot(next + small), w, $0)
    }
  }
}
