// The table through which the rest of the library reaches the kernels: one instance per scalar and
// instruction set, made in that set's module, chosen once when the program starts.

/// The kernels of one instruction set for one scalar type.
///
/// All operands are contiguous unless strides are given; lengths and strides count elements. A
/// result may be the same memory as an operand of the same length, but must not overlap it
/// otherwise. Nothing is read or written beyond the lengths.
public struct Kernels<Scalar>: Sendable {
  /// Where a kernel reads.
  public typealias Input = UnsafePointer<Scalar>
  /// Where a kernel writes.
  public typealias Output = UnsafeMutablePointer<Scalar>

  /// The number of elements in a vector register.
  public let lanes: Int

  // MARK: Element by element

  /// `(operation, x, y, count)`: `y[i] = f(x[i])`.
  public let map: @Sendable (UnaryOperation, Input, Output, Int) -> Void
  /// `(operation, x, y, dy, dx, count, accumulate)`: `dx[i] = dy[i] f'(x[i])`, or added to `dx`,
  /// where `y` is f(x).
  public let mapGradient: @Sendable (UnaryOperation, Input, Input, Input, Output, Int, Bool) -> Void
  /// `(operation, a, aStep, b, bStep, y, count)`: `y[i] = f(a[i], b[i])`; a step of 0 repeats one
  /// element, a step of 1 is an array.
  public let zip: @Sendable (BinaryOperation, Input, Int, Input, Int, Output, Int) -> Void
  /// `(a, aStep, b, bStep, c, y, count)`: `y[i] = a[i] b[i] + c[i]`, rounded once where the
  /// instruction set has a fused multiply-add.
  public let multiplyAdd: @Sendable (Input, Int, Input, Int, Input, Output, Int) -> Void
  /// `(comparison, a, aStep, b, bStep, y, count)`: `y[i] = a[i] < b[i]` and the like.
  public let compare:
    @Sendable (Comparison, Input, Int, Input, Int, UnsafeMutablePointer<Bool>, Int) -> Void
  /// `(y, value, count)`: `y[i] = value`.
  public let fill: @Sendable (Output, Input, Int) -> Void
  /// `(x, y, count, divisor)`: `y[i] = x[i] / divisor`, as a division in `Scalar` gives it.
  public let convert: @Sendable (UnsafePointer<UInt8>, Output, Int, Double) -> Void

  // MARK: Matrices

  /// `C = start + A B`.
  public let multiply: @Sendable (borrowing MatrixProduct<Scalar>) -> Void
  /// `(x, rowStride, columnStride, y, yRowStride, rows, columns)`: `y[i, j] = x[i, j]`, where the
  /// columns of `y` are adjacent.
  public let copyMatrix: @Sendable (Input, Int, Int, Output, Int, Int, Int) -> Void

  /// `(a, rowStride, x, y, rows, columns)`: `y[i]` is the sum of `a[i, k] x[k]`.
  public let rowProducts: @Sendable (Input, Int, Input, Output, Int, Int) -> Void
  /// `(z, rowStride, columns, coefficients, sweeps, count)`: rotates rows of `z`.
  public let rotate: @Sendable (Output, Int, Int, Input, UnsafePointer<RotationSweep>, Int) -> Void

  // MARK: Many to one

  /// `(reduction, x, count, out)`: one number from all.
  public let reduce: @Sendable (Reduction, Input, Int, Output) -> Void
  /// `(reduction, x, rows, columns, rowStride, y, accumulate)`: `y[j]` from column j; only sums may
  /// be added to `y`.
  public let reduceColumns: @Sendable (Reduction, Input, Int, Int, Int, Output, Bool) -> Void
  /// `(reduction, x, count)`: the first index of the least or greatest number, or of a NaN.
  public let argument: @Sendable (ArgumentReduction, Input, Int) -> Int

  // MARK: Rows

  /// `(x, y, rows, columns)`: each row of `y` is the softmax of that of `x`.
  public let softmaxRows: @Sendable (Input, Output, Int, Int) -> Void
  /// `(x, y, rows, columns)`: each row of `y` is the logarithm of the softmax of that of `x`.
  public let logSoftmaxRows: @Sendable (Input, Output, Int, Int) -> Void
  /// `(y, dy, dx, rows, columns, accumulate)`: `dx = y (dy - Σ dy y)`, or added, for each row.
  public let softmaxGradientRows: @Sendable (Input, Input, Output, Int, Int, Bool) -> Void
  /// `(y, dy, dx, rows, columns, accumulate)`: `dx = dy - eʸ Σ dy`, or added, for each row.
  public let logSoftmaxGradientRows: @Sendable (Input, Input, Output, Int, Int, Bool) -> Void
  /// `(z, labels, probabilities, losses, rows, columns)`: the softmax of each row of logits and
  /// its loss `log Σ exp(z) - z[label]`; labels are column numbers.
  public let softmaxCrossEntropyRows: @Sendable (Input, Input, Output, Output, Int, Int) -> Void
  /// `(z, t, losses, count)`: `max(z, 0) - z t + log(1 + exp(-|z|))`, 0 where a sure z is right.
  public let sigmoidCrossEntropy: @Sendable (Input, Input, Output, Int) -> Void

  // MARK: Order

  /// `(x, count, order, descending, scratch, y)`: the numbers at `x` in order; for a few hundred.
  public let sort: @Sendable (Input, Int, KeyOrder, Bool, Output, Output) -> Void

