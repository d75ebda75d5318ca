/// Tells where the time of a step, or of many steps, goes. A rank is in at most one phase at a time.
///
/// Times are seconds of any clock that goes forward, such as `MonotonicClock.seconds`.
public struct StepTimer: Sendable {
    private var totals: [StepPhase: Double] = [:]
    private var current: (phase: StepPhase, start: Double)?

    /// A timer that is in no phase.
    public init() {}

    /// Ends the phase the rank is in, if any, and enters another.
    public mutating func enter(_ phase: StepPhase, at time: Double) {
        leave(at: time)
        current = (phase, time)
    }

    /// Ends the phase the rank is in, if any.
    public mutating func leave(at time: Double) {
        guard let current else { return }
        totals[current.phase, default: 0] += time - current.start
        self.current = nil
    }

    /// Adds the phases of another timer, for example a step's to its epoch's.
    public mutating func add(_ other: StepTimer) {
        for (phase, seconds) in other.totals { totals[phase, default: 0] += seconds }
    }

    /// Counts seconds of one ended phase to another, for time that was measured inside it.
    public mutating func move(_ seconds: Double, from source: StepPhase, to target: StepPhase) {
        totals[source, default: 0] -= seconds
        totals[target, default: 0] += seconds
    }

    /// Seconds spent in a phase that has ended, over all times it was entered.
    public func seconds(in phase: StepPhase) -> Double { totals[phase] ?? 0 }

    /// Seconds spent in all phases that have ended.
    public var totalSeconds: Double { StepPhase.allCases.reduce(0) { $0 + seconds(in: $1) } }
}
