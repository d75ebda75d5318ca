import Collectives
import CommandLineArguments
import Failures
import Kernels
import Measurements
import Training

/// `lockstep benchmark kernels`: where the time of one rank's step goes, or single convolutions with `--problems`.
struct KernelsCommand {
    let arguments: ParsedArguments
    let communicator: any Communicator

    /// Images of a granule in the article's batch of 128; a step of fewer images is cut into fewer granules.
    private static let imagesPerGranule = 8

    private var choice: ConvolutionChoice {
        arguments.choice("convolution", as: ConvolutionChoice.self) ?? .automatic
    }
    private var repeats: Int { arguments.integer("repeats") ?? 7 }

    func run() throws {
        guard communicator.size == 1 else {
            throw arguments.usageError("This measures one rank; start it without mpirun, or with -np 1.")
        }
        if arguments.flag("problems") { try measureConvolutions() } else { try measureStep() }
    }

    private func measureStep() throws {
        var plan = TrainingPlan()
        try PlanArguments(arguments).apply(to: &plan.architecture)
        plan.convolution = choice
        plan.globalBatch = arguments.integer("images") ?? 64
        plan.granules = max(1, plan.globalBatch / Self.imagesPerGranule)
        let report = try KernelBenchmark(plan, repeats: repeats).run()
        guard !arguments.flag("json") else { return try Console.write(document: document(of: plan).text(report)) }
        let machine = Machine.current
        try Console.write(
            """
            \(plan.architecture.stagesText), \(plan.globalBatch) images, convolution \(choice.rawValue), on \
            \(machine.processor) (\(machine.cores) cores)

            \(KernelTable.text(report, repeats: repeats))
            """)
    }

    private func document(of plan: TrainingPlan) -> KernelDocument {
        let architecture = plan.architecture
        return KernelDocument(
            machine: .current,
            settings: [
                "architecture": architecture.finalActivation ? "article-final-activation" : "article",
                "stages": architecture.stagesText, "pooling": architecture.pooling.rawValue,
                "dropout": architecture.dropout, "optimizer": plan.optimizer.kind.rawValue,
                "convolution": plan.convolution.rawValue, "images": plan.globalBatch, "granules": plan.granules,
                "repeats": repeats,
            ])
    }

    private func measureConvolutions() throws {
        try refuseNetworkOptions()
        let images = arguments.integer("images") ?? 4
        let report = try ConvolutionBenchmark(choice: choice, images: images, repeats: repeats).run()
        if arguments.flag("json") {
            let settings: [String: Any] = ["convolution": choice.rawValue, "images": images, "repeats": repeats]
            try Console.write(document: KernelDocument(machine: .current, settings: settings).text(report))
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
        let vain = arguments.givenOptions.first { ["architecture", "stages", "pooling", "dropout"].contains($0) }
        guard let vain else { return }
        throw arguments.usageError(
            "--\(vain) describes a network, and --problems measures single convolutions; leave one of the two out.")
    }
}
