import Collectives
import CommandLineArguments
import Failures
import Kernels
import Measurements
import Training

/// `lockstep benchmark kernels`: where the time of one rank's step goes, or single convolutions with `--problems`.
struct KernelsCommand: Command {
    static let definition = CommandDefinition(
        "kernels", summary: "time each layer of a step against the processor's peak",
        discussion: """
            Takes whole training steps of one rank on random images, with a clock around every layer's preparation of \
            weights, forward and backward: time, arithmetic done per second, its ratio to the fused multiply-adds that \
            one core can do, and the share of the step. Run it on an idle machine, without mpirun.

            With --problems it computes the convolutions of the test suite one by one instead, by every algorithm, and \
            ends with code 1 if any result is too far from the reference.
            """,
        sections: [
            OptionSection("Measurement", [images, repeats, problems, json]), NetworkOptions.section,
        ],
        notes: [HelpSection("Keys of the JSON line", KernelDocument.keys)])

    private static let images = Option(
        "images", .integer(1...1024), default: 64, familiarNames: ["batch", "batch-size", "global-batch"],
        help: "images of the rank in a step; with --problems of a call, and then \(imagesOfProblems) unless given")
    private static let repeats = Option(
        "repeats", .integer(1...1_000_000), default: 7, familiarNames: ["steps", "repeat"],
        help: "times each part is measured, after others to warm up; the median counts")
    private static let problems = Option.flag(
        "problems", help: "measure single convolutions, and their errors, instead of a step")

    private static let imagesOfProblems = 4

    let arguments: ParsedArguments
    let communicator: any Communicator

    /// Images of a granule in the article's batch of 128; a step of fewer images is cut into fewer granules.
    private static let imagesPerGranule = 8

    private var repeats: Int { arguments[Self.repeats] }

    func run() throws {
        guard communicator.size == 1 else {
            throw arguments.usageError("This measures one rank; start it without mpirun, or with -np 1.")
        }
        if arguments[Self.problems] { try measureConvolutions() } else { try measureStep() }
    }

    private func measureStep() throws {
        var plan = TrainingPlan()
        try NetworkOptions.apply(arguments, NetworkOptions.file(arguments, communicator), to: &plan)
        plan.globalBatch = arguments[Self.images]
        plan.granules = max(1, plan.globalBatch / Self.imagesPerGranule)
        let report = try KernelBenchmark(plan, repeats: repeats).run()
        guard !arguments[Self.json] else {
            let settings = KernelDocument.Step.Settings(plan, repeats: repeats)
            return try Console.write(json: KernelDocument.Step(report, settings, .current))
        }
        let machine = Machine.current
        try Console.write(
            """
            \(plan.architecture.text), \(plan.globalBatch) images, convolution \(plan.convolution.rawValue), on \
            \(machine.processor) (\(machine.cores) cores)

            \(KernelTable.text(report, repeats: repeats))
            """)
    }

    private func measureConvolutions() throws {
        try refuseNetworkOptions()
        var plan = TrainingPlan()
        try NetworkOptions.apply(arguments, NetworkOptions.file(arguments, communicator), to: &plan)
        let choice = plan.convolution
        let images = arguments.isGiven(Self.images) ? arguments[Self.images] : Self.imagesOfProblems
        let report = try ConvolutionBenchmark(choice: choice, images: images, repeats: repeats).run()
        if arguments[Self.json] {
            let settings = KernelDocument.Convolutions.Settings(
                convolution: choice, images: images, repeats: repeats)
            try Console.write(json: KernelDocument.Convolutions(report, settings, .current))
        } else {
            try Console.write(ConvolutionTable.text(report, repeats: repeats))
        }
        guard let refusal = report.refusals.first else { return }
        throw RunFailure(
            .internalFailure,
            "\(report.refusals.count) results lie further from the reference than their limit, the first being the "
                + "\(refusal): this build computes wrongly on this processor. Please report this with the output above.",
            isShared: true)
    }

    /// Options that a person gave in vain.
    private func refuseNetworkOptions() throws {
        let names = ([NetworkOptions.file] as [any OptionDeclaration] + NetworkOptions.stages).map(\.definition.name)
        let vain = arguments.givenOptions.first { names.contains($0) }
        guard let vain else { return }
        throw arguments.usageError(
            "--\(vain) describes a network, and --problems measures single convolutions; leave one of the two out.")
    }
}
