import Collectives

/// How the partial sums of the ranks become one sum over the global batch.
protocol BucketReduction: AnyObject {
    /// Forgets the buckets of the step before.
    func begin()

    /// Starts summing the next bucket; buckets come in their fixed order.
    func startNextBucket() throws(CommunicationError)

    /// The buckets that are on their way.
    var travellingBuckets: Int { get }

    /// Lets started buckets advance without waiting; returns how many of their operations had ended.
    func progress() throws(CommunicationError) -> Int

    /// Waits for every started bucket.
    func finish() throws(CommunicationError)

    /// Starts the sums over all subtrees of all ranks of `partials`, this rank's subtrees × `width`; what it returns waits
    /// for them.
    func startSum(
        _ partials: [Double], width: Int
    ) throws(CommunicationError) -> () throws(CommunicationError) -> [Double]
}

/// In which order the sums over ranks are taken.
public enum ReductionOrder: String, Sendable, Codable, CaseIterable {
    /// By the fixed tree of granules: the same bits on any number of ranks.
    case ordered
    /// As the transport likes: the same mathematics, less to send when ranks hold several subtrees, and last bits that
    /// depend on the number of ranks.
    case fast
}
