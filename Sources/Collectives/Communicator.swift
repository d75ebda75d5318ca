/// The group of ranks that train together, seen from one of them.
///
/// Every operation except `abort` is collective: all ranks call the same operations, in the same order, from one thread
/// each. The order counts per *channel*: operations on one channel match in the order in which they were started,
/// operations on different channels may be interleaved differently on each rank.
public protocol Communicator: AnyObject {
    /// This rank's number, in `0..<size`.
    var rank: Int { get }
    /// The number of ranks.
    var size: Int { get }
    /// The machine this rank runs on.
    var hostName: String { get }
    /// What this rank is doing, for the report on a stalled job; the same object on every channel.
    var activity: RankActivity { get }

    /// From now on, an operation that has waited `seconds` for other ranks asks all of them for a sign of life, and throws
    /// the names of those that give none. Infinity waits for ever, as it is from the start. Every rank passes the same.
    ///
    /// Ranks that are one process, alone or as threads, are not watched: they stall together.
    func watchStalls(after seconds: Double)

    /// Opens another channel over the same ranks. It lasts until `finish()`: open it once, not once a step.
    func makeChannel() throws(CommunicationError) -> any Communicator

    /// Returns the bytes of `root` on every rank, of any length; what the other ranks pass is ignored.
    func broadcast(_ bytes: [UInt8], from root: Int) throws(CommunicationError) -> [UInt8]

    /// Returns the bytes of every rank, in rank order, on every rank. Lengths may differ.
    func allGather(_ bytes: [UInt8]) throws(CommunicationError) -> [[UInt8]]

    /// Returns when every rank has called it.
    func barrier() throws(CommunicationError)

    /// Fills in the sections of the other ranks; this rank's own section of `block` is sent from where it lies.
    /// All ranks pass the same byte counts.
    func allGather(in block: MemoryRegion, sections: RankSections) throws(CommunicationError)

    /// Starts `allGather(in:sections:)`.
    func startAllGather(
        in block: MemoryRegion, sections: RankSections
    ) throws(CommunicationError) -> any StartedOperation

    /// Starts sending section `r` of `source` to rank `r`, for every rank, and receiving section `r` of `target` from
    /// it. What one rank sends to another must be as long as what that one expects; the regions must not overlap.
    func startAllToAll(
        from source: MemoryRegion, sections sourceSections: RankSections,
        into target: MemoryRegion, sections targetSections: RankSections
    ) throws(CommunicationError) -> any StartedOperation

    /// Starts replacing the `Float`s of `block` by their element-wise sums over all ranks, which pass equally many. The
    /// order of summation is the transport's, so the last bits may depend on the number of ranks.
    func startSum(ofFloatsIn block: MemoryRegion) throws(CommunicationError) -> any StartedOperation

    /// Starts the same for `Double`s.
    func startSum(ofDoublesIn block: MemoryRegion) throws(CommunicationError) -> any StartedOperation

    /// Ends every other rank at once, without their consent; MPI ends this one, too. Where it returns (a single rank,
    /// or ranks that are threads), the caller ends itself with `exitCode`.
    func abort(exitCode: Int32)

    /// Leaves the group; every rank calls it last, on the communicator it was given. Throws when a started operation
    /// was never finished.
    func finish() throws(CommunicationError)
}

/// A non-blocking operation that was started and must be finished, by `wait()` or by a `test()` that returns true.
///
/// It keeps the memory it works on alive. Until it has finished, that memory must be neither changed (what is sent) nor
/// read (what is received). Progress is made only inside calls into the transport, so poll about every millisecond.
/// `Communicator.finish()` refuses while an operation is unfinished.
public protocol StartedOperation: AnyObject {
    /// Makes progress and tells whether the operation has finished. Once true, always true.
    func test() throws(CommunicationError) -> Bool

    /// Waits until the operation has finished; returns at once when it already has.
    func wait() throws(CommunicationError)
}
