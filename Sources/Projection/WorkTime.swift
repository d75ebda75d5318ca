/// A time of computing that grows with a rank's share: `fixed + image · images + granule · granules`, in seconds. No part
/// is negative.
package struct WorkTime: Codable, Sendable, Equatable {
    /// Seconds whatever the share, such as those of weights that are transformed or updated.
    package let fixed: Double
    /// Seconds for each image.
    package let image: Double
    /// Seconds for each granule: a convolution adds up weight gradients of every granule's own.
    package let granule: Double

    /// A time of those parts.
    package init(fixed: Double, image: Double, granule: Double) {
        self.fixed = fixed
        self.image = image
        self.granule = granule
    }

    /// Fits measured times by least squares of relative errors, as `LinearFit` does.
    ///
    /// - Throws: `ProjectionError` when the measurements are all of one number of images, or a time is not a positive
    ///   number.
    package init(fitting measured: [TimedWork]) throws(ProjectionError) {
        guard Set(measured.map(\.share.images)).count > 1 else {
            throw ProjectionError("A profile needs at least two different numbers of images; measure more of them.")
        }
        let fit = try RelativeLeastSquares(
            features: measured.map { [1, Double($0.share.images), Double($0.share.granules)] },
            seconds: measured.map(\.seconds))
        self.init(fixed: fit.coefficients[0], image: fit.coefficients[1], granule: fit.coefficients[2])
    }

    /// No time at all.
    package static let none = WorkTime(fixed: 0, image: 0, granule: 0)

    /// The seconds for a share.
    package func seconds(_ share: RankShare) -> Double {
        fixed + image * Double(share.images) + granule * Double(share.granules)
    }

    /// One after the other.
    package static func + (left: WorkTime, right: WorkTime) -> WorkTime {
        WorkTime(
            fixed: left.fixed + right.fixed, image: left.image + right.image, granule: left.granule + right.granule)
    }
}

/// A measured time of a rank's share.
package struct TimedWork: Codable, Sendable, Equatable {
    /// What was computed.
    package let share: RankShare
    /// How long it took, in seconds.
    package let seconds: Double

    /// A measurement.
    package init(share: RankShare, seconds: Double) {
        self.share = share
        self.seconds = seconds
    }
}

/// What a rank computes in a step.
package struct RankShare: Codable, Sendable, Hashable {
    /// Its images.
    package let images: Int
    /// The granules that they are cut into; each has sums of its own.
    package let granules: Int

    /// A share.
    package init(images: Int, granules: Int) {
        precondition(images >= 0 && granules >= 0, "neither is negative")
        self.images = images
        self.granules = granules
    }
}
