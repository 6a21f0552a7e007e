// The summary: a table of layers, output shapes and parameter counts.

import Tensor

extension Layer {
  /// The summary table of Keras 2: one row per layer, with its output shape and parameter count.
  ///
  /// A layer that is not connected to the previous one has its connections listed.
  ///
  /// `None` stands for the batch. The shape of a sample must be known: give the first layer an
  /// `inputShape`, initialise or fit the network first, or pass the shapes here.
  ///
  /// - Parameters:
  ///   - name: the name of the network.
  ///   - inputShapes: the shape of one sample of each input, if the network does not declare it.
  ///   - expandNested: whether nested layers get their own rows.
  /// - Returns: the table.
  public func summary(
    name: String? = nil, inputShapes: [TensorShape]? = nil, expandNested: Bool = false
  ) -> String {
    var (copy, builder) = (self, LayerBuilder<Scalar>())
    do {
      _ = try builder.network(
        &copy, inputShapes: inputShapes ?? statedShapes ?? requireStatedShapes("summary"))
    } catch {
      fail("summary: \(error)")
    }
    let records = builder.records
    let rows = records.count == 1 ? records : records.filter { $0.depth > 0 }
    let isGraph = rows.contains { $0.depth <= 1 && !$0.sources.isEmpty }
    let table = SummaryTable(ends: isGraph ? [29, 55, 66, 98] : [29, 55, 65])
    var lines = [
      "Model: \"\(name ?? snakeCase(layerTypeName(self)))\"", table.rule("_"),
      table.row(
        ["Layer (type)", "Output Shape", "Param #"] + (isGraph ? ["Connected to"] : [])),
      table.rule("="),
    ]
    let shown = rows.filter { $0.depth <= 1 || expandNested }
    for (index, record) in shown.enumerated() {
      let nesting = max(0, record.depth - 1)
      let next = index + 1 < shown.count ? max(0, shown[index + 1].depth - 1) : 0
      let title = record.depth == 0 ? snakeCase(layerTypeName(self)) : record.name
      let counts = record.parameterCounts
      lines += table.rows(
        [
          "\(title) (\(layerTypeName(record.type)))",
          record.outputShapes.map(batchShape).joined(separator: ", "),
          String(counts.trainable + counts.nonTrainable),
        ], sources: isGraph ? record.sources : [], nesting: nesting)
      if index == shown.count - 1 {
        lines.append(table.rule("="))
      } else {
        lines.append(table.rule(nesting == next ? "_" : "¯", nesting: min(nesting, next)))
      }
    }
    let counts = copy.parameterCounts
    lines += [
      "Total params: \(groupedByThousands(counts.trainable + counts.nonTrainable))",
      "Trainable params: \(groupedByThousands(counts.trainable))",
      "Non-trainable params: \(groupedByThousands(counts.nonTrainable))",
      table.rule("_"),
    ]
    return lines.joined(separator: "\n")
  }
}

/// Formats `[28, 28]` as `(None, 28, 28)`.
private func batchShape(_ shape: TensorShape) -> String {
  "(" + (["None"] + shape.map(String.init)).joined(separator: ", ") + ")"
}

/// The table's layout: columns end where Keras's do, and long fields are cut to keep columns apart.
private struct SummaryTable {
  let ends: [Int]

  /// A horizontal line, inside the vertical bars of the enclosing layers.
  func rule(_ letter: Character, nesting: Int = 0) -> String {
    let bars = String(repeating: "|", count: nesting)
    return bars + String(repeating: letter, count: ends.last! - 2 * nesting) + bars
  }

  func row(_ fields: [String], nesting: Int = 0) -> String {
    var line = String(repeating: "|", count: nesting) + (nesting > 0 ? " " : "")
    for (field, end) in zip(fields, ends) {
      line += field
      line = String(line.prefix(end))
      line += String(repeating: " ", count: end - line.count)
    }
    line += String(repeating: " ", count: ends.last! - line.count)
    return nesting == 0
      ? line : String(line.dropLast(nesting)) + String(repeating: "|", count: nesting)
  }

  /// A row, and one more row for each further layer it is connected to.
  func rows(_ fields: [String], sources: [String], nesting: Int) -> [String] {
    var lines = [row(fields + sources.prefix(1), nesting: nesting)]
    for source in sources.dropFirst() { lines.append(row(["", "", "", source])) }
    return lines
  }
}
