import Collectives
import Datasets
import Granules
import Tensors

extension Batch {
    /// One rank's part of a global batch of normal draws, for measurements: no reading, no augmentation. Without `shares`
    /// they are even. Throws when the system refuses the memory.
    package static func random(
        _ plan: TrainingPlan, communicator: any Communicator, shares: GranuleShares? = nil
    ) throws(ResourceError) -> Batch {
        let cut = GranulePlan(
            sampleCount: plan.globalBatch, shares: shares ?? plan.evenShares(ranks: communicator.size))
        let samples = cut.samples(ofRank: communicator.rank)
        let image = plan.architecture.image
        let images = try Tensor(allocating: samples.count, of: image)
        let size = image.count
        for (row, sample) in samples.enumerated() {
            var stream = RandomStream(seed: plan.seed, purpose: .synthetic, sample: sample)
            for element in 0..<size { images.pointer[row * size + element] = stream.normal() }
        }
        return Batch(
            images: images, labels: samples.map { UInt8($0 % plan.architecture.classes) },
            sampleIndices: Array(samples), epoch: 0, step: 0, plan: cut, rank: communicator.rank)
    }
}
