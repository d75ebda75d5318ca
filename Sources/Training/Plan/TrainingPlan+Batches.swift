import Datasets
import Failures
import Granules

extension TrainingPlan {
    /// How a step is cut into micro-batches.
    public var microBatches: MicroBatches { MicroBatches(globalBatch: globalBatch, count: accumulation ?? 1) }

    /// The granules of each rank when all get equally many.
    func evenShares(ranks: Int) -> GranuleShares { .even(granules: granules, ranks: ranks) }

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
        guard let accumulation else { return }
        guard accumulation > 0, accumulation <= globalBatch else {
            throw RunFailure(
                .usage,
                "A global batch of \(globalBatch) images cannot be cut into \(accumulation) micro-batches; choose a number "
                    + "from 1 to \(globalBatch) with --accumulate.")
        }
        // Of the smallest micro-batch of a full step; a short step may leave ranks without images.
        let images = microBatches.ranges(of: globalBatch).map(\.count).min()!
        guard ranks <= images else {
            throw RunFailure(
                .usage,
                "\(ranks) ranks cannot share a micro-batch of \(images) images (\(globalBatch) in \(accumulation)); start at "
                    + "most \(images) ranks, or lower --accumulate.")
        }
    }
}
