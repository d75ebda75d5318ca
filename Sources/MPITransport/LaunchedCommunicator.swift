import Collectives
import Foundation

/// The communicator for the way this process was launched: MPI under mpirun or srun, otherwise a single rank for which
/// MPI is not started at all. Throws when MPI cannot start or the ranks cannot find each other.
public func launchedCommunicator(
    environment: [String: String] = ProcessInfo.processInfo.environment
) throws(CommunicationError) -> any Communicator {
    switch LaunchEnvironment(environment) {
    case .alone:
        return SoloCommunicator()
    case .amongRanks(let count):
        return try MPICommunicator.start(announcedSize: count)
    case .disconnected(let taskCount):
        throw CommunicationError(
            operation: .start, rank: environment["SLURM_PROCID"].flatMap { Int($0) } ?? 0, hostName: LocalHost.name,
            reason: "srun started \(taskCount) tasks without PMIx, so that they cannot find each other",
            nextStep: "Launch with srun --mpi=pmix or with mpirun.")
    }
}
