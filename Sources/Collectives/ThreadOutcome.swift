import Foundation

/// What the ranks of a thread group returned, and the first error among them.
final class ThreadOutcome<Result: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var values: [Result?]
    private var firstError: (any Error)?

    init(ranks: Int) {
        values = [Result?](repeating: nil, count: ranks)
    }

    func succeed(_ rank: Int, _ value: Result) {
        lock.withLock { values[rank] = value }
    }

    func fail(_ error: any Error) {
        lock.withLock { firstError = firstError ?? error }
    }

    /// The results in rank order, or the first error.
    func results() throws -> [Result] {
        try lock.withLock {
            if let firstError { throw firstError }
            return values.map { $0! }
        }
    }
}
