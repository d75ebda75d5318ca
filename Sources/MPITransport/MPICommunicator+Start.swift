import CMPIShim
import Collectives

extension MPICommunicator {
    /// Starts MPI and joins the ranks of this job; once in a process. End with `finish()`.
    ///
    /// Throws when MPI cannot start, or when MPI counts other than `announcedSize` ranks, the number that the launcher
    /// told this process, if any.
    public static func start(announcedSize: Int? = nil) throws(CommunicationError) -> MPICommunicator {
        try requireFirstStart()
        var world = mpishim_communicator()
        var servesThreads: Int32 = 0
        try checkStart(mpishim_start(&world, &servesThreads))
        var (rank, size): (Int32, Int32) = (0, 0)
        try checkStart(mpishim_rank(world, &rank))
        try checkStart(mpishim_size(world, &size))
        let hostName = text { _ = mpishim_host_name($0) }
        let communicator = MPICommunicator(
            handle: world, rank: Int(rank), size: Int(size), hostName: hostName, ledger: OperationLedger(),
            watch: StallWatch(), isWorld: true)
        guard servesThreads != 0 else {
            throw communicator.leaveAtStart(
                "this MPI library does not serve programs with threads",
                "Use an Open MPI built with thread support, as every Linux distribution's is.")
        }
        if let announcedSize, announcedSize != Int(size) {
            throw communicator.leaveAtStart(
                "the launcher announced \(announcedSize) ranks, but MPI finds \(size)",
                "Use the mpirun of the same Open MPI installation that lockstep was built with.")
        }
        try communicator.watch.begin(on: communicator)
        return communicator
    }

    /// Ends MPI again, so that the launcher has nothing to add to the error.
    private func leaveAtStart(_ reason: String, _ nextStep: String) -> CommunicationError {
        _ = mpishim_end()
        return CommunicationError(
            operation: .start, rank: rank, hostName: hostName, reason: reason, nextStep: nextStep)
    }

    private static func requireFirstStart() throws(CommunicationError) {
        var (isStarted, isEnded): (Int32, Int32) = (0, 0)
        try checkStart(mpishim_state(&isStarted, &isEnded))
        guard isStarted == 0 else {
            throw CommunicationError(
                operation: .start, rank: 0, hostName: LocalHost.name, reason: "MPI was started before in this process",
                nextStep: "Start it once and pass the communicator on.")
        }
    }

    private static func checkStart(_ code: Int32) throws(CommunicationError) {
        guard code != 0 else { return }
        throw CommunicationError(
            operation: .start, rank: 0, hostName: LocalHost.name, reason: text { mpishim_describe(code, $0) },
            nextStep: "Try mpirun with a small program such as hostname on the same machines first.")
    }
}
