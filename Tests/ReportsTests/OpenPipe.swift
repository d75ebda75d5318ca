import Foundation
import Testing

/// A pipe in the test's own hands, of one page's room, so that it is soon full.
final class OpenPipe {
    private(set) var reading: Int32
    let writing: Int32

    /// - Parameter waits: whether a write to a full pipe would wait, as it does unless somebody set the flag.
    init(waits: Bool = true) throws {
        // The command itself ignores it; a test that writes to a closed pipe has to as well.
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        (reading, writing) = (ends[0], ends[1])
        // F_SETPIPE_SZ of <linux/fcntl.h>.
        try #require(fcntl(writing, 1031, 4096) == 4096)
        try #require(fcntl(reading, F_SETFL, O_NONBLOCK) == 0)
        if !waits { try #require(fcntl(writing, F_SETFL, O_NONBLOCK) == 0) }
    }

    deinit {
        closeReading()
        close(writing)
    }

    /// All that is in it by now.
    func read() -> String {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = Foundation.read(reading, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    func closeReading() {
        if reading >= 0 { close(reading) }
        reading = -1
    }
}
