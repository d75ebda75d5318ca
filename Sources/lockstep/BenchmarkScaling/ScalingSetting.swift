import Foundation
import Reports
import Training

/// Under which circumstances scaling was measured, for its record.
package struct ScalingSetting {
    /// The machine that started the measurements.
    package let machine: Machine
    /// The settings of all measurements, by the names of their options.
    package let options: [String: String]
    /// How often each was measured.
    package let rounds: Int
    /// The command line.
    package let command: String
    /// When it ended, in UTC.
    package let date: String
    /// The version of lockstep, and the digest of its file.
    package let program: String
    /// What the launcher says about itself.
    package let launcher: String

    /// The circumstances of this process, now.
    init(machine: Machine, launcher: ScalingLauncher, options: [String: String], rounds: Int) {
        self.machine = machine
        self.options = options
        self.rounds = rounds
        command = CommandLine.arguments.map(Self.quoted).joined(separator: " ")
        date = ISO8601DateFormatter().string(from: Date())
        program = "\(Program.version), build \(Program.buildDigest().prefix(12))"
        let outcome = try? ChildProcess(words: [launcher.program, "--version"]).run(seconds: 10)
        let line = outcome.flatMap { $0.exitCode == 0 ? $0.output.split(separator: "\n").first : nil }
        self.launcher = line.map(String.init) ?? launcher.program
    }

    /// Circumstances, for tests.
    package init(machine: Machine, options: [String: String], rounds: Int, command: String, date: String) {
        self.machine = machine
        self.options = options
        self.rounds = rounds
        self.command = command
        self.date = date
        program = Program.version
        launcher = "mpirun"
    }

    private static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || "-_=./,:+".contains($0) }
        return isPlain ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
