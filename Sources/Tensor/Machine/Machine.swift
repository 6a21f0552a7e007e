// The computer that the library runs on: its caches, its name and the number of processors that
// this process may really use. Everything is read once, on first use. Next: InstructionSets.swift,
// which chooses the kernels that suit the processor.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
#if arch(x86_64)
import _Builtin_intrinsics.intel.cpuid
#endif

/// The computer that the program runs on.
package enum Machine {
  /// The sizes in bytes of the data caches one core sees; `l3` repeats `l2` where there is none.
  package static let caches: (l1: Int, l2: Int, l3: Int) = {
    let found = cacheSizes()
    let l1 = found[1] ?? 32 << 10
    let l2 = found[2] ?? 512 << 10
    return (l1, l2, found[3] ?? l2)
  }()

  /// The processor's own name, for the header of a benchmark.
  package static let name = processorName()

  /// The number of processors this process may keep busy, at least 1.
  ///
  /// In a container this is the container's share and not the host's number: the affinity mask and
  /// the control groups' quota both count. If cores differ in speed, only the fast ones count.
  package static let processorCount: Int = {
    #if canImport(Darwin)
    return max(1, systemValue("hw.perflevel0.physicalcpu") ?? systemValue("hw.activecpu") ?? 1)
    #else
    var count = text(of: "/proc/self/status").flatMap(allowedProcessors) ?? onlineProcessors()
    if let groups = text(of: "/proc/self/cgroup"),
      let quota = processorQuota(groups: groups, root: "/sys/fs/cgroup")
    {
      count = min(count, quota)
    }
    return max(1, count)
    #endif
  }()

  /// The number of processors in the `Cpus_allowed` mask of a `/proc/self/status`.
  package static func allowedProcessors(status: String) -> Int? {
    for line in status.split(separator: "\n") where line.hasPrefix("Cpus_allowed:") {
      let count = line.dropFirst("Cpus_allowed:".count).reduce(0) {
        $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0)
      }
      return count > 0 ? count : nil
    }
    return nil
  }

  /// The processor time that the control groups grant, in processors, rounded up.
  ///
  /// A group's limit also binds the groups below it, so the smallest on the way to the root
  /// counts. Inside a container the path named by `groups` may not be visible; its own limit then
  /// stands at the root.
  ///
  /// - Parameters:
  ///   - groups: The text of `/proc/self/cgroup`, with lines `id:controllers:path`.
  ///   - root: The folder where the control groups are mounted.
  /// - Returns: A number of processors, or nil if there is no limit.
  package static func processorQuota(groups: String, root: String) -> Int? {
    var smallest: Int?
    for line in groups.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isVersion2 = fields[1].isEmpty
      guard isVersion2 || fields[1].split(separator: ",").contains("cpu") else { continue }
      var path = fields[2]
      while true {
        let folder = root + (isVersion2 ? "" : "/cpu") + path
        if let quota = isVersion2 ? version2Quota(folder) : version1Quota(folder) {
          smallest = min(smallest ?? quota, quota)
        }
        if path.isEmpty { break }
        path = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
      }
    }
    return smallest
  }
}

/// The limit in `cpu.max`: a quota and a period in microseconds, or `max` and a period.
private func version2Quota(_ folder: String) -> Int? {
  guard let words = text(of: folder + "/cpu.max")?.split(whereSeparator: \.isWhitespace),
    words.count == 2
  else { return nil }
  return wholeProcessors(quota: Int(words[0]), period: Int(words[1]))
}

/// The limit in two files of one number each; a quota of -1 means no limit.
private func version1Quota(_ folder: String) -> Int? {
  func number(_ file: String) -> Int? {
    text(of: folder + file).flatMap { Int($0.prefix { !$0.isWhitespace }) }
  }
  return wholeProcessors(quota: number("/cpu.cfs_quota_us"), period: number("/cpu.cfs_period_us"))
}

private func wholeProcessors(quota: Int?, period: Int?) -> Int? {
  guard let quota, let period, quota > 0, period > 0 else { return nil }
  return (quota - 1) / period + 1
}

// MARK: - Caches and name

#if canImport(Darwin)

