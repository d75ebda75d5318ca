import Foundation
import TestSupport

/// A clock that stands still until a test moves it, and that knows how often each rank has read it.
final class VirtualTime: @unchecked Sendable {
    private let condition = NSCondition()
    private var seconds = 0.0
    private var reads: [Int]

    init(ranks: Int) {
        reads = Array(repeating: 0, count: ranks)
    }

    /// The clock of one rank.
    func clock(ofRank rank: Int) -> () -> Double {
        {
            self.condition.lock()
            defer { self.condition.unlock() }
            self.reads[rank] += 1
            self.condition.broadcast()
            return self.seconds
        }
    }

    /// How often a rank has read the clock.
    func reads(ofRank rank: Int) -> Int {
        condition.lock()
        defer { condition.unlock() }
        return reads[rank]
    }

    /// Moves the clock on, once every rank but one has read it so many times; a rank that never reads it makes
    /// the figures wrong instead of the test endless.
    func advance(by duration: Double, whenAllBut late: Int, haveRead count: Int) {
        condition.lock()
        defer { condition.unlock() }
        let deadline = Date(timeIntervalSinceNow: Patience.hang)
        while reads.indices.contains(where: { $0 != late && reads[$0] < count }) {
            guard condition.wait(until: deadline) else { break }
        }
        seconds += duration
    }
}
