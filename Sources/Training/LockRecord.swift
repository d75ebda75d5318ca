import Collectives
import Foundation

/// What a lock file says: who writes into the run directory, and a number that rises as long as he does.
struct LockRecord: Equatable {
    /// Another one at each start, so that no two owners are taken for one.
    let token: String
    /// The owner.
    let process: PeerProcess
    /// How often the owner has renewed the lock.
    var renewals = 0

    /// The record of this process.
    init(own process: PeerProcess) {
        token = UUID().uuidString
        self.process = process
    }

    /// What `text` made; nil for any other text.
    init?(_ text: String) {
        let fields = text.dropLast().split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
        guard text.last == "\n", fields.count == 3, let renewals = Int(fields[0]),
            let process = PeerProcess(Array(fields[2].utf8))
        else { return nil }
        token = String(fields[1])
        self.process = process
        self.renewals = renewals
    }

    /// One line, always of the same length, so that it can be written over the one before.
    var text: String {
        let digits = String(renewals)
        let number = String(repeating: "0", count: max(0, 19 - digits.count)) + digits
        return "\(number)\t\(token)\t\(String(decoding: process.bytes, as: UTF8.self))\n"
    }
}
