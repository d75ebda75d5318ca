import Granules
import Collectives
import Datasets
import GradientExchange
import Kernels
import Layers
import Tensors
import TestSupport
import Testing
import ThreadRanks
import Training

@Suite("Evaluation", .endsHangs)
struct EvaluationTests {
    private static let granules = 16

    private static func network(maximumImages: Int, subtreeCount: Int = 1) throws -> Network {
        let network = try Network(
            SmallRun.plan().architecture, maximumImages: maximumImages, granuleCount: granules,
            subtreeCount: subtreeCount)
        network.initialize(seed: 3)
        return network
    }

    /// What single images add up to, granule by granule, in the order of the tree.
    private static func sumOfSingleImages(_ images: any LabelledImages, _ normalization: Normalization) throws
        -> [Double]
    {
        let network = try network(maximumImages: 1)
        let image = Tensor([1, 32, 32, 3])
        var scratch = [Float](repeating: 0, count: images.classes)
        let cut = GranulePlan(sampleCount: images.count, granuleCount: granules, rankCount: 1)
        let tree = GranuleTree(granuleCount: granules)
        return tree.sums(of: tree.root) { granule in
            var (loss, right) = (0.0, 0.0)
            for index in cut.samples(inGranule: granule) {
                normalization.apply(images.pixels(at: index), into: image.pointer)
                let logits = network.infer(image).pointer
                let label = Int(images.label(at: index))
                loss += SoftmaxCrossEntropy.evaluate(
                    logits: logits, classes: images.classes, label: label, weight: 1, gradient: &scratch)
                if SoftmaxCrossEntropy.prediction(logits: logits, classes: images.classes) == label { right += 1 }
            }
            return [loss, right]
        }
    }

    // Guards: every image is counted once and as if it came alone, in sums of the same bits on any number of ranks and
    // however many a rank takes at once, the second time as the first; also where some ranks have no image.
    @Test(arguments: [1, 2, 3, 5], [(37, 1), (37, 4), (37, 100), (3, 2)])
    func isTheSumOfItsImages(ranks: Int, sizes: (images: Int, atOnce: Int)) throws {
        let images = SyntheticImages.test(limit: sizes.images)
        let normalization = Normalization(of: images)
        let outcomes = try ThreadGroup.run(ranks: ranks) { communicator in
            let cut = GranulePlan(sampleCount: images.count, granuleCount: Self.granules, rankCount: ranks)
            let network = try Self.network(
                maximumImages: sizes.atOnce, subtreeCount: cut.subtrees(ofRank: communicator.rank).count)
            let exchange = try GradientExchange(communicator: communicator, parameters: network.parameters)
            let evaluation = try Evaluation(
                network, exchange, on: images, normalization: normalization, shares: cut.shares,
                maximumImages: sizes.atOnce)
            let outcomes = [try evaluation.run(), try evaluation.run()]
            try communicator.finish()
            return outcomes
        }
        let sums = try Self.sumOfSingleImages(images, normalization)
        for outcome in outcomes.flatMap(\.self) {
            #expect(outcome.loss == sums[0] / Double(sizes.images))
            #expect(outcome.right == Int(sums[1]) && outcome.images == sizes.images)
        }
    }
}
