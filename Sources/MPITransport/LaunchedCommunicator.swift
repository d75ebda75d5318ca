import Collectives
import Foundation
import Tensors

/// The communicator for the way this process was launched: MPI under mpirun or srun, otherwise a single rank for which
/// MPI is not started at all.
///
/// - Throws: `CommunicationError` when MPI cannot start or the ranks cannot find each other; `ResourceError` when the system
///   refuses the threads that MPI needs.
public func launchedCommunicator(
    environment: [String: String] = ProcessInfo.processInfo.environment
) throws -> any Communicator {
    switch LaunchEnvironment(environment) {
    case .alone:
        return SoloCommunicator()
    case .amongRanks(let count):
        // Open MPI and PMIx start three to four, and hang where they get none.
        try NamedThread.require(4)
        return try MPICommunicator.start(announcedSize: count)
    case .disconnected(let taskCount):
        throw CommunicationError(
            operation: .start, rank: environment["SLURM_PROCID"].flatMap { Int($0) } ?? 0, hostName: LocalHost.name,
            reason: "srun started \(taskCount) tasks without PMIx, so that they cannot find each other",
            nextStep: "Launch with srun --mpi=pmix or with mpirun.")
    }
}

/// How this process was launched, read from the variables that launchers leave in its environment.
enum LaunchEnvironment: Hashable, Sendable {
    /// By hand, or by a batch script: a single rank.
    case alone
    /// By mpirun or srun as one of several ranks; the number of ranks where the launcher tells it.
    case amongRanks(count: Int?)
    /// By srun without PMIx: these processes cannot find each other.
    case disconnected(taskCount: Int)

    init(_ variables: [String: String]) {
        let count = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"].lazy.compactMap { variables[$0].flatMap { Int($0) } }.first
        let taskCount = variables["SLURM_STEP_NUM_TASKS"].flatMap { Int($0) } ?? 1
        if count != nil || variables["PMIX_RANK"] != nil || variables["PMI_RANK"] != nil {
            self = .amongRanks(count: count)
        } else if taskCount > 1 {
            self = .disconnected(taskCount: taskCount)
        } else {
            self = .alone
        }
    }
}
