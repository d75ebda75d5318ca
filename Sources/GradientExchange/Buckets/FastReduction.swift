import Collectives
import Granules
import Tensors

/// Sums whose order over ranks is the transport's. Within a rank the subtrees are added by the granule tree.
final class FastReduction: BucketReduction {
    private let communicator: any Communicator
    private let channel: any Communicator
    private let ownOrder: SummationOrder
    private let regions: [MemoryRegion]
    private let ownSums: [RowSum]
    private var operations: [(any StartedOperation)?]
    // [0, finished) are done, [finished, started) are being summed.
    private var started = 0
    private var finished = 0

    /// Prepares to sum `blocks`, this rank's partial sums (one block a subtree of `plan`), in `buckets`.
    init(
        buckets: [Range<Int>], blocks: [Tensor], plan: GranulePlan, communicator: any Communicator,
        channel: any Communicator
    ) {
        let ownOrder = SummationOrder(of: plan.subtrees(ofRank: communicator.rank), in: plan.tree)
        regions = buckets.map { MemoryRegion(blocks[0], elements: $0) }
        ownSums = buckets.map { bucket in
            RowSum(
                of: blocks.map { $0.pointer + bucket.lowerBound }, in: ownOrder,
                total: blocks[0].pointer + bucket.lowerBound, count: bucket.count)
        }
        operations = Array(repeating: nil, count: buckets.count)
        self.ownOrder = ownOrder
        self.communicator = communicator
        self.channel = channel
    }

    func begin() {
        (started, finished) = (0, 0)
    }

    func startNextBucket() throws(CommunicationError) {
        ownSums[started].evaluate()
        operations[started] = try channel.startSum(ofFloatsIn: regions[started])
        started += 1
    }

    var travellingBuckets: Int { started - finished }

    func progress() throws(CommunicationError) -> Int {
        let before = finished
        while finished < started, try operations[finished]?.test() ?? true { noteFinish() }
        return finished - before
    }

    func finish() throws(CommunicationError) {
        while finished < started {
            try operations[finished]?.wait()
            noteFinish()
        }
    }

    func startSum(
        _ partials: [Double], width: Int
    ) throws(CommunicationError) -> () throws(CommunicationError) -> [Double] {
        precondition(
            partials.count == ownOrder.rowCount * width, "\(partials.count) values, not \(ownOrder.rowCount)×\(width)")
        let size = MemoryLayout<Double>.stride
        let block = AlignedMemory(byteCount: partials.count * size)
        let rows = block.address.bindMemory(to: Double.self, capacity: partials.count)
        rows.update(from: partials, count: partials.count)
        ownOrder.sum(rows, width: width)
        let operation = try communicator.startSum(
            ofDoublesIn: MemoryRegion(block, byteCount: width * size))
        return { () throws(CommunicationError) in
            try operation.wait()
            return Array(UnsafeRawBufferPointer(start: block.address, count: width * size).bindMemory(to: Double.self))
        }
    }

    private func noteFinish() {
        operations[finished] = nil
        finished += 1
    }
}
