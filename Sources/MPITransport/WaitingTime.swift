/// How long an operation has waited, as this process has lived it: while it was stopped itself, nobody kept it waiting.
struct WaitingTime {
    /// A longer gap between two looks counts as this many seconds.
    static let longestGap = 0.5

    /// The seconds waited.
    private(set) var seconds = 0.0
    private var last = ContinuousClock.now

    /// Adds the time since the last look.
    mutating func advance() {
        let now = ContinuousClock.now
        seconds += min(last.duration(to: now) / .seconds(1), Self.longestGap)
        last = now
    }
}
