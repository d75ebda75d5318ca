/// What a rank computes in a step.
package struct WorkShare: Codable, Sendable, Hashable {
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
