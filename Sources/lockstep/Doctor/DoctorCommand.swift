import Collectives
import CommandLineArguments
import Granules
import Hosts
import Measurements
import Training

/// `lockstep doctor`: what is wrong with the hosts of a job, and how fast each rank is.
struct DoctorCommand: Command {
    static let definition = CommandDefinition(
        "doctor", summary: "say what is wrong with the hosts of a job, and measure each rank",
        discussion: """
            Start it as you would start the training: alone, or under mpirun with the same options. It shows what each \
            rank may use and names whatever makes the job slower than it could be, with the step that mends it. Then it \
            measures arithmetic and memory of all ranks at the same time, and the exchange between them, and names ranks \
            below 80 % of the median. The need for memory is that of the article's recipe.

            Notes are things that may well be meant. It ends with 0 whatever it finds, unless a measurement fails.
            """,
        sections: [OptionSection("Diagnosis", [threads, noMeasurements, json])],
        notes: [HelpSection("Keys of the JSON line", DoctorDocument.keys)])

    private static let threads = Option(
        "threads", .integer(1...4096), default: 1, aliases: ["num-threads"], familiarNames: ["threads-per-rank"],
        help: "threads of a rank")
    private static let noMeasurements = Option.flag(
        "no-measurements", familiarNames: ["quick"], help: "look only, which takes no time")

    let arguments: ParsedArguments
    let communicator: any Communicator

    /// Images of CIFAR-10, which the article's recipe trains on and is measured on.
    private static let images = 60_000

    func run() throws {
        let threads = arguments[Self.threads]
        let plan = TrainingPlan()
        let shares = GranuleShares.even(granules: max(plan.granules, communicator.size), ranks: communicator.size)
        let need = try MemoryNeed(plan, shares: shares, images: Self.images)
        let diagnosis = try Diagnosis(threads: threads, need: need, over: communicator)
        let isRead = communicator.rank == 0 && !arguments[Self.json]
        // Shown before the measurements: they may fail where the facts say why.
        if isRead { try Console.write(DoctorTable.facts(diagnosis) + "\n") }
        var speeds: [RankSpeed] = []
        var exchanges: [ExchangeTiming] = []
        if !arguments[Self.noMeasurements] {
            speeds = try RankSpeed.measure(
                threads: threads, bytes: diagnosis.streamedBytes(rank: communicator.rank), over: communicator)
            exchanges = try ExchangeTiming.measure(over: communicator)
        }
        let findings = speeds.isEmpty ? diagnosis.findings : diagnosis.findings(with: speeds)
        if isRead {
            if !speeds.isEmpty { try Console.write(DoctorTable.speeds(speeds, diagnosis) + "\n") }
            if !exchanges.isEmpty { try Console.write(DoctorTable.exchanges(exchanges) + "\n") }
            try Console.write(DoctorTable.findings(findings))
        } else if communicator.rank == 0 {
            try Console.write(json: DoctorDocument(diagnosis, findings, speeds, exchanges))
        }
    }
}
