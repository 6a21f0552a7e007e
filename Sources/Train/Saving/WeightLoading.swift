// Loads the weights of other frameworks' files into a network, and writes files for those
// frameworks. The rules are in `WeightNaming.swift`, the report of the outcome in
// `WeightReport.swift`.

import ArrayFiles
import Layers
import Tensor

extension Layer {
  /// Loads the weights from a file of named arrays.
  ///
  /// The file may be safetensors, NPZ, PyTorch or any other that `arrayArchive(contentsOf:)` opens.
  ///
  /// ```swift
  /// try network.loadWeights(contentsOf: "resnet.pth", naming: .pyTorch) { name in
  ///   name.hasPrefix("module.") ? String(name.dropFirst(7)) : name
  /// }
  /// ```
  /// In your own struct, layers are found by the names of its members, which should therefore match
  /// those of the module in Python. In a `Sequential`, they are called `dense`, `dense_1` and so
  /// on. 16-bit and `Double` numbers are converted. After a `Flatten` of images, a dense layer sees
  /// channels last, but PyTorch's sees channels first: the rows of its kernel must be reordered.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - naming: the framework whose names and layouts the file uses.
  ///   - strict: whether arrays that are missing, left over or of another shape are an error; if
  ///     not, all that fit are loaded.
  ///   - renaming: maps the name of an array in the file to the name it should have; nil leaves the
  ///     array out.
  /// - Returns: a table with the outcome for every parameter and every array.
  /// - Throws: `FileError` if the file cannot be read or, if `strict`, does not fit; the message
  ///   then holds the table of problems. The weights are then unchanged.
  /// - Precondition: the network is built.
  @discardableResult
  public mutating func loadWeights(
    contentsOf path: String, naming: WeightNaming = .wengert, strict: Bool = true,
    renaming: (String) -> String? = { $0 }
  ) throws(FileError) -> WeightReport {
    try loadWeights(
      from: arrayArchive(contentsOf: path), called: path, naming: naming, strict: strict,
      renaming: renaming)
  }

  mutating func loadWeights(
    from archive: any ArrayArchive, called path: String, naming: WeightNaming, strict: Bool,
    renaming: (String) -> String?
  ) throws(FileError) -> WeightReport {
    require(isInitialized, "loadWeights: the network is not built, so its shapes are not known")
    var loading = Loading<Scalar>(archive: archive)
    try loading.rename(renaming, path: path)
    let names = parameterPaths
    loading.values = Dictionary(zip(names, weights)) { first, _ in first }
    for part in naming.parts(of: self) { try loading.load(part) }
    let report = loading.finish(naming)
    if strict, let problem = report.firstProblem {
      throw FileError(
        path: path,
        message: "\(problem); the weights are as they were\n"
          + report.table(of: [.misfit, .missing, .leftOver]))
    }
    weights = names.map { loading.values[$0]! }
    return report
  }

  /// Returns the weights with the names and layouts of a framework.
  ///
  /// ```swift
  /// try PyTorchFile.write(network.namedWeights(.pyTorch), to: "network.pt")
  /// ```
  /// - Parameter naming: the framework.
  /// - Returns: the arrays by name, in network order.
  public func namedWeights(
    _ naming: WeightNaming
  ) -> [(key: String, value: any TensorProtocol)] {
    let values = Dictionary(zip(parameterPaths, weights)) { first, _ in first }
    return naming.parts(of: self).flatMap { part in
      zip(part.names, part.layout.encode(part.paths.map { values[$0]! })).map {
        (key: $0, value: $1 as any TensorProtocol)
      }
    }
  }
}

extension Model {
  /// Writes only the weights, in a format that other programs can read.
  ///
  /// - Parameters:
  ///   - path: the file. Its extension sets the format: `.npz` for NumPy, `.pt` or `.pth` for
  ///     PyTorch, anything else for safetensors.
  ///   - naming: the framework whose names and layouts to use.
  /// - Throws: `FileError` if the file cannot be written; an older file is then unchanged.
  public func saveWeights(
    to path: String, naming: WeightNaming = .wengert
  ) throws(FileError) {
    let tensors = trained.namedWeights(naming)
    if path.hasSuffix(".npz") {
      try NPZFile.write(tensors, to: path)
    } else if path.hasSuffix(".pt") || path.hasSuffix(".pth") {
      try PyTorchFile.write(tensors, to: path)
    } else {
      try SafetensorsFile.write(tensors, to: path)
    }
  }

