import CommandLineArguments
import Training

/// The options of `train` that are not settings of its plan, and its page.
enum TrainOptions {
    /// What a run has unless options say otherwise.
    private static let usual = RunOptions(output: nil, program: "", buildDigest: "")

    static let recipe = Option(
        "recipe", .text, placeholder: "NAME", default: TrainingPlan().recipe,
        help: "the named plan to start from; see 'lockstep recipe'")
    static let output = Option(
        "output", .path, placeholder: "DIRECTORY", otherwise: "runs/ and the time of the start",
        familiarNames: ["out", "output-dir", "run-directory"], help: "the run directory")
    static let resume = Option.flag(
        "resume", familiarNames: ["continue", "restart"],
        help: "continue the run in --output; options given here replace its stored plan where they can")
    static let maxSteps = Option(
        "max-steps", .atLeastOne, familiarNames: ["steps"],
        help: "stop after this many steps in all, resumed ones included")
    static let initialWeights = Option(
        "init", .path, placeholder: "FILE", familiarNames: ["weights", "checkpoint"],
        help: "start from the weights in this safetensors file")
    static let checkpointEvery = Option(
        "checkpoint-every", .text, placeholder: "STEPS|Nm", familiarNames: ["save-every"],
        help: "also write a checkpoint every so many steps or minutes, besides the one after each epoch")
    static let keep = Option("keep", .atLeastOne, default: usual.keep, help: "checkpoints to keep")
    static let quiet = Option.flag("quiet", help: "print errors only")
    static let printPlan = Option.flag("print-plan", help: "print the complete plan as JSON and end")

    static let stallTimeout = Option(
        "stall-timeout", .number(.positive), placeholder: "SECONDS", default: usual.stallTimeout,
        help: "end the run when a rank has given no sign of life for so long while others wait for it")
    static let auditEvery = Option(
        "audit-every", .integer(0...1_000_000_000), placeholder: "STEPS", default: usual.auditEvery,
        help: "compare the state of all ranks so often, and before every checkpoint; 0 for neither")
    static let faults = Option(
        "inject", .text, placeholder: "FAULT",
        help: "rehearse kill, stall, diverge or corrupt-checkpoint, such as kill:rank=1,step=50; several are "
            + "separated by +, and each strikes once in a run, restarts included")

    static let sections = [
        OptionSection(
            "Run",
            [
                recipe, output, resume, epochs, maxSteps, PlanOption.seed, initialWeights, checkpointEvery, keep, quiet,
                printPlan,
            ]),
        OptionSection("Data", [DataOptions.data] + data), NetworkOptions.section,
        OptionSection("Augmentation", augmentation), OptionSection("Optimiser", optimizer), RankOptions.balancedSection,
        OptionSection("Faults", [stallTimeout, auditEvery, faults]),
    ]
}
