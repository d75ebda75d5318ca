/// What one rank is doing, kept up to date by whoever does it, so that a report on a stalled job can say it.
///
/// Noting something is an assignment and costs nothing worth measuring. Used from the rank's one thread.
public final class RankActivity: CustomStringConvertible {
    /// The step at work, counted from 1; 0 before the first.
    public var step = 0
    /// What is being done, as it reads after a comma: `starting`, `forward`, `backward`, `evaluating`.
    public var work = "starting"
    /// The layer it is done to; empty when it is done to none.
    public var layer = ""

    /// The activity of a rank that is starting.
    public init() {}

    /// Notes what is done from now on, and to which layer.
    public func note(_ work: String, layer: String = "") {
        self.work = work
        self.layer = layer
    }

    /// `step 51, backward, units.3`.
    public var description: String {
        [step > 0 ? "step \(step)" : "before the first step", work, layer].filter { !$0.isEmpty }
            .joined(separator: ", ")
    }
}
