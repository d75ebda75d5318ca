import CommandLineArguments

/// The readers of outside input that are tried together.
package enum FuzzedReaders {
    /// All four, the parser with the commands of `program`.
    ///
    /// - Throws: an error of the system when the samples cannot be written where temporary files go.
    package static func all(program: CommandDefinition) throws -> [any FuzzedReader] {
        [try FuzzedCheckpoints(), try FuzzedRecords(), FuzzedCommandLine(program: program), try FuzzedMetrics()]
    }
}
