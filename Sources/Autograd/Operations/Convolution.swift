// Convolution as products over overlapping views.
//
// In channels-last memory the numbers that one row of the kernel sees lie behind each other, and the next
// window begins `stride · channels` further:
//
//   memory of a row of the image   a a b b c c d d e e        two channels, a kernel 3 wide, stride 1
//   seen from window 0            [a a b b c c]
//                    window 1         [b b c c d d]           a matrix whose rows overlap
//                    window 2             [c c d d e e]
//
// A matrix may have any row stride, so nothing is copied: a row of results is the sum over the rows of the kernel
// of such a matrix times that row's weights, [width · channels, filters], which is how Keras's kernel lies in
// memory. Each result is summed in the order (row, column, channel) of the kernel, as by the textbook's loops,
// and has the same bits. Threads share results and never a sum.

import KernelTemplate
import Tensor

/// The windows of a convolution, and its sizes.
struct ConvolutionPlan {
  let grid: WindowGrid
  let filters: Int
  let groups: Int
  /// The channels that a filter sees, and the filters that see them.
  let channelsPerGroup: Int
  let filtersPerGroup: Int

  /// A plan for images and a kernel of the given shapes, which fit.
  init(_ images: TensorShape, kernel: TensorShape, _ window: Window) {
    grid = WindowGrid(images, kernel: kernel.kernelSize, window)
    (filters, groups) = (kernel[3], window.groups)
    (channelsPerGroup, filtersPerGroup) = (kernel[2], kernel[3] / window.groups)
  }

  /// Into how many pieces a row of the kernel falls: one, unless its numbers are not behind each other.
  private var segments: Int { groups == 1 && grid.dilation.width == 1 ? 1 : grid.kernel.width }

  /// The number of weights of a filter in one of these pieces.
  private var depth: Int {
    segments == 1 ? grid.kernel.width * channelsPerGroup : channelsPerGroup
  }

  /// The multiplications for one result.
  var terms: Int { grid.kernel.height * grid.kernel.width * channelsPerGroup }