private func cacheSizes() -> [Int: Int] {
  var sizes: [Int: Int] = [:]
  for (level, key) in [(1, "l1dcachesize"), (2, "l2cachesize"), (3, "l3cachesize")] {
    sizes[level] = systemValue("hw.perflevel0." + key) ?? systemValue("hw." + key)
  }
  return sizes
}

private func processorName() -> String {
  var size = 0
  guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 0 else {
    return "unknown processor"
  }
  var bytes = [UInt8](repeating: 0, count: size)
  guard sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 else {
    return "unknown processor"
  }
  return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}

/// A positive integer from the system's configuration, which stores it in 4 or 8 bytes.
private func systemValue(_ name: String) -> Int? {
  var value: Int64 = 0  // Zeroed and little-endian, so both widths read right.
  var size = MemoryLayout<Int64>.size
  guard sysctlbyname(name, &value, &size, nil, 0) == 0, value > 0 else { return nil }
  return Int(value)
}

#elseif arch(x86_64)

private func cacheSizes() -> [Int: Int] {
  // "Deterministic cache parameters": the same layout in Intel's leaf and AMD's.
  var sizes: [Int: Int] = [:]
  for leaf: UInt32 in [4, 0x8000_001D] {
    for index: UInt32 in 0..<8 {
      guard let r = processorFeatures(leaf, index), r.eax & 0x1F != 0 else { break }
      let kind = r.eax & 0x1F  // 1 data, 2 instructions, 3 both
      let ways = Int(r.ebx >> 22) + 1
      let partitions = Int(r.ebx >> 12 & 0x3FF) + 1
      let line = Int(r.ebx & 0xFFF) + 1
      let sets = Int(r.ecx) + 1
      if kind != 2 { sizes[Int(r.eax >> 5 & 7)] = ways * partitions * line * sets }
    }
  }
  return sizes
}

private func processorName() -> String {
  var bytes: [UInt8] = []
  for leaf: UInt32 in 0x8000_0002...0x8000_0004 {
    guard let r = processorFeatures(leaf, 0) else { return "unknown processor" }
    for word in [r.eax, r.ebx, r.ecx, r.edx] {
      withUnsafeBytes(of: word.littleEndian) { bytes += $0 }
    }
  }
  let name = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  return name.split(separator: " ").joined(separator: " ")
}

#else

private func cacheSizes() -> [Int: Int] {
  var sizes: [Int: Int] = [:]
  for index in 0..<8 {
    let folder = "/sys/devices/system/cpu/cpu0/cache/index\(index)/"
    guard let level = text(of: folder + "level").flatMap({ Int($0.filter(\.isNumber)) }),
      let size = text(of: folder + "size"), let number = Int(size.filter(\.isNumber)),
      text(of: folder + "type")?.hasPrefix("Instruction") == false
    else { continue }
    sizes[level] = number << (size.contains("M") ? 20 : 10)
  }
  return sizes
}

private func processorName() -> String {
  let lines = text(of: "/proc/cpuinfo")?.split(separator: "\n") ?? []
  let line = lines.first { $0.hasPrefix("model name") || $0.hasPrefix("Model") }
  guard let name = line?.split(separator: ":").last else { return "unknown processor" }
  return String(name.drop(while: \.isWhitespace))
}

#endif

#if arch(x86_64)
/// The registers that the CPUID instruction fills, or nil if the processor lacks the leaf.
func processorFeatures(
  _ leaf: UInt32, _ subleaf: UInt32
) -> (eax: UInt32, ebx: UInt32, ecx: UInt32, edx: UInt32)? {
  var (a, b, c, d): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  guard __get_cpuid_count(leaf, subleaf, &a, &b, &c, &d) == 1 else { return nil }
  return (a, b, c, d)
}
#endif

#if !canImport(Darwin)
private func onlineProcessors() -> Int {
  sysconf(Int32(_SC_NPROCESSORS_ONLN))
}
#endif

/// The text of a small system file, or nil if it cannot be read.
private func text(of path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 16)
  let count = fread(&bytes, 1, bytes.count, file)
  return String(decoding: bytes.prefix(count), as: UTF8.self)
}
