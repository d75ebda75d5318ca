import Collectives

/// How the partial sums of the ranks become one sum over the global batch.
protocol BucketReduction: AnyObject {
    /// Forgets the buckets of the step before.
    func begin()

    /// Starts summing the next bucket; buckets come in their fixed order.
    func startNextBucket() throws(CommunicationError)

    /// Whether no bucket is on its way.
    var isIdle: Bool { get }

    /// Lets started buckets advance without waiting.
    func progress() throws(CommunicationError)

    /// Waits for every started bucket.
    func finish() throws(CommunicationError)

    /// Starts the sums over all subtrees of all ranks of `partials`, this rank's subtrees × `width`; what it returns waits
    /// for them.
    func startSum(
        _ partials: [Double], width: Int
    ) throws(CommunicationError) -> () throws(CommunicationError) -> [Double]
}
