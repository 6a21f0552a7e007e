// Types and shapes in HDF5. A type describes the use of its bits, so that files from other machines
// can be read; the types that tensors support, and strings, are recognised here. Next:
// HDF5Attributes.swift reads small values.

/// The element type of an array or an attribute.
struct HDF5Type {
  /// The content of an element.
  indirect enum Content {
    case number(ElementType, isBigEndian: Bool)
    case text(HDF5Padding)
    /// A variable-length string, stored in a heap.
    case heapText
    /// A small array inside each element: its axis sizes and its element type.
    case elements([Int], Content)
    /// A type that tensors do not support, described in words.
    case other(String)
  }

  let content: Content
  /// The size of an element in bytes.
  let size: Int

  /// Reads a type; `depth` counts the types that enclose it.
  init(_ cursor: inout HDF5Cursor, depth: Int = 0) throws(FileError) {
    guard depth < 8 else { throw cursor.fault("expected types in at most 8 types") }
    let first = try cursor.number(1)
    let (kind, version) = (first & 15, first >> 4)
    guard (1...4).contains(version) else {
      throw cursor.fault("expected a type of version 1...4, got \(version)")
    }
    let bits = try cursor.number(3)
    size = try cursor.number(4)
    guard size > 0 else { throw cursor.fault("expected elements that have bytes") }
    switch kind {
    case 0, 4: content = try Self.integer(&cursor, bits, size: size)
    case 1: content = try Self.float(&cursor, bits, size: size)
    case 3: content = .text(bits & 15 == 2 ? .blanks : .zero)
    case 8: content = try Self.enumeration(&cursor, bits, version: version, depth: depth)
    case 9:
      content = bits & 15 == 1 ? .heapText : .other("rows of different lengths")
    case 10:
      let rank = try cursor.number(1)
      if version < 3 { try cursor.take(3) }
      var sizes: [Int] = []
      for _ in 0..<rank { sizes.append(try cursor.number(4)) }
      if version < 3 { try cursor.take(4 * rank) }
      let base = try HDF5Type(&cursor, depth: depth + 1)
      let count = sizes.reduce(1 as Int?) { product, size in
        product.flatMap { product in
          let (next, overflows) = product.multipliedReportingOverflow(by: size)
          return overflows ? nil : next
        }
      }
      guard let count, count > 0, size % count == 0, size / count == base.size else {
        throw cursor.fault("expected elements of \(size) bytes, got \(sizes) of \(base.size)")
      }
      content = .elements(sizes, base.content)
    default:
      let names = [2: "times", 5: "opaque bytes", 6: "compound elements", 7: "references"]
      content = .other(names[kind] ?? "elements of the class \(kind)")
    }
  }

  private static func integer(
    _ cursor: inout HDF5Cursor, _ bits: Int, size: Int
  ) throws(FileError) -> Content {
    let (offset, precision) = (try cursor.number(2), try cursor.number(2))
    let isSigned = bits & 8 != 0
    guard offset == 0, precision == 8 * size,
      let type = ElementType(rawValue: (isSigned ? "int" : "uint") + "\(precision)")
    else { return .other("integers with \(precision) bits of \(8 * size)") }
    return .number(type, isBigEndian: bits & 1 != 0)
  }

  private static func float(
    _ cursor: inout HDF5Cursor, _ bits: Int, size: Int
  ) throws(FileError) -> Content {
    let (offset, precision) = (try cursor.number(2), try cursor.number(2))
    let (exponentPlace, exponent) = (try cursor.number(1), try cursor.number(1))
    let (fractionPlace, fraction) = (try cursor.number(1), try cursor.number(1))
    let bias = try cursor.number(4)
    let types: [Int: ElementType] = [
      1143: .float8e4m3, 1152: .float8e5m2, 2510: .float16, 2807: .bfloat16, 4823: .float32,
      8152: .float64,
    ]
    let key = size == 8 ? 8152 : 1000 * size + 100 * exponent + fraction
    let isWhole = offset == 0 && precision == 8 * size && fractionPlace == 0
    guard isWhole, 1 + exponent + fraction == precision, exponentPlace == fraction,
      bits >> 8 & 0xFF == precision - 1, bias == 1 << (exponent - 1) - 1, bits & 0x70 == 0x20,
      let type = types[key]
    else {
      return .other(
        "floating-point numbers of \(precision) bits, \(exponent) of them for the exponent")
    }
    return .number(type, isBigEndian: bits & 1 != 0)
  }

  /// Enumerations; h5py stores booleans as one.
  private static func enumeration(
    _ cursor: inout HDF5Cursor, _ bits: Int, version: Int, depth: Int
  ) throws(FileError) -> Content {
    let base = try HDF5Type(&cursor, depth: depth + 1)
    guard bits & 0xFFFF == 2, base.size == 1, case .number(_, let isBigEndian) = base.content else {
      return base.content
    }
    var names: [String] = []
    for _ in 0..<2 {
      let name = cursor.source.text(cursor.range, padding: .zero)
      let size = name.utf8.count + 1
      try cursor.take(version < 3 ? (size + 7) / 8 * 8 : size)
      names.append(name)
    }
    guard names == ["FALSE", "TRUE"], try cursor.number(1) == 0, try cursor.number(1) == 1 else {
      return base.content
    }
    return .number(.bool, isBigEndian: isBigEndian)
  }
}

/// The axis sizes of an array or an attribute.
struct HDF5Space {
  let sizes: [Int]
  /// The size up to which each axis may grow; nil for no limit.
  let limits: [Int?]

  init(_ cursor: inout HDF5Cursor) throws(FileError) {
    let version = try cursor.version(1...2, of: "a shape")
    let (rank, flags) = (try cursor.number(1), try cursor.number(1))
    // Kind 2 is a null dataspace, with no elements.
    let isEmpty = version == 2 ? try cursor.number(1) == 2 : false
    if version == 1 { try cursor.take(5) }
    var (sizes, limits): ([Int], [Int?]) = ([], [])
    for _ in 0..<rank { sizes.append(try cursor.length()) }
    for index in 0..<rank {
      let bits = flags & 1 == 0 ? UInt64(sizes[index]) : try cursor.bits(cursor.source.lengthSize)
      limits.append(Int(exactly: bits))
    }
    self.sizes = isEmpty ? [0] : sizes
    self.limits = isEmpty ? [0] : limits
  }
}
