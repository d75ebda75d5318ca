import Collectives
import Reports

/// The memory of the ranks that take most.
public struct LargestMemory: Sendable, Equatable {
    /// The largest private memory of a rank, in bytes; nil where the system of some rank does not say.
    public let privateBytes: Int?
    /// The largest peak of a rank's resident memory, shared pages included, in bytes; nil likewise.
    public let peakResidentBytes: Int?

    /// Gathers the ranks' memory; every rank calls it, after some steps.
    public init(over communicator: any Communicator) throws(CommunicationError) {
        try self.init(own: .current, over: communicator)
    }

    /// Gathers the memory of all ranks, this one's being `own`, nil where its system does not say.
    package init(own: MemoryUse?, over communicator: any Communicator) throws(CommunicationError) {
        let message = own.map { "\($0.privateBytes) \($0.peakResidentBytes)" } ?? ""
        let all = try communicator.allGather(Array(message.utf8)).map { bytes in
            String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        }
        let isComplete = all.allSatisfy { $0.count == 2 }
        privateBytes = isComplete ? all.map { $0[0] }.max() : nil
        peakResidentBytes = isComplete ? all.map { $0[1] }.max() : nil
    }

    /// For people.
    public var sentence: String? {
        privateBytes.map {
            "The largest rank takes \(MemoryUse.text($0)) of memory, the data set apart, which ranks of a host share."
        }
    }
}
