/// One bar of a stacked plot.
package struct StackedBar: Sendable, Equatable {
    /// Its name, at its left.
    package let name: String
    /// One length for each part, in the order of the plot's part names; negative ones count as 0.
    package let lengths: [Double]
    /// A word after a bar that is to be mistrusted, which is drawn hollow; nil for others.
    package let caution: String?

    /// A bar.
    package init(_ name: String, _ lengths: [Double], caution: String? = nil) {
        self.name = name
        self.lengths = lengths.map { $0.isFinite ? max(0, $0) : 0 }
        self.caution = caution
    }

    /// The whole bar.
    package var total: Double { lengths.reduce(0, +) }
}
