// swift-tools-version: 6.2

import PackageDescription

// The kernels are compiled once per instruction set from one source; the best set that the
// machine supports is chosen at run time. `-O` keeps them optimised in debug builds too.

/// Flags of a target that holds kernels for one instruction set.
func kernels(_ instructionSet: [String]) -> [SwiftSetting] {
  [.unsafeFlags(["-O"] + instructionSet.flatMap { ["-Xcc", $0] })]
}

#if arch(x86_64)
let avx512 = [
  "-mavx512f", "-mavx512vl", "-mavx512dq", "-mavx512bw", "-mfma", "-mprefer-vector-width=512",
]
let avx2 = ["-mavx2", "-mfma"]
#else
let avx512: [String] = []
let avx2: [String] = []
#endif

/// Debug builds of the libraries run at release speed too.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "wengert",
  platforms: [.macOS(.v26), .iOS(.v26), .tvOS(.v26), .watchOS(.v26), .visionOS(.v26)],
  products: [

  ],
  targets: [
    .target(
      name: "KernelTemplate", path: "Sources/Tensor/Kernels/Template", swiftSettings: kernels([])),
    .target(
      name: "KernelsAVX512", dependencies: ["KernelTemplate"],
      path: "Sources/Tensor/Kernels/AVX512",
      swiftSettings: kernels(avx512)),
    .target(
      name: "KernelsAVX2", dependencies: ["KernelTemplate"], path: "Sources/Tensor/Kernels/AVX2",
      swiftSettings: kernels(avx2)),
    .target(
      name: "KernelsPortable", dependencies: ["KernelTemplate"],
      path: "Sources/Tensor/Kernels/Portable", swiftSettings: kernels([])),
  ],
  swiftLanguageModes: [.v6]
)
