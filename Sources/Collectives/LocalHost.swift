import Foundation

/// The machine this process runs on.
package enum LocalHost {
    /// Its name as the kernel knows it; no name server is asked.
    package static var name: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "this machine" }
        return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
