import Foundation

/// A new directory for the files of one reader, removed with everything in it together with its last reference.
final class ScratchDirectory {
    let path: String

    /// Creates the directory where temporary files go.
    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "lockstep-fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The bytes of a file.
    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file(name)))) }
}
