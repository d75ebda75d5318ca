import Collectives
import Foundation

/// Where the ranks of a thread group meet: each posts bytes for every rank, and collects what all posted for it.
final class Rendezvous: @unchecked Sendable {
    private struct Place: Hashable {
        let channel: [Int]
        let number: Int
    }

    private struct Round {
        let operation: CollectiveOperation
        let firstRank: Int
        var posts: [[[UInt8]]?]
        var collectedCount = 0
    }

    let size: Int
    private let condition = NSCondition()
    private var rounds: [Place: Round] = [:]
    private var failure: String?
    private var returned: Set<Int> = []

    init(size: Int) {
        self.size = size
    }

    /// Leaves `posts[r]` for rank `r`. Throws when another rank is at a different operation.
    func post(_ ticket: ThreadTicket, _ posts: [[UInt8]]) throws(CommunicationError) {
        condition.lock()
        defer { condition.unlock() }
        if let failure { throw ticket.error(failure) }
        let place = Place(channel: ticket.channel, number: ticket.number)
        var round =
            rounds[place]
            ?? Round(
                operation: ticket.operation, firstRank: ticket.rank, posts: Array(repeating: nil, count: size))
        guard round.operation == ticket.operation else {
            throw ticket.error("rank \(round.firstRank) is in \(round.operation) at the same time")
        }
        round.posts[ticket.rank] = posts
        rounds[place] = round
        condition.broadcast()
    }

    /// What every rank posted for the ticket's rank, in rank order; nil when some have not posted and `waiting` is
    /// false. Throws when they never will.
    func collect(_ ticket: ThreadTicket, waiting: Bool) throws(CommunicationError) -> [[UInt8]]? {
        condition.lock()
        defer { condition.unlock() }
        let place = Place(channel: ticket.channel, number: ticket.number)
        while true {
            let missing = (0..<size).filter { rounds[place]?.posts[$0] == nil }
            if missing.isEmpty { return take(ticket.rank, at: place) }
            if let failure { throw ticket.error(failure) }
            if let absent = missing.first(where: returned.contains) {
                throw ticket.error("rank \(absent) has returned without taking part")
            }
            if !waiting { return nil }
            condition.wait()
        }
    }

    /// Releases every rank that waits with an error.
    func fail(_ reason: String) {
        condition.lock()
        failure = failure ?? reason
        condition.broadcast()
        condition.unlock()
    }

    /// Notes that a rank will post nothing more.
    func noteReturn(ofRank rank: Int) {
        condition.lock()
        returned.insert(rank)
        condition.broadcast()
        condition.unlock()
    }

    private func take(_ rank: Int, at place: Place) -> [[UInt8]] {
        let column = rounds[place]!.posts.map { $0![rank] }
        rounds[place]!.collectedCount += 1
        if rounds[place]!.collectedCount == size { rounds[place] = nil }
        return column
    }
}

/// One rank's part in one operation of a thread group.
struct ThreadTicket {
    /// The channel: the numbers of the `makeChannel` calls that led to it.
    let channel: [Int]
    /// The position among the operations of the channel.
    let number: Int
    /// The rank taking part.
    let rank: Int
    /// What it believes the operation to be.
    let operation: CollectiveOperation
    /// The machine, for errors.
    let hostName: String

    func error(_ reason: String) -> CommunicationError {
        CommunicationError(
            operation: operation, rank: rank, hostName: hostName, reason: reason,
            nextStep: "All ranks must take part in the same operations in the same order.")
    }
}
