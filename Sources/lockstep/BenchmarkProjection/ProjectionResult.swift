import Projection

/// Everything that a projection found, for its table, its JSON line and its page.
package struct ProjectionResult {
    /// A measured step beside what the model says about it.
    package struct Comparison {
        /// The measurement.
        package let measured: ThroughputLine
        /// The projection of the same ranks and batch.
        package let projected: ProjectedStep

        /// The projected time over the measured one, less 1.
        package var error: Double { projected.seconds / measured.seconds - 1 }
    }

    /// The measured profile.
    package let measurement: ProfileMeasurement
    /// The networks.
    package let networks: [NetworkModel]
    /// How ranks differ.
    package let variation: RankVariation
    /// Measured steps, predicted with the first network.
    package let comparisons: [Comparison]
    /// What else a reader of the comparisons should know.
    package let remarks: [String]
    /// For each method a curve for each network.
    package let curves: [[ScalingCurve]]
    /// Where and how it was made.
    package let circumstances: [(name: String, value: String)]

    /// What every form of the result begins with.
    package static let warning =
        "This is a PROJECTION from a model, not a measurement: nobody has run these steps."
}
