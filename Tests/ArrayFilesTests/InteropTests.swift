import ArrayFiles
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The folder that interop.py shares with this test, or nil.
private let folder = getenv("WENGERT_INTEROP").map { String(cString: $0) }

private let shapes: [TensorShape] = [[], [5], [2, 3], [0, 4], [3, 1, 5], [1000]]

/// The array of interop.py's rule.
private func array<Scalar: TensorScalar>(_: Scalar.Type, _ shape: TensorShape) -> Tensor<Scalar> {
  let count = shape.elementCount
  if Scalar.self == Bool.self {
    return Tensor((0..<count).map { ($0 % 3 == 0) as! Scalar }, shape: shape)
  }
  let size = MemoryLayout<Scalar>.size
  let bytes = (0..<count * size).map { UInt8(truncatingIfNeeded: 37 * $0 + 11) }
  return bytes.withUnsafeBytes { bytes in
    Tensor(
      (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * size, as: Scalar.self) },
      shape: shape)
  }
}

private func sameBits<Scalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Bool {
  a.shape == b.shape && a.withUnsafeBytes { a in b.withUnsafeBytes { a.elementsEqual($0) } }
}

@Suite("Files of NumPy, safetensors and PyTorch", .enabled(if: folder != nil, "run by interop.py"))
struct InteropTests {
  private let theirs = "\(folder ?? "")/python"
  private let ours = "\(folder ?? "")/swift"

  /// Reads all arrays of a type that Python wrote, and writes them.
  private func exchange<Scalar: TensorScalar>(
    _ type: Scalar.Type
  ) throws -> [(key: String, value: any TensorProtocol)] {
    let stored = try NPZFile(contentsOf: "\(theirs)/stored.npz")
    let compressed = try NPZFile(contentsOf: "\(theirs)/compressed.npz")
    let safetensors = try SafetensorsFile(contentsOf: "\(theirs)/all.safetensors")
    let torch = try PyTorchFile(contentsOf: "\(theirs)/all.pt")
    return try shapes.enumerated().map { index, shape in
      let name = "\(Scalar.scalarType)_\(index)"
      let expected = array(type, shape)
      #expect(sameBits(try Tensor(contentsOfNPY: "\(theirs)/\(name).npy"), expected))
      if shape.rank > 1 {
        #expect(sameBits(try Tensor(contentsOfNPY: "\(theirs)/\(name)_fortran.npy"), expected))
        #expect(sameBits(try Tensor(contentsOfNPY: "\(theirs)/\(name)_big.npy"), expected))
      }
      for archive in [stored, compressed, safetensors, torch] as [any ArrayArchive] {
        #expect(sameBits(try archive.array(named: name).tensor(of: type), expected))
      }
      try expected.writeNPY(to: "\(ours)/\(name).npy")
      return (key: name, value: expected)
    }
  }

  @Test("have equal bits in both directions")
  func exchanging() throws {
    var all = try exchange(Bool.self) + exchange(UInt8.self) + exchange(Int32.self)
    all += try exchange(Int64.self) + exchange(Float.self) + exchange(Double.self)
    all += try exchange(Int8.self) + exchange(Int16.self) + exchange(UInt16.self)
    all += try exchange(UInt32.self) + exchange(UInt64.self)
    #if !(os(macOS) && arch(x86_64))
    all += try exchange(Float16.self)
    #endif
    try NPZFile.write(all, to: "\(ours)/stored.npz")
    try NPZFile.write(all, to: "\(ours)/compressed.npz", compressed: true)
    try NPZFile.write(all, to: "\(ours)/zip64.npz", compressed: false, isAlwaysZIP64: true)
    try SafetensorsFile.write(all, metadata: ["format": "np"], to: "\(ours)/all.safetensors")
    try PyTorchFile.write(all, to: "\(ours)/all.pt")
    #expect(try SafetensorsFile(contentsOf: "\(theirs)/all.safetensors").metadata["format"] == "np")
  }
}
