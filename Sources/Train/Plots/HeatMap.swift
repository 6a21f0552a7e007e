// Heat maps: a matrix as colours, with names along the sides and numbers in the cells, such as a
// confusion matrix or the weights of a layer. Axes.swift lays out the frame, ColorBar.swift draws
// the colour bar.

import Layers
import Tensor

/// A matrix, drawn as colours.
///
/// ```swift
/// let matrix = ConfusionMatrix(model.predict(x), y, classNames: fashionClassNames)
/// try HeatMap(matrix).write(to: "confusion.svg")
/// ```
public struct HeatMap: Drawing {
  /// The text above the matrix.
  public var title: String
  /// The text below the columns.
  public var xLabel: String
  /// The text beside the rows.
  public var yLabel: String
  /// The width of the picture in pixels.
  public var width = 480
  /// The height of the picture in pixels.
  public var height = 440

  private let cells: Picture
  private let colorBar: ColorBar
  private let rowNames: [String]
  private let columnNames: [String]
  private let texts: [String]

  /// Creates a heat map of a matrix, [rows, columns].
  ///
  /// - Parameters:
  ///   - matrix: The numbers, the first row at the top.
  ///   - title: The text above the matrix.
  ///   - xLabel: The text below the columns.
  ///   - yLabel: The text beside the rows.
  ///   - rowNames: The names of the rows; if empty, their numbers are shown.
  ///   - columnNames: The names of the columns; if empty, their numbers are shown.
  ///   - texts: The texts in the cells, row by row; may be empty.
  ///   - colors: The colour map from the lower to the upper end of the range.
  ///   - range: The range; nil for that of the finite values.
  public init<Number: TensorNumber>(
    _ matrix: Tensor<Number>, title: String = "", x xLabel: String = "", y yLabel: String = "",
    rowNames: [String] = [], columnNames: [String] = [], texts: [String] = [],
    colors: ColorMap = .viridis, range: ClosedRange<Double>? = nil
  ) {
    require(
      matrix.rank == 2 && matrix.count > 0,
      "HeatMap: a matrix has two axes, neither empty, got shape \(matrix.shape)")
    let (rows, columns) = (matrix.shape[0], matrix.shape[1])
    require(
      rowNames.isEmpty || rowNames.count == rows,
      "HeatMap: \(rowNames.count) names do not fit \(rows) rows")
    require(
      columnNames.isEmpty || columnNames.count == columns,
      "HeatMap: \(columnNames.count) names do not fit \(columns) columns")
    require(
      texts.isEmpty || texts.count == rows * columns,
      "HeatMap: \(texts.count) texts do not fit \(rows) x \(columns) cells")
    (self.title, self.xLabel, self.yLabel) = (title, xLabel, yLabel)
    (self.rowNames, self.columnNames, self.texts) = (rowNames, columnNames, texts)
    cells = Picture(
      values: Tensor<Double>(matrix).elements, width: columns, height: rows, colors: colors,
      range: range)
    colorBar = ColorBar(colors, range: cells.range)
  }

  /// Creates a heat map of a confusion matrix.
  ///
  /// Each row shows the fractions of a class's samples that were predicted as each class, with
  /// counts.
  public init(_ matrix: ConfusionMatrix, title: String = "Confusion matrix") {
    let shares = matrix.counts.flatMap { row in
      row.map { Double($0) / Double(max(row.reduce(0, +), 1)) }
    }
    let size = matrix.counts.count
    self.init(
      Tensor(shares).reshaped(to: [size, size]), title: title, x: "predicted", y: "class",
      rowNames: matrix.classNames, columnNames: matrix.classNames,
      texts: matrix.counts.joined().map { $0 == 0 ? "" : "\($0)" }, colors: .blues, range: 0...1)
  }

  /// Returns the heat map as an SVG document.
  public func svg() -> String {
    var svg = SVG(width: width, height: height)
    let (width, height) = (Double(width), Double(height))
    let size = fittingSize(title, width: width - 20, size: 15)
    svg.text(title, x: width / 2, y: 22, size: size, anchor: .middle, isBold: true)
    func axis(_ count: Int, _ names: [String], isDownwards: Bool) -> Axis {
      Axis(
        range: -0.5...Double(count) - 0.5, names: names, isDownwards: isDownwards)
    }
    let axes = Axes(
      x: axis(cells.columns, columnNames, isDownwards: false),
      y: axis(cells.rows, rowNames, isDownwards: true), left: yLabel.isEmpty ? 6 : 26,
      top: title.isEmpty ? 12 : 34, right: width - colorBar.width - 8,
      bottom: height - (xLabel.isEmpty ? 6 : 24))
    // Each pixel is enlarged, for programs that smooth images.
    let scale = min(max(240 / max(cells.columns, cells.rows), 1), 16)
    svg.image(
      png: cells.png(scale: scale), x: axes.left, y: axes.top, width: axes.width,
      height: axes.height)
    drawTexts(into: &svg, axes)
    axes.drawFrame(into: &svg)
    axes.drawLabels(xLabel, yLabel, left: 0, bottom: height, in: &svg)
    colorBar.draw(into: &svg, x: axes.left + axes.width, top: axes.top, height: axes.height)
    return svg.document
  }

  private func drawTexts(into svg: inout SVG, _ axes: Axes) {
    let cellWidth = axes.width / Double(cells.columns)
    let longest = texts.max { textWidth($0) < textWidth($1) } ?? ""
    let size = fittingSize(longest, width: cellWidth - 4, size: 12)
    for (index, text) in texts.enumerated() {
      let (row, column) = (index / cells.columns, index % cells.columns)
      svg.text(
        text, x: axes.x(Double(column)), y: axes.y(Double(row)) + Double(size) * 0.36, size: size,
        anchor: .middle, fill: .color(cells.color(at: index).readableText))
    }
  }
}
