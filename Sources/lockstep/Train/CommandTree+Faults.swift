import CommandLineArguments

extension CommandTree {
    static let faultsSection = OptionSection(
        "Faults",
        [
            OptionDefinition(
                "stall-timeout", .number(.positive), placeholder: "SECONDS", default: "120",
                help: "end the run when a rank has given no sign of life for so long while others wait for it"),
            OptionDefinition(
                "audit-every", .integer(0...1_000_000_000), placeholder: "STEPS", default: "20",
                help: "compare the state of all ranks so often, and before every checkpoint; 0 for neither"),
            OptionDefinition(
                "inject", .text, placeholder: "FAULT",
                help: "rehearse kill, stall, diverge or corrupt-checkpoint, such as kill:rank=1,step=50; several are "
                    + "separated by +, and each strikes once in a run, restarts included"),
        ])
}