  /// y = bias + x * kernel, or y + x * kernel to `accumulate`, for x with the zeros around it.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func convolve<Scalar: TensorFloat>(
    _ x: UnsafePointer<Scalar>, _ kernel: UnsafePointer<Scalar>, bias: UnsafePointer<Scalar>?,
    to y: UnsafeMutablePointer<Scalar>, accumulate: Bool
  ) {
    let (frame, segments, depth) = (grid.frame, segments, depth)
    WindowGrid.overRows(
      grid.images &* grid.rows, work: grid.columns &* filters &* terms
    ) { rows in
      for row in rows {
        let (image, top) = (row / grid.rows, row % grid.rows &* grid.strides.height)
        for group in 0..<groups {
          let c = y + (row &* grid.columns &* filters &+ group &* filtersPerGroup)
          var start: GEMMStart<Scalar> =
            accumulate ? .accumulate : bias.map { .row($0 + group &* filtersPerGroup) } ?? .zero
          for tap in 0..<grid.kernel.height {
            let line = image &* frame.height &+ top &+ tap &* grid.dilation.height
            for segment in 0..<segments {
              let a = line &* frame.width &+ segment &* grid.dilation.width
              let b = (tap &* grid.kernel.width &+ segment) &* channelsPerGroup
              gemm(
                MatrixView(
                  base: x + (a &* grid.channels &+ group &* channelsPerGroup), rows: grid.columns,
                  columns: depth, rowStride: grid.strides.width &* grid.channels, columnStride: 1),
                MatrixView(
                  base: kernel + (b &* filters &+ group &* filtersPerGroup), rows: depth,
                  columns: filtersPerGroup, rowStride: filters, columnStride: 1),
                into: MutableMatrixView(
                  base: c, rows: grid.columns, columns: filtersPerGroup, rowStride: filters,
                  columnStride: 1),
                start: start)
              start = .accumulate
            }
          }
        }
      }
    }
  }

  /// Adds to the kernel's gradient the sum over all windows of what they see, x with the zeros around it, times dy.
  ///
  /// Each of its numbers is one sum in the order of the windows; threads share the numbers.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func addKernelGradient<Scalar: TensorFloat>(
    _ x: UnsafePointer<Scalar>, _ dy: UnsafePointer<Scalar>, to dKernel: UnsafeMutablePointer<Scalar>
  ) {
    let (frame, segments, depth) = (grid.frame, segments, depth)
    // Few rows at a time: enough pieces for the threads, and sums that stay in the first cache.
    let parts = (depth &+ 31) / 32
    Parallel.run(pieces: grid.kernel.height &* segments &* groups &* parts) { piece in
      let (part, group) = (piece % parts, piece / parts % groups)
      let (segment, tap) = (piece / parts / groups % segments, piece / parts / groups / segments)
      let first = depth &* part / parts
      let count = depth &* (part &+ 1) / parts &- first
      let b = (tap &* grid.kernel.width &+ segment) &* channelsPerGroup &+ first
      let sums = MutableMatrixView(
        base: dKernel + (b &* filters &+ group &* filtersPerGroup), rows: count,
        columns: filtersPerGroup, rowStride: filters, columnStride: 1)
      for row in 0..<grid.images &* grid.rows {
        let top = row % grid.rows &* grid.strides.height &+ tap &* grid.dilation.height
        let line = row / grid.rows &* frame.height &+ top
        let a = line &* frame.width &+ segment &* grid.dilation.width
        gemm(
          MatrixView(
            base: x + (a &* grid.channels &+ group &* channelsPerGroup &+ first), rows: count,
            columns: grid.columns, rowStride: 1,
            columnStride: grid.strides.width &* grid.channels),
          MatrixView(
            base: dy + (row &* grid.columns &* filters &+ group &* filtersPerGroup),
            rows: grid.columns, columns: filtersPerGroup, rowStride: filters, columnStride: 1),
          into: sums, start: .accumulate)
      }
    }
  }

  /// Adds to the images' gradient, row by row: every tap of the kernel sends the row of windows that see it through
  /// its weights.
  ///
  /// Each number is summed in the order (row, column, filter) of the kernel.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func addImageGradient<Scalar: TensorFloat>(
    _ dy: UnsafePointer<Scalar>, _ kernel: UnsafePointer<Scalar>, to dx: UnsafeMutablePointer<Scalar>
  ) {
    let (taps, channels) = (grid.kernel.height &* grid.kernel.width, grid.channels)
    withScratch([taps, filters, channelsPerGroup]) { transposed in
      // The weights of each tap as [filters, channels].
      for tap in 0..<taps {
        let offset = tap &* filters &* channelsPerGroup
        Scalar.kernels.pointee.copyMatrix(
          kernel + offset, 1, filters, transposed.base + offset, channelsPerGroup, filters,
          channelsPerGroup)
      }
      let weights = UnsafePointer(transposed.base)
      let work = grid.columns &* filters &* terms * grid.rows / max(1, grid.height)
      WindowGrid.overRows(grid.images &* grid.height, work: work) { rows in
        for row in rows {
          let (image, y) = (row / grid.height, row % grid.height)
          for tapRow in 0..<grid.kernel.height {
            guard let window = grid.windowRow(y, tap: tapRow) else { continue }
            for tapColumn in 0..<grid.kernel.width {
              let columns = grid.windowColumns(tap: tapColumn)
              if columns.isEmpty { continue }
              let a = (image &* grid.rows &+ window) &* grid.columns &+ columns.lowerBound
              let tap = tapRow &* grid.kernel.width &+ tapColumn
              let c =
                row &* grid.width &+ grid.imageColumn(columns.lowerBound, tap: tapColumn)
              for group in 0..<groups {
                let filter = group &* filtersPerGroup
                gemm(
                  MatrixView(
                    base: dy + (a &* filters &+ filter), rows: columns.count,
                    columns: filtersPerGroup, rowStride: filters, columnStride: 1),
                  MatrixView(
                    base: weights + (tap &* filters &+ filter) &* channelsPerGroup,
                    rows: filtersPerGroup, columns: channelsPerGroup,
                    rowStride: channelsPerGroup, columnStride: 1),
                  into: MutableMatrixView(
                    base: dx + (c &* channels &+ group &* channelsPerGroup), rows: columns.count,
                    columns: channelsPerGroup, rowStride: grid.strides.width &* channels,
                    columnStride: 1),
                  start: .accumulate)
              }
            }
          }
        }
      }
    }
  }
}

