import Collectives
import Failures
import Tensors

extension Diagnosis {
    /// Looks at the ranks of a job that is about to start, and at whether the system gives each of them the memory it needs
    /// at least; every rank calls it.
    ///
    /// - Parameters:
    ///   - plan: a plan that was validated for these ranks and threads.
    ///   - threads: the threads of this rank.
    ///   - images: the images of the data set, which the ranks of a host share.
    ///   - choosesBatch: whether a person who is refused memory can be advised to choose another batch.
    /// - Throws: `RunFailure`, the same on every rank, when a rank cannot be given its memory; as `init(threads:need:over:)`.
    public init(
        of plan: TrainingPlan, _ balance: Balance, threads: Int, images: Int = 0, choosesBatch: Bool = false,
        over communicator: any Communicator
    ) throws {
        let shares = balance.expectedShares(plan, ranks: communicator.size, threads: threads)
        let advice = ResourceAdvice(threads: threads, ranks: communicator.size, choosesBatch: choosesBatch)
        let need = try RankAgreement(communicator).together {
            try advice.adding {
                let need = try MemoryNeed(plan, shares: shares, images: images)
                try SystemMemory.require(need.rankBytes[communicator.rank] + SystemMemory.reserve)
                return need
            }
        }
        try self.init(threads: threads, need: need, over: communicator)
    }
}
