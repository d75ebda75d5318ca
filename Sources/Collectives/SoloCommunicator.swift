/// A group of one rank: training without a launcher.
public final class SoloCommunicator: Communicator {
    private let completed = CompletedOperation()

    /// The only rank.
    public let rank = 0
    /// One.
    public let size = 1
    /// The machine this process runs on.
    public let hostName = LocalHost.name
    /// What it is doing.
    public let activity = RankActivity()

    /// The group of this process alone.
    public init() {}

    /// There is nobody to wait for.
    public func watchStalls(after seconds: Double) {}

    /// A group of one needs no second channel: returns itself.
    public func makeChannel() -> any Communicator { self }

    /// Returns `bytes`.
    public func broadcast(_ bytes: [UInt8], from root: Int) -> [UInt8] { bytes }

    /// Returns `bytes` as those of the only rank.
    public func allGather(_ bytes: [UInt8]) -> [[UInt8]] { [bytes] }

    /// Returns at once.
    public func barrier() {}

    /// Leaves the block as it is.
    public func allGather(in block: MemoryRegion, sections: RankSections) {
        sections.requireFit(in: block, on: self)
    }

    /// Leaves the block as it is.
    public func startAllGather(in block: MemoryRegion, sections: RankSections) -> any StartedOperation {
        allGather(in: block, sections: sections)
        return completed
    }

    /// Copies this rank's section of `source` to its section of `target`.
    public func startAllToAll(
        from source: MemoryRegion, sections sourceSections: RankSections,
        into target: MemoryRegion, sections targetSections: RankSections
    ) -> any StartedOperation {
        sourceSections.requireFit(in: source, on: self)
        targetSections.requireFit(in: target, on: self)
        let bytes = sourceSections.bytes(ofRank: 0, in: source)
        precondition(bytes.count == targetSections.byteCount(ofRank: 0), "both sections must be equally long")
        targetSections.bytes(ofRank: 0, in: target).copyMemory(from: UnsafeRawBufferPointer(bytes))
        return completed
    }

    /// Leaves the block as it is.
    public func startSum(ofFloatsIn block: MemoryRegion) -> any StartedOperation { completed }

    /// Nothing to do: a single rank's values are the sums.
    public func startSum(ofDoublesIn block: MemoryRegion) -> any StartedOperation { completed }

    /// There is no other rank to end: returns, and the caller ends itself.
    public func abort(exitCode: Int32) {}

    /// There is no group to leave.
    public func finish() {}
}
