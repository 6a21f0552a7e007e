// Convolution as products over overlapping views: what all convolutions and their ways back are made of.
//
// In channels-last memory the numbers that one row of the kernel sees lie behind each other, and the next window
// begins `stride · channels` further:
//
//   memory of a row of the image   a a b b c c d d e e        two channels, a kernel 3 wide, stride 1
//   seen from window 0            [a a b b c c]
//                    window 1         [b b c c d d]           a matrix whose rows overlap
//                    window 2             [c c d d e e]
//
// A matrix may have any row stride, so nothing is copied: a row of results is the sum over the rows of the kernel of
// such a matrix times that row's weights, [width · channels, filters], which is how Keras's kernel lies in memory.
// Where such a matrix would be too narrow or too short for the product to be quick, as in a first layer with one
// channel, a few windows at a time are copied into the first cache.
//
// Each result is summed in the order (row, column, channel) of the kernel, each weight's gradient in the order of the
// windows, each pixel's gradient in the order (row, column, filter) of the kernel: as by the textbook's loops, with
// the same bits. Threads share results and never a sum.

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
  /// The size of an image with zeros around it.
  private let frame: Size2D
  /// How many weights of a filter see numbers that lie behind each other: a row of the kernel or, with groups or
  /// distances between its columns, one pixel.
  private let run: Int

  /// A plan for images, or sequences, and a kernel of the given shapes, which fit.
  init(_ images: TensorShape, kernel: TensorShape, _ window: Window) {
    let kernel = kernel.asKernel
    grid = WindowGrid(images.asImages, kernel: kernel.kernelSize, window)
    (filters, groups) = (kernel[3], window.groups)
    (channelsPerGroup, filtersPerGroup) = (kernel[2], kernel[3] / window.groups)
    frame = grid.frame
    run = channelsPerGroup * (groups == 1 && grid.dilation.width == 1 ? grid.kernel.width : 1)
  }

  /// The number of weights of a filter, which is the number of terms of a result.
  private var terms: Int { grid.kernel.height &* grid.kernel.width &* channelsPerGroup }

  /// The number of windows of all images.
  private var windows: Int { grid.images &* grid.rows &* grid.columns }

  // MARK: What windows see

  /// Shorter runs are copied together: a product over a few terms loads and stores more than it multiplies.
  private static var shortestRun: Int { 24 }

  /// How many windows are copied at a time, so that `terms` numbers of each stay in the cache.
  private func block(terms: Int) -> Int { max(16, min(256, 8192 / max(1, terms))) }

  /// What some windows see of a group's channels: a row for each window, a column for each weight among `terms`.
  ///
  /// It is a view of the images where it can be one, else a copy at `copy`.
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
    // Long runs are copied as rows and short ones as columns, so that whole vectors are moved.
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

  /// Where the number lies that a window sees through a weight of a group's filters.
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

  /// y = f(bias + x * kernel), or y + x * kernel to `accumulate`, for x with the zeros around it.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func convolve<Scalar: TensorFloat>(
    _ x: UnsafePointer<Scalar>, _ kernel: UnsafePointer<Scalar>, bias: UnsafePointer<Scalar>? = nil,
    activation: UnaryOperation? = nil, to y: UnsafeMutablePointer<Scalar>, accumulate: Bool = false
  ) {
    let kernels = Scalar.kernels
    // Many weights are read again and again, a few filters at a time, from where they lie close together.
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

  /// The part of the results of some filters of each group, whose weights begin at `weights.base`.
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
          // While the results are in the cache, after the last of the filters.
          if let activation, panel.upperBound == filtersPerGroup {
            let y = y + range.lowerBound &* filters
            Scalar.kernels.pointee.map(activation, y, to: y, count: range.count &* filters)
          }
        }
      }
    }
  }

  // MARK: Backward

  /// Adds to the kernel's gradient the sum over all windows of what they see, x with the zeros around it, times dy.
  ///
  /// Each of its numbers is one sum in the order of the windows, or one for each ``longestChain`` of them if there
  /// are more. Threads share the numbers.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func addKernelGradient<Scalar: TensorFloat>(
    _ x: UnsafePointer<Scalar>, _ dy: UnsafePointer<Scalar>,
    to dKernel: UnsafeMutablePointer<Scalar>
  ) {
    // Few of its rows at a time: sums that stay in the first cache, and enough pieces for the threads.
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

  /// Adds to the images' gradient, row by row: every tap of the kernel sends the row of windows that see it through
  /// its weights.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func addImageGradient<Scalar: TensorFloat>(
    _ dy: UnsafePointer<Scalar>, _ kernel: UnsafePointer<Scalar>,
    to dx: UnsafeMutablePointer<Scalar>
  ) {
    let (taps, kernels) = (grid.kernel.height &* grid.kernel.width, Scalar.kernels)
    // A few channels at a time: the weights of each tap as [filters, channels], close together.
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
  /// The shape of images, which sequences [samples, steps, channels] are too, of height 1.
  var asImages: TensorShape { rank == 3 ? inserting(1, at: 1) : self }

  /// The shape of a kernel for images, which one for sequences is too, of height 1.
  var asKernel: TensorShape { rank == 3 ? inserting(1, at: 0) : self }

  /// The height and the width of a kernel for images.
  var kernelSize: Size2D { Size2D(height: self[0], width: self[1]) }

  /// The height and the width of images.
  var imageSize: Size2D { Size2D(height: self[1], width: self[2]) }

  /// The shape of images or sequences of another size, with other channels.
  func replacingImage(_ size: Size2D, channels: Int) -> TensorShape {
    rank == 3 ? [self[0], size.width, channels] : [self[0], size.height, size.width, channels]
  }
}
