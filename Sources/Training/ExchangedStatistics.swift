import GradientExchange
import Layers

/// The layers' sums, taken over all ranks by the exchange.
final class ExchangedStatistics: StatisticsExchange {
    private let exchange: GradientExchange

    init(_ exchange: GradientExchange) {
        self.exchange = exchange
    }

    func startSum(_ partials: [Double], width: Int) throws -> () throws -> [Double] {
        try exchange.startSum(partials, width: width).finish
    }
}
