// Convolution as matrix products over overlapping views. All convolutions and their gradients use
// it.
//
// With channels last, the numbers under one row of the kernel are contiguous in memory, and the
// next window begins `stride · channels` numbers later:
//
//   memory of a row of the image   a a b b c c d d e e      two channels, a kernel 3 wide, stride 1
//   seen from window 0            [a a b b c c]
//                    window 1         [b b c c d d]         a matrix whose rows overlap
//                    window 2             [c c d d e e]
//
// A matrix may have any row stride, so nothing is copied. A row of results is a sum over the
// kernel's rows: such a matrix times the weights of that row, [width · channels, filters], which is
// the memory layout of Keras's kernel. If such a matrix is too narrow or too short for a fast
// product, as in a first layer with one channel, a few windows at a time are copied into the L1
// cache.
//
// Each result is summed in the kernel's order (row, column, channel), each weight's gradient in the
// order of the windows, and each pixel's gradient in the kernel's order (row, column, filter). The
// bits are those of the textbook loops. Threads divide the results among them, but never a sum.

import KernelTemplate
import Tensor

/// The sizes of a convolution and how it is cut into matrix products.
struct ConvolutionPlan {
  let grid: WindowGrid
  let filters: Int
  let groups: Int
  /// The number of channels and of filters in each group.
  let channelsPerGroup: Int
  let filtersPerGroup: Int
  /// The size of an image including its zero padding.
  private let frame: Size2D
  /// The number of a filter's weights whose inputs are contiguous: a row of the kernel or, with
  /// groups or dilation, one pixel.
  private let run: Int

  /// Makes a plan for images or sequences and a kernel of the given shapes, which must fit.
  init(_ images: TensorShape, kernel: TensorShape, _ window: Window) {
    let kernel = kernel.asKernel
    grid = WindowGrid(images.asImages, kernel: kernel.kernelSize, window)
    (filters, groups) = (kernel[3], window.groups)
    (channelsPerGroup, filtersPerGroup) = (kernel[2], kernel[3] / window.groups)
    frame = grid.frame
    run = channelsPerGroup * (groups == 1 && grid.dilation.width == 1 ? grid.kernel.width : 1)
  }

  /// The number of weights of a filter, and so of terms in each result.
  private var terms: Int { grid.kernel.height &* grid.kernel.width &* channelsPerGroup }

  /// The number of windows in all images.
  private var windows: Int { grid.images &* grid.rows &* grid.columns }

  // MARK: Window contents

  /// Shorter runs are copied together, since a product over a few terms loads and stores more than
  /// it multiplies.
  private static var shortestRun: Int { 24 }

  /// The number of windows copied at a time, so that `terms` numbers of each stay in the cache.
  private func block(terms: Int) -> Int { max(16, min(256, 8192 / max(1, terms))) }

  /// The inputs of some windows in a group's channels, as a matrix with a row per window and a
  /// column per weight among `terms`.
  ///
  /// It is a view of the images where possible, otherwise a copy at `copy`.
  @inline(__always)
  private func patches<Scalar: TensorFloat>(
    _ x: UnsafePointer<Scalar>, _ windows: Range<Int>, terms: Range<Int>, group: Int,
    copy: UnsafeMutablePointer<Scalar>
  ) -> MatrixView<Scalar> {
    let step = grid.strides.width &* grid.channels
    let isOneRow = windows.lowerBound % grid.columns &+ windows.count <= grid.columns
    if isOneRow && terms.lowerBound % run &+ terms.count <= run {
      return MatrixView(
        base: x + place(of: terms.lowerBound, from: windows.lowerBound, group), rows: windows.count,
        columns: terms.count, rowStride: step, columnStride: 1)
    }
    // Long runs are copied as rows and short ones as columns, so that each copy moves whole
    // vectors.
    let isByRows = run >= Self.shortestRun
    let (rowStride, columnStride) = isByRows ? (terms.count, 1) : (1, windows.count)
    let kernels = Scalar.kernels
    var window = windows.lowerBound
    while window < windows.upperBound {
      let count = min(grid.columns &- window % grid.columns, windows.upperBound &- window)
      var term = terms.lowerBound
      while term < terms.upperBound {
        let length = min(run &- term % run, terms.upperBound &- term)
        let source = x + place(of: term, from: window, group)
        let (i, j) = (window &- windows.lowerBound, term &- terms.lowerBound)
        let target = copy + (i &* rowStride &+ j &* columnStride)
        if isByRows {
          kernels.pointee.copyMatrix(source, step, 1, target, rowStride, count, length)
        } else {
          kernels.pointee.copyMatrix(source, 1, step, target, columnStride, length, count)
        }
        term &+= length
      }
      window &+= count
    }
    return MatrixView(
      base: copy, rows: windows.count, columns: terms.count, rowStride: rowStride,
      columnStride: columnStride)
  }

