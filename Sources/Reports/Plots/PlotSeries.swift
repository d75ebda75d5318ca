/// Points of a line plot that belong together, joined by a line.
package struct PlotSeries: Sendable, Equatable {
    /// Its name in the legend.
    package let name: String
    /// The points, by rising x.
    package let points: [PlotPoint]

    /// A series; its points may come in any order.
    package init(_ name: String, _ points: [PlotPoint]) {
        self.name = name
        self.points = points.sorted { $0.x < $1.x }
    }
}

/// A measured value of a line plot, with its spread.
package struct PlotPoint: Sendable, Equatable {
    /// Where it stands on the horizontal axis.
    package let x: Double
    /// The value.
    package let y: Double
    /// From the smallest to the largest of the values that it stands for; nil without an error bar.
    package let spread: ClosedRange<Double>?
    /// What a pointer that rests on it shows.
    package let title: String
    /// A word beside a point that is to be mistrusted, which is drawn hollow; nil for others.
    package let caution: String?

    /// A point.
    package init(x: Double, y: Double, spread: ClosedRange<Double>? = nil, title: String, caution: String? = nil) {
        self.x = x
        self.y = y
        self.spread = spread
        self.title = title
        self.caution = caution
    }
}
