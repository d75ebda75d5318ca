import Collectives
import CommandLineArguments
import Failures
import Foundation
import GradientExchange
import Hosts
import Layers
import Projection
import Reports
import Training

/// `lockstep benchmark projection`: what a step would take on many ranks, from a model of this machine and of networks.
struct ProjectionCommand: Command {
    static let definition = CommandDefinition(
        "projection", summary: "project a step to a thousand ranks from a model",
        discussion: """
            Measures the layers of a rank on this machine for several batches, fits a fixed time, a time an image and a \
            time a granule to each, and computes from that and from a model of a network how long a step takes on many \
            ranks: in closed form, and by a simulation in which ranks differ. The result is a projection, as good as its \
            assumptions, which are printed with it. Give it measured steps to see how far it is off. Run it on an idle \
            machine: alone, or under mpirun with a rank on every core of a host, which then compute side by side, as \
            they will in training.
            """,
        sections: ProjectionOptions.sections)

    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        let plan = try plan()
        let images = try counts(ProjectionOptions.images)
        guard Set(images).count > 1 else {
            throw arguments.usageError("--images takes at least two different batch sizes, or no line can be fitted.")
        }
        let methods = try methods()
        // Files need not be where the other ranks are, and are read before anything takes long.
        var networks = try networks()
        var measured: [ThroughputLine] = []
        try RankAgreement(communicator).fromDriver {
            if let path = arguments[ProjectionOptions.networkJSON] {
                networks.insert(try NetworkDocument.model(path: path), at: 0)
            }
            measured = try (arguments[ProjectionOptions.measured] ?? []).flatMap { try ThroughputLine.all(path: $0) }
        }
        let diagnosis = try Diagnosis(threads: threads, need: nil, over: communicator)
        if communicator.rank == 0 { Console.warn(diagnosis.warnings) }
        let profile = try ProfileMeasurement(
            plan, threads: threads, images: images, repeats: arguments[ProjectionOptions.repeats], over: communicator)
        guard communicator.rank == 0 else { return }
        let study = ScalingStudy(
            try shape(plan), profile.profile, variation, simulatedSteps: arguments[ProjectionOptions.simulatedSteps])
        let mostRanks = arguments[ProjectionOptions.maxRanks]
        let result = ProjectionResult(
            measurement: profile, networks: networks,
            variation: variation, comparisons: comparisons(measured, study, networks[0]),
            remarks: remarks(measured, networks[0]) + [diagnosis.sharingWarning].compactMap(\.self),
            curves: methods.map { method in networks.map { study.curve($0, method, mostRanks: mostRanks) } },
            circumstances: circumstances(plan))
        if let path = arguments[ProjectionOptions.output] { try write(ProjectionPage.html(result), to: path) }
        if arguments[Self.json] {
            try Console.write(json: ProjectionDocument(result))
        } else {
            try Console.write(ProjectionTable.text(result))
        }
    }

    private var threads: Int { arguments[RankOptions.threads] }

    private var variation: RankVariation {
        RankVariation(
            jitter: arguments[ProjectionOptions.jitter], slowRank: arguments[ProjectionOptions.slowRank],
            seed: arguments[ProjectionOptions.seed])
    }

    private func plan() throws -> TrainingPlan {
        var plan = TrainingPlan()
        // What `benchmark throughput` trains with.
        plan.optimizer.kind = .sgd
        plan.optimizer.weightDecay = 5e-4
        try NetworkOptions.apply(arguments, NetworkOptions.file(arguments, communicator), to: &plan)
        try plan.take(RankOptions.settings, from: arguments)
        try plan.validate(ranks: 1)
        return plan
    }

    private func shape(_ plan: TrainingPlan) throws -> StepShape {
        StepShape(
            try Network(plan.architecture, maximumImages: 1, convolution: plan.convolution),
            normalization: plan.normalization, bucketBytes: plan.bucketBytes, reduction: plan.reduction,
            compression: plan.gradientCompression ?? .single, granules: plan.granules)
    }

    /// The network given by numbers, then the named ones; a measured one comes before them.
    private func networks() throws -> [NetworkModel] {
        var networks: [NetworkModel] = []
        switch (arguments[ProjectionOptions.gbit], arguments[ProjectionOptions.latency]) {
        case (let gbit?, let latency?):
            networks.append(
                NetworkModel(
                    name: "\(NumberFormat.rate(gbit)) Gbit/s, \(NumberFormat.rate(latency)) µs", gbit: gbit,
                    latency: latency * 1e-6, secondsPerMessage: arguments[ProjectionOptions.message].map { $0 * 1e-6 }))
        case (nil, nil):
            guard !arguments.isGiven(ProjectionOptions.message) else {
                throw arguments.usageError("--message-us needs --gbit and --latency-us.")
            }
        default: throw arguments.usageError("--gbit and --latency-us describe a network together; give both.")
        }
        let isAlone = networks.isEmpty && !arguments.isGiven(ProjectionOptions.networkJSON)
        let isChosen = isAlone || arguments.isGiven(ProjectionOptions.networks)
        for name in isChosen ? arguments[ProjectionOptions.networks] : ProjectionOptions.networksBesideAnother {
            guard let network = NetworkModel.named[name] else {
                throw arguments.usageError("There is no network '\(name)'; --networks takes some of 1,10,25,100.")
            }
            networks.append(network)
        }
        return networks
    }

    private func methods() throws -> [ScalingMethod] {
        try counts(ProjectionOptions.strong).map { .strong(globalBatch: $0) }
            + [.weak(imagesPerRank: arguments[ProjectionOptions.weak])]
    }

    private func counts(_ option: Option<[String]>) throws -> [Int] {
        try arguments[option].map { text in
            guard let count = Int(text), (1...1_000_000).contains(count) else {
                throw arguments.usageError(
                    "--\(option.definition.name) takes whole numbers from 1 to 1000000, not '\(text)'.")
            }
            return count
        }
    }

    /// Whether a step's ranks computed as those of the profile did: with as many threads, and with no fewer beside them.
    private func isComparable(_ step: ThroughputLine) -> Bool {
        step.threads == threads && step.ranks >= communicator.size
    }

    private func comparisons(
        _ measured: [ThroughputLine], _ study: ScalingStudy, _ network: NetworkModel
    ) -> [ProjectionResult.Comparison] {
        measured.filter(isComparable).map { step in
            ProjectionResult.Comparison(
                measured: step, projected: study.step(network, globalBatch: step.globalBatch, ranks: step.ranks))
        }
    }

    private func remarks(_ measured: [ThroughputLine], _ network: NetworkModel) -> [String] {
        guard !measured.isEmpty else { return [] }
        var remarks: [String] = []
        if measured.contains(where: { $0.ranks > 1 }) {
            remarks.append(
                "The messages of measured steps are predicted with the network \(network.name)"
                    + (arguments.isGiven(ProjectionOptions.networkJSON)
                        ? "." : "; measure the one between these ranks and pass it with --network-json."))
        }
        let skipped = measured.filter { $0.threads != threads }.count
        let fewer = measured.filter { $0.threads == threads && $0.ranks < communicator.size }.count
        if fewer > 0 {
            remarks.append(
                "\(NumberFormat.counted(fewer, "measurement")) of fewer than the profile's "
                    + "\(NumberFormat.counted(communicator.size, "rank")) left out: they had the machine to themselves."
            )
        }
        if skipped > 0 {
            remarks.append(
                "\(NumberFormat.counted(skipped, "measurement")) of other than \(NumberFormat.counted(threads, "thread")) a "
                    + "rank left out; --threads takes the profile of another number.")
        }
        if measured.contains(where: { $0.warning != nil }) {
            remarks.append("Some measured threads shared cores, which the model knows nothing of.")
        }
        return remarks
    }

    private func circumstances(_ plan: TrainingPlan) -> [(name: String, value: String)] {
        let machine = Machine.current
        return [
            ("Profile of", "\(machine.processor), \(NumberFormat.counted(machine.cores, "core"))"),
            ("Lockstep", Program.version), ("Network", plan.architecture.text), ("Threads a rank", "\(threads)"),
            ("Ranks of the profile", "\(communicator.size)"),
            ("Reduction", "\(plan.reduction.rawValue), buckets of \(bucketWords(plan))"),
            ("Batch norm", plan.normalization.rawValue),
            ("Jitter", "\(variation.jitter), slowest rank × \(variation.slowRank), seed \(variation.seed)"),
            ("Date", ISO8601DateFormatter().string(from: Date())),
        ]
    }

    private func bucketWords(_ plan: TrainingPlan) -> String {
        if let bytes = plan.bucketBytes { return "\(bytes) bytes" }
        return "\(plan.bucketByteCount(ranks: 1)) bytes a rank, up to \(GradientExchange.mostBucketBytes)"
    }

    private func write(_ page: String, to path: String) throws(RunFailure) {
        do {
            try Data(page.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw RunFailure(
                .output, "\(path) could not be written (\(SystemReason.text(of: error))); choose another --output.",
                isShared: true)
        }
    }
}
