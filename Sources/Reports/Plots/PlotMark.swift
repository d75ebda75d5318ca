/// The shape that marks the points of a series, so that it can be told apart without its colour.
package enum PlotMark: Int, CaseIterable, Sendable {
    case circle
    case square
    case triangle
    case diamond

    /// How many different shapes there are.
    package static var shapeCount: Int { allCases.count }

    /// The shape of the series of an index; shapes come again when there are more series.
    package init(_ index: Int) {
        self = Self.allCases[index % Self.shapeCount]
    }

    /// The mark around a place.
    package func svg(_ x: Double, _ y: Double, isHollow: Bool) -> String {
        let style = isHollow ? "mark hollow" : "mark"
        let (left, right, top, bottom) = (text(x - 6), text(x + 6), text(y - 6), text(y + 6))
        switch self {
        case .circle:
            return "<circle class=\"\(style)\" cx=\"\(text(x))\" cy=\"\(text(y))\" r=\"5.5\"/>"
        case .square:
            return "<rect class=\"\(style)\" x=\"\(text(x - 5))\" y=\"\(text(y - 5))\" width=\"10\" height=\"10\"/>"
        case .triangle:
            return polygon(style, "\(text(x)),\(top) \(right),\(text(y + 5)) \(left),\(text(y + 5))")
        case .diamond:
            return polygon(style, "\(text(x)),\(top) \(right),\(text(y)) \(text(x)),\(bottom) \(left),\(text(y))")
        }
    }

    private func polygon(_ style: String, _ points: String) -> String {
        "<polygon class=\"\(style)\" points=\"\(points)\"/>"
    }

    private func text(_ value: Double) -> String { MarkupText.coordinate(value) }
}
