import Collectives
import CommandLineArguments
import Failures
import GradientExchange
import Kernels
import Training

/// The options that say how ranks share the work and exchange what they found.
enum RankOptions {
    static let threads = Option(
        "threads", .integer(1...4096), default: 1, aliases: ["num-threads"],
        familiarNames: ["threads-per-rank", "workers", "num-workers"],
        help: "threads of a rank; the result is the same for any number")

    /// How the ranks of a job exchange statistics and gradients.
    static let exchange = [
        PlanOption(
            "batch-norm", \.normalization, .choice, help: "statistics of the whole batch, or of each rank's share"),
        PlanOption(
            "reduction", \.reduction, .choice,
            help: "ordered gives the same bits on any number of ranks; fast leaves the order to MPI"),
        PlanOption(
            Option(
                "gradient-compression", .choice, default: GradientCompression.single,
                help: "gradients travel in 16 bits, every sum rounded; the same bits on any number of ranks")
        ) { $0.gradientCompression = $1 == .single ? nil : $1 },
        PlanOption(
            "bucket-bytes", \.bucketBytes, .integer(1...Int(Int32.max)), placeholder: "BYTES",
            help: "gradients exchanged together while backward goes on; unless given "
                + "\(TrainingPlan().bucketByteCount(ranks: 1)) a rank, up to \(GradientExchange.mostBucketBytes)"),
    ]

    /// What a plan says about ranks.
    static let settings = [granules] + exchange

    private static let granules = PlanOption(
        "granules", \.granules, .integer(1...TrainingPlan.mostGranules),
        help: "runs of images that are summed apart; at most so many ranks")

    private static let balance = Option(
        "balance", .list, placeholder: "even|measured|LIST", default: ["even"],
        familiarNames: ["load-balance", "rank-speeds", "weights-per-rank"],
        help: "how many granules each rank computes: as many, in proportion to the speed that is measured at the "
            + "start, or to these numbers, such as 3,1; the same bits with any")

    /// The ranks of one job, all with the same share.
    static let section = OptionSection(title, [threads] + settings)

    /// The ranks of one job, which may differ in speed.
    static let balancedSection = OptionSection(title, [threads] + settings + [balance])

    /// For commands that take the rest of the ranks' options from a checkpoint.
    static let evaluationSection = OptionSection(title, [threads, balance])

    static let title = "Ranks"

    /// How the granules of a global batch are spread over the ranks: what all were given, even unless they were; every
    /// rank calls it.
    ///
    /// - Throws: `RunFailure`, the same on every rank, for what cannot be read or is not the same everywhere.
    static func balance(_ arguments: ParsedArguments, _ communicator: any Communicator) throws -> Balance {
        let agreement = RankAgreement(communicator)
        let words = arguments[balance]
        let remedy = "start every rank with the same options."
        try agreement.requireSame([("--balance", words.joined(separator: ","), remedy)])
        return try agreement.together { try Balance(words, ranks: communicator.size) }
    }
}
