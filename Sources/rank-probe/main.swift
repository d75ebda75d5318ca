import Foundation
import MPITransport

// Runs one scenario on every rank that the launcher started, for the tests. Exit codes: 0 success, 2 wrong use,
// 3 a rank failed and ended the others, 4 the ranks could not find each other.

func fail(_ error: any Error, exitCode: Int32) -> Never {
    try? FileHandle.standardError.write(contentsOf: Data("\(error)\n".utf8))
    exit(exitCode)
}

guard CommandLine.arguments.count == 2, let scenario = Scenario(rawValue: CommandLine.arguments[1]) else {
    let names = Scenario.allCases.map(\.rawValue).joined(separator: "|")
    fail(ProbeFailure("rank-probe needs the name of one scenario. Run rank-probe \(names)."), exitCode: 2)
}
do {
    let communicator = try launchedCommunicator()
    do {
        if let line = try scenario.run(on: communicator), communicator.rank == 0 { print(line) }
        try communicator.finish()
    } catch {
        try? FileHandle.standardError.write(contentsOf: Data("\(error)\n".utf8))
        communicator.abort(exitCode: 3)
        exit(3)
    }
} catch {
    fail(error, exitCode: 4)
}
