import Failures
import Foundation

/// One of the two streams that a command speaks on. A stream that takes nothing is an error like any other, in a process
/// that ignores SIGPIPE.
public struct TextStream: Sendable {
    /// For what was asked for.
    public static let output = TextStream(name: "Standard output", descriptor: STDOUT_FILENO)
    /// For what went wrong.
    public static let errors = TextStream(name: "Standard error", descriptor: STDERR_FILENO)

    private let name: String
    private let descriptor: Int32

    package init(name: String, descriptor: Int32) {
        self.name = name
        self.descriptor = descriptor
    }

    /// Writes a text wholly.
    ///
    /// - Parameter seconds: how long to wait for a reader that takes nothing; nil for as long as it likes.
    /// - Throws: `ReportError.cannotShow`, with the system's reason.
    public func write(_ text: String, waiting seconds: Int? = nil) throws(ReportError) {
        let bytes = Array(text.utf8)
        let written = PartialWrite(bytes[...], to: descriptor, waiting: seconds.map { Int32($0) * 1000 } ?? -1)
        guard written.count < bytes.count else { return }
        throw .cannotShow(stream: name, reason: written.failure.map(SystemReason.text) ?? "nobody reads it")
    }
}
