import CommandLineArguments
import Foundation

// Tries the readers of outside input with mutated inputs, for developers. Exit codes: 0 every promise was kept, 1 one
// was broken or nothing could be tried, 2 wrong use.

do {
    try FuzzProgram(Array(CommandLine.arguments.dropFirst()))?.run()
} catch {
    FileHandle.standardError.write(Data("input-fuzzer: \(error)\n".utf8))
    exit(error is UsageError ? 2 : 1)
}
