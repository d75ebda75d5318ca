import Reports

/// Divides a stretch of time into parts without gaps: each lap runs from the end of the one before.
struct LapClock {
    /// The seconds of each part so far.
    private(set) var seconds: [Double]
    private var last = MonotonicClock.seconds

    /// A clock for so many parts, running from now on.
    init(parts: Int) {
        seconds = [Double](repeating: 0, count: parts)
    }

    /// Adds the time since the last lap to a part.
    mutating func lap(into part: Int) {
        let now = MonotonicClock.seconds
        seconds[part] += now - last
        last = now
    }
}
