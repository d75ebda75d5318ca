import CPeerMemory
import Collectives
import Foundation

/// Whether the ranks of a host can read each other's memory. Open MPI moves large messages so, with one copy, and complains
/// of each message when the system refuses, as many containers do. Only trying says whether it does: filters of system
/// calls, capabilities and namespaces of processes all have a say.
package enum CrossMemoryAttach {
    /// Where other processes find `value`. The eight bytes stay as long as the process.
    private static let address: UInt = {
        let place = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
        place.initialize(to: value)
        return UInt(bitPattern: place)
    }()

    /// What no other process holds at the same address by accident.
    private static let value = UInt64.random(in: 0...UInt64.max)

    private struct Mark: Codable {
        let rank: Int
        let host: String
        let process: Int32
        let address: UInt
        let value: UInt64
    }

    /// Tries to read from the next rank on this rank's host; every rank calls it.
    ///
    /// - Returns: nil where there is no other rank, or Open MPI was told not to do it.
    package static func works(
        over communicator: any Communicator, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> Bool? {
        let own = Mark(
            rank: communicator.rank, host: communicator.hostName, process: getpid(), address: address, value: value)
        let neighbours = try communicator.allGather(value: own).filter { $0.host == own.host && $0.rank != own.rank }
        guard isUsed(environment), let next = neighbours.first(where: { $0.rank > own.rank }) ?? neighbours.first else {
            return nil
        }
        var found: UInt64 = 0
        return lockstep_read_peer(next.process, UInt64(next.address), &found) == 0 && found == next.value
    }

    /// Whether Open MPI 4 uses it by the settings that mpirun and people leave in the environment. Its configuration files
    /// are not read.
    package static func isUsed(_ environment: [String: String]) -> Bool {
        let transports = environment["OMPI_MCA_btl"] ?? "vader"
        let hasVader = transports.contains("vader") != transports.hasPrefix("^")
        return hasVader && ["cma", nil].contains(environment["OMPI_MCA_btl_vader_single_copy_mechanism"])
            && [nil, "ob1"].contains(environment["OMPI_MCA_pml"])
    }
}
