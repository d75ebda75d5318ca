import Foundation

/// Lengths of time as people read them. Every function takes any number of seconds, NaN and infinities included.
public enum DurationFormat {
    /// As a clock: `0:05`, `1:02`, `1:02:03`, and hours beyond a day as they are; `-:--` when it is not known.
    public static func clock(_ seconds: Double) -> String {
        guard let whole = whole(seconds) else { return "-:--" }
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        return hours > 0
            ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
    }

    /// In seconds: one decimal below ten, none above: `3.2 s`, `183 s`; `- s` when it is not known.
    public static func seconds(_ seconds: Double) -> String {
        guard let whole = whole(seconds) else { return "- s" }
        return seconds < 9.95 ? String(format: "%.1f s", seconds) : "\(whole) s"
    }

    /// In milliseconds with one decimal: `268.1 ms`; `- ms` when it is not known.
    public static func milliseconds(_ seconds: Double) -> String {
        // Differences of clock readings may end up a rounding below zero.
        seconds.isFinite ? String(format: "%.1f ms", max(0, seconds * 1e3)) : "- ms"
    }

    /// Whole seconds, or nil for what no clock shows: NaN, less than nothing, more than a thousand years.
    private static func whole(_ seconds: Double) -> Int? {
        seconds >= 0 && seconds < 3.2e10 ? Int(seconds.rounded()) : nil
    }
}
