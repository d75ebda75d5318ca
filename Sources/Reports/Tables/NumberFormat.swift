import Foundation

/// Numbers as people read them. Every function takes any number, NaN and infinities included.
public enum NumberFormat {
    /// A loss: four decimals, scientific notation where these would be all zeros or too long.
    public static func loss(_ value: Double) -> String {
        guard value.isFinite else { return notFinite(value) }
        let size = abs(value)
        return String(format: size != 0 && size < 1e-4 || size >= 1e5 ? "%.3e" : "%.4f", value)
    }

    /// A share from 0 to 1 as a percentage with two decimals, such as `71.44%`.
    public static func percentage(_ share: Double) -> String {
        share.isFinite ? String(format: "%.2f%%", share * 100) : notFinite(share)
    }

    /// A rate to about three digits: `248`, `24.8`, `2.48`.
    public static func rate(_ value: Double) -> String {
        guard value.isFinite else { return notFinite(value) }
        let size = abs(value)
        return String(format: size >= 99.95 ? "%.0f" : size >= 9.995 ? "%.1f" : "%.2f", value)
    }

    /// A whole number with a comma between each three digits: `1,926,934`.
    public static func grouped(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// How many there are of something with a regular plural: `1 rank`, `3 ranks`.
    public static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// Rising whole numbers as a list of runs: `0-2,5`.
    public static func runs(_ numbers: some Sequence<Int>) -> String {
        var runs: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound + 1 == number {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }

    /// A number of bytes in units of 1024: `512 B`, `7.35 MB`.
    public static func bytes(_ count: Int) -> String {
        guard abs(Double(count)) >= 1024 else { return "\(count) B" }
        var value = Double(count)
        for unit in ["KB", "MB", "GB", "TB"] {
            value /= 1024
            if abs(value) < 1023.995 { return String(format: "%.2f \(unit)", value) }
        }
        return String(format: "%.2f PB", value / 1024)
    }

    private static func notFinite(_ value: Double) -> String {
        value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
    }
}
