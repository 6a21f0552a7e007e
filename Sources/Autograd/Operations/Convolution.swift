// Convolution of images and sequences, and its transpose. `ConvolutionPlan.swift` computes them;
// `Window.swift` says where windows lie. A sequence is an image of height 1.

import KernelTemplate
import Tensor

/// y = f(bias + x * kernel) for x [images, height, width, channels], kernel [height, width,
/// channels / groups, filters] and an optional bias [filters].
struct Convolution<Scalar: TensorFloat>: TapeOperation {
  let window: Window
  let activation: UnaryOperation?

  var name: String { activation.map { "convolution+\($0)" } ?? "convolution" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (x, kernel) = imagesAndKernel(pass)
    require(
      kernel[2] * window.groups == x[3] && kernel[3] % window.groups == 0,
      "\(name): images of shape \(x) do not fit a kernel of shape \(kernel) in \(window.groups) groups; "
        + "it must have shape [height, width, \(x[3]) / groups, filters], with equally many filters in each group"
    )
    requireBias(pass, filters: kernel[3])
    let size = window.fittingSize(of: x.imageSize, kernel: kernel.kernelSize, name)
    return pass.input(0).shape.replacingImage(size, channels: kernel[3])
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, kernel, y) = (pass.input(0), pass.input(1), pass.output)
    if y.count == 0 { return }
    let plan = ConvolutionPlan(x.shape, kernel: kernel.shape, window)
    plan.convolve(
      plan.grid.framed(x.base, at: pass.keep(count: plan.grid.frameCount)), kernel.base,
      bias: pass.inputCount > 2 ? pass.input(2).base : nil, activation: activation, to: y.base)
  }

  // dz = f'(z) dy, computed from y = f(z) and written over dy
  // db = the sum of dz over all windows
  // dk = the sum over all windows of the window's input times its dz
  // dx = the sum over the kernel's taps of dz times the transposed weights of the tap
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let (x, kernel, y) = (pass.input(0), pass.input(1), pass.output)
    let dz = pass.overwrittenGradient
    if let activation { multiplyByDerivative(activation, y, dz) }
    addBiasGradient(Block(dz), to: pass)
    let (dk, dx) = (pass.zeroedGradient(1), pass.zeroedGradient(0))
    if y.count == 0 { return }
    let plan = ConvolutionPlan(x.shape, kernel: kernel.shape, window)
    if let dk {
      let frames = plan.grid.frameCount == 0 ? x.base : UnsafePointer(pass.kept)
      plan.addKernelGradient(frames, dz.base, to: dk.base)
    }
    if let dx { plan.addImageGradient(dz.base, kernel.base, to: dx.base) }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    let kernel = pass.input(1).shape
    return input == 2
      ? pass.output.count : 2 * pass.output.count * (kernel.elementCount / kernel[kernel.rank - 1])
  }
}

/// y = bias + the input gradient of a convolution with this kernel, for x [images, height, width,
/// channels], kernel [height, width, filters, channels] and an optional bias [filters].
struct TransposedConvolution<Scalar: TensorFloat>: TapeOperation {
  let window: Window

  var name: String { "transposedConvolution" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (x, kernel) = imagesAndKernel(pass)
    require(
      kernel[3] == x[3],
      "\(name): images of shape \(x) do not fit a kernel of shape \(kernel); it must have shape "
        + "[height, width, filters, \(x[3])]")
    requireBias(pass, filters: kernel[2])
    let size = window.transposedSize(of: x.imageSize, kernel: kernel.kernelSize)
    return pass.input(0).shape.replacingImage(size, channels: kernel[2])
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, kernel, y) = (pass.input(0), pass.input(1), pass.output)
    if pass.inputCount > 2 {
      broadcast(pass.input(2), to: y.base, y.shape)
    } else {
      y.base.fill(with: 0, count: y.count)
    }
    if x.count == 0 { return }
    let plan = ConvolutionPlan(y.shape, kernel: kernel.shape, window)
    // The backward pass reads the gradient of y with zeros around it.
    _ = pass.keep(count: plan.grid.frameCount)
    plan.addImageGradient(x.base, kernel.base, to: y.base)
  }

  // db = the sum of dy over all pixels
  // dk = the sum over all windows of the part of dy in the window times x
  // dx = dy * kernel
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let (x, kernel, dy) = (pass.input(0), pass.input(1), pass.outputGradient)
    addBiasGradient(dy, to: pass)
    let (dk, dx) = (pass.zeroedGradient(1), pass.gradient(0))
    if x.count == 0 { return }
    let plan = ConvolutionPlan(dy.shape, kernel: kernel.shape, window)
    let frames = plan.grid.framed(dy.base, at: pass.kept)
    if let dk { plan.addKernelGradient(frames, x.base, to: dk.base) }
    if let dx { plan.convolve(frames, kernel.base, to: dx.base, accumulate: dx.accumulate) }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    let kernel = pass.input(1).shape
    return input == 2
      ? pass.output.count
      : 2 * pass.input(0).count * (kernel.elementCount / kernel[kernel.rank - 1])
  }
}

extension Window {
  /// The number of windows along the two axes; stops if none fits.
  func fittingSize(of image: Size2D, kernel: Size2D, _ operation: String) -> Size2D {
    let size = outputSize(of: image, kernel: kernel)
    require(
      padding != .valid || (size.height > 0 && size.width > 0),
      "\(operation): a kernel of \(kernel) with dilation \(dilation) does not fit into images of \(image)"
    )
    return size
  }
}

