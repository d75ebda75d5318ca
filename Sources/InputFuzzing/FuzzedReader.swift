import CommandLineArguments

/// A reader of outside input together with what it promises, for `FuzzRun` to try.
package protocol FuzzedReader: AnyObject {
    /// What reports call it.
    var name: String { get }
    /// Valid inputs, the material of the mutations; never empty.
    var samples: [[UInt8]] { get }
    /// Pieces of the input's language that are worth inserting.
    var tokens: [[UInt8]] { get }

    /// The mutated input with its lengths made to fit again, so that it gets past the first check.
    func framed(_ input: [UInt8]) -> [UInt8]

    /// Reads an input and checks everything that can be known about the outcome.
    ///
    /// - Returns: whether the reader accepted the input; false when it refused it with its own error.
    /// - Throws: `BrokenPromise` when the outcome is not what the reader promises.
    func accepts(_ input: [UInt8]) throws(BrokenPromise) -> Bool
}

/// The readers of outside input that are tried together.
package enum FuzzedReaders {
    /// All five, the parser with the commands of `program`.
    ///
    /// - Throws: an error of the system when the samples cannot be written where temporary files go.
    package static func all(program: CommandDefinition) throws -> [any FuzzedReader] {
        [
            try FuzzedCheckpoints(), try FuzzedRecords(), FuzzedCommandLine(program: program), try FuzzedMetrics(),
            FuzzedNetworks(),
        ]
    }
}
