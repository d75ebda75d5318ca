// swift-tools-version: 6.2
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
    products: [
        // What a package of one's own imports: to train, and to test with threads as ranks.
        .library(name: "LockstepTraining", targets: ["LockstepTraining"]),
        .library(name: "ThreadRanks", targets: ["ThreadRanks"]),
        .executable(name: "lockstep", targets: ["lockstep"]),
    ],
    // In a strict order: a module imports only modules that stand before it.
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
        .target(name: "Granules", swiftSettings: optimized),
        .target(name: "Tensors", dependencies: ["Failures"], swiftSettings: optimized),
        .target(name: "Reports", dependencies: ["Failures"]),
        .target(name: "CommandLineArguments", dependencies: ["Failures"]),
        // Level 2.
        .target(name: "Kernels", dependencies: ["CProcessor", "Tensors"], swiftSettings: kernelSettings),
        .target(
            name: "Datasets", dependencies: ["CMappedFiles", "Failures", "Granules", "Tensors"],
            swiftSettings: optimized),
        .target(name: "Collectives", dependencies: ["Failures", "Tensors"]),
        // Ranks that are threads: only tests import it.
        .target(name: "ThreadRanks", dependencies: ["Collectives", "Tensors"]),
        .target(name: "Checkpoints", dependencies: ["Failures", "Tensors"], swiftSettings: optimized),
        // Level 3. Only executables import MPITransport, and LockstepTraining for those of other packages.
        .target(name: "Layers", dependencies: ["Failures", "Granules", "Kernels", "Tensors"]),
        .target(name: "Optimizers", dependencies: ["Failures", "Tensors"], swiftSettings: kernelSettings),
        .target(
            name: "GradientExchange", dependencies: ["Collectives", "Granules", "Kernels", "Tensors"],
            swiftSettings: optimized),
        .target(name: "MPITransport", dependencies: ["CMPIShim", "Collectives", "Tensors"]),
        .target(name: "Hosts", dependencies: ["CPeerMemory", "Collectives", "Kernels", "Reports", "Tensors"]),
        // Level 4.
        .target(
            name: "Training",
            dependencies: [
                "Checkpoints", "Collectives", "Datasets", "Failures", "GradientExchange", "Granules", "Hosts",
                "Kernels", "Layers", "Optimizers", "Reports", "Tensors",
            ]),
        .target(
            name: "Projection",
            dependencies: [
                "Collectives", "Failures", "GradientExchange", "Granules", "Kernels", "Layers", "Reports", "Tensors",
            ],
            swiftSettings: optimized),
        // Hostile input for the readers, shared by input-fuzzer and the tests.
        .target(
            name: "InputFuzzing",
            dependencies: ["Checkpoints", "CommandLineArguments", "Datasets", "Layers", "Reports", "Tensors"]),
        // Level 5. LockstepTraining has no code: it is the one import of packages that depend on this one.
        .target(
            name: "LockstepTraining",
            dependencies: [
                "Checkpoints", "Collectives", "Datasets", "Failures", "GradientExchange", "Granules", "Kernels",
                "Layers",
                "MPITransport", "Optimizers", "Reports", "Tensors", "Training",
            ]),
        .target(
            name: "Measurements",
            dependencies: [
                "Collectives", "Datasets", "Failures", "GradientExchange", "Granules", "Kernels", "Layers", "Reports",
                "Tensors", "Training",
            ]),
        // Level 6.
        .executableTarget(
            name: "lockstep",
            dependencies: [
                "CProcessor", "CSignals", "Checkpoints", "Collectives", "CommandLineArguments", "Datasets", "Failures",
                "GradientExchange", "Granules", "Hosts", "Kernels", "Layers", "MPITransport", "Measurements",
                "Optimizers", "Projection", "Reports", "Tensors", "Training",
            ]),
        .executableTarget(
            name: "rank-probe",
            dependencies: ["Collectives", "GradientExchange", "Granules", "MPITransport", "Tensors"]),
        .executableTarget(name: "draw-figures", dependencies: ["Reports"]),
        .executableTarget(name: "input-fuzzer", dependencies: ["CommandLineArguments", "InputFuzzing", "Reports"]),
        // Tests. They share how programs are run, waited for and limited.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "GranulesTests", dependencies: ["Granules"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "TestSupport"]),
        .testTarget(name: "ReportsTests", dependencies: ["Reports", "TestSupport"]),
        .testTarget(name: "CommandLineArgumentsTests", dependencies: ["CommandLineArguments"]),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "Tensors"]),
        .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "Granules", "Tensors", "TestSupport"]),
        .testTarget(name: "CollectivesTests", dependencies: ["Collectives", "Tensors", "TestSupport", "ThreadRanks"]),
        .testTarget(name: "CheckpointsTests", dependencies: ["Checkpoints", "Tensors", "TestSupport"]),
        .testTarget(name: "LayersTests", dependencies: ["Granules", "Kernels", "Layers", "Tensors"]),
        .testTarget(name: "OptimizersTests", dependencies: ["Optimizers", "Tensors"]),
        .testTarget(
            name: "GradientExchangeTests",
            dependencies: [
                "Collectives", "GradientExchange", "Granules", "Kernels", "Tensors", "TestSupport", "ThreadRanks",
            ]),
        .testTarget(name: "InputFuzzingTests", dependencies: ["InputFuzzing", "lockstep"]),
        .testTarget(name: "MPITransportTests", dependencies: ["TestSupport", "rank-probe"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Checkpoints", "Collectives", "Datasets", "Failures", "GradientExchange", "Granules", "Hosts",
                "Kernels", "Layers", "Measurements", "Optimizers", "Projection", "Reports", "Tensors", "TestSupport",
                "ThreadRanks", "Training",
            ]),
        .testTarget(
            name: "ProjectionTests",
            dependencies: ["Collectives", "GradientExchange", "Layers", "Projection", "TestSupport", "ThreadRanks"]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "Checkpoints", "CommandLineArguments", "Failures", "Kernels", "Measurements", "Reports", "Tensors",
                "TestSupport", "Training", "draw-figures", "lockstep", "rank-probe",
            ]),
    ],
    swiftLanguageModes: [.v6]
)
