import CommandLineArguments
import Measurements
import Training

/// The options of `benchmark scaling`.
enum ScalingOptions {
    static let layouts = Option(
        "layouts", .list, placeholder: "RxT,...",
        help: "ranks x threads of each; one thread and powers of two up to all cores unless given")
    static let mode = Option(
        "mode", .choice([bothModes] + ScalingMode.allCases.map(\.rawValue)), default: bothModes,
        help: "which scaling is measured")
    static let bothModes = "both"
    static let globalBatch = PlanOption(
        "global-batch", \.globalBatch, .atLeastOne, familiarNames: ["batch", "batch-size"],
        help: "strong scaling: images in a step, over all ranks")
    static let batchPerRank = Option(
        "batch-per-rank", .atLeastOne, default: 64, help: "weak scaling: images in a step, of each rank")
    static let rounds = Option(
        "rounds", .integer(1...1_000_000), default: 5, familiarNames: ["repeats"],
        help: "times each layout is measured; the median counts")
    static let hostfile = Option(
        "hostfile", .path, placeholder: "FILE", help: "the hosts, as mpirun takes them; this one unless given")
    static let launcher = Option(
        "launcher", .text, placeholder: "COMMAND", default: "mpirun",
        help: "what starts the ranks instead, with {ranks} and {threads}, such as "
            + "'srun --ntasks={ranks} --cpus-per-task={threads} --cpu-bind=cores'")
    static let timeLimit = Option(
        "time-limit", .integer(1...1_000_000), placeholder: "SECONDS", default: 600,
        help: "when a measurement counts as hanging and is ended")
    static let output = Option(
        "output", .path, placeholder: "PATH", default: "scaling", familiarNames: ["out"],
        help: "where results go, without ending")
    static let granules = Option<Int?>(
        "granules", .integer(1...TrainingPlan.mostGranules),
        help: "runs of images that are summed apart; 16 unless given, or as many as a layout takes cores")

    private static let balance = Option(
        "balance", .choice(["even", "measured"]), default: "even",
        help: "how many granules each rank computes: as many, or in proportion to the speed that each measurement "
            + "finds at its start")

    static let sections = [
        OptionSection(
            "Measurement",
            [
                layouts, mode, globalBatch, batchPerRank, rounds, ThroughputCommand.steps,
                ThroughputCommand.warmupSteps, PlanOption.seed, hostfile, launcher, timeLimit, output,
            ]),
        NetworkOptions.section, OptionSection(RankOptions.title, RankOptions.exchange + [balance, granules]),
    ]

    /// The names of the options that go to each measurement as they are.
    static let passedOn =
        ([PlanOption.seed.definition, ThroughputCommand.steps.definition, ThroughputCommand.warmupSteps.definition]
        + NetworkOptions.section.options + RankOptions.exchange.map(\.definition) + [balance.definition]).map(\.name)
}
