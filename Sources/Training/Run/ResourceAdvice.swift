import Tensors

/// What a person can change about a job that is refused memory or a thread.
struct ResourceAdvice {
    /// The threads of each rank.
    let threads: Int
    /// The ranks of the job.
    let ranks: Int
    /// Whether options choose how many images are computed at once, as those of a training do.
    let choosesBatch: Bool

    /// Runs work that may ask for too much.
    ///
    /// - Throws: what `work` throws; a `ResourceError` with what else can be done.
    func adding<Result>(_ work: () throws -> Result) throws -> Result {
        do {
            return try work()
        } catch let error as ResourceError {
            throw error.offering(alternative(to: error.resource))
        }
    }

    private func alternative(to resource: ResourceError.Resource) -> String? {
        let fewerThreads = threads > 1 ? ["fewer --threads"] : []
        let choices =
            switch resource {
            case .memory:
                (choosesBatch ? ["a smaller --global-batch", "--accumulate"] : []) + fewerThreads + ["more ranks"]
            case .threads: fewerThreads + (ranks > 1 ? ["fewer ranks on this host"] : [])
            }
        guard let last = choices.last else { return nil }
        let others = choices.dropLast().joined(separator: ", ")
        return "use " + (others.isEmpty ? last : "\(others) or \(last)")
    }
}
