import CommandLineArguments

extension CommandTree {
    /// `lockstep compare`.
    static let compare = CommandDefinition(
        "compare", summary: "say which tensors of two checkpoints differ, and by how much",
        discussion: "Every bit counts. Ends with 0 when all tensors are the same, with 10 when they differ.",
        positionals: [
            PositionalDefinition("A", help: "a checkpoint file, or a run directory for its newest good one"),
            PositionalDefinition("B", help: "the one to compare it with"),
        ])

    /// `lockstep verify`.
    static let verify = CommandDefinition(
        "verify", summary: "check the digests of a checkpoint, or of all those of a run",
        discussion:
            "Nothing is changed. Ends with 0 when all are whole and hold numbers to go on from, with 4 otherwise.",
        positionals: [PositionalDefinition("PATH", help: "a checkpoint file or a run directory")])
}
