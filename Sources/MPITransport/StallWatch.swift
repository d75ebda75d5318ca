import Collectives

/// Watches the waits of one rank: notices ranks that have died, and ranks that give no sign of life any more.
///
/// There is no thread and no timer: a rank that waits looks around ten times a second.
final class StallWatch {
    /// The seconds between two looks.
    private static let lookInterval = 0.1
    /// The polls of a wait between two readings of the clock. Most waits end within the first ones.
    private static let pollsBetweenReadings = 64
    /// The most seconds given to answers before ranks without one are held to be stalled.
    private static let longestGrace = 3.0
    /// The seconds that ranks leave the word to the one that speaks for all, and the launcher to end them.
    private static let silence = 15.0

    /// How long a wait may last, in seconds.
    var patience = Double.infinity
    /// What this rank is doing.
    let activity = RankActivity()
    private var rollCall: RollCall?
    private var peers: [PeerProcess] = []

    /// Makes the ranks of `world` known to each other; every rank calls it.
    func begin(on world: MPICommunicator) throws(CommunicationError) {
        let known = try world.allGather(PeerProcess(own: world.hostName).bytes).compactMap { PeerProcess($0) }
        guard known.count == world.size, world.size > 1 else { return }
        peers = known
        rollCall = RollCall(channel: try world.makeMPIChannel())
    }

    /// Returns when `isFinished` does so with true.
    ///
    /// - Throws: what `isFinished` throws; `CommunicationError` with cause `death` or `stall` when that will never be.
    func wait(
        for operation: CollectiveOperation, on communicator: MPICommunicator,
        until isFinished: () throws(CommunicationError) -> Bool
    ) throws(CommunicationError) {
        for _ in 0..<Self.pollsBetweenReadings where try isFinished() { return }
        guard let rollCall else {
            while !(try isFinished()) {}
            return
        }
        var vigil = Vigil(operation: operation, communicator: communicator)
        while true {
            for _ in 0..<Self.pollsBetweenReadings where try isFinished() {
                rollCall.dismiss()
                return
            }
            vigil.time.advance()
            guard vigil.time.seconds >= vigil.nextLook else { continue }
            vigil.nextLook = vigil.time.seconds + Self.lookInterval
            try look(rollCall, &vigil)
        }
    }

    private struct Vigil {
        let operation: CollectiveOperation
        let communicator: MPICommunicator
        var time = WaitingTime()
        var nextLook = StallWatch.lookInterval
        var callOpened: Double?
        var deathSeen: Double?
        var hushed: Double?
        var everyoneAnsweredOnce = false
    }

    private func look(_ rollCall: RollCall, _ vigil: inout Vigil) throws(CommunicationError) {
        let doing = "\(activity) (\(vigil.operation))"
        try rollCall.attend { doing }
        let waited = vigil.time.seconds
        if rollCall.isHushed {
            // Another rank has spoken and ends the job: its end is no news.
            let hushed = vigil.hushed ?? waited
            vigil.hushed = hushed
            guard waited >= hushed + Self.silence else { return }
        }
        try requireAlive(rollCall, &vigil)
        if waited >= patience, !rollCall.isOpen { try rollCall.open() }
        guard rollCall.isOpen else { return }
        let opened = vigil.callOpened ?? waited
        vigil.callOpened = opened
        let grace = min(Self.longestGrace, max(patience, 4 * Self.lookInterval))
        guard waited >= opened + grace else { return }
        let answers = rollCall.answers.merging([vigil.communicator.rank: doing]) { $1 }
        if answers.count == peers.count, !vigil.everyoneAnsweredOnce {
            // Somebody was slow and has come by now, most likely: the operation gets as much time once more.
            vigil = Vigil(operation: vigil.operation, communicator: vigil.communicator)
            vigil.everyoneAnsweredOnce = true
            rollCall.dismiss()
            return
        }
        // One rank speaks for all; the others give it time, and speak only if it is cut off from them.
        guard answers.keys.min() == vigil.communicator.rank || waited >= opened + grace + Self.silence else { return }
        try rollCall.hush()
        throw StallReport(peers: peers, answers: answers, patience: patience).error(
            vigil.operation, vigil.communicator, activity)
    }

    /// Throws on one rank of a machine when a process on it has ended, and soon after on the others.
    private func requireAlive(_ rollCall: RollCall, _ vigil: inout Vigil) throws(CommunicationError) {
        let own = vigil.communicator.rank
        let visible = peers.indices.filter { $0 != own && peers[own].canSee(peers[$0]) }
        let dead = visible.filter { peers[$0].hasEnded }
        guard let first = dead.first else { return }
        let seen = vigil.deathSeen ?? vigil.time.seconds
        vigil.deathSeen = seen
        let speaks = visible.allSatisfy { $0 > own || dead.contains($0) }
        guard speaks || vigil.time.seconds >= seen + Self.silence else { return }
        try rollCall.hush()
        throw CommunicationError(
            operation: vigil.operation, rank: own, hostName: vigil.communicator.hostName, cause: .death,
            reason: "Rank \(first) on \(peers[first].place) has died; rank \(own) was waiting for it in \(activity) "
                + "(\(vigil.operation))",
            nextStep: "Start the job again; training goes on from the newest checkpoint with --resume.")
    }
}

/// How long an operation has waited, as this process has lived it: while it was stopped itself, nobody kept it waiting.
struct WaitingTime {
    /// A longer gap between two looks counts as this many seconds.
    static let longestGap = 0.5

    /// The seconds waited.
    private(set) var seconds = 0.0
    private var last = ContinuousClock.now

    /// Adds the time since the last look.
    mutating func advance() {
        let now = ContinuousClock.now
        seconds += min(last.duration(to: now) / .seconds(1), Self.longestGap)
        last = now
    }
}