extension TensorShape {
  /// The height and the width of a kernel of this shape.
  var kernelSize: Size2D { Size2D(height: self[0], width: self[1]) }
}

/// y = f(bias + x * kernel) for x [images, height, width, channels], kernel [height, width, channels / groups,
/// filters] and, if it is there, bias [filters].
struct Convolution<Scalar: TensorFloat>: TapeOperation {
  let window: Window
  let activation: UnaryOperation?

  var name: String { activation.map { "convolution+\($0)" } ?? "convolution" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (x, kernel) = (pass.input(0).shape, pass.input(1).shape)
    x.requireImages("convolution")
    require(
      kernel.rank == 4 && kernel[2] * window.groups == x[3] && kernel[3] % window.groups == 0
        && kernel.kernelSize.isValid,
      "convolution: images of shape \(x) do not fit a kernel of shape \(kernel) in \(window.groups) "
        + "groups; it must have shape [height, width, \(x[3]) / groups, filters]")
    require(
      pass.inputCount == 2 || pass.input(2).shape == [kernel[3]],
      "convolution: the bias must have shape [\(kernel[3])]")
    let size = window.outputSize(
      of: Size2D(height: x[1], width: x[2]), kernel: kernel.kernelSize)
    return [x[0], size.height, size.width, kernel[3]]
  }

  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, kernel, y) = (pass.input(0), pass.input(1), pass.output)
    if y.count == 0 { return }
    let plan = ConvolutionPlan(x.shape, kernel: kernel.shape, window)
    plan.convolve(
      plan.grid.framed(x.base, at: pass.keep(count: plan.grid.frameCount)), kernel.base,
      bias: pass.inputCount > 2 ? pass.input(2).base : nil, to: y.base, accumulate: false)
    if let activation { map(activation, y.base, y.base, y.count) }
  }

  // dz = f'(z) dy, written through y = f(z) over dy
  // db = the sum of dz over all windows
  // dk = the sum over all windows of what each sees times its dz
  // dx = the sum over the kernel's taps of dz times the tap's transposed weights
  func backward(_ pass: BackwardPass<Scalar>) {
    let (x, kernel, y) = (pass.input(0), pass.input(1), pass.output)
    let dz = pass.overwrittenGradient
    let plan = ConvolutionPlan(x.shape, kernel: kernel.shape, window)
    if let activation { multiplyByDerivative(activation, y, dz) }
    if pass.inputCount > 2, let (db, accumulate) = pass.gradient(2) {
      sumColumns(dz.base, y.count / max(1, plan.filters), plan.filters, to: db, accumulate: accumulate)
    }
    if let (dk, _) = pass.zeroedGradient(1), y.count > 0 {
      let frames = plan.grid.frameCount == 0 ? x.base : UnsafePointer(pass.kept)
      plan.addKernelGradient(frames, dz.base, to: dk)
    }
    if let (dx, _) = pass.zeroedGradient(0), y.count > 0 {
      plan.addImageGradient(dz.base, kernel.base, to: dx)
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    let kernel = pass.input(1).shape
    return input == 2 ? pass.output.count : 2 * pass.output.count * kernel[0] * kernel[1] * kernel[2]
  }
}