  // MARK: Measurement

  /// `(rounds, out)`: rounds of `Ceiling.chains` multiply-adds per lane on registers alone.
  public let multiplyAdds: @Sendable (Int, Output) -> Void

  // MARK: Optimizers

  /// `(w, g, count, learningRate)`.
  public let sgd: @Sendable (Output, Input, Int, Double) -> Void
  /// `(w, g, v, count, learningRate, momentum, nesterov)`.
  public let momentum: @Sendable (Output, Input, Output, Int, Double, Double, Bool) -> Void
  /// `(w, g, m, v, count, learningRate, beta1, beta2, epsilon, keep)`; the caller has corrected the
  /// learning rate's bias: times `√(1 - beta2ᵗ) / (1 - beta1ᵗ)`.
  public let adam:
    @Sendable (Output, Input, Output, Output, Int, Double, Double, Double, Double, Double) -> Void
  /// `(w, g, m, v, count, meanRate, gradientRate, correction, beta1, beta2, epsilon)`.
  public let nadam:
    @Sendable (
      Output, Input, Output, Output, Int, Double, Double, Double, Double, Double, Double
    ) -> Void
  /// `(w, g, m, u, count, learningRate, beta1, beta2, epsilon)`; the caller has corrected the
  /// learning rate's bias: times `1 / (1 - beta1ᵗ)`.
  public let adamax:
    @Sendable (Output, Input, Output, Output, Int, Double, Double, Double, Double) -> Void
  /// `(w, g, v, s, count, learningRate, rho, epsilon)`.
  public let adadelta:
    @Sendable (Output, Input, Output, Output, Int, Double, Double, Double) -> Void
  /// `(w, g, v, count, learningRate, rho, epsilon)`.
  public let rmsprop: @Sendable (Output, Input, Output, Int, Double, Double, Double) -> Void
  /// `(w, g, sum, count, learningRate, epsilon)`.
  public let adagrad: @Sendable (Output, Input, Output, Int, Double, Double) -> Void

  /// Instantiates every kernel for the instruction set `I`.
  @export(implementation) @inline(__always)
  public init<I: InstructionSet>(_ set: I.Type) where I.Scalar == Scalar {
    lanes = I.Vector.count
    map = { Maps<I>.map($0, $1, $2, $3) }
    mapGradient = { Maps<I>.mapGradient($0, $1, $2, $3, $4, $5, $6) }
    zip = { Maps<I>.zip($0, $1, $2, $3, $4, $5, $6) }
    multiplyAdd = { Maps<I>.multiplyAdd($0, $1, $2, $3, $4, $5, $6) }
    compare = { Maps<I>.compare($0, $1, $2, $3, $4, $5, $6) }
    fill = { Maps<I>.fill($0, $1, $2) }
    convert = { Maps<I>.convert($0, $1, $2, $3) }
    multiply = { MacroKernel<I>.multiply($0) }
    copyMatrix = {
      MatrixCopy<I>.copy(
        $0, rowStride: $1, columnStride: $2, $3, yRowStride: $4, rows: $5, columns: $6)
    }
    rowProducts = { Rotations<I>.rowProducts($0, $1, $2, $3, $4, $5) }
    rotate = { Rotations<I>.rotate($0, $1, $2, $3, $4, $5) }
    reduce = { Reductions<I>.reduce($0, $1, $2, $3) }
    reduceColumns = { Reductions<I>.reduceColumns($0, $1, $2, $3, $4, $5, $6) }
    argument = { Reductions<I>.argument($0, $1, $2) }
    softmaxRows = { Rows<I>.softmax($0, $1, $2, $3) }
    logSoftmaxRows = { Rows<I>.logSoftmax($0, $1, $2, $3) }
    softmaxGradientRows = { Rows<I>.softmaxGradient($0, $1, $2, $3, $4, $5) }
    logSoftmaxGradientRows = { Rows<I>.logSoftmaxGradient($0, $1, $2, $3, $4, $5) }
    softmaxCrossEntropyRows = { Rows<I>.softmaxCrossEntropy($0, $1, $2, $3, $4, $5) }
    sigmoidCrossEntropy = { Maps<I>.sigmoidCrossEntropy($0, $1, $2, $3) }
    sort = { Sorting<I>.sort($0, $1, $2, $3, $4, $5) }
    multiplyAdds = { Ceiling<I>.multiplyAdds($0, $1) }
    sgd = { Updates<I>.sgd($0, $1, $2, $3) }
    momentum = { Updates<I>.momentum($0, $1, $2, $3, $4, $5, $6) }
    adam = { Updates<I>.adam($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) }
    nadam = { Updates<I>.nadam($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) }
    adamax = { Updates<I>.adamax($0, $1, $2, $3, $4, $5, $6, $7, $8) }
    adadelta = { Updates<I>.adadelta($0, $1, $2, $3, $4, $5, $6, $7) }
    rmsprop = { Updates<I>.rmsprop($0, $1, $2, $3, $4, $5, $6) }
    adagrad = { Updates<I>.adagrad($0, $1, $2, $3, $4, $5) }
  }
}

extension Kernels {
  /// `y[i] += a[i] b[i]`.
  @export(implementation) @inline(__always)
  public func addProduct(
    _ a: Input, _ aStep: Int, _ b: Input, _ bStep: Int, _ y: Output, _ count: Int
  ) {
    multiplyAdd(a, aStep, b, bStep, Input(y), y, count)
  }
}
