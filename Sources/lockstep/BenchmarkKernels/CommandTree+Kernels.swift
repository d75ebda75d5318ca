import CommandLineArguments

extension CommandTree {
    /// `benchmark kernels`.
    static let kernels = CommandDefinition(
        "kernels", summary: "time each layer of a step against the processor's peak",
        discussion: """
            Takes whole training steps of one rank on random images, with a clock around every layer's preparation of \
            weights, forward and backward: time, arithmetic done per second, its ratio to the fused multiply-adds that \
            one core can do, and the share of the step. Run it on an idle machine, without mpirun.

            With --problems it computes the convolutions of the test suite one by one instead, by every algorithm, and \
            ends with code 1 if any result is too far from the reference.
            """,
        sections: [
            OptionSection(
                "Measurement",
                [
                    OptionDefinition(
                        "images", .integer(1...1024), default: "64",
                        familiarNames: ["batch", "batch-size", "global-batch"],
                        help: "images of the rank in a step; with --problems of a call, and then 4 unless given"),
                    OptionDefinition(
                        "repeats", .integer(1...1_000_000), default: "7", familiarNames: ["steps", "repeat"],
                        help: "times each part is measured, after others to warm up; the median counts"),
                    OptionDefinition(
                        "problems", .flag, help: "measure single convolutions, and their errors, instead of a step"),
                    OptionDefinition("json", .flag, help: "print one JSON line"),
                ]),
            networkSection,
        ],
        notes: [HelpSection("Keys of the JSON line", KernelDocument.keys)])
}
