import Collectives

extension Diagnosis {
    /// Looks at the ranks of a job that is about to start; every rank calls it.
    ///
    /// - Parameters:
    ///   - plan: a plan that was validated for these ranks and threads.
    ///   - threads: the threads of this rank.
    ///   - images: the images of the data set, which the ranks of a host share.
    /// - Throws: as `init(threads:need:over:)` and `MemoryNeed`.
    public init(
        of plan: TrainingPlan, _ balance: Balance, threads: Int, images: Int = 0, over communicator: any Communicator
    ) throws {
        let shares = balance.expectedShares(plan, ranks: communicator.size, threads: threads)
        try self.init(
            threads: threads, need: MemoryNeed(plan, shares: shares, images: images), over: communicator)
    }
}
