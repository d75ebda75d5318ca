import Foundation
import Tensors

/// What this program is.
enum Program {
    static let version = "0.1.0"

    /// The SHA-256 of the program's own file: ranks with different builds would compute different things.
    static func buildDigest() -> String {
        guard let bytes = FileManager.default.contents(atPath: "/proc/self/exe") else { return version }
        return bytes.withUnsafeBytes { SHA256.hexDigest($0) }
    }
}
