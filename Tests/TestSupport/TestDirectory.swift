import Foundation

/// A new empty directory that goes with its last reference.
public final class TestDirectory: Sendable {
    /// Its path.
    public let path: String

    /// Makes it.
    public init() throws {
        path = NSTemporaryDirectory() + "lockstep-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Every name in the directory, dot-files included, sorted.
    public var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    /// The path of a file in it.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The bytes of a file in it.
    public func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    /// Writes bytes under a name and returns the path.
    @discardableResult
    public func write(_ bytes: [UInt8], _ name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    /// Writes a script that can be run, and returns the path.
    @discardableResult
    public func write(script: String, _ name: String) throws -> String {
        try write(Array(script.utf8), name)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file(name))
        return file(name)
    }
}
