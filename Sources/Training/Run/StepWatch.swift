import Collectives
import GradientExchange
import Layers

/// Keeps a rank's activity up to date for reports of stalls, and tells whoever else watches.
final class StepWatch: StepObserver {
    /// Who else watches.
    var observer: (any StepObserver)?
    private let activity: RankActivity

    init(_ activity: RankActivity) {
        self.activity = activity
    }

    func enters(_ part: StepPart) {
        switch part {
        case .layer(let name, let direction): activity.note(direction.rawValue, layer: name)
        case .loss: activity.note("loss")
        case .exchange: activity.note("summing gradients")
        case .update: activity.note("updating weights")
        }
        observer?.enters(part)
    }

    func startsSum() { observer?.startsSum() }

    func awaitsSum() { observer?.awaitsSum() }
}

/// The layers' sums, taken over all ranks by the exchange.
final class ExchangedStatistics: StatisticsExchange {
    private let exchange: GradientExchange
    private let watch: StepWatch

    init(_ exchange: GradientExchange, _ watch: StepWatch) {
        self.exchange = exchange
        self.watch = watch
    }

    func startSum(_ partials: [Double], width: Int) throws -> () throws -> [Double] {
        let sum = try exchange.startSum(partials, width: width)
        watch.startsSum()
        return { [watch] in
            watch.awaitsSum()
            return try sum.finish()
        }
    }
}
