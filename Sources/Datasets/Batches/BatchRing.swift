import Foundation

/// Hands batches from the thread that prepares them to the one that trains on them.
///
/// A ring of `depth` buffers: those ready, the one in use, and the one being filled.
final class BatchRing: @unchecked Sendable {
    let depth: Int
    private let condition = NSCondition()
    private var ready: [Batch] = []
    private var produced = 0
    private var handedOut = 0
    private var isStopping = false

    init(depth: Int) {
        self.depth = depth
    }

    /// Waits until a buffer is free, neither ready nor the one handed out last; nil when it is time to end.
    func freeBuffer() -> Int? {
        condition.lock()
        defer { condition.unlock() }
        while !isStopping, produced - max(0, handedOut - 1) >= depth { condition.wait() }
        return isStopping ? nil : produced % depth
    }

    /// Adds the batch that was made in the free buffer.
    func add(_ batch: Batch) {
        condition.lock()
        ready.append(batch)
        produced += 1
        condition.broadcast()
        condition.unlock()
    }

    /// Waits for the next batch; the buffer of the one before it becomes free.
    func next() -> Batch {
        condition.lock()
        defer { condition.unlock() }
        precondition(!isStopping, "no batch can be asked for after stop()")
        while ready.isEmpty { condition.wait() }
        handedOut += 1
        condition.broadcast()
        return ready.removeFirst()
    }

    /// Tells the preparing thread to end.
    func stop() {
        condition.lock()
        isStopping = true
        condition.broadcast()
        condition.unlock()
    }
}
