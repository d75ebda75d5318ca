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

// Readers and sums are fast in debug builds, too, and keep their checks.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"])]

let package = Package(
    name: "lockstep",
    targets: [
        // Level 0, in C: what the processor can do, mapped files that shrink, signals that ask a run to stop, whether one
        // rank may read another's memory, and Open MPI.
        .target(name: "CProcessor"),
        .target(name: "CMappedFiles"),
        .target(name: "CSignals"),
        .target(name: "CPeerMemory"),
        .systemLibrary(name: "COpenMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
        .target(name: "CMPIShim", dependencies: ["COpenMPI"]),
        // Level 1: how errors explain themselves, and what imports nothing else of ours.
        .target(name: "Failures"),
        .target(name: "Tensors", dependencies: ["Failures"], swiftSettings: optimized),
        .target(name: "Reports", dependencies: ["Failures"]),
        .target(name: "CommandLineArguments", dependencies: ["Failures"]),
        // Level 2.
        .target(name: "Kernels", dependencies: ["CProcessor", "Tensors"], swiftSettings: kernelSettings),
        .target(name: "Datasets", dependencies: ["CMappedFiles", "Failures", "Tensors"], swiftSettings: optimized),
        .target(name: "Collectives", dependencies: ["Failures", "Tensors"]),
        .target(name: "Checkpoints", dependencies: ["Failures", "Tensors"], swiftSettings: optimized),
        // Level 3. Only executables import MPITransport.
        .target(name: "Layers", dependencies: ["Failures", "Kernels", "Tensors"]),
        .target(name: "Optimizers", dependencies: ["Failures", "Tensors"], swiftSettings: kernelSettings),
        .target(
            name: "GradientExchange", dependencies: ["Collectives", "Kernels", "Tensors"], swiftSettings: optimized),
        .target(name: "MPITransport", dependencies: ["CMPIShim", "Collectives", "Tensors"]),
        .target(name: "Hosts", dependencies: ["CPeerMemory", "Collectives", "Kernels", "Reports", "Tensors"]),
        // Level 4.
        .target(
            name: "Training",
            dependencies: [
                "Checkpoints", "Collectives", "Datasets", "Failures", "GradientExchange", "Hosts", "Kernels", "Layers",
                "Optimizers", "Reports", "Tensors",
            ]),
        .target(
            name: "Projection",
            dependencies: ["Collectives", "Failures", "GradientExchange", "Kernels", "Layers", "Reports", "Tensors"],
            swiftSettings: optimized),
        // Hostile input for the readers, shared by input-fuzzer and the tests.
        .target(
            name: "InputFuzzing",
            dependencies: ["Checkpoints", "CommandLineArguments", "Datasets", "Reports", "Tensors"]),
        // Level 5.
        .target(
            name: "Measurements",
            dependencies: [
                "Collectives", "Datasets", "Failures", "GradientExchange", "Kernels", "Layers", "Reports", "Tensors",
                "Training",
            ]),
        // Level 6.
        .executableTarget(
            name: "lockstep",
            dependencies: [
                "CProcessor", "CSignals", "Checkpoints", "Collectives", "CommandLineArguments", "Datasets", "Failures",
                "GradientExchange", "Hosts", "Kernels", "Layers", "MPITransport", "Measurements", "Optimizers",
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
        .testTarget(name: "LayersTests", dependencies: ["Kernels", "Layers", "Tensors"]),
        .testTarget(name: "OptimizersTests", dependencies: ["Optimizers", "Tensors"]),
        .testTarget(
            name: "GradientExchangeTests",
            dependencies: ["Collectives", "GradientExchange", "Kernels", "Tensors", "TestSupport"]),
        .testTarget(name: "InputFuzzingTests", dependencies: ["InputFuzzing", "lockstep"]),
        .testTarget(name: "MPITransportTests", dependencies: ["TestSupport", "rank-probe"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Checkpoints", "Collectives", "Datasets", "Failures", "GradientExchange", "Hosts", "Kernels", "Layers",
                "Measurements", "Projection", "Reports", "Tensors", "TestSupport", "Training",
            ]),
        .testTarget(
            name: "ProjectionTests",
            dependencies: ["Collectives", "GradientExchange", "Layers", "Projection", "TestSupport"]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "Checkpoints", "CommandLineArguments", "Failures", "Kernels", "Measurements", "Reports", "Tensors",
                "TestSupport", "Training", "lockstep", "rank-probe",
            ]),
    ],
    swiftLanguageModes: [.v6]
)
