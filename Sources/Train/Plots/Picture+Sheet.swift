import Tensor

extension Picture {
  /// A sheet of pictures of one size, [pictures, rows, columns], read like text, with a line of one pixel
  /// between them.
  ///
  /// - Parameters:
  ///   - images: the pictures.
  ///   - columns: how many stand in a row of the sheet.
  ///   - colors: the colours from the lower to the upper end of the range.
  ///   - range: the numbers between which colours are spread; nil takes the smallest and the largest finite
  ///     number of all pictures.
  public init<Pixel: TensorNumber>(
    sheet images: Tensor<Pixel>, columns: Int, colors: ColorMap = .greys,
    range: ClosedRange<Double>? = nil
  ) {
    require(
      images.rank == 3 && images.count > 0,
      "Picture(sheet:): expected pictures of shape [pictures, rows, columns], got \(images.shape)")
    require(columns > 0, "Picture(sheet:): the number of columns must be positive, got \(columns)")
    let (count, height, width) = (images.shape[0], images.shape[1], images.shape[2])
    let rows = (count + columns - 1) / columns
    let range = range ?? finiteRange(Tensor<Double>(images).elements) ?? 0...1
    // Lines and places without a picture are in the middle of the range.
    let middle = range.lowerBound / 2 + range.upperBound / 2
    var sheet = Tensor<Double>(
      repeating: middle, shape: [rows * (height + 1) - 1, columns * (width + 1) - 1])
    for index in 0..<count {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      let (top, left) = (row * (height + 1), column * (width + 1))
      sheet[top..<top + height, left..<left + width] = Tensor<Double>(images[index])
    }
    self.init(sheet, colors: colors, range: range)
  }
}