  /// The position of the input that a window multiplies by a given weight of a group's filters.
  @inline(__always)
  private func place(of term: Int, from window: Int, _ group: Int) -> Int {
    let runsPerRow = grid.kernel.width &* channelsPerGroup / run
    let (number, offset) = (term / run, term % run)
    let (row, column) = (window / grid.columns, window % grid.columns)
    let y =
      row / grid.rows &* frame.height &+ row % grid.rows &* grid.strides.height
      &+ number / runsPerRow &* grid.dilation.height
    let x = column &* grid.strides.width &+ number % runsPerRow &* grid.dilation.width
    return (y &* frame.width &+ x) &* grid.channels &+ group &* channelsPerGroup &+ offset
  }

  // MARK: Forward

  /// y = f(bias + x * kernel) or, to `accumulate`, y + x * kernel, for x including its zero
  /// padding.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func convolve<Scalar: TensorFloat>(
    _ x: UnsafePointer<Scalar>, _ kernel: UnsafePointer<Scalar>, bias: UnsafePointer<Scalar>? = nil,
    activation: UnaryOperation? = nil, to y: UnsafeMutablePointer<Scalar>, accumulate: Bool = false
  ) {
    let kernels = Scalar.kernels
    // Many weights are read again and again, so they are packed together, a few filters at a time.
    let width = 4 &* kernels.pointee.lanes
    let packs =
      groups == 1 && filters > width && windows > grid.columns
      && terms &* filters &* MemoryLayout<Scalar>.stride > 1 << 19
    if !packs {
      convolve(
        x, (kernel, filters), filters: 0..<filtersPerGroup, bias, activation, to: y, accumulate)
    } else {
      withScratch(count: terms &* width) { (packed: UnsafeMutablePointer<Scalar>) in
        for first in stride(from: 0, to: filters, by: width) {
          let panel = first..<min(first &+ width, filters)
          kernels.pointee.copyMatrix(kernel + first, filters, 1, packed, width, terms, panel.count)
          convolve(
            x, (UnsafePointer(packed), width), filters: panel, bias, activation, to: y, accumulate)
        }
      }
    }
  }

  /// Computes the results of some filters of each group, whose weights begin at `weights.base`.
  @inline(__always)
  private func convolve<Scalar: TensorFloat>(
    _ x: UnsafePointer<Scalar>, _ weights: (base: UnsafePointer<Scalar>, stride: Int),
    filters panel: Range<Int>, _ bias: UnsafePointer<Scalar>?, _ activation: UnaryOperation?,
    to y: UnsafeMutablePointer<Scalar>, _ accumulate: Bool
  ) {
    let (terms, copies) = (terms, run < Self.shortestRun && run < terms)
    let block = copies ? block(terms: terms) : grid.columns
    let work = block &* terms &* groups &* panel.count
    WindowGrid.overRows((windows &+ block &- 1) / block, work: work) { blocks in
      withScratch(count: copies ? block &* terms : 0) { (copy: UnsafeMutablePointer<Scalar>) in
        for number in blocks {
          let range = number &* block..<min((number &+ 1) &* block, windows)
          for group in 0..<groups {
            let filter = group &* filtersPerGroup &+ panel.lowerBound
            let c = MutableMatrixView(
              base: y + (range.lowerBound &* filters &+ filter), rows: range.count,
              columns: panel.count, rowStride: filters, columnStride: 1)
            var start: GEMMStart<Scalar> =
              accumulate ? .accumulate : bias.map { .row($0 + filter) } ?? .zero
            for term in stride(from: 0, to: terms, by: copies ? terms : run) {
              let part = term..<term &+ (copies ? terms : run)
              gemm(
                patches(x, range, terms: part, group: group, copy: copy),
                MatrixView(
                  base: weights.base + (term &* weights.stride &+ group &* filtersPerGroup),
                  rows: part.count, columns: panel.count, rowStride: weights.stride,
                  columnStride: 1),
                into: c, start: start)
              start = .accumulate
            }
          }
          // Applied after the last filters, while the results are in the cache.
          if let activation, panel.upperBound == filtersPerGroup {
            let y = y + range.lowerBound &* filters
            Scalar.kernels.pointee.map(activation, y, to: y, count: range.count &* filters)
          }
        }
      }
    }
  }

  // MARK: Backward

  /// Adds to the kernel's gradient the sum over all windows of the window's input times dy.
  ///
  /// The input x includes its zero padding. Each number is one sum in the order of the windows, or
  /// one sum for each ``longestChain`` windows if there are more. Threads divide the numbers among
  /// them.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func addKernelGradient<Scalar: TensorFloat>(
    _ x: UnsafePointer<Scalar>, _ dy: UnsafePointer<Scalar>,
    to dKernel: UnsafeMutablePointer<Scalar>
  ) {
    // A few rows at a time: the sums stay in the L1 cache, and there are enough pieces for the
    // threads.
    let (terms, kernels) = (terms, Scalar.kernels)
    let parts = max((terms &+ 31) / 32, min(Parallel.threadCount, terms))
    Parallel.run(pieces: groups &* parts) { piece in
      let (group, part) = (piece / parts, piece % parts)
      let range = terms &* part / parts..<terms &* (part &+ 1) / parts
      let target = MutableMatrixView(
        base: dKernel + (range.lowerBound &* filters &+ group &* filtersPerGroup),
        rows: range.count, columns: filtersPerGroup, rowStride: filters, columnStride: 1)
      let block = block(terms: range.count)
      let sumCount = windows > longestChain ? range.count &* filtersPerGroup : 0
      withScratch(count: block &* range.count &+ sumCount) {
        (copy: UnsafeMutablePointer<Scalar>) in
        let sums = mutableMatrix(
          copy + block &* range.count, range.count, filtersPerGroup)
        for chain in stride(from: 0, to: windows, by: longestChain) {
          let end = min(chain &+ longestChain, windows)
          for first in stride(from: chain, to: end, by: block) {
            let seen = first..<min(first &+ block, end)
            gemm(
              patches(x, seen, terms: range, group: group, copy: copy).transposed,
              MatrixView(
                base: dy + (first &* filters &+ group &* filtersPerGroup), rows: seen.count,
                columns: filtersPerGroup, rowStride: filters, columnStride: 1),
              into: chain == 0 ? target : sums,
              start: chain > 0 && first == chain ? .zero : .accumulate)
          }
          if chain == 0 { continue }
          for row in 0..<range.count {
            kernels.pointee.add(
              sums.base + row &* filtersPerGroup, to: target.base + row &* filters,
              count: filtersPerGroup)
          }
        }
      }
    }
  }

  /// Adds to the images' gradient, row by row: every tap of the kernel multiplies the row of
  /// windows that use it by its weights.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func addImageGradient<Scalar: TensorFloat>(
    _ dy: UnsafePointer<Scalar>, _ kernel: UnsafePointer<Scalar>,
    to dx: UnsafeMutablePointer<Scalar>
  ) {
    let (taps, kernels) = (grid.kernel.height &* grid.kernel.width, Scalar.kernels)
    // A few channels at a time: the weights of each tap, packed as [filters, channels].
    let width = min(4 &* kernels.pointee.lanes, channelsPerGroup)
    let work = grid.columns &* filters &* terms &* grid.rows / max(1, grid.height)
    withScratch(count: taps &* filters &* width) { (weights: UnsafeMutablePointer<Scalar>) in
      for first in stride(from: 0, to: channelsPerGroup, by: width) {
        let panel = first..<min(first &+ width, channelsPerGroup)
        for tap in 0..<taps {
          kernels.pointee.copyMatrix(
            kernel + (tap &* channelsPerGroup &+ first) &* filters, 1, filters,
            weights + tap &* filters &* width, width, filters, panel.count)
        }
        WindowGrid.overRows(
          grid.images &* grid.height, work: work / channelsPerGroup &* panel.count
        ) { rows in
          for row in rows {
            addImageGradient(row, dy, weights, width, channels: panel, to: dx)
          }
        }
      }
    }
  }

  /// Adds to one row of the images' gradient, for some channels of each group.
  @inline(__always)
  private func addImageGradient<Scalar: TensorFloat>(
    _ row: Int, _ dy: UnsafePointer<Scalar>, _ weights: UnsafePointer<Scalar>, _ width: Int,
    channels panel: Range<Int>, to dx: UnsafeMutablePointer<Scalar>
  ) {
    let (image, y) = (row / grid.height, row % grid.height)
    for tapRow in 0..<grid.kernel.height {
      guard let window = grid.windowRow(y, tap: tapRow) else { continue }
      for tapColumn in 0..<grid.kernel.width {
        let columns = grid.windowColumns(tap: tapColumn)
        if columns.isEmpty { continue }
        let first = (image &* grid.rows &+ window) &* grid.columns &+ columns.lowerBound
        let tap = tapRow &* grid.kernel.width &+ tapColumn
        let pixel = row &* grid.width &+ grid.imageColumn(columns.lowerBound, tap: tapColumn)
        for group in 0..<groups {
          let filter = group &* filtersPerGroup
          let channel = group &* channelsPerGroup &+ panel.lowerBound
          gemm(
            MatrixView(
              base: dy + (first &* filters &+ filter), rows: columns.count,
              columns: filtersPerGroup, rowStride: filters, columnStride: 1),
            MatrixView(
              base: weights + (tap &* filters &+ filter) &* width, rows: filtersPerGroup,
              columns: panel.count, rowStride: width, columnStride: 1),
            into: MutableMatrixView(
              base: dx + (pixel &* grid.channels &+ channel), rows: columns.count,
              columns: panel.count, rowStride: grid.strides.width &* grid.channels,
              columnStride: 1),
            start: .accumulate)
        }
      }
    }
  }
}

extension TensorShape {
  /// The shape as images; sequences, [samples, steps, channels], become images of height 1.
  var asImages: TensorShape { rank == 3 ? inserting(1, at: 1) : self }

  /// The shape as a kernel for images; one for sequences becomes a kernel of height 1.
  var asKernel: TensorShape { rank == 3 ? inserting(1, at: 0) : self }

  /// The height and width of a kernel for images.
  var kernelSize: Size2D { Size2D(height: self[0], width: self[1]) }

  /// The height and width of images.
  var imageSize: Size2D { Size2D(height: self[1], width: self[2]) }

  /// The same shape with another image size and another number of channels.
  func replacingImage(_ size: Size2D, channels: Int) -> TensorShape {
    rank == 3 ? [self[0], size.width, channels] : [self[0], size.height, size.width, channels]
  }
}
