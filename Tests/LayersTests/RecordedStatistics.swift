import Layers

/// The sums of one rank, with a record of when each was started and waited for.
final class RecordedStatistics: StatisticsExchange {
    /// What happened, in order: `start` and `finish` of a sum, and whatever a test adds.
    var events: [String] = []

    func startSum(_ partials: [Double], width: Int) -> () throws -> [Double] {
        events.append("start")
        let sum = Array(partials.prefix(width))
        return { [self] in
            events.append("finish")
            return sum
        }
    }
}
