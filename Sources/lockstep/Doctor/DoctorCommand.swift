import Collectives
import CommandLineArguments
import Hosts
import Measurements
import Tensors
import Training

/// `lockstep doctor`: what is wrong with the hosts of a job, and how fast each rank is.
struct DoctorCommand {
    let arguments: ParsedArguments
    let communicator: any Communicator

    /// Images of CIFAR-10, which the article's recipe trains on and is measured on.
    private static let images = 60_000

    func run() throws {
        let threads = arguments.integer("threads") ?? 1
        let plan = TrainingPlan()
        let shares = GranuleShares.even(granules: max(plan.granules, communicator.size), ranks: communicator.size)
        let need = try MemoryNeed(plan, shares: shares, images: Self.images)
        let diagnosis = try Diagnosis(threads: threads, need: need, over: communicator)
        let isRead = communicator.rank == 0 && !arguments.flag("json")
        // Shown before the measurements: they may fail where the facts say why.
        if isRead { try Console.write(DoctorTable.facts(diagnosis) + "\n") }
        var speeds: [RankSpeed] = []
        var exchanges: [ExchangeTiming] = []
        if !arguments.flag("no-measurements") {
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
            try Console.write(document: DoctorDocument.text(diagnosis, findings, speeds, exchanges))
        }
    }
}
