import Failures
import Foundation

/// Makes the ranks agree: on values, and on failing together, so that none is left waiting for another.
///
/// Values travel as JSON, the only encoding in which ranks tell each other anything but numbers of a step.
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
        var failure: RunFailure?
        if case .failure(let error) = outcome {
            let place = communicator.size > 1 ? "Rank \(communicator.rank) on \(communicator.hostName): " : ""
            failure = RunFailure(error).shared(by: place)
        }
        // Nothing at all where nothing is wrong: this is often asked.
        let messages = try communicator.allGather(failure.map { try Self.encode($0) } ?? [])
        if let failed = messages.first(where: { !$0.isEmpty }) { throw try Self.decode(failed) as RunFailure }
        return try outcome.get()
    }

    /// Runs fallible work on rank 0 alone and gives every rank its result.
    ///
    /// - Throws: `RunFailure` on every rank when rank 0 failed.
    public func fromDriver<Value: Codable>(_ work: () throws -> Value) throws -> Value {
        var message: [UInt8] = []
        if communicator.rank == 0 {
            do {
                message = try Self.encode(DriverOutcome.value(try work()))
            } catch {
                message = try Self.encode(DriverOutcome<Value>.failure(RunFailure(error).shared()))
            }
        }
        switch try Self.decode(communicator.broadcast(message, from: 0)) as DriverOutcome<Value> {
        case .value(let value): return value
        case .failure(let failure): throw failure
        }
    }

    /// Runs fallible work on rank 0 alone, which all ranks wait for.
    ///
    /// - Throws: `RunFailure` on every rank when rank 0 failed.
    public func fromDriver(_ work: () throws -> Void) throws {
        _ = try fromDriver { () -> Bool in
            try work()
            return true
        }
    }

    /// Checks that every rank holds the same value for each name.
    ///
    /// - Throws: `RunFailure` with `ExitCode.disagreement`, naming the first rank that differs from rank 0.
    public func requireSame(_ facts: [(name: String, value: String, remedy: String)]) throws {
        for fact in facts {
            let values = try communicator.allGather(value: fact.value)
            let hosts = try communicator.allGather(value: communicator.hostName)
            guard let other = values.firstIndex(where: { $0 != values[0] }) else { continue }
            throw RunFailure(
                .disagreement,
                "Rank \(other) on \(hosts[other]) has another \(fact.name) than rank 0 on \(hosts[0]): \(fact.remedy)",
                isShared: true)
        }
    }

    private enum DriverOutcome<Value: Codable>: Codable {
        case value(Value)
        case failure(RunFailure)
    }

    fileprivate static func encode(_ value: some Encodable) throws -> [UInt8] { Array(try JSONEncoder().encode(value)) }

    fileprivate static func decode<Value: Decodable>(_ bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(bytes))
    }
}

extension Communicator {
    /// Gathers a value of every rank, in rank order: the same values on every rank, which all call it.
    ///
    /// - Throws: `CommunicationError`, or what JSON says of a value that it cannot hold.
    package func allGather<Value: Codable>(value own: Value) throws -> [Value] {
        try allGather(RankAgreement.encode(own)).map { try RankAgreement.decode($0) }
    }
}
