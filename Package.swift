// swift-tools-version: 6.2

import PackageDescription

// The kernels are compiled once per instruction set from one source; the best set that the machine
// supports is chosen at run time.

let avx512 = [
  "-mavx512f", "-mavx512vl", "-mavx512dq", "-mavx512bw", "-mfma", "-mprefer-vector-width=512",
]
let avx2 = ["-mavx2", "-mfma"]

/// A target with the kernels for one instruction set.
func kernels(_ name: String, _ instructionSet: [String], dependsOn: [Target.Dependency]) -> Target {
  .target(
    name: name == "Template" ? "KernelTemplate" : "Kernels\(name)", dependencies: dependsOn,
    path: "Sources/Tensor/Kernels/\(name)",
    swiftSettings: [
      .unsafeFlags(["-O"] + instructionSet.flatMap { ["-Xcc", "-Xarch_x86_64", "-Xcc", $0] })
    ])
}

/// The libraries are optimised in debug builds too, so that tests and debugging sessions train at speed.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

func example(
  _ name: String, _ folder: String, with more: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .executableTarget(
    name: name, dependencies: ["Train", "CommandLineOptions"] + more, path: "Examples/\(folder)",
    exclude: exclude, swiftSettings: optimized)
}

func tests(
  _ name: String, of library: Target.Dependency, with more: [Target.Dependency] = [],
  exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: (name == "Support" ? [library] : [library, "TestSupport"]) + more,
    path: "Tests/\(name)Tests",
    exclude: exclude)
}

