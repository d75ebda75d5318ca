import Failures
import Granules

/// How the granules of a global batch are spread over the ranks, as `--balance` says it. The weights have the same bits
/// with any.
public enum Balance: Sendable, Equatable {
    /// To every rank as many, to within one.
    case even
    /// In proportion to the speeds that are measured at the start.
    case measured
    /// In proportion to these speeds, one for each rank and greater than zero.
    case speeds([Double])

    /// Reads `even`, `measured`, or one number for each of `ranks` ranks; `words` is what commas separate.
    ///
    /// - Throws: `RunFailure` with `ExitCode.usage` that says what is wrong.
    public init(_ words: [String], ranks: Int) throws(RunFailure) {
        switch words {
        case ["even"]: self = .even
        case ["measured"]: self = .measured
        default: self = .speeds(try Self.speeds(words, ranks: ranks))
        }
    }

    /// The granules of each rank as far as they are known before anything is measured: even where speeds are to be.
    ///
    /// - Parameters:
    ///   - plan: a plan that was validated for these ranks and threads.
    ///   - threads: the most threads of any rank.
    public func expectedShares(_ plan: TrainingPlan, ranks: Int, threads: Int) -> GranuleShares {
        guard case .speeds(let speeds) = self else { return plan.evenShares(ranks: ranks) }
        return GranuleShares(granules: plan.granules, speeds: speeds, least: threads)
    }

    private static func speeds(_ words: [String], ranks: Int) throws(RunFailure) -> [Double] {
        var speeds: [Double] = []
        for (index, word) in words.enumerated() {
            guard let speed = Double(word), speed > 0, speed.isFinite else {
                throw RunFailure(
                    .usage,
                    "--balance takes even, measured, or a number greater than zero for each rank, such as 3,1 for two; "
                        + "entry \(index + 1) is none of these.")
            }
            speeds.append(speed)
        }
        guard speeds.count == ranks else {
            throw RunFailure(
                .usage,
                "--balance gives \(speeds.count == 1 ? "one speed" : "\(speeds.count) speeds"), but the job has "
                    + "\(ranks == 1 ? "one rank" : "\(ranks) ranks"); give one for each, or pass --balance measured.")
        }
        return speeds
    }
}
