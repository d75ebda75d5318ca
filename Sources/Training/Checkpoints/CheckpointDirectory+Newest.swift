import Checkpoints
import Failures

extension CheckpointDirectory {
    /// The newest good checkpoint; `note` is told of each newer one that was passed over.
    ///
    /// - Throws: `CheckpointError` as `newestValid()`; `RunFailure` when none is good.
    public func newestGood(note: (String) -> Void = { _ in }) throws -> Checkpoint {
        let search = try newestValid()
        let skipped = search.skipped.map { "Passed over: \($0.description)" }
        guard let checkpoint = search.checkpoint else {
            let reasons = skipped.isEmpty ? "" : " " + skipped.joined(separator: " ")
            throw RunFailure(
                .checkpoint,
                "\(path) holds no good checkpoint; give the directory of another run, or start a new one in another --output."
                    + reasons)
        }
        for sentence in skipped { note(sentence) }
        return checkpoint
    }
}
