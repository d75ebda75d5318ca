// swift-tools-version: 6.1
import Foundation
import PackageDescription

// The processor the kernels are built for: "native" is this machine; a mixed cluster builds once with
// LOCKSTEP_MARCH=x86-64-v3 (AVX2 and FMA, Haswell and later).
let march = Context.environment["LOCKSTEP_MARCH"] ?? "native"

// 16 lanes a vector where that processor has AVX-512, else 8; LOCKSTEP_LANES=8 or 16 overrules.
let wideProcessors = [
    "x86-64-v4", "skylake-avx512", "cascadelake", "icelake-server", "sapphirerapids", "znver4", "znver5",
]
let processorFlags = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
let hasWideVectors =
    Context.environment["LOCKSTEP_LANES"].map { $0 == "16" }
    ?? (march == "native" ? processorFlags.contains("avx512vl") : wideProcessors.contains(march))

// Kernels are optimised in debug builds too, so that debug tests train real networks in seconds. Their bounds are
// checked once at the edge of each call; -Ounchecked drops the overflow checks inside the loops only.
let kernelSettings: [SwiftSetting] =
    [
        .unsafeFlags(["-Ounchecked", "-Xcc", "-march=\(march)", "-Xcc", "-fno-math-errno"])
    ] + (hasWideVectors ? [.define("WIDE_VECTORS")] : [])

let package = Package(
    name: "lockstep",
    targets: [
        // Level 1: import nothing of ours.
        .target(name: "Tensors", swiftSettings: [.unsafeFlags(["-O"])]),
        .target(name: "Reports"),
        .target(name: "CommandLineArguments"),
        // Level 2: import Tensors only.
        .target(name: "Kernels", dependencies: ["CProcessor", "Tensors"], swiftSettings: kernelSettings),
        .target(name: "Datasets", dependencies: ["CMappedFiles", "Tensors"], swiftSettings: [.unsafeFlags(["-O"])]),
        .target(name: "Collectives", dependencies: ["Tensors"]),
        .target(name: "Checkpoints", dependencies: ["Tensors"], swiftSettings: [.unsafeFlags(["-O"])]),
        // Level 3.
        .target(name: "Layers", dependencies: ["Kernels", "Tensors"]),
        .target(name: "Optimizers", dependencies: ["Tensors"], swiftSettings: kernelSettings),
        .target(
            name: "GradientExchange", dependencies: ["Collectives", "Kernels", "Tensors"],
            swiftSettings: [.unsafeFlags(["-O"])]),
        // Level 0: what the processor can do.
        .target(name: "CProcessor"),
        // Level 0: mapped files that shrink.
        .target(name: "CMappedFiles"),
        // Level 0: the signals that ask a run to stop.
        .target(name: "CSignals"),
        // Level 0: whether one rank may read another's memory.
        .target(name: "CPeerMemory"),
        // Level 0 and its Swift face: Open MPI. Only executables import MPITransport.
        .systemLibrary(name: "COpenMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
        .target(name: "CMPIShim", dependencies: ["COpenMPI"]),
        .target(name: "MPITransport", dependencies: ["CMPIShim", "Collectives", "Tensors"]),
        // Level 4.
        .target(
            name: "Training",
            dependencies: [
                "CPeerMemory", "Checkpoints", "Collectives", "Datasets", "GradientExchange", "Kernels", "Layers",
                "Optimizers",
                "Reports",
                "Tensors",
            ]),
        .target(
            name: "Projection",
            dependencies: ["Collectives", "GradientExchange", "Kernels", "Layers", "Reports", "Tensors"],
            swiftSettings: [.unsafeFlags(["-O"])]),
        // Level 3, above the readers it tries: hostile input for the readers, shared by input-fuzzer and the tests.
        .target(
            name: "InputFuzzing",
            dependencies: ["Checkpoints", "CommandLineArguments", "Datasets", "Reports", "Tensors"]),
        // Level 5.
        .executableTarget(
            name: "lockstep",
            dependencies: [
                "CProcessor", "CSignals", "Checkpoints", "Collectives", "CommandLineArguments", "Datasets", "Kernels",
                "Layers", "MPITransport",
                "Projection", "Reports", "Tensors", "Training",
            ]),
        .executableTarget(
            name: "rank-probe", dependencies: ["Collectives", "GradientExchange", "MPITransport", "Tensors"]),
        .executableTarget(name: "input-fuzzer", dependencies: ["CommandLineArguments", "InputFuzzing", "Reports"]),
        // Tests. They share how programs are run, waited for and limited.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "TestSupport"]),
        .testTarget(name: "ReportsTests", dependencies: ["Reports", "TestSupport"]),
        .testTarget(name: "CommandLineArgumentsTests", dependencies: ["CommandLineArguments"]),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "Tensors"]),
        .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "Tensors", "TestSupport"]),
        .testTarget(name: "CollectivesTests", dependencies: ["Collectives", "Tensors", "TestSupport"]),
        .testTarget(name: "CheckpointsTests", dependencies: ["Checkpoints", "Tensors", "TestSupport"]),
        .testTarget(name: "LayersTests", dependencies: ["Layers", "Kernels", "Tensors"]),
        .testTarget(name: "OptimizersTests", dependencies: ["Optimizers", "Tensors"]),
        .testTarget(
            name: "GradientExchangeTests",
            dependencies: ["GradientExchange", "Collectives", "Kernels", "Tensors", "TestSupport"]),
        .testTarget(
            name: "InputFuzzingTests", dependencies: ["CommandLineArguments", "InputFuzzing", "Reports", "lockstep"]),
        .testTarget(name: "MPITransportTests", dependencies: ["Tensors", "rank-probe", "TestSupport"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Training", "Checkpoints", "Collectives", "Datasets", "GradientExchange", "Kernels", "Layers",
                "Projection",
                "Reports", "Tensors", "TestSupport",
            ]),
        .testTarget(
            name: "ProjectionTests",
            dependencies: ["Collectives", "GradientExchange", "Layers", "Projection", "TestSupport"]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "Checkpoints", "CommandLineArguments", "Kernels", "Tensors", "Training", "lockstep", "rank-probe",
                "TestSupport",
            ]),
    ],
    swiftLanguageModes: [.v6]
)