/// y = bias + what a convolution with this kernel would send back: x [images, height, width, channels], kernel
/// [height, width, filters, channels] and, if it is there, bias [filters].
struct TransposedConvolution<Scalar: TensorFloat>: TapeOperation {
  let window: Window

  var name: String { "transposedConvolution" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (x, kernel) = (pass.input(0).shape, pass.input(1).shape)
    x.requireImages("transposed convolution")
    require(
      kernel.rank == 4 && kernel[3] == x[3] && kernel.kernelSize.isValid && window.groups == 1,
      "transposed convolution: images of shape \(x) do not fit a kernel of shape \(kernel); it must have "
        + "shape [height, width, filters, \(x[3])]")
    require(
      pass.inputCount == 2 || pass.input(2).shape == [kernel[2]],
      "transposed convolution: the bias must have shape [\(kernel[2])]")
    let size = window.transposedSize(
      of: Size2D(height: x[1], width: x[2]), kernel: kernel.kernelSize)
    return [x[0], size.height, size.width, kernel[2]]
  }

  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, kernel, y) = (pass.input(0), pass.input(1), pass.output)
    let plan = ConvolutionPlan(y.shape, kernel: kernel.shape, window)
    // The way back sees the gradient of y with zeros around it.
    if plan.grid.frameCount > 0 { _ = pass.keep(count: plan.grid.frameCount) }
    if pass.inputCount > 2 {
      broadcast(pass.input(2), to: y.base, y.shape)
    } else {
      y.base.fill(with: 0, count: y.count)
    }
    if x.count > 0 { plan.addImageGradient(x.base, kernel.base, to: y.base) }
  }

  // db = the sum of dy over all pixels
  // dk = the sum over all windows of what they see of dy times x
  // dx = dy * kernel
  func backward(_ pass: BackwardPass<Scalar>) {
    let (x, kernel, dy) = (pass.input(0), pass.input(1), pass.outputGradient)
    let plan = ConvolutionPlan(dy.shape, kernel: kernel.shape, window)
    if pass.inputCount > 2, let (db, accumulate) = pass.gradient(2) {
      let filters = kernel.shape[2]
      sumColumns(dy.base, dy.count / max(1, filters), filters, to: db, accumulate: accumulate)
    }
    guard x.count > 0 else {
      _ = (pass.zeroedGradient(0), pass.zeroedGradient(1))
      return
    }
    let frames = plan.grid.framed(dy.base, at: pass.kept)
    if let (dk, _) = pass.zeroedGradient(1) { plan.addKernelGradient(frames, x.base, to: dk) }
    if let (dx, accumulate) = pass.gradient(0) {
      plan.convolve(frames, kernel.base, bias: nil, to: dx, accumulate: accumulate)
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    let kernel = pass.input(1).shape
    return input == 2
      ? pass.output.count : 2 * pass.input(0).count * kernel[0] * kernel[1] * kernel[2]
  }
}

/// The convolution of images [images, height, width, channels] with a kernel [height, width, channels / groups,
/// filters], the bias and an activation whose derivative follows from its value.
package func convolution<Scalar>(
  _ x: Variable<Scalar>, _ kernel: Variable<Scalar>, _ bias: Variable<Scalar>?, _ window: Window,
  activation: UnaryOperation? = nil
) -> Variable<Scalar> {
  let operation = Convolution<Scalar>(window: window, activation: activation)
  return if let bias {
    x.tape.record(operation, x, kernel, bias)
  } else {
    x.tape.record(operation, x, kernel)
  }
}

/// The transposed convolution of images [images, height, width, channels] with a kernel [height, width, filters,
/// channels], and a bias.
package func transposedConvolution<Scalar>(
  _ x: Variable<Scalar>, _ kernel: Variable<Scalar>, _ bias: Variable<Scalar>?, _ window: Window
) -> Variable<Scalar> {
  let operation = TransposedConvolution<Scalar>(window: window)
  return if let bias {
    x.tape.record(operation, x, kernel, bias)
  } else {
    x.tape.record(operation, x, kernel)
  }
}
