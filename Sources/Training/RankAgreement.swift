import Collectives

/// Makes the ranks fail together: what goes wrong on one becomes the same failure on all, so that none is left waiting.
public struct RankAgreement {
    private let communicator: any Communicator

    /// Agreement among the ranks of `communicator`.
    public init(_ communicator: any Communicator) {
        self.communicator = communicator
    }

    /// Runs fallible work on every rank; returns its result only if it succeeded everywhere.
    ///
    /// - Throws: `RunFailure` of the first rank that failed, naming rank and host when there are several ranks.
    public func together<Result>(_ work: () throws -> Result) throws -> Result {
        let outcome = Swift.Result { try work() }
        var message: [UInt8] = []
        if case .failure(let error) = outcome {
            let failure = RunFailure(error)
            let place = communicator.size > 1 ? "Rank \(communicator.rank) on \(communicator.hostName): " : ""
            message = Self.encode(RunFailure(failure.exitCode, place + failure.description))
        }
        let messages = try communicator.allGather(message)
        if let failed = messages.first(where: { !$0.isEmpty }) { throw Self.decode(failed) }
        return try outcome.get()
    }

    /// Runs fallible work on rank 0 alone and gives every rank its result.
    ///
    /// - Throws: `RunFailure` on every rank when rank 0 failed.
    public func fromDriver(_ work: () throws -> [UInt8]) throws -> [UInt8] {
        var message: [UInt8] = []
        if communicator.rank == 0 {
            do {
                message = [0] + (try work())
            } catch {
                message = [1] + Self.encode(RunFailure(error))
            }
        }
        message = try communicator.broadcast(message, from: 0)
        guard message.first == 0 else { throw Self.decode(Array(message.dropFirst())) }
        return Array(message.dropFirst())
    }

    /// Checks that every rank holds the same value for each name.
    ///
    /// - Throws: `RunFailure` with `ExitCode.disagreement`, naming the first rank that differs from rank 0.
    public func requireSame(_ facts: [(name: String, value: String, remedy: String)]) throws {
        for fact in facts {
            let values = try communicator.allGather(Array(fact.value.utf8))
            let hosts = try communicator.allGather(Array(communicator.hostName.utf8))
            guard let other = values.firstIndex(where: { $0 != values[0] }) else { continue }
            throw RunFailure(
                .disagreement,
                "Rank \(other) on \(String(decoding: hosts[other], as: UTF8.self)) has another \(fact.name) than rank 0 on "
                    + "\(String(decoding: hosts[0], as: UTF8.self)): \(fact.remedy)", isShared: true)
        }
    }

    private static func encode(_ failure: RunFailure) -> [UInt8] {
        [UInt8(truncatingIfNeeded: failure.exitCode.rawValue)] + Array(failure.description.utf8)
    }

    private static func decode(_ message: [UInt8]) -> RunFailure {
        RunFailure(
            message.first.flatMap { ExitCode(rawValue: Int32($0)) } ?? .internalFailure,
            String(decoding: message.dropFirst(), as: UTF8.self), isShared: true)
    }
}
