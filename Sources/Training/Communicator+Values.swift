import Collectives
import Foundation

extension Communicator {
    /// Gathers a value of every rank, in rank order: the same values on every rank, which all call it.
    ///
    /// - Throws: `CommunicationError`, or what JSON says of a value that it cannot hold.
    package func allGather<Value: Codable>(value own: Value) throws -> [Value] {
        try allGather(Array(JSONEncoder().encode(own))).map { try JSONDecoder().decode(Value.self, from: Data($0)) }
    }
}
