import Collectives
import CommandLineArguments
import Failures
import Projection
import Training

/// `lockstep benchmark network`: messages and sums between ranks, and the latency and bandwidth that fit them.
struct NetworkCommand: Command {
    static let definition = CommandDefinition(
        "network", summary: "time messages and sums between ranks, and fit a network model",
        discussion: """
            Start it under mpirun with at least two ranks, one a host to measure the network. Messages between rank 0 \
            and each other rank and the operations of training are timed over sizes that grow fourfold; latency and \
            bandwidth are fitted to the messages by least squares of relative errors, so that outliers count little. \
            Every operation is shown beside what the fitted model says about it. 'lockstep benchmark projection' \
            takes the JSON line.
            """,
        sections: [OptionSection("Measurement", [maxBytes, repeats, json])],
        notes: [HelpSection("Keys of the JSON line", NetworkDocument.keys)])

    private static let maxBytes = Option(
        "max-bytes", .integer(64...1 << 30), placeholder: "BYTES", default: 16 << 20, help: "the largest size")
    private static let repeats = Option(
        "repeats", .integer(1...1_000_000), default: 9, help: "times each is measured; the median counts")

    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        guard communicator.size > 1 else {
            throw arguments.usageError(
                "This measures messages between ranks, and there is only one; start it as 'mpirun -np 2 lockstep "
                    + "benchmark network', with --hostfile FILE for ranks on several hosts.")
        }
        let report: NetworkReport
        do {
            report = try NetworkBenchmark(
                over: communicator, largest: arguments[Self.maxBytes],
                repeats: arguments[Self.repeats]
            ).run()
        } catch let error as ProjectionError {
            throw RunFailure(.internalFailure, error.description, isShared: true)
        }
        guard communicator.rank == 0 else { return }
        if arguments[Self.json] {
            try Console.write(json: report)
        } else {
            try Console.write(NetworkTable.text(report))
        }
    }
}
