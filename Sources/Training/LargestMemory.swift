import Collectives
import Reports

/// The private memory of the rank that takes most.
public struct LargestMemory: Sendable, Equatable {
    /// Bytes; nil where the system of some rank does not say.
    public let bytes: Int?

    /// Gathers the ranks' memory; every rank calls it, after some steps.
    public init(over communicator: any Communicator) throws(CommunicationError) {
        let own = Array(String(MemoryUse.privateBytes ?? -1).utf8)
        let all = try communicator.allGather(own).map { Int(String(decoding: $0, as: UTF8.self)) ?? -1 }
        bytes = all.contains(-1) ? nil : all.max()
    }

    /// For people.
    public var sentence: String? {
        bytes.map {
            "The largest rank takes \(MemoryUse.text($0)) of memory, the data set apart, which ranks of a host share."
        }
    }
}
