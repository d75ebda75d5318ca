import GradientExchange
import Granules
import Kernels
import Layers

/// What a training step of a network sends, and when: the same whatever the machine and the network.
package struct StepShape: Sendable, Equatable {
    /// One layer.
    package struct Layer: Sendable, Equatable {
        /// The name in the summary.
        package let name: String
        /// The values of the sum over ranks that forward begins with; nil without one.
        package let forwardWidth: Int?
        /// The values of the sum over ranks that backward ends with; nil without one.
        package let backwardWidth: Int?
        /// Where in the flat block its gradients begin; nil without parameters.
        package let firstParameter: Int?
    }

    /// The layers, first to last.
    package let layers: [Layer]
    /// The elements of the flat block of gradients.
    package let gradientCount: Int
    /// The bytes of gradients that travel together; nil for what suits the number of ranks.
    package let bucketBytes: Int?
    /// The order of sums over ranks.
    package let reduction: ReductionOrder
    /// The format of gradients on their way.
    package let compression: GradientCompression
    /// The granules of a global batch, or as many as there are ranks if these are more.
    package let granules: Int

    /// The values of the sum behind forward: the loss, the right answers and the wish to stop.
    package static let lossWidth = Criterion.partialWidth + 1

    /// The shape of a step of `network`, which is asked for its layers only.
    package init(
        _ network: Network, normalization: NormalizationMode, bucketBytes: Int?, reduction: ReductionOrder,
        compression: GradientCompression, granules: Int
    ) {
        layers = network.layers.map { layer in
            // A layer normalises if it has running statistics, one of each kind for a channel: forward sums the values,
            // their squares and the count of pixels, backward two values a channel.
            let channels = layer.statistics.first?.shape.count
            return Layer(
                name: layer.name, forwardWidth: channels.map { 2 * $0 + 1 },
                backwardWidth: normalization == .synchronized ? channels.map { 2 * $0 } : nil,
                firstParameter: layer.parameters.first?.range.lowerBound)
        }
        gradientCount = network.parameters.table.blockCount
        self.bucketBytes = bucketBytes
        self.reduction = reduction
        self.compression = compression
        self.granules = granules
    }

    /// How a global batch is cut for a number of ranks.
    package func plan(globalBatch: Int, ranks: Int) -> GranulePlan {
        GranulePlan(sampleCount: globalBatch, granuleCount: max(granules, ranks), rankCount: ranks)
    }

    /// The cut of the flat block for a number of ranks, from its end to its start.
    package func buckets(ranks: Int) -> [Range<Int>] {
        GradientExchange.buckets(
            of: gradientCount,
            bucketByteCount: GradientExchange.bucketByteCount(bucketBytes, ranks: ranks, compression: compression))
    }

    /// The small sums over ranks of a step: those of batch normalisation, and the loss.
    package var smallSums: Int {
        layers.reduce(1) { $0 + ($1.forwardWidth == nil ? 0 : 1) + ($1.backwardWidth == nil ? 0 : 1) }
    }
}
