/// How often a run writes checkpoints besides the one after each epoch.
public enum CheckpointInterval: Sendable, Equatable {
    /// After every so many steps, counted from the start of training.
    case steps(Int)
    /// When so many seconds have passed since the last checkpoint.
    case seconds(Double)

    /// Reads `50` (steps) or `10m` (minutes).
    ///
    /// - Returns: nil for anything else, and for zero.
    public init?(_ text: String) {
        let isMinutes = text.hasSuffix("m")
        guard let count = Int(isMinutes ? text.dropLast() : text[...]), (1...1_000_000_000).contains(count),
            text.utf8.first != UInt8(ascii: "+")
        else { return nil }
        self = isMinutes ? .seconds(60 * Double(count)) : .steps(count)
    }

    /// Whether a checkpoint is due after `step` steps, `elapsed` seconds after the last one.
    func isDue(step: Int, elapsed: Double) -> Bool {
        switch self {
        case .steps(let count): step % count == 0
        case .seconds(let interval): elapsed >= interval
        }
    }
}
