import Collectives
import CommandLineArguments
import Failures
import Foundation
import Measurements
import Reports
import Training

/// `lockstep benchmark scaling`: measures layouts of ranks and threads in turn, each as a job of its own.
struct ScalingCommand: Command {
    static let definition = CommandDefinition(
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
        sections: ScalingOptions.sections)

    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        guard communicator.size == 1, ProcessInfo.processInfo.environment["OMPI_COMM_WORLD_SIZE"] == nil else {
            throw arguments.usageError("This starts mpirun itself for each measurement; start it without mpirun.")
        }
        let machine = Machine.current
        let layouts = try layouts(machine)
        let training = try trainingPlan(layouts)
        let mode = arguments[ScalingOptions.mode]
        let plan = try ScalingPlan(
            training, layouts: layouts,
            modes: ScalingMode.allCases.filter { [ScalingOptions.bothModes, $0.rawValue].contains(mode) },
            batchPerRank: arguments[ScalingOptions.batchPerRank], rounds: arguments[ScalingOptions.rounds])
        let launcher = try launcher(machine)
        let files = ScalingFiles(arguments[ScalingOptions.output])
        try files.requireWritable()
        StopSignals.watch()
        let (display, show) = Console.display(of: "The measurement")
        defer { display.finish() }
        announce(plan, launcher, show)
        let report = ScalingReport(plan, try measure(plan, launcher, granules: training.granules, show))
        let setting = ScalingSetting(
            machine: machine, launcher: launcher, options: settingOptions(training), rounds: plan.rounds)
        // The files first: what took hours to measure does not depend on who reads it here.
        try files.write(ScalingDocument(report: report, setting: setting))
        display.finish()
        try Console.write(
            "\n" + ScalingTable.text(report) + "\n\nWritten: \(files.names.joined(separator: ", ")).\n")
    }

    // MARK: - What the options say

    private func layouts(_ machine: Machine) throws -> [RankLayout] {
        guard let texts = arguments[ScalingOptions.layouts] else { return RankLayout.doubling(upTo: machine.cores) }
        return try texts.map { text in
            guard let layout = RankLayout(text) else {
                throw arguments.usageError(
                    "'\(text)' is not a layout; write RANKSxTHREADS and commas between layouts, as 1x1,2x1,1x2.")
            }
            return layout
        }
    }

    private func trainingPlan(_ layouts: [RankLayout]) throws -> TrainingPlan {
        var plan = TrainingPlan()
        try NetworkOptions.apply(arguments, NetworkOptions.file(arguments, communicator), to: &plan)
        try plan.take([ScalingOptions.globalBatch] + RankOptions.exchange, from: arguments)
        // All layouts get the same granules, so that all do the same arithmetic.
        let most = layouts.map(\.cores).max() ?? 1
        plan.granules = arguments[ScalingOptions.granules] ?? min(TrainingPlan.mostGranules, max(plan.granules, most))
        return plan
    }

    private func launcher(_ machine: Machine) throws -> ScalingLauncher {
        let command = arguments[ScalingOptions.launcher]
        let hostfile = arguments[ScalingOptions.hostfile]
        var launcher = ScalingLauncher(hostfile: hostfile, cores: machine.cores)
        if command != "mpirun" {
            guard let other = ScalingLauncher(command: command, cores: machine.cores) else {
                throw arguments.usageError("--launcher has no place for the number of ranks; write {ranks} there.")
            }
            guard hostfile == nil else {
                throw arguments.usageError("--hostfile is mpirun's; name the hosts in --launcher instead.")
            }
            launcher = other
        }
        if let hostfile, access(hostfile, R_OK) != 0 {
            throw arguments.usageError("The hostfile \(hostfile) cannot be read: \(SystemReason.last).")
        }
        guard ChildProcess.path(of: launcher.program) != nil else {
            throw RunFailure(
                .internalFailure,
                "\(launcher.program) was not found in PATH; install Open MPI (scripts/install-dependencies), or name "
                    + "another with --launcher.", isShared: true)
        }
        return launcher
    }

    /// The options that each measurement is given, by their names.
    private var passedOn: [(name: String, value: String)] {
        ScalingOptions.passedOn.compactMap { name in arguments.spelling(name).map { (name, $0) } }
    }

    private func settingOptions(_ plan: TrainingPlan) -> [String: String] {
        var options = Dictionary(passedOn.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        options["stages"] = plan.architecture.text
        options["granules"] = "\(plan.granules)"
        options["steps"] = "\(arguments[ThroughputCommand.steps])"
        return options
    }

    // MARK: - Measuring

    private func announce(_ plan: ScalingPlan, _ launcher: ScalingLauncher, _ show: (String) -> Void) {
        let jobs = plan.runs.count * plan.rounds
        show(
            "Scaling: \(NumberFormat.counted(plan.points.count, "point")), "
                + "\(NumberFormat.counted(plan.rounds, "round")), \(NumberFormat.counted(jobs, "measurement")).\n")
        for layout in Set(plan.runs.map(\.layout)).filter(launcher.isOversubscribed).sorted(by: { $0.cores < $1.cores })
        {
            Console.error(
                "Warning: layout \(layout) needs \(layout.cores) cores and there are fewer; its threads take turns, and "
                    + "its figures say nothing about scaling.")
        }
    }

    private func measure(
        _ plan: ScalingPlan, _ launcher: ScalingLauncher, granules: Int, _ show: (String) -> Void
    ) throws -> [ScalingSample] {
        var samples: [ScalingSample] = []
        let all = plan.runs.count * plan.rounds
        for round in 0..<plan.rounds {
            for run in plan.runs(inRound: round) {
                let sample = try measure(run, round: round + 1, launcher, granules: granules)
                samples.append(sample)
                show(
                    "\(samples.count)/\(all) · round \(round + 1) · \(run.layout), batch \(run.globalBatch) · "
                        + "\(NumberFormat.rate(sample.imagesPerSecond)) images/s"
                        + (sample.warning == nil ? "\n" : " · SHARES CORES\n"))
            }
        }
        return samples
    }

    private func measure(
        _ run: ScalingRun, round: Int, _ launcher: ScalingLauncher, granules: Int
    ) throws -> ScalingSample {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "lockstep"
        let options = passedOn.flatMap { ["--\($0.name)", $0.value] }
        let words = launcher.words(
            run.layout,
            program: [
                own, "benchmark", "throughput", "--json", "--threads", "\(run.layout.threads)", "--global-batch",
                "\(run.globalBatch)", "--granules", "\(granules)",
            ] + options)
        let outcome = try ChildProcess(words: words).run(seconds: arguments[ScalingOptions.timeLimit])
        guard outcome.exitCode == 0, let line = ThroughputLine(in: outcome.output) else {
            throw failure(of: run, outcome)
        }
        guard line.ranks == run.layout.ranks else {
            throw RunFailure(
                .communication,
                "Layout \(run.layout) ran with \(NumberFormat.counted(line.ranks, "rank")); check that --launcher starts "
                    + "all ranks as one MPI job.", isShared: true)
        }
        let planned = launcher.isOversubscribed(run.layout)
        return ScalingSample(
            run: run, round: round, imagesPerSecond: line.imagesPerSecond, account: line.account,
            warning: line.warning
                ?? (planned ? "Layout \(run.layout) has more threads than this machine has cores." : nil))
    }

    /// Lockstep's own sentence if there is one, else the launcher's first words.
    private func failure(of run: ScalingRun, _ outcome: ChildProcess.Outcome) -> RunFailure {
        let lines = outcome.errors.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let own = lines.first { $0.hasPrefix("lockstep: ") && !$0.hasPrefix("lockstep: Warning") }
        let words = lines.first { $0.contains(where: \.isLetter) && !$0.hasPrefix("lockstep: Warning") }
        // mpirun refuses root unless told twice, and takes a page to say so.
        let refusal = lines.first { $0.contains("attempt to run as root") }.map { _ in
            "mpirun does not start as root; where that is meant, as in a container, set OMPI_ALLOW_RUN_AS_ROOT=1 and "
                + "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1."
        }
        let cause =
            own.map { String($0.dropFirst("lockstep: ".count)) } ?? refusal ?? words
            ?? "it printed no line of figures; check that --launcher starts the command after it."
        return RunFailure(
            ExitCode(rawValue: outcome.exitCode).flatMap { $0 == .success ? nil : $0 } ?? .internalFailure,
            "Layout \(run.layout) with a batch of \(run.globalBatch) failed with exit code \(outcome.exitCode): \(cause)",
            isShared: true)
    }
}
