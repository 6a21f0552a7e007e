// What a file is that is none of the expected kind: told from its first bytes, so that an error can
// name it and say what to do. Every reader of this target adds it to the error about its first bytes.

/// The words for a file of a known kind, to be put behind a message; empty if the kind is not known.
///
/// ```
/// model.h5, byte 0: expected …; this is an HDF5 file, as Keras writes .h5: …
/// ```
func kindHint(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
  guard let kind = kinds.first(where: { bytes.dropFirst($0.offset).starts(with: $0.magic) })
  else { return "" }
  if kind.magic == zipMagic {
    // The directory at the end repeats all names.
    let end = UnsafeBufferPointer(rebasing: bytes.suffix(1 << 16))
    let member = members.first { contains($0.name, in: end) }
    return "; this is " + (member?.words ?? "a ZIP archive: unpack it first")
  }
  return "; this is " + kind.words
}

private let zipMagic: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

private let kinds: [(magic: [UInt8], offset: Int, words: String)] = [
  (
    [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A], 0,
    "an HDF5 file, as Keras writes .h5: open it with HDF5File(contentsOf:)"
  ),
  (zipMagic, 0, ""),
  ([0x93] + Array("NUMPY".utf8), 0, "an NPY file: read it with Tensor(contentsOfNPY:)"),
  ([0x1F, 0x8B], 0, "a file compressed by gzip: unpack it with gunzip first"),
  ([0x42, 0x5A, 0x68], 0, "a file compressed by bzip2: unpack it with bunzip2 first"),
  ([0xFD] + Array("7zXZ".utf8), 0, "a file compressed by xz: unpack it with unxz first"),
  ([0x28, 0xB5, 0x2F, 0xFD], 0, "a file compressed by zstd: unpack it with unzstd first"),
  ([0x00, 0x00, 0x08], 0, "an IDX file: read it with Tensor(contentsOfIDX:)"),
  (
    [0, 0, 0] + Array("{\"".utf8), 5,
    "a safetensors file: open it with SafetensorsFile(contentsOf:)"
  ),
  ([0x89] + Array("PNG".utf8), 0, "a picture in PNG format"),
  ([0xFF, 0xD8, 0xFF], 0, "a picture in JPEG format"),
  (Array("GIF8".utf8), 0, "a picture in GIF format"),
  (Array("PAR1".utf8), 0, "a Parquet file: in Python, write it with to_csv"),
  (Array("ARROW1".utf8), 0, "an Arrow file: in Python, write it with to_csv"),
  (
    [0xD0, 0xCF, 0x11, 0xE0], 0,
    "an old Excel workbook: save the sheet as CSV"
  ),
  (Array("SQLite format 3".utf8), 0, "an SQLite database: export the table as CSV"),
  (Array("MATLAB 5.0".utf8), 0, "a MATLAB file: in Python, convert it with scipy.io.loadmat"),
  (
    Array(oldMagic[..<14]), 0,
    "a PyTorch checkpoint of the old form: open it with PyTorchFile(contentsOf:)"
  ),
  ([0x80, 0x02], 0, pickle), ([0x80, 0x03], 0, pickle), ([0x80, 0x04], 0, pickle),
  ([0x80, 0x05], 0, pickle),
  (Array("%PDF".utf8), 0, "a PDF document"),
  (
    Array("version https://git-lfs".utf8), 0,
    "a pointer of Git LFS and not the file itself: run git lfs pull"
  ),
  (Array("<!DOCTYPE".utf8), 0, page), (Array("<!doctype".utf8), 0, page),
  (Array("<html".utf8), 0, page), (Array("<?xml".utf8), 0, "an XML document"),
]

private let pickle =
  "a Python pickle, which is a program and is not run: in Python, store the arrays with"
  + " numpy.savez or as safetensors"
private let page = "a web page, perhaps the error page of a failed download"

/// What a ZIP archive is, by the name of one of its members.
private let members: [(name: String, words: String)] = [
  (
    "model.weights.h5",
    "a Keras 3 model (.keras): open it with KerasFile(contentsOf:), or make the network with"
      + " Sequential(contentsOfKeras:) or Graph(contentsOfKeras:)"
  ),
  ("data.pkl", "a PyTorch checkpoint: open it with PyTorchFile(contentsOf:)"),
  ("xl/workbook", "an Excel workbook: save the sheet as CSV"),
  (".npy", "an NPZ archive: open it with NPZFile(contentsOf:)"),
]

/// Whether the bytes of a text occur somewhere.
private func contains(_ text: String, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  let text = Array(text.utf8)
  guard bytes.count >= text.count else { return false }
  return (0...bytes.count - text.count).contains { start in
    bytes[start] == text[0] && bytes[start...].starts(with: text)
  }
}