extension TapeOperation {
  /// The shapes of the first two inputs, as images and a kernel; stops if they are not.
  func imagesAndKernel(_ pass: ForwardPass<Scalar>) -> (images: TensorShape, kernel: TensorShape) {
    let (x, kernel) = (pass.input(0).shape, pass.input(1).shape)
    require(
      (x.rank == 3 || x.rank == 4) && kernel.rank == x.rank,
      "\(name): expected images and a kernel of four axes each, or sequences and a kernel of three, got "
        + "shapes \(x) and \(kernel)")
    require(
      kernel.elementCount > 0 && kernel.asKernel.kernelSize.isValid,
      "\(name): a kernel of shape \(kernel) has no weights, or is larger than \(Size2D.largest)")
    return (x.asImages, kernel.asKernel)
  }

  /// Stops if there is a third input, the bias, that does not have one number per filter.
  func requireBias(_ pass: ForwardPass<Scalar>, filters: Int) {
    require(
      pass.inputCount == 2 || pass.input(2).shape == [filters],
      "\(name): the bias must have shape [\(filters)], got \(pass.input(pass.inputCount - 1).shape)"
    )
  }

  /// Adds the sum of dy over all windows to the gradient of the bias, the third input, if there is
  /// one.
  func addBiasGradient(_ dy: Block<Scalar>, to pass: BackwardPass<Scalar>) {
    guard pass.inputCount > 2, let (db, accumulate) = pass.gradient(2) else { return }
    let filters = pass.input(2).count
    sumColumns(dy.base, dy.count / filters, filters, to: db, accumulate: accumulate)
  }
}

/// Convolves images or sequences with a kernel.
///
/// ```
/// y[n, i, j, f] = bias[f] + sum over u, v, c of x[n, i·s + u·d, j·s + v·d, c] · kernel[u, v, c, f]
/// ```
///
/// with strides s and dilation d, summed in that order. As always in machine learning, the kernel
/// is not flipped; mathematicians call this cross-correlation.
///
/// - Parameters:
///   - x: images [images, height, width, channels], or sequences [samples, steps, channels].
///   - kernel: [height, width, channels / groups, filters] or, for sequences, [size, channels /
///     groups, filters].
///   - bias: [filters]; nil for none.
///   - strides: the step from one window to the next. For a sequence, only the width counts.
///   - padding: what windows see beyond the edges.
///   - dilation: the distance between the elements of a window.
///   - groups: the number of equal groups of channels and filters; a filter sees only the channels
///     of its group.
/// - Returns: [images, rows, columns, filters], or [samples, steps, filters].
public func convolution<Scalar>(
  _ x: Variable<Scalar>, _ kernel: Variable<Scalar>, bias: Variable<Scalar>? = nil,
  strides: Size2D = 1, padding: Padding = .valid, dilation: Size2D = 1, groups: Int = 1
) -> Variable<Scalar> {
  convolution(
    x, kernel, bias,
    Window(strides: strides, dilation: dilation, padding: padding, groups: groups))
}

/// A convolution, then an activation whose derivative can be computed from its value.
package func convolution<Scalar>(
  _ x: Variable<Scalar>, _ kernel: Variable<Scalar>, _ bias: Variable<Scalar>?, _ window: Window,
  activation: UnaryOperation? = nil
) -> Variable<Scalar> {
  x.tape.record(Convolution(window: window, activation: activation), x, kernel, bias)
}

/// Computes a transposed convolution.
///
/// It is the input gradient of a convolution, used as a function: each element of `x` is multiplied
/// by the kernel and added to all positions that its window covers.
///
/// ```
/// y[n, i·s + u·d, j·s + v·d, f] += sum over c of x[n, i, j, c] · kernel[u, v, f, c]
/// ```
///
/// with strides s and dilation d, for all i, j, u, v in turn; y starts as the bias. The result is
/// larger than `x`: with a stride of 2 and `.same` padding, twice as large.
///
/// - Parameters:
///   - x: images [images, height, width, channels], or sequences [samples, steps, channels].
///   - kernel: [height, width, filters, channels] or, for sequences, [size, filters, channels].
///   - bias: [filters]; nil for none.
///   - strides: the step from one window to the next. For a sequence, only the width counts.
///   - padding: with `.valid` the result covers every window; with `.same` it is `strides` times as
///     large as `x`.
///   - dilation: the distance between the elements of a window.
/// - Returns: [images, rows, columns, filters], or [samples, steps, filters].
public func transposedConvolution<Scalar>(
  _ x: Variable<Scalar>, _ kernel: Variable<Scalar>, bias: Variable<Scalar>? = nil,
  strides: Size2D = 1, padding: Padding = .valid, dilation: Size2D = 1
) -> Variable<Scalar> {
  require(
    padding != .causal, "transposedConvolution: there is no causal padding; take valid or same")
  return transposedConvolution(
    x, kernel, bias, Window(strides: strides, dilation: dilation, padding: padding))
}

/// A transposed convolution with the given window, which has no groups.
package func transposedConvolution<Scalar>(
  _ x: Variable<Scalar>, _ kernel: Variable<Scalar>, _ bias: Variable<Scalar>?, _ window: Window
) -> Variable<Scalar> {
  x.tape.record(TransposedConvolution(window: window), x, kernel, bias)
}

extension Tape {
  /// Records an operation on images, a kernel and an optional bias.
  func record(
    _ operation: some TapeOperation<Scalar>, _ x: Variable<Scalar>, _ kernel: Variable<Scalar>,
    _ bias: Variable<Scalar>?
  ) -> Variable<Scalar> {
    if let bias { record(operation, x, kernel, bias) } else { record(operation, x, kernel) }
  }
}
