import Projection
import Reports

/// What `benchmark projection --json` prints.
struct ProjectionDocument: Encodable {
    let warning = ProjectionResult.warning
    let assumptions: [String]
    let remarks: [String]
    let circumstances: [String: String]
    let profile: Profile
    let variation: Variation
    let networks: [NetworkModel]
    let comparisons: [Comparison]
    let curves: [Curve]

    init(_ result: ProjectionResult) {
        assumptions = Assumptions.sentences(profiledRanks: result.measurement.ranks)
        remarks = result.remarks
        circumstances = Dictionary(uniqueKeysWithValues: result.circumstances.map { ($0.name, $0.value) })
        profile = Profile(result.measurement)
        variation = Variation(jitter: result.variation.jitter, slowRank: result.variation.slowRank)
        networks = result.networks
        comparisons = result.comparisons.map {
            Comparison(step: Step($0.projected), measuredSeconds: $0.measured.seconds, error: $0.error)
        }
        curves = result.curves.joined().map(Curve.init)
    }

    /// The measured step of a rank as it was fitted, and the measurements.
    struct Profile: Encodable {
        struct Measured: Encodable {
            let images: Int
            let granules: Int
            let seconds: Double
        }

        let fixedSeconds: Double
        let secondsPerImage: Double
        let secondsPerGranule: Double
        let ranks: Int
        let measured: [Measured]

        init(_ measurement: ProfileMeasurement) {
            let step = measurement.profile.step
            (fixedSeconds, secondsPerImage, secondsPerGranule) = (step.fixed, step.image, step.granule)
            ranks = measurement.ranks
            measured = measurement.steps.map {
                Measured(images: $0.share.images, granules: $0.share.granules, seconds: $0.seconds)
            }
        }
    }

    struct Variation: Encodable {
        let jitter: Double
        let slowRank: Double
    }

    /// A projected step. Its members stand among those of the object that it is part of.
    struct Step: InlineEncodable {
        let ranks: Int
        let globalBatch: Int
        let analyticSeconds: Double
        let simulatedSeconds: Double
        let imagesPerSecond: Double
        let terms: [String: Double]
        let largestCost: String?

        init(_ step: ProjectedStep) {
            (ranks, globalBatch) = (step.ranks, step.globalBatch)
            (analyticSeconds, simulatedSeconds) = (step.analyticSeconds, step.seconds)
            imagesPerSecond = step.imagesPerSecond
            terms = Dictionary(
                uniqueKeysWithValues: StepTerm.allCases.map { ($0.rawValue + "_seconds", step.breakdown[$0]) })
            largestCost = step.breakdown.obstacle?.rawValue
        }
    }

    struct Comparison: Encodable {
        let step: Step
        let measuredSeconds: Double
        let error: Double
    }

    struct Curve: Encodable {
        struct Point: Encodable {
            let step: Step
            let efficiency: Double
        }

        let network: String
        let halfEfficientRanks: Int
        let sentence: String
        let steps: [Point]
        let method: Method

        init(_ curve: ScalingCurve) {
            network = curve.network.name
            halfEfficientRanks = curve.reach.ranks
            sentence = curve.sentence
            steps = curve.steps.map { Point(step: Step($0), efficiency: curve.efficiency(of: $0)) }
            method = Method(method: curve.method)
        }
    }

    /// What stays the same along a curve, by a key of its own for each method.
    struct Method: InlineEncodable {
        private enum Key: CodingKey { case strongGlobalBatch, weakImagesPerRank }

        let method: ScalingMethod

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: Key.self)
            switch method {
            case .strong(let batch): try fields.encode(batch, forKey: .strongGlobalBatch)
            case .weak(let images): try fields.encode(images, forKey: .weakImagesPerRank)
            }
        }
    }
}
