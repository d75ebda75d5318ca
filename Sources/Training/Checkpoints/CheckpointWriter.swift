import Checkpoints
import Foundation
import Tensors

/// Writes checkpoints while training goes on.
///
/// Whoever hands one over goes on at once: a thread writes it, and tries again when it cannot. They reach the disk one
/// at a time, in order. One that cannot be written is given up when its attempts are used up or the next one comes;
/// training does not end for it, and earlier files stay as they are.
package final class CheckpointWriter: @unchecked Sendable {
    /// The seconds before each further attempt.
    package static let pauses: [TimeInterval] = [1, 4, 15]

    private let directory: CheckpointDirectory
    private let keep: Int
    private let pauses: [TimeInterval]
    private let startThread: StartThread
    // Guards what follows.
    private let condition = NSCondition()
    private var isWriting = false
    private var isNextWaiting = false
    private var problems: [CheckpointError] = []
    private var lastProblem: CheckpointError?

    /// How a thread of some name is started; throws where the system refuses one.
    package typealias StartThread = (_ name: String, _ body: @escaping @Sendable () -> Void) throws(ResourceError) ->
        Void

    /// A writer into `directory` that keeps the newest `keep` checkpoints.
    package init(
        directory: CheckpointDirectory, keep: Int, pauses: [TimeInterval] = pauses,
        startThread: @escaping StartThread = { name, body throws(ResourceError) in try NamedThread.start(name, body) }
    ) {
        self.startThread = startThread
        self.directory = directory
        self.keep = keep
        self.pauses = pauses
    }

    /// Hands a checkpoint over; waits only while the one before it is on its way to disk, or for the disk itself where the
    /// system refuses a thread.
    package func add(_ checkpoint: Checkpoint) {
        condition.lock()
        isNextWaiting = true
        condition.broadcast()
        while isWriting { condition.wait() }
        isNextWaiting = false
        isWriting = true
        condition.unlock()
        let work: @Sendable () -> Void = { [self] in
            let problem = write(checkpoint)
            condition.lock()
            lastProblem = problem
            if let problem { problems.append(problem) }
            isWriting = false
            condition.broadcast()
            condition.unlock()
        }
        do { try startThread("lockstep checkpoint", work) } catch { work() }
    }

    /// What went wrong since this was asked last: one error for each checkpoint that was given up.
    package func takeProblems() -> [CheckpointError] {
        condition.lock()
        defer { condition.unlock() }
        let taken = problems
        problems = []
        return taken
    }

    /// Waits until the last checkpoint is on disk.
    ///
    /// - Throws: `CheckpointError` when it had to be given up.
    package func finish() throws(CheckpointError) {
        condition.lock()
        while isWriting { condition.wait() }
        let problem = lastProblem
        condition.unlock()
        if let problem { throw problem }
    }

    /// All attempts to write one checkpoint; nil when one succeeded.
    private func write(_ checkpoint: Checkpoint) -> CheckpointError? {
        var pauses = pauses[...]
        while true {
            do throws(CheckpointError) {
                try directory.save(checkpoint, keep: keep)
                return nil
            } catch {
                guard let pause = pauses.popFirst(), waitForNext(pause) else { return error }
            }
        }
    }

    /// Waits before another attempt; false when the next checkpoint is waiting, which is worth more than this one.
    private func waitForNext(_ seconds: TimeInterval) -> Bool {
        let end = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while !isNextWaiting, condition.wait(until: end) {}
        return !isNextWaiting
    }
}
