import Collectives
import Reports

/// The memory of the ranks that take most.
public struct LargestMemory: Sendable, Equatable {
    /// The largest private memory of a rank, in bytes; nil where the system of some rank does not say.
    public let privateBytes: Int?
    /// The largest peak of a rank's resident memory, shared pages included, in bytes; nil likewise.
    public let peakResidentBytes: Int?

    /// Gathers the ranks' memory; every rank calls it, after some steps.
    public init(over communicator: any Communicator) throws {
        try self.init(own: .current, over: communicator)
    }

    /// Gathers the memory of all ranks, this one's being `own`, nil where its system does not say.
    package init(own: MemoryUse?, over communicator: any Communicator) throws {
        let all = try communicator.allGather(value: own)
        let isComplete = !all.contains(nil)
        privateBytes = isComplete ? all.compactMap { $0?.privateBytes }.max() : nil
        peakResidentBytes = isComplete ? all.compactMap { $0?.peakResidentBytes }.max() : nil
    }

    /// For people.
    public var sentence: String? {
        privateBytes.map {
            "The largest rank takes \(MemoryUse.text($0)) of memory, the data set apart, which ranks of a host share."
        }
    }
}
