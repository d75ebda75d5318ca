import CommandLineArguments
import GradientExchange
import Optimizers
import Training

/// The commands and options of `lockstep`, as data: the parser, every help page and the tests read this and nothing else.
package enum CommandTree {
    /// The program.
    package static let program = CommandDefinition(
        "lockstep", summary: "trains convolutional networks on many processor cores and machines over MPI",
        discussion: """
            Every rank holds the same network, trains on its share of each batch, and exchanges gradients at every \
            step; the result is the same on any number of ranks. Start it alone for one rank, or under mpirun for more.
            """,
        subcommands: [train, evaluate, inspect, verify, compare, summary, recipe, benchmark, doctor],
        notes: [
            HelpSection(
                "Exit codes",
                [
                    .init("0", "success"), .init("1", "internal failure"), .init("2", "wrong command line"),
                    .init("3", "data missing or damaged"),
                    .init("4", "checkpoint missing, damaged or of another network"),
                    .init("5", "output not writable, or in use"), .init("6", "communication between ranks failed"),
                    .init("7", "ranks disagree about the build, the plan or the data"),
                    .init("8", "training diverged: the loss is no longer a finite number"),
                    .init("9", "the processor lacks instructions that this build uses"),
                    .init("10", "the compared checkpoints differ"),
                    .init("11", "stopped by a signal, with a checkpoint to resume from"),
                    .init("12", "a rank gave no sign of life for as long as --stall-timeout"),
                    .init("13", "the ranks no longer held the same weights or optimiser state"),
                    .init("14", "the system refuses memory or threads; the message names the limit"),
                ]),
            HelpSection(
                "Examples",
                [
                    .init("lockstep train --data synthetic --epochs 2", "try it without any data"),
                    .init("mpirun -np 8 lockstep train --data data/cifar-10-batches-bin", "train on eight cores"),
                    .init("mpirun -np 3 lockstep train --resume --output runs/first", "go on, on three"),
                ]),
        ])

    private static let train = CommandDefinition(
        "train", summary: "train a network",
        discussion: """
            Options replace single settings of the recipe. The run directory receives checkpoints and metrics.jsonl; \
            it must be new or empty unless --resume is given, which continues from its newest good checkpoint.
            """,
        sections: [
            OptionSection(
                "Run",
                [
                    recipeOption,
                    OptionDefinition(
                        "output", .path, placeholder: "DIRECTORY", default: "runs/ and the time of the start",
                        familiarNames: ["out", "output-dir", "run-directory"], help: "the run directory"),
                    OptionDefinition(
                        "resume", .flag, familiarNames: ["continue", "restart"],
                        help: "continue the run in --output; options given here replace its stored plan where they can"),
                    OptionDefinition(
                        "epochs", atLeastOne, default: "20", aliases: ["num-epochs", "max-epochs"],
                        help: "passes over the training images"),
                    OptionDefinition(
                        "max-steps", atLeastOne, familiarNames: ["steps"],
                        help: "stop after this many steps in all, resumed ones included"),
                    seed,
                    OptionDefinition(
                        "init", .path, placeholder: "FILE", familiarNames: ["weights", "checkpoint"],
                        help: "start from the weights in this safetensors file"),
                    OptionDefinition(
                        "checkpoint-every", .text, placeholder: "STEPS|Nm", familiarNames: ["save-every"],
                        help: "also write a checkpoint every so many steps or minutes, besides the one after each epoch"
                    ),
                    OptionDefinition("keep", atLeastOne, default: "3", help: "checkpoints to keep"),
                    OptionDefinition("quiet", .flag, help: "print errors only"),
                    OptionDefinition("print-plan", .flag, help: "print the complete plan as JSON and end"),
                ]),
            OptionSection("Data", [dataSource] + trainingData + [accumulate, limitTest]),
            networkSection, augmentationSection, optimizerSection, balancedRanksSection, faultsSection,
        ])

    private static let evaluate = CommandDefinition(
        "evaluate", summary: "measure a checkpoint's accuracy and loss on the test images",
        positionals: [checkpoint],
        sections: [
            OptionSection("Data", [dataSource, limitTest]),
            evaluationRanksSection,
            OptionSection(
                "Output", [OptionDefinition("json", .flag, help: "print one JSON line instead of a sentence")]),
        ])

    private static let inspect = CommandDefinition(
        "inspect", summary: "show what a checkpoint holds: its plan, position and tensors",
        discussion: "The file is read and its digest checked; nothing is changed.",
        positionals: [checkpoint])

    private static let summary = CommandDefinition(
        "summary", summary: "show the layers of a network with shapes and parameter counts",
        sections: [networkSection])

    private static let recipe = CommandDefinition(
        "recipe", summary: "print a recipe as a complete plan, or list the recipes",
        positionals: [
            PositionalDefinition("NAME", isOptional: true, help: "the recipe to print; without it all are listed")
        ])

    private static let benchmark = CommandDefinition(
        "benchmark", summary: "measure this machine", subcommands: [throughput, kernels, scaling, network, projection])

    private static let throughput = CommandDefinition(
        "throughput", summary: "train on synthetic images and report images per second",
        discussion: "Reports the median and the best of the counted steps over all ranks.",
        sections: [
            OptionSection(
                "Measurement",
                [
                    globalBatch,
                    OptionDefinition("steps", atLeastOne, default: "10", help: "steps to count"),
                    OptionDefinition(
                        "warmup-steps", .integer(0...1_000_000), default: "2", help: "steps before the counted ones"),
                    seed,
                    OptionDefinition("json", .flag, help: "print one JSON line"),
                    OptionDefinition(
                        "metrics", .path, placeholder: "FILE",
                        help: "append a line for every counted step, as training does to metrics.jsonl"),
                ]),
            networkSection, balancedRanksSection,
        ])

    private static let checkpoint = PositionalDefinition(
        "CHECKPOINT", help: "a checkpoint file, or a run directory for its newest good one")

    private static let atLeastOne = ValueKind.integer(1...1_000_000_000)

    private static let recipeOption = OptionDefinition(
        "recipe", .text, placeholder: "NAME", default: "article",
        help: "the named plan to start from; see 'lockstep recipe'")

    private static let seed = OptionDefinition(
        "seed", .integer(0...Int.max), default: "1", help: "decides every random draw")

    private static let globalBatch = OptionDefinition(
        "global-batch", atLeastOne, default: "128", aliases: ["batch-size"], familiarNames: ["batch"],
        help: "images in a step, over all ranks")
}

