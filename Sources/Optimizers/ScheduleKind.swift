/// The shapes a learning rate can follow over a run; the raw value is the name on the command line and in plans.
public enum ScheduleKind: String, Codable, Sendable, CaseIterable {
    /// The base rate throughout.
    case constant
    /// The e-book's steps: the base rate for epochs 0–5, a fifth for 6–10, a tenth for 11–15, a hundredth from 16 on.
    case step
    /// Half a cosine from the base rate to zero at the end of the run.
    case cosine
    /// A linear rise from 1/25 of the base rate, then half a cosine down to 1/10,000 of it.
    case oneCycle = "one-cycle"
}
