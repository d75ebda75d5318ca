import Collectives
import Tensors

/// Turns each rank's partial gradient sums into the sum over the global batch, while backward still runs.
///
/// A step is `begin(plan:)`, any number of `sum(_:width:)`, `start(_:)` as backward finishes layers from the last to the
/// first, `progress()` about every millisecond meanwhile, and `finish()`. Afterwards `parameters.gradients` holds the
/// same bits on every rank, and with `.ordered` the same bits for any number of ranks.
///
/// The flat block is cut into fixed buckets from its end; a bucket is on its way as soon as all of it is ready. Buffers
/// are made at the first step and reused. Every rank makes the same calls, one without samples included (its partial
/// sums are zeros). After an error the exchange is of no further use.
public final class GradientExchange {
    /// The ranks.
    public let communicator: any Communicator
    /// The gradients that are summed.
    public let parameters: ParameterStore
    /// In which order sums are taken.
    public let reduction: ReductionOrder
    /// The time of this step's `finish()` in seconds: communication that backward did not hide.
    public private(set) var exposedSeconds = 0.0

    private let buckets: [Range<Int>]
    private let channels: [any Communicator]
    private let clock = ContinuousClock()
    private var strategy: (any BucketReduction)?
    private var shares: [[Range<Int>]] = []
    private var readyFrom = 0
    private var startedBuckets = 0

    /// Prepares the exchange on every rank. `bucketByteCount` is the size in bytes of what is sent at once, rounded up
    /// to cache lines; smaller buckets start earlier, larger ones cost fewer messages.
    public init(
        communicator: any Communicator, parameters: ParameterStore, bucketByteCount: Int = 1 << 20,
        reduction: ReductionOrder = .ordered
    ) throws(CommunicationError) {
        precondition(bucketByteCount > 0, "a bucket has at least one byte")
        self.communicator = communicator
        self.parameters = parameters
        self.reduction = reduction
        buckets = Self.buckets(of: parameters.table.blockCount, bucketByteCount: bucketByteCount)
        switch reduction {
        case .ordered: channels = [try communicator.makeChannel(), try communicator.makeChannel()]
        case .fast: channels = [try communicator.makeChannel()]
        }
    }

    /// Begins a step of the global batch that `plan` describes. `parameters` has one partial block for each subtree that
    /// the plan gives this rank.
    public func begin(plan: GranulePlan) throws(CommunicationError) {
        precondition(plan.rankCount == communicator.size, "a plan for \(plan.rankCount) of \(communicator.size) ranks")
        precondition(startedBuckets == 0 || startedBuckets == buckets.count, "the step before was not finished")
        try prepare(for: plan)
        strategy?.begin()
        readyFrom = parameters.table.blockCount
        startedBuckets = 0
        exposedSeconds = 0
    }

    /// The sums over the global batch of `partials`: `width` values for each subtree of this rank, subtree by subtree.
    /// Waits for all ranks.
    public func sum(_ partials: [Double], width: Int) throws(CommunicationError) -> [Double] {
        guard let strategy else { preconditionFailure("sums are taken within a step") }
        return try strategy.sum(partials, width: width)
    }

    /// Notes that this rank's partial sums of `ready`, a range of the flat block, are complete, and starts every bucket
    /// that is now ready. Ranges follow from the end of the block to its start; only padding may lie between them.
    public func start(_ ready: Range<Int>) throws(CommunicationError) {
        precondition(
            ready.lowerBound >= 0 && ready.upperBound <= readyFrom
                && readyFrom - ready.upperBound < ParameterTable.elementAlignment,
            "\(ready) does not end where the ready part of the block starts, at \(readyFrom)")
        readyFrom = ready.lowerBound
        try startReadyBuckets()
        try progress()
    }

    /// Lets communication advance without waiting; costs microseconds.
    public func progress() throws(CommunicationError) {
        try strategy?.progress()
    }

    /// Starts what is left and waits for all of it: `parameters.gradients` is the sum over the global batch.
    public func finish() throws(CommunicationError) {
        let start = clock.now
        readyFrom = 0
        try startReadyBuckets()
        try strategy?.finish()
        exposedSeconds = start.duration(to: clock.now) / .seconds(1)
    }

    private func startReadyBuckets() throws(CommunicationError) {
        guard let strategy else { preconditionFailure("begin(plan:) comes first") }
        while startedBuckets < buckets.count, buckets[startedBuckets].lowerBound >= readyFrom {
            try strategy.startNextBucket()
            startedBuckets += 1
        }
    }

    /// Makes the buffers, unless those of the step before fit: they depend on the granules of each rank alone.
    private func prepare(for plan: GranulePlan) throws(CommunicationError) {
        let shares = plan.subtreesByRank
        guard shares != self.shares else { return }
        let blocks = parameters.gradientPartials
        let subtreeCount = shares[communicator.rank].count
        precondition(blocks.count == subtreeCount, "\(blocks.count) partial blocks for \(subtreeCount) subtrees")
        switch reduction {
        case .ordered:
            strategy = try OrderedReduction(
                buckets: buckets, blocks: blocks, plan: plan, communicator: communicator,
                scatterChannel: channels[0], gatherChannel: channels[1])
        case .fast:
            strategy = FastReduction(
                buckets: buckets, blocks: blocks, plan: plan, communicator: communicator, channel: channels[0])
        }
        self.shares = shares
    }

    /// Cuts a block into buckets of whole cache lines, from its end to its start.
    private static func buckets(of blockCount: Int, bucketByteCount: Int) -> [Range<Int>] {
        let lineCount = (bucketByteCount + AlignedMemory.alignment - 1) / AlignedMemory.alignment
        let length = lineCount * ParameterTable.elementAlignment
        return stride(from: blockCount, to: 0, by: -length).map { max(0, $0 - length)..<$0 }
    }
}
