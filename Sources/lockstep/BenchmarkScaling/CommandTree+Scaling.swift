import CommandLineArguments
import Training

extension CommandTree {
    /// `benchmark scaling`.
    static let scaling = CommandDefinition(
        "scaling", summary: "measure strong and weak scaling, with plots of it as a page",
        discussion: """
            Measures whole training steps on random images for each layout of ranks and threads: strong scaling with \
            the same global batch for all, weak scaling with the same batch for each rank. Start it without mpirun, \
            which it starts itself for each measurement, every thread bound to a core of its own; the machine should \
            be idle. Rounds go through all layouts, every other one backwards.

            Medians, spreads, efficiency against one rank of one thread, and where the time of a step goes are \
            printed and written to PATH.csv, PATH.json (with every single measurement) and PATH.html (plots). Layouts \
            whose threads had to share cores are marked everywhere.
            """,
        sections: [measurementSection, networkSection, scalingRanksSection])

    private static let measurementSection = OptionSection(
        "Measurement",
        [
            OptionDefinition(
                "layouts", .list, placeholder: "RxT,...",
                help: "ranks x threads of each; one thread and powers of two up to all cores unless given"),
            OptionDefinition(
                "mode", .choice(["both", "strong", "weak"]), default: "both", help: "which scaling is measured"),
            OptionDefinition(
                "global-batch", .integer(1...1_000_000_000), default: "128", familiarNames: ["batch", "batch-size"],
                help: "strong scaling: images in a step, over all ranks"),
            OptionDefinition(
                "batch-per-rank", .integer(1...1_000_000_000), default: "64",
                help: "weak scaling: images in a step, of each rank"),
            OptionDefinition(
                "rounds", .integer(1...1_000_000), default: "5", familiarNames: ["repeats"],
                help: "times each layout is measured; the median counts"),
            OptionDefinition("steps", .integer(1...1_000_000_000), default: "10", help: "steps of a measurement"),
            OptionDefinition(
                "warmup-steps", .integer(0...1_000_000), default: "2", help: "steps before the counted ones"),
            OptionDefinition("seed", .integer(0...Int.max), default: "1", help: "decides every random draw"),
            OptionDefinition(
                "hostfile", .path, placeholder: "FILE", help: "the hosts, as mpirun takes them; this one unless given"),
            OptionDefinition(
                "launcher", .text, placeholder: "COMMAND", default: "mpirun",
                help: "what starts the ranks instead, with {ranks} and {threads}, such as "
                    + "'srun --ntasks={ranks} --cpus-per-task={threads} --cpu-bind=cores'"),
            OptionDefinition(
                "time-limit", .integer(1...1_000_000), placeholder: "SECONDS", default: "600",
                help: "when a measurement counts as hanging and is ended"),
            OptionDefinition(
                "output", .path, placeholder: "PATH", default: "scaling", familiarNames: ["out"],
                help: "where results go, without ending"),
        ])

    /// The options that go to each measurement as they are.
    static let passedOnOptions =
        ["seed", "steps", "warmup-steps"]
        + (networkSection.options + scalingRanksSection.options).map(\.name).filter { $0 != "granules" }

    private static let scalingRanksSection = OptionSection(
        "Ranks",
        ranksSection.options.filter { !["threads", "granules"].contains($0.name) } + [
            OptionDefinition(
                "balance", .choice(["even", "measured"]), default: "even",
                help:
                    "how many granules each rank computes: as many, or in proportion to the speed that each measurement "
                    + "finds at its start"),
            OptionDefinition(
                "granules", .integer(1...TrainingPlan.mostGranules),
                help: "runs of images that are summed apart; 16 unless given, or as many as a layout takes cores"),
        ])
}
