import Foundation

/// Limits how many ranks and hosts all tests together have at work at once, so that two cores are not shared by forty.
///
/// Whoever comes first is served first, so that a job of many processes is not passed over for ever. A test that holds a
/// part of the budget asks for no other one: jobs take turns, single processes beside them do not count.
final class ProcessBudget: @unchecked Sendable {
    static let shared = ProcessBudget(max(6, 2 * ProcessInfo.processInfo.activeProcessorCount))

    private let capacity: Int
    private let condition = NSCondition()
    private var inUse = 0
    private var nextTicket = 0
    private var served = 0

    init(_ capacity: Int) {
        self.capacity = capacity
    }

    /// Waits for room for `count` processes and returns what to give back, which is less than asked for where that is
    /// more than there is at all.
    func take(_ count: Int) -> Int {
        let count = min(count, capacity)
        guard count > 0 else { return 0 }
        condition.lock()
        defer { condition.unlock() }
        let ticket = nextTicket
        nextTicket += 1
        while served != ticket || inUse + count > capacity { condition.wait() }
        served += 1
        inUse += count
        condition.broadcast()
        return count
    }

    func giveBack(_ count: Int) {
        condition.lock()
        inUse -= count
        condition.broadcast()
        condition.unlock()
    }
}
