import Failures
import Foundation
import Tensors

/// What this program is, and the process that it runs as.
enum Program {
    static let version = "0.1.0"

    /// The SHA-256 of the program's own file: ranks with different builds would compute different things.
    static func buildDigest() -> String {
        guard let bytes = FileManager.default.contents(atPath: "/proc/self/exe") else { return version }
        return bytes.withUnsafeBytes { SHA256.hexDigest($0) }
    }

    /// Sees to what has to hold before the first file is opened and the first word is written.
    static func prepareProcess() {
        // A reader that has gone and a file that may not grow are errors of the write, and have their sentences.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        // A file that is opened while one of these is closed would get its number, and be written into by the console.
        // Open for reading only, so that what is written there still fails.
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDONLY)
        }
    }

    /// The words behind the program's name.
    ///
    /// - Throws: `RunFailure` for one that is not UTF-8: Swift would repair it, and its path would be another one.
    static func arguments() throws(RunFailure) -> [String] {
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
