import Collectives

/// One rank of a thread group.
final class ThreadCommunicator: Communicator {
    let rank: Int
    let hostName = LocalHost.name
    let activity: RankActivity
    private let rendezvous: Rendezvous
    private let channel: [Int]
    private let ledger: OperationLedger
    private var operationCount = 0
    private var channelCount = 0

    init(
        rank: Int, rendezvous: Rendezvous, channel: [Int] = [], ledger: OperationLedger = OperationLedger(),
        activity: RankActivity = RankActivity()
    ) {
        self.rank = rank
        self.activity = activity
        self.rendezvous = rendezvous
        self.channel = channel
        self.ledger = ledger
    }

    var size: Int { rendezvous.size }

    func watchStalls(after seconds: Double) {}

    func makeChannel() throws(CommunicationError) -> any Communicator {
        _ = try exchange(.makeChannel, toEveryone([]))
        channelCount += 1
        return ThreadCommunicator(
            rank: rank, rendezvous: rendezvous, channel: channel + [channelCount], ledger: ledger, activity: activity)
    }

    func broadcast(_ bytes: [UInt8], from root: Int) throws(CommunicationError) -> [UInt8] {
        try exchange(.broadcast(root: root), toEveryone(rank == root ? bytes : []))[root]
    }

    func allGather(_ bytes: [UInt8]) throws(CommunicationError) -> [[UInt8]] {
        try exchange(.allGather, toEveryone(bytes))
    }

    func barrier() throws(CommunicationError) {
        _ = try exchange(.barrier, toEveryone([]))
    }

    func allGather(in block: MemoryRegion, sections: RankSections) throws(CommunicationError) {
        try startAllGather(in: block, sections: sections).wait()
    }

    func startAllGather(
        in block: MemoryRegion, sections: RankSections
    ) throws(CommunicationError) -> any StartedOperation {
        sections.requireFit(in: block, on: self)
        let ticket = nextTicket(.allGatherSections)
        try rendezvous.post(ticket, toEveryone(Array(sections.bytes(ofRank: rank, in: block))))
        return started(ticket) { [rank] parts throws(CommunicationError) in
            for source in parts.indices where source != rank {
                try Self.deliver(parts[source], from: source, to: sections, of: block, ticket)
            }
        }
    }

    func startAllToAll(
        from source: MemoryRegion, sections sourceSections: RankSections,
        into target: MemoryRegion, sections targetSections: RankSections
    ) throws(CommunicationError) -> any StartedOperation {
        sourceSections.requireFit(in: source, on: self)
        targetSections.requireFit(in: target, on: self)
        let ticket = nextTicket(.allToAll)
        try rendezvous.post(ticket, (0..<size).map { Array(sourceSections.bytes(ofRank: $0, in: source)) })
        return started(ticket) { parts throws(CommunicationError) in
            for source in parts.indices {
                try Self.deliver(parts[source], from: source, to: targetSections, of: target, ticket)
            }
        }
    }

    func startSum(ofFloatsIn block: MemoryRegion) throws(CommunicationError) -> any StartedOperation {
        try startSum(of: Float.self, in: block) { .sumOfFloats(count: $0) }
    }

    func startSum(ofDoublesIn block: MemoryRegion) throws(CommunicationError) -> any StartedOperation {
        try startSum(of: Double.self, in: block) { .sumOfDoubles(count: $0) }
    }

    private func startSum<Value: BinaryFloatingPoint & BitwiseCopyable>(
        of type: Value.Type, in block: MemoryRegion, operation: (Int) -> CollectiveOperation
    ) throws(CommunicationError) -> any StartedOperation {
        let ticket = nextTicket(operation(block.byteCount / MemoryLayout<Value>.stride))
        let bytes = UnsafeRawBufferPointer(start: block.address, count: block.byteCount)
        try rendezvous.post(ticket, toEveryone(Array(bytes)))
        return started(ticket) { parts throws(CommunicationError) in
            let sums: [Value] = Self.sum(parts)
            sums.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(start: block.address, count: $0.count).copyMemory(from: $0)
            }
        }
    }

    func abort(exitCode: Int32) {
        rendezvous.fail("rank \(rank) ended the job with exit code \(exitCode)")
    }

    func finish() throws(CommunicationError) {
        try ledger.requireEmpty(on: self)
        _ = try exchange(.finish, toEveryone([]))
    }

    private func toEveryone(_ bytes: [UInt8]) -> [[UInt8]] { Array(repeating: bytes, count: size) }

    private func nextTicket(_ operation: CollectiveOperation) -> ThreadTicket {
        operationCount += 1
        return ThreadTicket(
            channel: channel, number: operationCount, rank: rank, operation: operation, hostName: hostName)
    }

    private func exchange(
        _ operation: CollectiveOperation, _ posts: [[UInt8]]
    ) throws(CommunicationError) -> [[UInt8]] {
        let ticket = nextTicket(operation)
        try rendezvous.post(ticket, posts)
        return try rendezvous.collect(ticket, waiting: true)!
    }

    private func started(
        _ ticket: ThreadTicket, _ deliver: @escaping ([[UInt8]]) throws(CommunicationError) -> Void
    ) -> any StartedOperation {
        ThreadOperation(rendezvous: rendezvous, ticket: ticket, ledger: ledger, deliver: deliver)
    }

    private static func deliver(
        _ bytes: [UInt8], from source: Int, to sections: RankSections, of block: MemoryRegion, _ ticket: ThreadTicket
    ) throws(CommunicationError) {
        let section = sections.bytes(ofRank: source, in: block)
        guard section.count == bytes.count else {
            throw ticket.error("rank \(source) sent \(bytes.count) bytes where \(section.count) were expected")
        }
        section.copyBytes(from: bytes)
    }

    /// Element-wise sums in rank order.
    private static func sum<Number: BinaryFloatingPoint & BitwiseCopyable>(_ parts: [[UInt8]]) -> [Number] {
        var sums = [Number](repeating: 0, count: parts[0].count / MemoryLayout<Number>.stride)
        for part in parts {
            part.withUnsafeBytes { bytes in
                for index in sums.indices {
                    sums[index] += bytes.loadUnaligned(
                        fromByteOffset: index * MemoryLayout<Number>.stride, as: Number.self)
                }
            }
        }
        return sums
    }
}
