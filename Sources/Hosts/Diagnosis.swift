import Collectives

/// What is known about a job's hosts and ranks before it starts, and what is wrong with them.
public struct Diagnosis: Sendable {
    /// What each rank found, in rank order.
    package let ranks: [RankFacts]
    let need: MemoryNeed?
    let launcher: Launcher

    /// A diagnosis from the facts of all ranks, in rank order; `launcher` is what is told to mend what is wrong.
    package init(_ ranks: [RankFacts], need: MemoryNeed? = nil, launcher: Launcher = .mpirun) {
        self.launcher = launcher
        self.ranks = ranks
        self.need = need
    }

    /// Gathers the facts of all ranks; every rank calls it.
    ///
    /// - Parameters:
    ///   - threads: the threads of this rank.
    ///   - need: the memory that the job takes, where it is known.
    public init(threads: Int, need: MemoryNeed?, over communicator: any Communicator) throws {
        let own = RankFacts(
            rank: communicator.rank, host: communicator.hostName, threads: threads,
            readsPeers: try CrossMemoryAttach.works(over: communicator))
        self.init(try communicator.allGather(value: own), need: need, launcher: .current)
    }

    /// Everything that was found, the most serious first; each cause is named once, with its remedy.
    package var findings: [Finding] {
        let all = coreFindings + hostFindings
        return all.filter(\.cause.isWarning) + all.filter { !$0.cause.isWarning }
    }

    /// What a person should know before a training starts: one sentence for each cause.
    public var warnings: [String] { findings.filter(\.cause.isWarning).map(\.sentence) }

    /// Why threads cannot each have a core to themselves, which makes figures of speed worthless; nil if they can.
    public var sharingWarning: String? {
        findings.first { [.processorLimit, .sharedCores, .sharedPhysicalCores].contains($0.cause) }?.sentence
    }

    var hosts: [HostRanks] { HostRanks.all(ranks) }
}
