// The cross-entropies, computed from the inputs of the sigmoid or the softmax (the logits): no
// probability is rounded to 0 or 1 on the way, and the derivative is a difference.
//
// Each gives one loss per row; take the mean of them.

import KernelTemplate
import Tensor

/// The loss of each element for a sigmoid: max(z, 0) - z t + log(1 + exp(-|z|)).
///
/// It is 0 for an infinite z that is right.
struct SigmoidCrossEntropy<Scalar: TensorFloat>: TapeOperation {
  var name: String { "sigmoidCrossEntropy" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (z, t) = (pass.input(0).shape, pass.input(1).shape)
    require(z == t, "sigmoidCrossEntropy: logits of shape \(z) and targets of shape \(t) differ")
    return z
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (z, t, y) = (pass.input(0), pass.input(1), pass.output)
    Scalar.kernels.pointee.sigmoidCrossEntropy(z.base, t.base, y.base, z.count)
  }

  // dz = (sigmoid(z) - t) dy
  // dt = -z dy
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let (z, t, dy) = (pass.input(0), pass.input(1), pass.outputGradient)
    if pass.needsGradient(0) {
      withScratch(z.shape) { difference in
        map(.sigmoid, z.base, difference.base, z.count)
        zip(.subtract, Block(difference), t, difference)
        zip(.multiply, Block(difference), dy, difference)
        addBroadcast(Block(difference), to: pass, 0)
      }
    }
    if pass.needsGradient(1) {
      withScratch(z.shape) { product in
        zip(.multiply, z, dy, product)
        addBroadcast(Block(product), to: pass, 1, negated: true)
      }
    }
  }
}

/// The loss of each row for a softmax and a class index: log sum_j exp(z_j) - z_label.
struct SparseSoftmaxCrossEntropy<Scalar: TensorFloat>: TapeOperation {
  var name: String { "sparseSoftmaxCrossEntropy" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (z, labels) = (pass.input(0).shape, pass.input(1).shape)
    require(
      z.rank >= 1 && labels.elementCount == z.rowCount,
      "sparseSoftmaxCrossEntropy: labels of shape \(labels) do not fit logits of shape \(z); one "
        + "label per row is expected")
    return z.removing(axis: z.rank - 1)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (z, labels, losses) = (pass.input(0), pass.input(1), pass.output)
    let classes = z.shape[z.shape.rank - 1]
    for row in 0..<labels.count {
      let label = labels.base[row]
      require(
        label >= 0 && label < Scalar(classes) && label == label.rounded(.towardZero),
        "sparseSoftmaxCrossEntropy: label \(label) of sample \(row) is not one of the \(classes) "
          + "classes 0..<\(classes)")
    }
    Scalar.kernels.pointee.softmaxCrossEntropyRows(
      z.base, labels.base, pass.keep(count: z.count), losses.base, labels.count, classes)
  }

  // dz_i = (softmax(z)_i - [i = label]) dy
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dz, accumulate) = pass.gradient(0) else { return }
    let (z, labels, dy) = (pass.input(0), pass.input(1), pass.outputGradient)
    let probabilities = pass.kept
    let classes = z.shape[z.shape.rank - 1]
    let kernels = Scalar.kernels
    for row in 0..<labels.count {
      let place = row &* classes
      kernels.pointee.multiply(
        .elements(probabilities + place), .number(dy.base + row), to: dz + place, count: classes,
        accumulate: accumulate)
      dz[place &+ Int(labels.base[row].asDouble)] -= dy.base[row]
    }
  }
}

/// The loss of each row for a softmax and a distribution t over the classes: -sum_i t_i log p_i.
struct SoftmaxCrossEntropy<Scalar: TensorFloat>: TapeOperation {
  var name: String { "softmaxCrossEntropy" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (z, t) = (pass.input(0).shape, pass.input(1).shape)
    require(
      z.rank >= 1 && z == t,
      "softmaxCrossEntropy: logits of shape \(z) and targets of shape \(t) differ; for class "
        + "indices use sparseSoftmaxCrossEntropy")
    return z.removing(axis: z.rank - 1)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (z, t, losses) = (pass.input(0), pass.input(1), pass.output)
    let classes = z.shape[z.shape.rank - 1]
    let logProbabilities = pass.keep(count: z.count)
    let kernels = Scalar.kernels
    kernels.pointee.logSoftmaxRows(z.base, logProbabilities, losses.count, classes)
    withScratch(z.shape) { product in
      // A class with target 0 adds nothing to the loss, even if its probability is 0.
      for i in 0..<z.count {
        product.base[i] = t.base[i] == 0 ? 0 : logProbabilities[i] * t.base[i]
      }
      for row in 0..<losses.count {
        losses.base[row] = -kernels.pointee.sum(product.base + row * classes, count: classes)
      }
    }
  }

  // dz_i = (p_i sum_j t_j - t_i) dy
  // dt_i = -log(p_i) dy
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let (z, t, dy) = (pass.input(0), pass.input(1), pass.outputGradient)
    let logProbabilities = pass.kept
    let classes = z.shape[z.shape.rank - 1]
    let kernels = Scalar.kernels
    if pass.needsGradient(0) {
      withScratch(z.shape) { part in
        map(.exp, logProbabilities, part.base, z.count)
        for row in 0..<dy.count {
          let p = part.base + row * classes
          let t = t.base + row * classes
          let mass = kernels.pointee.sum(t, count: classes)
          kernels.pointee.scale(p, by: mass, to: p, count: classes, accumulate: false)
          kernels.pointee.zip(.subtract, .elements(p), .elements(t), to: p, count: classes)
          kernels.pointee.zip(
            .multiply, .elements(p), .number(dy.base + row), to: p, count: classes)
        }
        addBroadcast(Block(part), to: pass, 0)
      }
    }
    if pass.needsGradient(1) {
      withScratch(z.shape) { part in
        for row in 0..<dy.count {
          kernels.pointee.zip(
            .multiply, .elements(logProbabilities + row * classes), .number(dy.base + row),
            to: part.base + row * classes, count: classes)
        }
        addBroadcast(Block(part), to: pass, 1, negated: true)
      }
    }
  }
}

/// The cross-entropy of each element between `targets` in 0...1 and the sigmoid of `logits`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func sigmoidCrossEntropy<Scalar>(
  logits: Variable<Scalar>, targets: Variable<Scalar>
) -> Variable<Scalar> {
  logits.tape.record(SigmoidCrossEntropy(), logits, targets)
}

/// The cross-entropy of each row between a class index and the softmax of `logits`.
///
/// `labels` holds one whole number in 0..<classes per row of `logits`, [..., classes].
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func sparseSoftmaxCrossEntropy<Scalar>(
  logits: Variable<Scalar>, labels: Variable<Scalar>
) -> Variable<Scalar> {
  logits.tape.record(SparseSoftmaxCrossEntropy(), logits, labels)
}

/// The cross-entropy of each row between a distribution over classes and the softmax of `logits`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func softmaxCrossEntropy<Scalar>(
  logits: Variable<Scalar>, targets: Variable<Scalar>
) -> Variable<Scalar> {
  logits.tape.record(SoftmaxCrossEntropy(), logits, targets)
}
