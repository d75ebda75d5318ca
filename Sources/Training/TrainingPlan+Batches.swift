extension TrainingPlan {
    /// The rate that the schedule scales, by the linear rule (Goyal et al., 2017): a global batch k times the base batch
    /// takes k times the rate. Large rates need warmup at the start.
    public var scaledLearningRate: Double {
        guard let baseBatch else { return learningRate }
        return learningRate * Double(globalBatch) / Double(baseBatch)
    }

    /// Checks what concerns the batch alone.
    func validateBatches(ranks: Int) throws(RunFailure) {
        if let baseBatch, baseBatch < 1 {
            throw RunFailure(.usage, "The base batch is \(baseBatch); choose at least 1 with --base-batch.")
        }
    }
}
