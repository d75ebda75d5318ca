import Failures
import Training

/// The words this process was started with.
enum CommandLineWords {
    /// Those behind the program's name.
    ///
    /// - Throws: `RunFailure` for one that is not UTF-8: Swift would repair it, and its path would be another one.
    static func afterProgram() throws(RunFailure) -> [String] {
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let word = CommandLine.unsafeArgv[index], String(validatingCString: word) == nil else { continue }
            throw RunFailure(
                .usage,
                "'\(String(cString: word))' on the command line is not UTF-8, so that its file could not be found again; give it "
                    + "another name, or a link to it.", isShared: true)
        }
        return Array(CommandLine.arguments.dropFirst())
    }
}
