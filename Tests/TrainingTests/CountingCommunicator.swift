import Collectives

/// Passes everything on and keeps count of what is sent on this communicator; each of its channels counts by itself.
final class CountingCommunicator: Communicator {
    private let base: any Communicator
    /// The sizes in bytes of the blocks whose gathering everywhere was started, in order.
    private(set) var startedGathers: [Int] = []
    /// The bytes that this rank passed on in each all-to-all that was started.
    private(set) var scatteredByteCounts: [Int] = []
    /// The channels that were opened, in order.
    private(set) var channels: [CountingCommunicator] = []
    /// The sums of doubles that were started.
    private(set) var startedSmallSums = 0
    /// All other operations, blocking gathers among them.
    private(set) var otherOperations = 0

    init(_ base: any Communicator) {
        self.base = base
    }

    var rank: Int { base.rank }
    var size: Int { base.size }
    var hostName: String { base.hostName }
    var activity: RankActivity { base.activity }

    func watchStalls(after seconds: Double) { base.watchStalls(after: seconds) }

    func makeChannel() throws(CommunicationError) -> any Communicator {
        let channel = CountingCommunicator(try base.makeChannel())
        channels.append(channel)
        return channel
    }

    func broadcast(_ bytes: [UInt8], from root: Int) throws(CommunicationError) -> [UInt8] {
        otherOperations += 1
        return try base.broadcast(bytes, from: root)
    }

    func allGather(_ bytes: [UInt8]) throws(CommunicationError) -> [[UInt8]] {
        otherOperations += 1
        return try base.allGather(bytes)
    }

    func barrier() throws(CommunicationError) {
        otherOperations += 1
        try base.barrier()
    }

    func allGather(in block: MemoryRegion, sections: RankSections) throws(CommunicationError) {
        otherOperations += 1
        try base.allGather(in: block, sections: sections)
    }

    func startAllGather(
        in block: MemoryRegion, sections: RankSections
    ) throws(CommunicationError) -> any StartedOperation {
        startedGathers.append(sections.extent)
        return try base.startAllGather(in: block, sections: sections)
    }

    func startAllToAll(
        from source: MemoryRegion, sections sourceSections: RankSections,
        into target: MemoryRegion, sections targetSections: RankSections
    ) throws(CommunicationError) -> any StartedOperation {
        otherOperations += 1
        scatteredByteCounts.append((0..<size).reduce(0) { $0 + sourceSections.byteCount(ofRank: $1) })
        return try base.startAllToAll(
            from: source, sections: sourceSections, into: target, sections: targetSections)
    }

    func startSum(ofFloatsIn block: MemoryRegion) throws(CommunicationError) -> any StartedOperation {
        otherOperations += 1
        return try base.startSum(ofFloatsIn: block)
    }

    func startSum(ofDoublesIn block: MemoryRegion) throws(CommunicationError) -> any StartedOperation {
        startedSmallSums += 1
        return try base.startSum(ofDoublesIn: block)
    }

    func abort(exitCode: Int32) { base.abort(exitCode: exitCode) }

    func finish() throws(CommunicationError) { try base.finish() }
}
