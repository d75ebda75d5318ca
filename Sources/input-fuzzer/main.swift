import CommandLineArguments
import Foundation
import Reports

// Tries the readers of outside input with mutated inputs, for developers. Exit codes: 0 every promise was kept, 1 one
// was broken or nothing could be tried, 2 wrong use.

signal(SIGPIPE, SIG_IGN)
do {
    try FuzzProgram(Array(CommandLine.arguments.dropFirst()))?.run()
} catch {
    try? TextStream.errors.write("input-fuzzer: \(error)\n")
    exit(error is UsageError ? 2 : 1)
}
