import GradientExchange
import Reports

extension StepAccount {
    /// Takes what communication cost out of the computing that it was measured inside; the total stays.
    mutating func separate(_ waits: StepWaits) {
        move(waits.exchangeWork, from: .compute, to: .exchangeWork)
        move(waits.exposedCommunication, from: .compute, to: .exposedCommunication)
        move(waits.slowestRank, from: .compute, to: .slowestRank)
    }
}
