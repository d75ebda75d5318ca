import Collectives
import CommandLineArguments
import Failures
import Projection
import Training

/// `lockstep benchmark network`: messages and sums between ranks, and the latency and bandwidth that fit them.
struct NetworkCommand {
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
                over: communicator, largest: arguments.integer("max-bytes") ?? 16 << 20,
                repeats: arguments.integer("repeats") ?? 9
            ).run()
        } catch let error as ProjectionError {
            throw RunFailure(.internalFailure, error.description, isShared: true)
        }
        guard communicator.rank == 0 else { return }
        if arguments.flag("json") {
            try Console.write(document: NetworkDocument.text(report))
        } else {
            try Console.write(NetworkTable.text(report))
        }
    }
}
