import GradientExchange
import Layers
import Projection

/// A step of the article's network with made-up times, for properties that hold with any.
enum FabricatedStep {
    static func shape(
        reduction: ReductionOrder = .ordered, normalization: NormalizationMode = .synchronized,
        architecture: Architecture = .article, bucketBytes: Int = 1 << 20, granules: Int = 16
    ) throws -> StepShape {
        StepShape(
            try Network(architecture, maximumImages: 1), normalization: normalization, bucketBytes: bucketBytes,
            reduction: reduction, compression: .single, granules: granules)
    }

    /// Each layer another time, about 5 ms an image in all.
    static func profile(_ shape: StepShape, fixed: Double = 2e-4) -> StepProfile {
        let layers = shape.layers.indices.map { index in
            StepProfile.Layer(
                forward: LinearTime(fixed: fixed, each: 1e-4 * Double(1 + index % 3)),
                backward: LinearTime(fixed: fixed, each: 2e-4 * Double(1 + index % 3)))
        }
        return StepProfile(
            layers: layers, loss: LinearTime(fixed: fixed / 10, each: 1e-6),
            update: LinearTime(fixed: 5 * fixed, each: 0))
    }
}
