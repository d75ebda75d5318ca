import Failures

/// Training has left the numbers it can go on from; the same on every rank.
struct Divergence: ExplainedError {
    let exitCode = ExitCode.diverged
    let isShared = true
    /// What is not a number any more, as the start of a sentence.
    let cause: String

    /// The sentence of a run that keeps no checkpoints.
    var description: String {
        "\(cause): training has diverged. Start again with a smaller --learning-rate or with warmup (--warmup-epochs)."
    }

    /// The failure of a run in `directory` that can go back to its checkpoint after `step` steps; nil when it has none.
    func failure(in directory: String, goodStep step: Int?) -> RunFailure {
        let advice =
            step.map {
                "Its newest good checkpoint is that of step \($0): go on from there with --resume --output \(directory) and a "
                    + "smaller --learning-rate."
            }
            ?? "The run has no good checkpoint: start again with another --output and a smaller --learning-rate, or with warmup "
            + "(--warmup-epochs)."
        return RunFailure(.diverged, "\(cause): training has diverged. \(advice)")
    }
}
