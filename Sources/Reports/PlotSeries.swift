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
