// The choice of kernels: which instruction sets the processor and the operating system support, and
// the one that this program uses. It is made once, on first use; the environment variable
// WENGERT_ISA (avx512, avx2 or portable) overrides it. Kernels/Template/InstructionSet.swift
// describes the kernels.

import KernelTemplate
import KernelsPortable

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
#if arch(x86_64)
import KernelsAVX2
import KernelsAVX512
#endif

/// The kernels for `Float`, in the machine's best instruction set.
package let floatKernels = Machine.instructionSet.floatKernels
/// The kernels for `Double`, in the machine's best instruction set.
package let doubleKernels = Machine.instructionSet.doubleKernels

extension Machine {
  /// An instruction set that the kernels are compiled for, the best one first.
  package enum InstructionSet: String, CaseIterable, Sendable {
    case avx512
    case avx2
    /// The baseline that every machine has: SSE2 on x86-64, NEON on arm64.
    case portable

    /// The kernels for `Float`; calling one that the machine does not support ends the program.
    package var floatKernels: Kernels<Float> {
      switch self {
      #if arch(x86_64)
      case .avx512: KernelsAVX512.float
      case .avx2: KernelsAVX2.float
      #endif
      default: KernelsPortable.float
      }
    }

    /// The kernels for `Double`; calling one that the machine does not support ends the program.
    package var doubleKernels: Kernels<Double> {
      switch self {
      #if arch(x86_64)
      case .avx512: KernelsAVX512.double
      case .avx2: KernelsAVX2.double
      #endif
      default: KernelsPortable.double
      }
    }
  }

  /// The instruction sets that can run here, the best one first.
  package static let supportedInstructionSets = InstructionSet.allCases.filter(supports)

  /// The instruction set that the library uses.
  package static let instructionSet: InstructionSet = {
    guard let value = getenv("WENGERT_ISA") else { return supportedInstructionSets[0] }
    let name = String(cString: value)
    let choices = supportedInstructionSets.map(\.rawValue).joined(separator: ", ")
    guard let set = InstructionSet(rawValue: name), supports(set) else {
      fail("WENGERT_ISA: got \"\(name)\", expected one that this machine supports: \(choices)")
    }
    return set
  }()

  /// Whether the processor has the instruction set and the operating system saves its registers.
  package static func supports(_ set: InstructionSet) -> Bool {
    #if arch(x86_64)
    guard set != .portable else { return true }
    // Leaf 1 ECX: bit 12 FMA, 27 OSXSAVE (the system uses XSAVE, and XGETBV may be executed),
    // 28 AVX. XCR0: bits 1-2 the 128- and 256-bit registers, 5-7 the masks and 512-bit ones.
    // Leaf 7 EBX: bit 5 AVX2, 16 AVX512F, 17 AVX512DQ, 30 AVX512BW, 31 AVX512VL.
    guard let basic = processorFeatures(1, 0), let extended = processorFeatures(7, 0),
      has(basic.ecx, bits: [12, 27, 28])
    else { return false }
    let saved = UInt32(truncatingIfNeeded: extendedControlRegister(0))
    let avx2 = has(saved, bits: [1, 2]) && has(extended.ebx, bits: [5])
    let avx512 = has(saved, bits: [5, 6, 7]) && has(extended.ebx, bits: [16, 17, 30, 31])
    return set == .avx2 ? avx2 : avx2 && avx512
    #else
    return set == .portable
    #endif
  }
}

#if arch(x86_64)
#if THREAD_SANITIZER
private func extendedControlRegister(_ index: Int32) -> Int64 { 0 }
#else
/// The instruction XGETBV, which has no name in Swift; this is the compiler's builtin for it.
///
/// The thread sanitizer cannot translate it, so `swift test --sanitize=thread` needs `-Xswiftc
/// -DTHREAD_SANITIZER` and then runs the portable kernels.
@_silgen_name("llvm.x86.xgetbv")
private func extendedControlRegister(_ index: Int32) -> Int64
#endif

private func has(_ word: UInt32, bits: [UInt32]) -> Bool {
  bits.allSatisfy { word >> $0 & 1 == 1 }
}
#endif
