import GradientExchange
import Layers
import Reports

/// The layers' sums over all ranks, with a clock that runs from the start of each to the wait for it.
final class TimedStatistics: StatisticsExchange {
    private let exchange: GradientExchange
    private var seconds = 0.0

    init(_ exchange: GradientExchange) {
        self.exchange = exchange
    }

    func startSum(_ partials: [Double], width: Int) throws -> () throws -> [Double] {
        let sum = try exchange.startSum(partials, width: width)
        let start = MonotonicClock.seconds
        return { [self] in
            seconds += MonotonicClock.seconds - start
            return try sum.finish()
        }
    }

    /// The seconds that lay between starts and waits since the last call.
    func takeSeconds() -> Double {
        defer { seconds = 0 }
        return seconds
    }
}
