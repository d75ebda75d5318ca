import Checkpoints
import Collectives
import Failures
import Layers

/// The run that one goes on with: as every rank knows it, and on rank 0 its checkpoint.
package struct EarlierRun {
    /// What rank 0 tells the others; the plan as text, since they read it with their own blocks.
    private struct State: Codable {
        let plan: String
        let position: RunPosition
    }

    /// Its plan.
    let plan: TrainingPlan
    /// Where it stands.
    let position: RunPosition
    /// All of it; on rank 0 only.
    let checkpoint: RunCheckpoint?

    /// Has rank 0 read it; every rank calls it. Nil when `read`, which is called on rank 0 only, returns none.
    ///
    /// - Throws: `RunFailure`, the same on every rank, when rank 0 cannot read it; `CommunicationError`.
    init?(
        over communicator: any Communicator, blocks: BlockCatalogue, reading read: () throws -> RunCheckpoint?
    ) throws {
        var own: RunCheckpoint?
        let state = try RankAgreement(communicator).fromDriver {
            own = try read()
            return own.map { State(plan: $0.plan.json, position: $0.position) }
        }
        guard let state else { return nil }
        plan = try TrainingPlan(json: state.plan, blocks: blocks)
        position = state.position
        checkpoint = own
    }

    /// Checks on rank 0 that it was trained on these images.
    ///
    /// - Throws: `RunFailure` with `ExitCode.checkpoint`.
    func requireSame(_ data: RunData) throws(RunFailure) {
        guard let checkpoint, checkpoint.dataFingerprint != data.fingerprint else { return }
        throw RunFailure(
            .checkpoint,
            "The run in the checkpoint was trained on other data; pass the --data of that run, or choose another "
                + "--output to start a new run.")
    }
}
