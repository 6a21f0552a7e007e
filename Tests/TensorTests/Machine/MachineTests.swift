// What the library finds out about the computer, and its choice of kernels.

import KernelTemplate
import Tensor
import TestSupport
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("Machine")
struct MachineTests {
  @Test("the caches grow from level to level")
  func caches() {
    let (l1, l2, l3) = Machine.caches
    #expect((8 << 10...1 << 20).contains(l1))
    #expect(l1 <= l2 && l2 <= l3)
  }

  @Test("the processor has a name")
  func name() {
    #expect(!Machine.name.isEmpty)
    #expect(!Machine.name.contains("\0") && !Machine.name.contains("\n"))
  }

  @Test("the process has at least one processor and no more than there are")
  func processors() {
    #expect(Machine.processorCount >= 1)
    #expect(Machine.processorCount <= Int(sysconf(Int32(_SC_NPROCESSORS_CONF))))
  }

  #if !canImport(Darwin)
  @Test(
    "the affinity mask is counted",
    arguments: [
      ("Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2),
      ("Cpus_allowed:\tff,ffffffff,00000001\n", 41),
      ("Cpus_allowed:\t0\n", nil), ("", nil), ("Cpus_allowed", nil),
    ] as [(String, Int?)])
  func affinity(status: String, expected: Int?) {
    #expect(Machine.allowedProcessors(status: status) == expected)
  }

  @Test(
    "the smallest quota on the way to the root counts, rounded up",
    arguments: [
      // /proc/self/cgroup, the files below the root, the processors
      ("0::/a/b", ["a/b/cpu.max": "150000 100000\n"], 2),
      ("0::/a/b", ["a/b/cpu.max": "max 100000\n"], nil),
      ("0::/a/b", ["a/b/cpu.max": "400000 100000", "a/cpu.max": "300000 100000"], 3),
      ("0::/not/visible", ["cpu.max": "50000 100000"], 1),
      ("0::/", ["cpu.max": "200000 100000"], 2),
      ("0::/a", ["a/cpu.max": "nonsense"], nil),
      ("0::/a", ["a/cpu.max": "0 0"], nil),
      ("0::/a", [:], nil),
      ("", [:], nil),
      (
        "2:cpuset:/\n4:cpu,cpuacct:/a\n",
        ["cpu/a/cpu.cfs_quota_us": "250000\n", "cpu/a/cpu.cfs_period_us": "100000\n"], 3
      ),
      (
        "4:cpu,cpuacct:/a\n0::/\n",
        ["cpu/a/cpu.cfs_quota_us": "-1\n", "cpu/a/cpu.cfs_period_us": "100000\n"], nil
      ),
      (
        "4:cpu:/a/b\n",
        ["cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"], 1
      ),
    ] as [(String, [String: String], Int?)])
  func quota(groups: String, files: [String: String], expected: Int?) throws {
    try withTemporaryFolder { root in
      for (path, text) in files {
        var folder = root
        for part in path.split(separator: "/").dropLast() {
          folder += "/" + part
          mkdir(folder, 0o700)
        }
        let file = try #require(fopen(root + "/" + path, "w"))
        fputs(text, file)
        fclose(file)
      }
      #expect(Machine.processorQuota(groups: groups, root: root) == expected)
    }
  }
  #endif
}

@Suite("Instruction sets")
struct InstructionSetTests {
  @Test("the portable set is always supported, and AVX-512 only together with AVX2")
  func supported() {
    #expect(Machine.supports(.portable))
    #expect(!Machine.supports(.avx512) || Machine.supports(.avx2))
    #expect(Machine.supportedInstructionSets.last == .portable)
    #expect(Machine.supportedInstructionSets.contains(Machine.instructionSet))
  }

  @Test(
    "each supported set has kernels of its own width",
    arguments: Machine.supportedInstructionSets)
  func kernels(set: Machine.InstructionSet) {
    let bytes = [.avx512: 64, .avx2: 32, .portable: 16][set]
    #expect(set.floatKernels.lanes * 4 == bytes)
    #expect(set.doubleKernels.lanes * 8 == bytes)
    let x: [Float] = [1, -2, 3]
    var y: [Float] = [0, 0, 0]
    set.floatKernels.map(.negate, x, &y, 3)
    #expect(y == [-1, 2, -3])
  }

  @Test("the chosen kernels belong to the chosen set")
  func choice() {
    #expect(floatKernels.lanes == Machine.instructionSet.floatKernels.lanes)
    #expect(doubleKernels.lanes == Machine.instructionSet.doubleKernels.lanes)
  }

  @Test("WENGERT_ISA forces a supported set", arguments: Machine.supportedInstructionSets)
  func forced(set: Machine.InstructionSet) async {
    await #expect(processExitsWith: .success) { [name = set.rawValue as String] in
      setenv("WENGERT_ISA", name, 1)
      #expect(Machine.instructionSet.rawValue == name)
    }
  }

  @Test("WENGERT_ISA with an unknown name stops the program and lists the choices")
  func unknownName() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      setenv("WENGERT_ISA", "altivec", 1)
      _ = Machine.instructionSet
    }
    let message = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(message.contains("WENGERT_ISA: got \"altivec\", expected"))
    #expect(message.contains("portable"))
  }
}
