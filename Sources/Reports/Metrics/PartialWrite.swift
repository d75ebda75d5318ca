import Foundation

/// How much of some bytes a descriptor took, whatever is behind it: a file, a pipe, a terminal.
struct PartialWrite {
    /// What a pipe with any space takes without waiting (PIPE_BUF).
    private static let piece = 4096

    /// The bytes taken, from the first on.
    let count: Int
    /// The system's error number; nil when all were taken, or the time was up.
    let failure: Int32?

    /// Writes bytes; where there is no space for more it waits, each time at most so many milliseconds, and for ever if
    /// they are negative.
    init(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, waiting milliseconds: Int32) {
        var rest = bytes
        var failure: Int32?
        while !rest.isEmpty, failure == nil {
            // Asked before a write that may wait as well: a descriptor that others share stays as they set it.
            var space = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let ready = poll(&space, 1, milliseconds)
            if ready == 0 { break }
            let piece = rest.prefix(Self.piece)
            let count = ready < 0 ? -1 : piece.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 {
                failure = EIO
            } else if errno != EINTR, errno != EAGAIN {
                failure = errno
            }
        }
        count = bytes.count - rest.count
        self.failure = failure
    }
}
