import Collectives
import Granules
import Kernels
import Tensors

/// Turns each rank's partial gradient sums into the sum over the global batch, while backward still runs.
///
/// A step is `begin(plan:)`, any number of `sum(_:width:)` and `startSum(_:width:)`, `start(_:)` as backward finishes
/// layers from the last to the first, `progress()` about every millisecond meanwhile, and `finish()`. Afterwards
/// `parameters.gradients` holds the same bits on every rank, and with `.ordered` the same bits for any number of ranks.
/// `startSharingWaits()` then tells what the step's communication cost. All calls come from one thread.
///
/// The flat block is cut into fixed buckets from its end; a bucket leaves when all of it is ready, unless so many are on
/// their way that more would only hold up the small sums. Buffers are made at the first step and reused. Every rank makes
/// the same calls, one without samples included (its partial sums are zeros). After an error the exchange is of no further use.
public final class GradientExchange {
    /// The ranks.
    public let communicator: any Communicator
    /// The gradients that are summed.
    public let parameters: ParameterStore
    /// In which order sums are taken.
    public let reduction: ReductionOrder
    /// The format in which sums travel; with `.fast` always `.single`.
    public let compression: GradientCompression
    /// The shortest time in seconds between two polls of the transport by `progress()`.
    public static let shortestPollGap = 1e-4

    private let buckets: [Range<Int>]
    private let channels: [any Communicator]
    private let ledger: WaitLedger
    private var lastPoll = -Double.infinity
    private var strategy: (any BucketReduction)?
    private var shares: GranuleShares?
    private var readyFrom = 0
    // Buckets leave in order.
    private var startedBuckets = 0
    private var window = BucketWindow()

    /// Prepares the exchange on every rank. `bucketByteCount` is the size in bytes of what is sent at once, rounded up
    /// to cache lines; smaller buckets start earlier, larger ones cost fewer messages; without it,
    /// `bucketByteCount(_:ranks:compression:)` decides. `clock` gives seconds and only goes forward; without one the
    /// system's is read.
    public init(
        communicator: any Communicator, parameters: ParameterStore, bucketByteCount: Int? = nil,
        reduction: ReductionOrder = .ordered, compression: GradientCompression = .single, clock: (() -> Double)? = nil
    ) throws(CommunicationError) {
        let bucketByteCount = Self.bucketByteCount(
            bucketByteCount, ranks: communicator.size, compression: compression)
        precondition(bucketByteCount > 0, "a bucket has at least one byte")
        self.communicator = communicator
        self.parameters = parameters
        precondition(reduction == .ordered || compression == .single, "MPI sums no 16-bit gradients")
        self.reduction = reduction
        self.compression = compression
        ledger = WaitLedger(communicator: communicator, clock: clock ?? Self.systemClock())
        buckets = Self.buckets(of: parameters.table.blockCount, bucketByteCount: bucketByteCount)
        switch reduction {
        case .ordered: channels = [try communicator.makeChannel(), try communicator.makeChannel()]
        case .fast: channels = [try communicator.makeChannel()]
        }
    }

    /// Begins a step of the global batch that `plan` describes. `parameters` has one partial block for each subtree that
    /// the plan gives this rank. What communication costs is counted from here on, unless the step `isContinued` from a
    /// micro-batch before.
    public func begin(plan: GranulePlan, isContinued: Bool = false) throws(CommunicationError) {
        precondition(plan.rankCount == communicator.size, "a plan for \(plan.rankCount) of \(communicator.size) ranks")
        precondition(startedBuckets == 0 || startedBuckets == buckets.count, "the step before was not finished")
        try prepare(for: plan)
        strategy?.begin()
        readyFrom = parameters.table.blockCount
        startedBuckets = 0
        if !isContinued { ledger.begin() }
    }

    /// The sums over the global batch of `partials`: `width` values for each subtree of this rank, subtree by subtree.
    /// Waits for all ranks.
    public func sum(_ partials: [Double], width: Int) throws(CommunicationError) -> [Double] {
        guard let strategy else { preconditionFailure("sums are taken within a step") }
        return try ledger.blocked { () throws(CommunicationError) in try strategy.startSum(partials, width: width)() }
    }

    /// Starts `sum(_:width:)`. Several may be on their way; work that lies between the start and `StartedSum.finish()`
    /// hides the messages and what other ranks are late.
    public func startSum(_ partials: [Double], width: Int) throws(CommunicationError) -> StartedSum {
        guard let strategy else { preconditionFailure("sums are taken within a step") }
        return StartedSum(
            ledger,
            wait: try ledger.working { () throws(CommunicationError) in
                try strategy.startSum(partials, width: width)
            })
    }

    /// Notes that this rank's partial sums of `ready`, a range of the flat block, are complete, and lets the buckets that
    /// are now ready leave. Ranges follow from the end of the block to its start; only padding may lie between them.
    public func start(_ ready: Range<Int>) throws(CommunicationError) {
        precondition(
            ready.lowerBound >= 0 && ready.upperBound <= readyFrom
                && readyFrom - ready.upperBound < ParameterTable.elementAlignment,
            "\(ready) does not end where the ready part of the block starts, at \(readyFrom)")
        readyFrom = ready.lowerBound
        try ledger.working { () throws(CommunicationError) in try advance() }
    }

