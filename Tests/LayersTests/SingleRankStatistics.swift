import Layers

/// The sum over one rank that holds all granules: there is one subtree, and it is the sum.
final class SingleRankStatistics: StatisticsExchange {
    func sum(_ partials: [Double], width: Int) -> [Double] { Array(partials.prefix(width)) }
}
