import Foundation
import Synchronization

/// Where a pool posts work and its threads find it.
final class WorkBoard: @unchecked Sendable {
    /// Written by `post` before the generation changes, read by the threads after.
    private var body: ((WorkShare) -> Void)?
    private let generation = Atomic<Int>(0)
    private let remaining = Atomic<Int>(0)
    private let condition = NSCondition()

    /// Looks at a value before sleeping: some 20 microseconds.
    private static let spinCount = 10_000
    /// The generation that ends the threads.
    private static let stopped = -1

    /// Hands `body` to the threads, of which there are `workers`.
    func post(_ body: @escaping (WorkShare) -> Void, workers: Int) {
        self.body = body
        remaining.store(workers, ordering: .relaxed)
        condition.lock()
        generation.add(1, ordering: .releasing)
        condition.broadcast()
        condition.unlock()
    }

    /// Returns when every thread has done its share, and forgets the body.
    func waitForWorkers() {
        wait { remaining.load(ordering: .acquiring) == 0 }
        body = nil
    }

    /// Ends the threads; no work may be under way.
    func stop() {
        condition.lock()
        generation.store(Self.stopped, ordering: .releasing)
        condition.broadcast()
        condition.unlock()
    }

    /// The life of a thread.
    func serve(_ share: WorkShare) {
        var seen = 0
        while true {
            wait { generation.load(ordering: .acquiring) != seen }
            seen = generation.load(ordering: .acquiring)
            guard seen != Self.stopped else { return }
            body?(share)
            guard remaining.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { continue }
            condition.lock()
            condition.broadcast()
            condition.unlock()
        }
    }

    private func wait(until isReached: () -> Bool) {
        for _ in 0..<Self.spinCount where isReached() { return }
        condition.lock()
        while !isReached() { condition.wait() }
        condition.unlock()
    }
}
