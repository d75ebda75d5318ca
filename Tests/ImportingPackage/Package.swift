// swift-tools-version: 6.2
import PackageDescription

// A package of one's own that trains with Lockstep, as an example and as a test: scripts/test builds and runs it.
//
// The dependency is by path, as a clone beside it would be: Lockstep's kernels are built with unsafe flags, which SwiftPM
// refuses in packages that it fetches by address.
let lockstep: [Target.Dependency] = [.product(name: "LockstepTraining", package: "lockstep")]

let package = Package(
    name: "own-training",
    dependencies: [.package(name: "lockstep", path: "../..")],
    targets: [
        .target(name: "OwnNetwork", dependencies: lockstep),
        .executableTarget(name: "OwnTraining", dependencies: lockstep + ["OwnNetwork"]),
        .testTarget(
            name: "OwnTrainingTests",
            dependencies: lockstep + ["OwnNetwork", .product(name: "ThreadRanks", package: "lockstep")]),
    ],
    swiftLanguageModes: [.v6]
)
