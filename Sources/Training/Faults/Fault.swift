import Failures

/// A failure to be rehearsed, as `--inject` names it.
public struct Fault: Hashable, Sendable {
    /// What happens.
    public enum Kind: String, CaseIterable, Sendable {
        /// The rank dies by SIGKILL.
        case kill
        /// The rank does nothing any more.
        case stall
        /// One bit of one of the rank's weights turns.
        case diverge
        /// One bit of the checkpoint written next turns.
        case corruptCheckpoint = "corrupt-checkpoint"
    }

    /// What happens.
    public let kind: Kind
    /// The rank that it happens to; 0 for checkpoints, which rank 0 writes.
    public let rank: Int
    /// The step, counted from 1, at whose start it happens; for checkpoints the first step they may belong to.
    public let step: Int

    /// `kill:rank=1,step=50`.
    public var text: String {
        kind == .corruptCheckpoint ? "\(kind.rawValue):step=\(step)" : "\(kind.rawValue):rank=\(rank),step=\(step)"
    }

    /// Reads faults separated by `+`, for a run on `ranks` ranks.
    ///
    /// - Throws: `RunFailure` with `ExitCode.usage` that says what is wrong.
    public static func read(_ text: String, ranks: Int) throws(RunFailure) -> [Fault] {
        var faults: [Fault] = []
        for word in text.split(separator: "+", omittingEmptySubsequences: false) {
            let fault = try Fault(word: String(word))
            guard fault.rank < ranks else {
                throw RunFailure(
                    .usage, "--inject \(fault.text) names a rank that does not exist; the last one is \(ranks - 1).",
                    isShared: true)
            }
            faults.append(fault)
        }
        return faults
    }

    private init(word: String) throws(RunFailure) {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = Kind(rawValue: String(parts[0])) else {
            throw Self.wrong("knows \(Kind.allCases.map(\.rawValue).joined(separator: ", "))", word)
        }
        var values: [String: Int] = [:]
        for setting in parts.dropFirst().joined().split(separator: ",", omittingEmptySubsequences: false) {
            let sides = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let number = Int(sides[1]), number >= 0, values[String(sides[0])] == nil else {
                throw Self.wrong("takes \(kind.rawValue):\(Self.settings(kind).joined(separator: "=N,"))=N", word)
            }
            values[String(sides[0])] = number
        }
        guard Set(values.keys) == Set(Self.settings(kind)), let step = values["step"], step > 0 else {
            throw Self.wrong("takes \(kind.rawValue):\(Self.settings(kind).joined(separator: "=N,"))=N", word)
        }
        self.kind = kind
        self.step = step
        rank = values["rank"] ?? 0
    }

    private static func settings(_ kind: Kind) -> [String] { kind == .corruptCheckpoint ? ["step"] : ["rank", "step"] }

    private static func wrong(_ rule: String, _ word: String) -> RunFailure {
        let shown = word.unicodeScalars.prefix(60).map {
            $0.isASCII && $0.value > 31 && $0.value != 127 ? "\($0)" : "?"
        }
        return RunFailure(
            .usage, "--inject \(rule), not '\(shown.joined())'; see 'lockstep train --help'.", isShared: true)
    }
}