    /// Lets communication advance without waiting; to be called about every millisecond while something else computes.
    ///
    /// With nothing to send or on its way it does nothing. Otherwise it reads the clock, and polls the transport unless
    /// it has done so within `shortestPollGap`: it may be called as often as is convenient, in and between steps.
    public func progress() throws(CommunicationError) {
        guard let strategy, isHoldingBack || strategy.travellingBuckets > 0 else { return }
        let now = ledger.now
        guard now - lastPoll >= Self.shortestPollGap else { return }
        lastPoll = now
        try ledger.working { () throws(CommunicationError) in try advance() }
    }

    /// Starts what is left and waits for all of it: `parameters.gradients` is the sum over the global batch.
    public func finish() throws(CommunicationError) {
        try ledger.blocked { () throws(CommunicationError) in
            readyFrom = 0
            try startBuckets(travelling: .max)
            try strategy?.finish()
        }
    }

    /// Starts comparing with the other ranks how long each was blocked in the step that `finish()` has just ended. Some
    /// work should lie between this and `SharedWaits.finish()`, so that the comparison costs nothing.
    public func startSharingWaits() throws(CommunicationError) -> SharedWaits {
        try ledger.startSharing()
    }

    /// Whether a bucket is ready that has not left.
    private var isHoldingBack: Bool {
        startedBuckets < buckets.count && buckets[startedBuckets].lowerBound >= readyFrom
    }

    /// Moves on what is on its way, and lets follow what the window has room for.
    private func advance() throws(CommunicationError) {
        guard let strategy else { preconditionFailure("begin(plan:) comes first") }
        let travelling = strategy.travellingBuckets
        let ended = try strategy.progress()
        window.note(ended: ended, travelling: travelling, isHoldingBack: isHoldingBack)
        try startBuckets(travelling: window.limit)
    }

    /// Starts ready buckets until `limit` travel.
    private func startBuckets(travelling limit: Int) throws(CommunicationError) {
        guard let strategy else { preconditionFailure("begin(plan:) comes first") }
        while isHoldingBack, strategy.travellingBuckets < limit {
            try strategy.startNextBucket()
            startedBuckets += 1
        }
    }

    /// Makes the buffers, unless those of the step before fit: they depend on the granules of each rank alone.
    private func prepare(for plan: GranulePlan) throws(CommunicationError) {
        guard plan.shares != shares else { return }
        let blocks = parameters.gradientPartials
        let subtreeCount = plan.subtrees(ofRank: communicator.rank).count
        precondition(blocks.count == subtreeCount, "\(blocks.count) partial blocks for \(subtreeCount) subtrees")
        switch reduction {
        case .ordered:
            strategy = try OrderedReduction(
                buckets: buckets, blocks: blocks, plan: plan, communicator: communicator,
                scatterChannel: channels[0], gatherChannel: channels[1],
                compression: compression)
        case .fast:
            strategy = FastReduction(
                buckets: buckets, blocks: blocks, plan: plan, communicator: communicator, channel: channels[0])
        }
        shares = plan.shares
    }

    private static func systemClock() -> () -> Double {
        let origin = ContinuousClock.now
        return { origin.duration(to: .now) / .seconds(1) }
    }

    /// The most bytes of a bucket that nobody asked for.
    public static let mostBucketBytes = 1 << 20

    /// The size in bytes, in single precision, of a bucket: as `wanted`, or so that its messages between two ranks are as
    /// large as Open MPI sends without asking the receiver first: 64 KiB with their headers over TCP
    /// (`btl_tcp_eager_limit`). Then it is at most `mostBucketBytes`, as a message for every rank costs more than what
    /// many ranks gain by small ones.
    public static func bucketByteCount(_ wanted: Int? = nil, ranks: Int, compression: GradientCompression) -> Int {
        let values = 60 * 1024 / compression.byteCount * ranks
        return wanted ?? min(values * MemoryLayout<Float>.stride, mostBucketBytes)
    }

    /// Cuts a block into buckets of whole cache lines, from its end to its start.
    package static func buckets(of blockCount: Int, bucketByteCount: Int) -> [Range<Int>] {
        let lineCount = (bucketByteCount + AlignedMemory.alignment - 1) / AlignedMemory.alignment
        let length = lineCount * ParameterTable.elementAlignment
        return stride(from: blockCount, to: 0, by: -length).map { max(0, $0 - length)..<$0 }
    }
}

/// Small sums over all ranks that are on their way.
public final class StartedSum {
    private let ledger: WaitLedger
    private let wait: () throws(CommunicationError) -> [Double]

    init(_ ledger: WaitLedger, wait: @escaping () throws(CommunicationError) -> [Double]) {
        self.ledger = ledger
        self.wait = wait
    }

    /// The sums, once all ranks have started them. Called once, in the same order on every rank.
    public func finish() throws(CommunicationError) -> [Double] { try ledger.blocked(wait) }
}
