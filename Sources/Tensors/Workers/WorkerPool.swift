/// The threads of one rank. Work is split statically, so what is computed never depends on who computes it when.
///
/// The caller is worker 0; the others sleep, or spin for some microseconds after a piece of work, since the next one of
/// a step usually follows at once. One thread at a time may call `run`.
public final class WorkerPool {
    /// The number of workers, the caller included.
    public let count: Int
    private let board = WorkBoard()

    /// The caller alone.
    public init() { count = 1 }

    /// A pool of `count` workers, at least 1; starts `count − 1` threads, which inherit the caller's binding to cores.
    ///
    /// - Throws: `ResourceError` when the system refuses a thread; those before it end.
    public init(_ count: Int) throws(ResourceError) {
        precondition(count > 0, "a pool has at least one worker")
        self.count = count
        // From here on the object is whole: when it throws, deinit ends the threads.
        for index in 1..<count {
            try NamedThread.start("worker \(index)") { [board] in board.serve(WorkShare(index, of: count)) }
        }
    }

    deinit { board.stop() }

    /// Calls `body` once in every worker with its share, and returns when all are done.
    ///
    /// Whatever the body touches is its own affair: shares must not write to the same memory.
    public func run(_ body: (WorkShare) -> Void) {
        guard count > 1 else { return body(.whole) }
        withoutActuallyEscaping(body) { body in
            board.post(body, workers: count - 1)
            body(WorkShare(0, of: count))
            board.waitForWorkers()
        }
    }
}