// MARK: - Sections that several commands share

extension CommandTree {
    private static let dataSource = OptionDefinition(
        "data", .path, placeholder: "DIRECTORY|synthetic", default: "data/cifar-10-batches-bin",
        familiarNames: ["dataset", "data-dir"],
        help: "CIFAR-10 binary files, or the built-in synthetic set")

    private static let limitTest = OptionDefinition(
        "limit-test", atLeastOne, help: "use the first N test images only")

    private static let trainingData = [
        globalBatch,
        OptionDefinition("limit-train", atLeastOne, help: "use the first N training images only"),
        OptionDefinition(
            "shuffle", .choice(["epoch", "none"]), default: "epoch",
            help: "a new order every epoch, or the order of the files"),
    ]

    static let networkSection = OptionSection(
        "Network",
        [
            OptionDefinition(
                "architecture", .choice(["article", "article-final-activation"]), default: "article",
                help: "the second ends with batch-norm and ReLU before the average pool"),
            OptionDefinition(
                "stages", .list, placeholder: "LIST", default: "64x3,128x3,256x3",
                help: "channels and number of units of each stage"),
            OptionDefinition(
                "pooling", .choice(["max", "average", "strided"]), default: "max",
                help: "between stages: a pool, or a strided convolution"),
            OptionDefinition(
                "dropout", .number(.from(0, below: 1)), placeholder: "FRACTION", default: "0.5",
                help: "share of features dropped before the classifier"),
            OptionDefinition(
                "convolution", .choice(["automatic", "winograd", "im2col", "reference"]), default: "automatic",
                help: "the convolution algorithm"),
        ])

