import Collectives
import Foundation
import Tensors

/// Ranks that are threads of this process: the tests' stand-in for MPI, with the same meaning of every operation.
///
/// It is stricter than MPI: ranks that disagree about the operation, and ranks that wait for one that has returned, get
/// an error where MPI would hang or mix up their messages.
public enum ThreadGroup {
    /// Runs `body` once for each rank, at the same time, and returns the results in rank order.
    ///
    /// When ranks throw, the error of the first one is thrown; the others are released from whatever they wait for by a
    /// `CommunicationError`.
    public static func run<Result: Sendable>(
        ranks: Int, _ body: @escaping @Sendable (any Communicator) throws -> Result
    ) throws -> [Result] {
        precondition(ranks > 0, "a group has at least one rank")
        let rendezvous = Rendezvous(size: ranks)
        let outcome = ThreadOutcome<Result>(ranks: ranks)
        let threads = DispatchGroup()
        for rank in 0..<ranks {
            threads.enter()
            let life: @Sendable () -> Void = {
                do {
                    outcome.succeed(rank, try body(ThreadCommunicator(rank: rank, rendezvous: rendezvous)))
                    rendezvous.noteReturn(ofRank: rank)
                } catch {
                    outcome.fail(error)
                    rendezvous.fail("rank \(rank) ended with an error (\(error))")
                }
                threads.leave()
            }
            do { try NamedThread.start("rank \(rank)", stackBytes: 8 << 20, life) } catch {
                outcome.fail(error)
                rendezvous.fail("rank \(rank) could not start")
                threads.leave()
            }
        }
        threads.wait()
        return try outcome.results()
    }
}

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
