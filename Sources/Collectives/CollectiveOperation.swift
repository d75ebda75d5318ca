/// An operation that all ranks take part in, as errors name it.
public enum CollectiveOperation: Hashable, Sendable, CustomStringConvertible {
    /// Joining the group of ranks.
    case start
    /// Leaving the group of ranks.
    case finish
    /// Opening another channel.
    case makeChannel
    /// Waiting until every rank has arrived.
    case barrier
    /// One rank's bytes to all.
    case broadcast(root: Int)
    /// Everybody's bytes to all.
    case allGather
    /// Everybody's section of a block to all.
    case allGatherSections
    /// A section from everybody to everybody.
    case allToAll
    /// Asking other ranks for a sign of life.
    case rollCall
    /// Element-wise sums of `Double`.
    case sumOfDoubles(count: Int)
    /// Element-wise sums of `Float`.
    case sumOfFloats(count: Int)

    /// The operation as it reads within a sentence.
    public var description: String {
        switch self {
        case .start: "joining the group of ranks"
        case .finish: "leaving the group of ranks"
        case .makeChannel: "opening a channel"
        case .barrier: "the barrier"
        case .broadcast(let root): "the broadcast from rank \(root)"
        case .allGather: "the all-gather"
        case .allGatherSections: "the all-gather of sections"
        case .allToAll: "the all-to-all exchange"
        case .rollCall: "the roll call"
        case .sumOfDoubles(let count): "the sum of \(count) doubles"
        case .sumOfFloats(let count): "the sum of \(count) floats"
        }
    }
}