  /// Loads the weights from a file of named arrays.
  ///
  /// The file may come from `saveWeights(to:)`, `save(to:)` or a Python program.
  ///
  /// The layers of a `Sequential` are called `dense`, `dense_1` and so on; those of your own struct
  /// have the names of its members.
  ///
  /// ```swift
  /// let report = try model.loadWeights(contentsOf: "classifier.pth", naming: .pyTorch) { name in
  ///   name.replacing("fc1.", with: "dense.").replacing("fc2.", with: "dense_1.")
  /// }
  /// print(report)
  /// ```
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - naming: the framework whose names and layouts the file uses.
  ///   - strict: whether arrays that are missing, left over or of another shape are an error; if
  ///     not, all that fit are loaded.
  ///   - renaming: maps the name of an array in the file to the name it should have; nil leaves the
  ///     array out.
  /// - Returns: a table with the outcome for every parameter and every array.
  /// - Throws: `FileError` if the file cannot be read or, if `strict`, does not fit; the message
  ///   then holds the table of problems. The weights are then unchanged.
  @discardableResult
  public mutating func loadWeights(
    contentsOf path: String, naming: WeightNaming = .wengert, strict: Bool = true,
    renaming: (String) -> String? = { $0 }
  ) throws(FileError) -> WeightReport {
    try trained.loadWeights(
      contentsOf: path, naming: naming, strict: strict, renaming: renaming)
  }
}

// MARK: - Rules for a network

/// A rule for some parameters of a network: their paths, and their full names in the file.
private struct WeightPart {
  let paths: [String]
  let names: [String]
  let layout: WeightLayout
  let isOptional: Bool
}

extension WeightNaming {
  /// The rules for all parameters of a network, in network order.
  fileprivate func parts<Network: Layer>(of network: Network) -> [WeightPart] {
    let paths = network.parameterPaths
    var positions = Dictionary(zip(paths, paths.indices)) { first, _ in first }
    var known: [String: (name: String, layer: any Layer<Network.Scalar>)] = [:]
    var parts: [(position: Int, part: WeightPart)] = []
    // A layer comes before its inner layers, so its rules come first.
    let layers: [(path: String, layer: any Layer<Network.Scalar>)] =
      [(path: "", layer: network)] + network.layersWithin
    for (path, layer) in layers {
      let name = self.name(of: path, in: known)
      known[path] = (name, layer)
      for rule in rules(for: layer) {
        let ours = rule.ours.map { joined(path, $0) }
        let found = ours.compactMap { positions[$0] }
        guard found.count == ours.count else { continue }
        for path in ours { positions[path] = nil }
        let part = WeightPart(
          paths: ours, names: rule.theirs.map { joined(name, $0) }, layout: rule.layout,
          isOptional: rule.isOptional)
        parts.append((found.min() ?? 0, part))
      }
    }
    for (path, position) in positions {
      let name = self.name(of: path, in: known)
      let part = WeightPart(paths: [path], names: [name], layout: .same, isOptional: false)
      parts.append((position, part))
    }
    return parts.sorted { $0.position < $1.position }.map(\.part)
  }

  /// The name in the file for a member of a known layer.
  private func name<Scalar>(
    of path: String, in known: [String: (name: String, layer: any Layer<Scalar>)]
  ) -> String {
    var end = path.endIndex
    while let point = path[..<end].lastIndex(of: ".") {
      if let owner = known[String(path[..<point])] {
        let member = String(path[path.index(after: point)...])
        return joined(owner.name, name(ofMember: member, of: owner.layer))
      }
      end = point
    }
    guard let network = known[""] else { return path }
    return name(ofMember: path, of: network.layer)
  }
}

/// Joins a layer's path and a path inside the layer; either may be empty.
private func joined(_ path: String, _ member: String) -> String {
  path.isEmpty || member.isEmpty ? path + member : "\(path).\(member)"
}

// MARK: - Loading

