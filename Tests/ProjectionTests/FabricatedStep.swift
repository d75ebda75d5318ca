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
    static func profile(
        _ shape: StepShape, fixed: Double = 2e-4, granule: Double = 1e-5, cover: Double = 0
    ) -> StepProfile {
        let layers = shape.layers.indices.map { index in
            StepProfile.Layer(
                forward: .init(
                    WorkTime(fixed: fixed, image: 1e-4 * Double(1 + index % 3), granule: granule),
                    cover: cover),
                backward: .init(
                    WorkTime(fixed: fixed, image: 2e-4 * Double(1 + index % 3), granule: 2 * granule),
                    cover: cover))
        }
        return StepProfile(
            layers: layers, loss: WorkTime(fixed: fixed / 10, image: 1e-6, granule: 0),
            update: WorkTime(fixed: 5 * fixed, image: 0, granule: 0))
    }
}
