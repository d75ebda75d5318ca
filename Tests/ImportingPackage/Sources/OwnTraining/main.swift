import Foundation
import LockstepTraining
import OwnNetwork

// The same program alone and as one of many ranks: OwnTraining DIRECTORY [--resume], or mpirun -np 3 OwnTraining …
let communicator = try launchedCommunicator()
do {
    let arguments = CommandLine.arguments.dropFirst()
    let progress = ProgressLine(style: communicator.rank == 0 ? .log : .quiet) { print($0, terminator: "") }
    let outcome = try trainAndEvaluate(
        in: arguments.first ?? "runs/own", resume: arguments.contains("--resume"), over: communicator,
        progress: progress)
    if communicator.rank == 0 { print("\(outcome.right) of \(outcome.images) test images are right.") }
    try communicator.finish()
} catch {
    FileHandle.standardError.write(Data("OwnTraining: \(error)\n".utf8))
    communicator.abort(exitCode: 1)
}
