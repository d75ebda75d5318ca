import Foundation

/// The time that reports are given. It only ever goes forward.
public enum MonotonicClock {
    /// Seconds since an arbitrary moment in the past.
    public static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
