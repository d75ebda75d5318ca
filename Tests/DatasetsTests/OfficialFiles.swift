import Foundation

/// Where the real data set lies when somebody has fetched it.
enum OfficialFiles {
    /// The package's data/cifar-10-batches-bin.
    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "data/cifar-10-batches-bin").path

    static var isPresent: Bool {
        FabricatedRecords.names.allSatisfy { FileManager.default.fileExists(atPath: "\(directory)/\($0)") }
    }
}