    private static let augmentationSection = OptionSection(
        "Augmentation",
        [
            OptionDefinition(
                "augmentation", .choice(["article", "none"]), default: "article",
                help: "the recipe's distortions, or none; the options below replace single ones"),
            OptionDefinition(
                "rotation", .number(.between(0...180)), placeholder: "DEGREES", default: "10",
                help: "turn by up to this angle either way"),
            OptionDefinition(
                "row-shift", .number(.between(0...1)), placeholder: "FRACTION", default: "0.15625",
                help: "shift up or down by up to this share of the height"),
            OptionDefinition(
                "column-shift", .number(.between(0...1)), placeholder: "FRACTION", default: "0.15625",
                help: "shift sideways by up to this share of the width"),
            OptionDefinition(
                "horizontal-flip", .toggle, default: "on", help: "mirror left and right, with a chance of one half"),
            OptionDefinition("vertical-flip", .toggle, default: "off", help: "mirror top and bottom, likewise"),
        ])

    private static let optimizerSection = OptionSection(
        "Optimiser",
        [
            OptionDefinition(
                "optimizer", .choice(OptimizerKind.allCases.map(\.rawValue)), default: "adam", help: "the update rule"),
            OptionDefinition(
                "learning-rate", .number(.positive), placeholder: "RATE", default: "0.001", aliases: ["lr"],
                help: "the rate at the schedule's peak"),
            baseBatch,
            OptionDefinition(
                "schedule", .choice(ScheduleKind.allCases.map(\.rawValue)), default: "constant",
                familiarNames: ["lr-schedule", "lr-scheduler"], help: "how the rate changes over the epochs"),
            OptionDefinition(
                "warmup-epochs", .number(.atLeast(0)), placeholder: "EPOCHS", default: "0", familiarNames: ["warmup"],
                help: "let the rate rise from near zero over this time; fractions are fine"),
            OptionDefinition(
                "weight-decay", .number(.atLeast(0)), default: "0", aliases: ["wd"],
                help: "applies to convolution and dense weights only"),
        ] + OptimizerSetting.all.map(OptionDefinition.init))

    static let threads = OptionDefinition(
        "threads", .integer(1...4096), default: "1", aliases: ["num-threads"],
        familiarNames: ["threads-per-rank", "workers", "num-workers"],
        help: "threads of a rank; the result is the same for any number")

    static let ranksSection = OptionSection(
        "Ranks",
        [
            threads,
            OptionDefinition(
                "granules", .integer(1...TrainingPlan.mostGranules), default: "16",
                help: "runs of images that are summed apart; at most so many ranks"),
            OptionDefinition(
                "batch-norm", .choice(["synchronized", "local"]), default: "synchronized",
                help: "statistics of the whole batch, or of each rank's share"),
            OptionDefinition(
                "reduction", .choice(["ordered", "fast"]), default: "ordered",
                help: "ordered gives the same bits on any number of ranks; fast leaves the order to MPI"),
            OptionDefinition(
                "gradient-compression", .choice(["none", "bf16", "fp16"]), default: "none",
                help: "gradients travel in 16 bits, every sum rounded; the same bits on any number of ranks"),
            OptionDefinition(
                "bucket-bytes", .integer(1...Int(Int32.max)), placeholder: "BYTES",
                help: "gradients exchanged together while backward goes on; unless given "
                    + "\(TrainingPlan().bucketByteCount(ranks: 1)) a rank, up to \(GradientExchange.mostBucketBytes)"),
        ])
}
