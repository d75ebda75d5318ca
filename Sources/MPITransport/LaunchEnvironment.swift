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