/// The state of loading a file's weights into a network.
private struct Loading<Scalar: TensorFloat> {
  let archive: any ArrayArchive
  /// The names in the file, by the names that the rules use.
  private var arrays: [String: String] = [:]
  /// The names that no rule has used yet, in file order.
  private var unused: [String] = []
  /// The values to load, by parameter path.
  var values: [String: Tensor<Scalar>] = [:]
  private var used: Set<String> = []
  private var report = WeightReport()

  init(archive: any ArrayArchive) { self.archive = archive }

  mutating func rename(_ renaming: (String) -> String?, path: String) throws(FileError) {
    for name in archive.names {
      guard let renamed = renaming(name) else { continue }
      guard arrays.updateValue(name, forKey: renamed) == nil else {
        throw FileError(path: path, message: "expected names that differ, got \(renamed) twice")
      }
      unused.append(renamed)
    }
  }

  /// Loads the weights of a rule.
  mutating func load(_ part: WeightPart) throws(FileError) {
    let name = part.names.joined(separator: ", ")
    func add(_ outcome: WeightReport.Outcome, _ detail: (String) -> String) {
      for path in part.paths {
        report.rows.append(
          .init(outcome: outcome, parameter: path, array: name, detail: detail(path)))
      }
    }
    used.formUnion(part.names)
    guard !part.names.isEmpty && !part.paths.isEmpty else { return }
    let stored = part.names.compactMap { arrays[$0] }
    if stored.isEmpty && part.isOptional {
      for path in part.paths { values[path] = Tensor.zeros(values[path]!.shape) }
      return add(.zero) { _ in "the file has none" }
    }
    guard stored.count == part.names.count else { return add(.missing) { _ in "" } }
    var tensors: [Tensor<Scalar>] = []
    var found: [String] = []
    for name in stored {
      let array = try archive.array(named: name)
      guard let tensor: Tensor<Scalar> = try converted(array) else {
        return add(.misfit) { _ in "expected numbers with fractions, got \(array.elementType)" }
      }
      tensors.append(tensor)
      found.append(array.shape.description)
    }
    let shapes = part.paths.map { values[$0]!.shape }
    let weights = part.layout.decode(tensors, shapes: shapes)
    guard let weights, weights.map(\.shape) == shapes else {
      return add(.misfit) { path in
        let got = weights.map { zip(part.paths, $0).first { $0.0 == path }!.1.shape.description }
        let stored = found.joined(separator: " and ")
        return "expected \(values[path]!.shape), got \(got ?? stored)"
          + (got == nil || got == stored ? "" : " of \(stored)")
      }
    }
    for (path, weight) in zip(part.paths, weights) { values[path] = weight.contiguous() }
    add(.loaded) { values[$0]!.shape.description }
  }

  /// Completes the report with the arrays left over and with suggestions for missing names.
  func finish(_ naming: WeightNaming) -> WeightReport {
    var result = report
    let leftOver = unused.filter { name in
      // Files of whole models hold the optimizer's state beside the weights.
      !used.contains(name) && !(naming == .wengert && name.hasPrefix("optimizer."))
    }
    let missing = report.rows(.missing).count
    if missing * leftOver.count <= 100_000 {
      for index in result.rows.indices where result.rows[index].outcome == .missing {
        let row = result.rows[index]
        let (near, distance) =
          leftOver.map { ($0, editDistance($0, row.array)) }.min { $0.1 < $1.1 } ?? ("", .max)
        guard distance <= max(3, row.array.count / 2) else { continue }
        result.rows[index] = .init(
          outcome: .missing, parameter: row.parameter, array: row.array,
          detail: "is \(near) meant?")
      }
    }
    for name in leftOver {
      let shape = arrays[name].flatMap { try? archive.array(named: $0).shape.description }
      result.rows.append(
        .init(outcome: .leftOver, parameter: "", array: name, detail: shape ?? ""))
    }
    return result
  }

  /// The array converted to the network's number type; nil unless it holds floating-point numbers.
  private func converted(_ array: StoredArray) throws(FileError) -> Tensor<Scalar>? {
    switch array.elementType.scalarType {
    case Scalar.scalarType: try array.tensor(of: Scalar.self)
    case .float32: Tensor<Scalar>(try array.tensor(of: Float.self))
    case .float64: Tensor<Scalar>(try array.tensor(of: Double.self))
    default: nil
    }
  }
}
