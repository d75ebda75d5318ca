import CommandLineArguments

extension CommandTree {
    /// The ranks of one job, which may differ in speed.
    static let balancedRanksSection = OptionSection(ranksSection.title, ranksSection.options + [balance])

    /// For commands that take the rest of the ranks' options from a checkpoint.
    static let evaluationRanksSection = OptionSection(ranksSection.title, [threads, balance])

    private static let balance = OptionDefinition(
        "balance", .list, placeholder: "even|measured|LIST", default: "even",
        familiarNames: ["load-balance", "rank-speeds", "weights-per-rank"],
        help: "how many granules each rank computes: as many, in proportion to the speed that is measured at the "
            + "start, or to these numbers, such as 3,1; the same bits with any")

    static let accumulate = OptionDefinition(
        "accumulate", .integer(1...1_000_000), placeholder: "COUNT", default: "1",
        familiarNames: ["gradient-accumulation", "accumulation-steps", "micro-batches"],
        help: "cut a global batch into so many micro-batches, computed in turn in the memory of one; batch-norm "
            + "statistics are then those of each micro-batch, over all ranks")

    static let baseBatch = OptionDefinition(
        "base-batch", .integer(1...1_000_000_000), placeholder: "IMAGES",
        familiarNames: ["scale-learning-rate", "base-batch-size"],
        help: "multiply the rate by --global-batch over this; large rates need --warmup-epochs")
}
