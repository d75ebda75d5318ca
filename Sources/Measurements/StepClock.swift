import Kernels
import Layers
import Reports
import Training

/// A clock around every part of the steps that a trainer takes.
package final class StepClock: StepObserver {
    /// The seconds of each part since `reset`.
    package private(set) var seconds: [StepPart: Double] = [:]
    /// How much of each part was computing while a sum over ranks could travel.
    package private(set) var coverSeconds: [StepPart: Double] = [:]
    private var part = StepPart.exchange
    private var last = 0.0
    private var startOfSum = 0.0

    /// A clock that `trainer` tells of its steps.
    package init(watching trainer: Trainer) {
        trainer.observer = self
    }

    /// The parts of a step of a network: each layer's passes in the order of the layers, and what belongs to no layer.
    package static func parts(of network: Network) -> [StepPart] {
        network.layers.flatMap { [.layer($0.name, .forward), .layer($0.name, .backward)] } + [
            .loss, .exchange, .update,
        ]
    }

    /// Measures `step`, whose parts follow each other without gaps: until the first is entered, and behind the last, time
    /// counts as exchange.
    package func measure<Result>(_ step: () throws -> Result) rethrows -> Result {
        (seconds, coverSeconds, part) = ([:], [:], .exchange)
        last = MonotonicClock.seconds
        defer { enters(.exchange) }
        return try step()
    }

    package func enters(_ part: StepPart) {
        let now = MonotonicClock.seconds
        seconds[self.part, default: 0] += now - last
        (self.part, last) = (part, now)
    }

    package func startsSum() { startOfSum = MonotonicClock.seconds }

    package func awaitsSum() { coverSeconds[part, default: 0] += MonotonicClock.seconds - startOfSum }
}