let package = Package(
  name: "wengert",
  platforms: [.macOS(.v26), .iOS(.v26), .tvOS(.v26), .watchOS(.v26), .visionOS(.v26)],
  products: [
    .library(name: "Tensor", targets: ["Tensor"]),
    .library(name: "ArrayFiles", targets: ["ArrayFiles"]),
    .library(name: "Autograd", targets: ["Autograd"]),
    .library(name: "Layers", targets: ["Layers"]),
    .library(name: "Train", targets: ["Train"]),
  ],
  targets: [
    kernels("Template", [], dependsOn: []),
    kernels("AVX512", avx512, dependsOn: ["KernelTemplate"]),
    kernels("AVX2", avx2, dependsOn: ["KernelTemplate"]),
    kernels("Portable", [], dependsOn: ["KernelTemplate"]),
    .target(
      name: "Tensor",
      dependencies: ["KernelTemplate", "KernelsAVX512", "KernelsAVX2", "KernelsPortable"],
      exclude: ["Kernels", "Files"], swiftSettings: optimized),
    .target(
      name: "ArrayFiles", dependencies: ["Tensor"], path: "Sources/Tensor/Files",
      swiftSettings: optimized),
    .target(
      name: "Autograd", dependencies: ["Tensor", "KernelTemplate"], swiftSettings: optimized),
    .target(
      name: "Layers", dependencies: ["Autograd", "KernelTemplate"],
      swiftSettings: optimized),
    .target(
      name: "Train", dependencies: ["Layers", "ArrayFiles", "KernelTemplate"],
      swiftSettings: optimized),

    .target(
      name: "CommandLineOptions", dependencies: ["Train", "ArrayFiles"], path: "Examples/Support",
      swiftSettings: optimized),
    example("circles", "Circles"),
    example("explore", "Explore", with: ["ArrayFiles"]),
    example("one-circle", "OneCircle"),
    example("houses", "Houses"),
    .target(
      name: "FromScratchNetworks", dependencies: ["Train", "ArrayFiles"],
      path: "Examples/FromScratch/Networks",
      swiftSettings: optimized),
    example(
      "from-scratch", "FromScratch", with: ["FromScratchNetworks", "ArrayFiles"],
      exclude: ["Networks"]),
    example("verify", "Verify", with: ["FromScratchNetworks"]),
    example("aliens", "Aliens"),
    example("digits", "Digits"),
    example("rounding", "Rounding"),
    example("clothes", "Clothes"),
    example("vae", "VAE"),
    example("autoencoder", "Autoencoder"),
    example("gan", "GAN"),
    example("diffusion", "Diffusion"),
    example("names", "Names"),
    example("shakespeare", "Shakespeare"),
    example("convnet", "Convnet"),
    example("cifar", "Cifar"),
    .executableTarget(
      name: "tour", dependencies: ["Tensor", "CommandLineOptions"], path: "Examples/Tour",
      exclude: ["numpy_tour.py", "numpy.txt"], swiftSettings: optimized),
    .executableTarget(
      name: "benchmarks",
      dependencies: ["Train", "CommandLineOptions", "FromScratchNetworks", "KernelTemplate"],
      path: "Benchmarks", exclude: ["check-kernels.sh", "compare.py", "Peers", "RESULTS.md"],
      swiftSettings: optimized),

    .executableTarget(
      name: "fuzz",
      dependencies: [
        "ArrayFiles", "Train", "KernelTemplate", "CommandLineOptions", "TestMatrices",
      ],
      path: "Tests/Fuzz",
      swiftSettings: optimized),
    .target(name: "TestSupport", dependencies: ["Tensor"], path: "Tests/Support"),
    .target(name: "TestMatrices", dependencies: ["Tensor"], path: "Tests/Matrices"),
    tests("Support", of: "TestSupport"),
    tests(
      "ArrayFiles", of: "ArrayFiles",
      exclude: [
        "interop.py", "make_npy_goldens.py", "npy_goldens.txt", "make_pytorch_goldens.py",
        "pytorch_goldens.txt", "make_hdf5_goldens.py", "hdf5_goldens.txt", "Images/make_images.py",
        "Images/images.txt",
      ]),
    tests(
      "Tensor", of: "Tensor", with: ["TestMatrices"],
      exclude: [
        "Printing/make_goldens.py", "Oracle/cases.py", "Oracle/make_goldens.py",
        "Oracle/goldens.txt", "Oracle/make_everyday_goldens.py", "Oracle/everyday_goldens.txt",
        "Oracle/make_distributions.py", "Oracle/distributions.txt",
        "Oracle/make_awkward.py", "Oracle/awkward.txt",
        "LinearAlgebra/make_goldens.py", "LinearAlgebra/goldens.txt",
      ]),
    tests(
      "Autograd", of: "Autograd", with: ["KernelTemplate"],
      exclude: ["Operations/make_convolutions.py", "Operations/convolutions.txt"]),
    tests(
      "Layers", of: "Layers",
      exclude: [
        "Images/make_goldens.py", "Images/goldens.txt", "Images/make_convolutions.py",
        "Images/convolutions.txt", "Sequences/make_goldens.py", "Sequences/goldens.txt",
      ]),
    tests(
      "Train", of: "Train",
      exclude: [
        "Plots/Goldens", "Saving/Goldens", "Saving/make_pytorch_layers.py",
        "Saving/pytorch_layers.txt", "Saving/make_keras_goldens.py", "Saving/keras_goldens.txt",
        "Plots/pillow.py", "Oracle/make_goldens.py",
        "Oracle/requirements.txt", "Saving/read_events.py", "Oracle/goldens.txt",
        "Oracle/make_awkward.py",
        "Oracle/awkward.txt", "Text/Goldens", "Text/make_goldens.py",
        "Data/make_tables.py", "Data/tables.txt", "Sequences/make_goldens.py",
        "Sequences/goldens.txt",
        "Data/Images/make_pictures.py", "Data/Images/pictures.txt",
      ]),
    .testTarget(
      name: "ExamplesTests",
      dependencies: [
        "FromScratchNetworks", "CommandLineOptions", "TestSupport", "explore", "tour",
      ],
      path: "Tests/ExamplesTests"),
  ],
  swiftLanguageModes: [.v6]
)
