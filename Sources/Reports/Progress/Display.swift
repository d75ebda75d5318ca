import Failures
import Foundation
import Synchronization

/// Standard output as the display of long work, which is worth more than its display and never waits for it.
///
/// What is not taken at once is kept, in order, and goes out before what is shown next; a slow reader misses nothing. Only
/// what is beyond the bound of that is lost.
public final class Display: Sendable {
    private static let mostUnsent = 1 << 16
    /// How long the end of the work waits for a reader that takes nothing more.
    private static let lastWait: Int32 = 2000

    private struct State {
        var unsent: [UInt8] = []
        var hasComplained = false
        var isAbandoned = false
    }

    private let descriptor: Int32
    private let isOwn: Bool
    private let complain: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// A display on a descriptor.
    ///
    /// - Parameter complain: is told once, in some words, why texts do not arrive.
    public init(descriptor: Int32 = STDOUT_FILENO, complain: @escaping @Sendable (_ reason: String) -> Void) {
        let own = Self.openedWithoutWaiting(descriptor)
        self.descriptor = own ?? descriptor
        isOwn = own != nil
        self.complain = complain
    }

    deinit {
        if isOwn { close(descriptor) }
    }

    /// Whether the other end of the pipe has been closed: nobody will ever read what is shown.
    public var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

    /// Shows a text, now or as soon as it is taken.
    public func show(_ text: String) {
        state.withLock { state in
            guard !state.isAbandoned else { return }
            if state.unsent.count + text.utf8.count <= Self.mostUnsent {
                state.unsent += text.utf8
            } else {
                complainOnce("nobody reads it", &state)
            }
            send(&state, waiting: 0)
        }
    }

    /// Gives a slow reader a last chance to take what is left.
    public func finish() {
        state.withLock { state in
            send(&state, waiting: Self.lastWait)
            if !state.unsent.isEmpty { complainOnce("nobody reads it", &state) }
        }
    }

    private func send(_ state: inout State, waiting milliseconds: Int32) {
        let written = PartialWrite(state.unsent[...], to: descriptor, waiting: milliseconds)
        state.unsent.removeFirst(written.count)
        guard let failure = written.failure else { return }
        if failure == EPIPE {
            state.unsent = []
            state.isAbandoned = true
        } else {
            complainOnce(SystemReason.text(of: failure), &state)
        }
    }

    private func complainOnce(_ reason: String, _ state: inout State) {
        if !state.hasComplained { complain(reason) }
        state.hasComplained = true
    }

    /// A way of its own to the same pipe or terminal, on which no write waits: set on the given descriptor, that would
    /// hold for every program that shares it.
    private static func openedWithoutWaiting(_ descriptor: Int32) -> Int32? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO || isatty(descriptor) == 1 else {
            return nil
        }
        let own = open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        return own >= 0 ? own : nil
    }
}
