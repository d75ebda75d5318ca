import Collectives
import Granules
import Kernels
import Tensors

/// Sums in the order of the granule tree: the same bits on every rank, and on any number of ranks.
///
/// Ranks finish scattering a bucket at different moments, so one of them may start gathering bucket 0 before it scatters
/// bucket 2 and another after it. Scattering and gathering therefore have a channel each, on which the buckets follow
/// in the same order everywhere.
final class OrderedReduction: BucketReduction {
    private let scatterChannel: any Communicator
    private let gatherChannel: any Communicator
    private let sums: OrderedSums
    private let buckets: [OrderedBucket]
    // Buckets advance in order: [0, finished) are done, [finished, gathering) gather, [gathering, started) scatter.
    private var started = 0
    private var gathering = 0
    private var finished = 0

    /// Prepares to sum `blocks`, this rank's partial sums (one block a subtree of `plan`), in `buckets`.
    init(
        buckets: [Range<Int>], blocks: [Tensor], plan: GranulePlan, communicator: any Communicator,
        scatterChannel: any Communicator, gatherChannel: any Communicator, compression: GradientCompression
    ) throws(CommunicationError) {
        let order = SummationOrder(of: plan)
        var prepared: [OrderedBucket] = []
        for bucket in buckets {
            prepared.append(
                try OrderedBucket(
                    bucket: bucket, blocks: blocks, plan: plan, order: order, communicator: communicator,
                    compression: compression))
        }
        self.buckets = prepared
        self.scatterChannel = scatterChannel
        self.gatherChannel = gatherChannel
        sums = OrderedSums(communicator: communicator, plan: plan, order: order)
    }

    func begin() {
        (started, gathering, finished) = (0, 0, 0)
    }

    func startNextBucket() throws(CommunicationError) {
        try buckets[started].startScatter(on: scatterChannel)
        started += 1
    }

    var travellingBuckets: Int { started - finished }

    func progress() throws(CommunicationError) -> Int {
        let before = gathering + finished
        try advance(waiting: false)
        return gathering + finished - before
    }

    func finish() throws(CommunicationError) {
        try advance(waiting: true)
    }

    func startSum(
        _ partials: [Double], width: Int
    ) throws(CommunicationError) -> () throws(CommunicationError) -> [Double] {
        try sums.start(partials, width: width)
    }

    private func advance(waiting: Bool) throws(CommunicationError) {
        while gathering < started, try buckets[gathering].isIdle(waiting: waiting) {
            try buckets[gathering].startGather(on: gatherChannel)
            gathering += 1
        }
        while finished < gathering, try buckets[finished].isIdle(waiting: waiting) {
            buckets[finished].finishGather()
            finished += 1
        }
    }
}
