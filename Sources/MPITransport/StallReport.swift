import Collectives

/// What a roll call found out about a job that does not go on.
struct StallReport {
    /// The processes of all ranks.
    let peers: [PeerProcess]
    /// What each rank that gave a sign of life is doing.
    let answers: [Int: String]
    /// The seconds that were waited before the call.
    let patience: Double

    private var silent: [Int] { peers.indices.filter { answers[$0] == nil } }

    /// The error that a rank throws for it: a sentence that names the culprits, and a line for every rank.
    func error(
        _ operation: CollectiveOperation, _ communicator: MPICommunicator, _ activity: RankActivity
    ) -> CommunicationError {
        CommunicationError(
            operation: operation, rank: communicator.rank, hostName: communicator.hostName, cause: .stall,
            reason: sentence(operation, activity), nextStep: nextStep, details: table)
    }

    private func sentence(_ operation: CollectiveOperation, _ activity: RankActivity) -> String {
        let time = "for \(patience.formatted) seconds"
        guard let first = silent.first else {
            return "All ranks answer, but none has gone on \(time)"
        }
        let others = silent.dropFirst().map { "rank \($0) on \(peers[$0].place)" }
        let names = (["Rank \(first) on \(peers[first].place)"] + others).joined(separator: ", ")
        return
            "\(names) \(silent.count == 1 ? "gives" : "give") no sign of life; the other ranks have waited \(time) in "
            + "\(activity) (\(operation))"
    }

    private var nextStep: String {
        guard let first = silent.first else {
            return "Please report this with the command you ran, and start the job again with --resume."
        }
        return
            "Look at \(peers[first].hostName), then start the job again with --resume; --stall-timeout sets how long "
            + "ranks wait."
    }

    private var table: String {
        peers.indices.map { rank in
            "  rank \(rank) on \(peers[rank].place): \(answers[rank] ?? "no answer")"
        }.joined(separator: "\n")
    }
}

extension Double {
    /// Without decimals where there are none.
    fileprivate var formatted: String { self == rounded() ? "\(Int(self))" : "\(self)" }
}
