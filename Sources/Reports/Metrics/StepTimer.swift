/// Tells where the time of a step goes. A rank is in at most one phase at a time.
///
/// Times are seconds of any clock that goes forward, such as `MonotonicClock.seconds`.
public struct StepTimer: Sendable {
    /// The phases that have ended.
    public private(set) var account = StepAccount()
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
        account[current.phase] += time - current.start
        self.current = nil
    }
}
