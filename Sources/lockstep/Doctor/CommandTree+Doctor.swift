import CommandLineArguments
import Hosts

extension CommandTree {
    /// `doctor`.
    static let doctor = CommandDefinition(
        "doctor", summary: "say what is wrong with the hosts of a job, and measure each rank",
        discussion: """
            Start it as you would start the training: alone, or under mpirun with the same options. It shows what each \
            rank may use and names whatever makes the job slower than it could be, with the step that mends it. Then it \
            measures arithmetic and memory of all ranks at the same time, and the exchange between them, and names ranks \
            below 80 % of the median. The need for memory is that of the article's recipe.

            Notes are things that may well be meant. It ends with 0 whatever it finds, unless a measurement fails.
            """,
        sections: [
            OptionSection(
                "Diagnosis",
                [
                    OptionDefinition(
                        "threads", .integer(1...4096), default: "1", aliases: ["num-threads"],
                        familiarNames: ["threads-per-rank"], help: "threads of a rank"),
                    OptionDefinition(
                        "no-measurements", .flag, familiarNames: ["quick"], help: "look only, which takes no time"),
                    OptionDefinition("json", .flag, help: "print one JSON line"),
                ])
        ],
        notes: [HelpSection("Keys of the JSON line", DoctorDocument.keys)])
}
