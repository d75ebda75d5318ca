import Collectives
import CommandLineArguments
import Datasets
import Failures
import Foundation
import MPITransport
import Tensors
import Training

/// Runs what the command line asks for and returns how it ended.
func run(_ arguments: [String], _ communicator: any Communicator) throws {
    let parser = CommandLineParser(program: CommandRegistry.program, version: Program.version)
    switch try parser.parse(arguments) {
    case .show(let text):
        if communicator.rank == 0 { try Console.write(text.hasSuffix("\n") ? text : text + "\n") }
    case .run(let arguments):
        try CommandRegistry.command(at: arguments.command).init(arguments: arguments, communicator: communicator).run()
    }
}

/// Turns an error into a sentence and an exit code, and parts from the other ranks without leaving them waiting.
func end(_ error: any Error, _ communicator: any Communicator) -> Int32 {
    let failure = RunFailure(error)
    if failure.isShared {
        if communicator.rank == 0 { Console.error(failure.description) }
        if (try? communicator.finish()) == nil { communicator.abort(exitCode: failure.exitCode.rawValue) }
    } else {
        // What is said about communication names its ranks.
        let needsPlace = communicator.size > 1 && !(error is CommunicationError)
        let place = needsPlace ? "rank \(communicator.rank) on \(communicator.hostName): " : ""
        Console.error(place + failure.description)
        communicator.abort(exitCode: failure.exitCode.rawValue)
    }
    return failure.exitCode.rawValue
}

Program.prepareProcess()
if let complaint = ProcessorCheck.complaint {
    Console.error(complaint)
    exit(ExitCode.processor.rawValue)
}
do {
    let communicator = try launchedCommunicator()
    communicator.watchStalls(after: RunOptions.patience)
    RecordFiles.catchShortening()
    do {
        // Below this not even sentences are safe.
        try RankAgreement(communicator).together { try SystemMemory.require(SystemMemory.reserve) }
        try run(Program.arguments(), communicator)
        try communicator.finish()
    } catch {
        exit(end(error, communicator))
    }
} catch {
    Console.error("\(error)")
    exit(RunFailure(error).exitCode.rawValue)
}
