/// Projected steps on more and more ranks, from one rank on.
package struct ScalingCurve: Sendable, Equatable {
    /// The network.
    package let network: NetworkModel
    /// How the work grows.
    package let method: ScalingMethod
    /// The steps by rising ranks, the first on one rank.
    package let steps: [ProjectedStep]

    /// The efficiency from which on ranks are said to be wasted.
    package static let leastEfficiency = 0.5

    /// Images per second over ranks times those of one rank.
    package func efficiency(of step: ProjectedStep) -> Double {
        step.imagesPerSecond / (Double(step.ranks) * steps[0].imagesPerSecond)
    }

    /// The most ranks before the efficiency first falls below a half.
    package var reach: ProjectedStep {
        steps.prefix { efficiency(of: $0) >= Self.leastEfficiency }.last ?? steps[0]
    }

    /// The first step beyond `reach`; nil if all are efficient.
    package var firstBeyond: ProjectedStep? { steps.first { $0.ranks > reach.ranks } }

    /// The step with the most images per second.
    package var fastest: ProjectedStep { steps.max { $0.imagesPerSecond < $1.imagesPerSecond }! }

    /// Where and why it stops scaling.
    package var sentence: String {
        guard let beyond = firstBeyond, let obstacle = beyond.breakdown.obstacle else {
            return "At least half efficient up to \(reach.ranks) ranks, as far as this goes."
        }
        let turn =
            fastest.ranks < steps[steps.count - 1].ranks ? " More than \(fastest.ranks) ranks are slower again." : ""
        return
            "At least half efficient up to \(reach.ranks) \(reach.ranks == 1 ? "rank" : "ranks"); at \(beyond.ranks) the "
            + "largest cost is: \(obstacle.words).\(turn)"
    }
}
