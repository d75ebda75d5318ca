/// A line plot as SVG: series with error bars over a grid, and a dashed line of what would be ideal.
///
/// Colours and fonts are classes that `PlotStyle` defines; series differ in the shape of their marks as well as in colour.
package struct LinePlot: Sendable {
    /// What the horizontal axis counts.
    package let xTitle: String
    /// What the vertical axis counts, with its unit.
    package let yTitle: String
    /// The measured series; at least one point in all.
    package let series: [PlotSeries]
    /// The ideal: y = slope × x, or y = level; nil without one.
    package let ideal: Ideal?
    /// Written after the numbers of the vertical axis.
    package let ySuffix: String
    /// Whether both axes follow ratios; else both start at 0.
    package let isLogarithmic: Bool

    /// What a line plot is compared with.
    package enum Ideal: Sendable, Equatable {
        /// As much more as x is.
        case proportional(slope: Double)
        /// The same for every x.
        case level(Double)
    }

    static let width = 560.0
    static let height = 340.0
    private let plot = (left: 72.0, right: 542.0, top: 18.0, bottom: 284.0)

    /// A plot. `isLogarithmic` concerns the vertical axis only if the ideal is proportional.
    package init(
        xTitle: String, yTitle: String, ySuffix: String = "", series: [PlotSeries], ideal: Ideal? = nil,
        isLogarithmic: Bool = false
    ) {
        self.xTitle = xTitle
        self.yTitle = yTitle
        self.ySuffix = ySuffix
        self.series = series.filter { !$0.points.isEmpty }
        self.ideal = ideal
        self.isLogarithmic = isLogarithmic
    }

    /// The SVG element.
    package var svg: String {
        let (xTicks, x) = horizontal
        let (yTicks, y) = vertical
        var parts = [
            "<svg viewBox=\"0 0 \(Self.text(Self.width)) \(Self.text(Self.height))\" role=\"img\" "
                + "xmlns=\"http://www.w3.org/2000/svg\" aria-label=\"\(MarkupText.escaped("\(yTitle) against \(xTitle)"))\">"
        ]
        parts += grid(yTicks, y) + columns(xTicks, x) + idealLine(x, y)
        for (index, series) in series.enumerated() { parts += marks(of: series, index, x, y) }
        parts += cautions(x, y)
        parts += axisTitles
        return (parts + ["</svg>"]).joined(separator: "\n")
    }

    // MARK: - Axes

    private var points: [PlotPoint] { series.flatMap(\.points) }

    private var horizontal: (AxisTicks, AxisScale) {
        let values = Set(points.map(\.x)).sorted()
        let largest = values.last ?? 1
        let domain = isLogarithmic ? (values.first ?? 1) / 1.15...largest * 1.25 : 0...largest * 1.12
        let scale = AxisScale(isLogarithmic ? .logarithmic : .linear, domain: domain, from: plot.left, to: plot.right)
        // From the largest down, so that it is marked whatever is left out for want of room.
        var kept: [Double] = []
        for value in values.reversed()
        where kept.last.map({ scale.position(of: $0) - scale.position(of: value) >= 26 }) ?? true {
            kept.append(value)
        }
        return (AxisTicks(at: kept.reversed()), scale)
    }

    private var vertical: (AxisTicks, AxisScale) {
        var values = points.flatMap { [$0.y, $0.spread?.lowerBound ?? $0.y, $0.spread?.upperBound ?? $0.y] }
        if case .level(let level) = ideal { values.append(level) }
        if case .proportional(let slope) = ideal { values += points.map { $0.x * slope } }
        let (least, most) = (values.filter { $0 > 0 }.min() ?? 1, values.max() ?? 1)
        if isLogarithmic, case .proportional = ideal {
            let ticks = AxisTicks(doublingOver: least...max(least, most))
            return (ticks, verticalScale(.logarithmic, ticks.values[0]...ticks.values[ticks.values.count - 1]))
        }
        let ticks = AxisTicks(upTo: most, count: 8)
        return (ticks, verticalScale(.linear, 0...ticks.values[ticks.values.count - 1]))
    }

    private func verticalScale(_ law: AxisScale.Law, _ domain: ClosedRange<Double>) -> AxisScale {
        AxisScale(law, domain: domain, from: plot.bottom, to: plot.top)
    }

    private func grid(_ ticks: AxisTicks, _ scale: AxisScale) -> [String] {
        zip(ticks.values, ticks.labels).flatMap { value, label in
            let at = scale.position(of: value)
            return [
                Self.line("grid", plot.left, at, plot.right, at),
                Self.label("tick end", plot.left - 8, at + 4, label + ySuffix),
            ]
        }
    }

    private func columns(_ ticks: AxisTicks, _ scale: AxisScale) -> [String] {
        [Self.line("axis", plot.left, plot.bottom, plot.right, plot.bottom)]
            + zip(ticks.values, ticks.labels).flatMap { value, label in
                let at = scale.position(of: value)
                return [
                    Self.line("axis", at, plot.bottom, at, plot.bottom + 5),
                    Self.label("tick middle", at, plot.bottom + 20, label),
                ]
            }
    }

    private var axisTitles: [String] {
        let (middle, center) = ((plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2)
        return [
            Self.label("title middle", middle, Self.height - 12, xTitle),
            "<text class=\"title middle\" transform=\"translate(13 \(Self.text(center))) rotate(-90)\">"
                + "\(MarkupText.escaped(yTitle))</text>",
        ]
    }

    // MARK: - Contents

    private func idealLine(_ x: AxisScale, _ y: AxisScale) -> [String] {
        let values = points.map(\.x)
        guard let ideal, let first = values.min(), let last = values.max() else { return [] }
        switch ideal {
        case .level(let level):
            let at = y.position(of: level)
            return [Self.line("ideal", plot.left, at, plot.right, at)]
        case .proportional(let slope):
            let start = isLogarithmic ? first : 0
            return [
                Self.line(
                    "ideal", x.position(of: start), y.position(of: start * slope), x.position(of: last),
                    y.position(of: last * slope))
            ]
        }
    }

    private func marks(of series: PlotSeries, _ index: Int, _ x: AxisScale, _ y: AxisScale) -> [String] {
        let places = series.points.map { (position(of: $0, index, x), y.position(of: $0.y)) }
        let path = places.map { "\(Self.text($0.0)),\(Self.text($0.1))" }.joined(separator: " ")
        var parts = ["<g class=\"\(Self.color(index))\">"]
        if places.count > 1 { parts.append("<polyline class=\"curve\" points=\"\(path)\"/>") }
        for (point, place) in zip(series.points, places) {
            parts.append("<g><title>\(MarkupText.escaped(point.title))</title>")
            if let spread = point.spread { parts += errorBar(spread, at: place.0, y) }
            parts.append(PlotMark(index).svg(place.0, place.1, isHollow: point.caution != nil))
            parts.append("</g>")
        }
        return parts + ["</g>"]
    }

    private func errorBar(_ spread: ClosedRange<Double>, at x: Double, _ scale: AxisScale) -> [String] {
        let (low, high) = (scale.position(of: spread.lowerBound), scale.position(of: spread.upperBound))
        return [
            Self.line("error", x, low, x, high), Self.line("error", x - 5, low, x + 5, low),
            Self.line("error", x - 5, high, x + 5, high),
        ]
    }

    /// Where a point stands; points of several series at the same place move apart where they have error bars, so that
    /// none hides another.
    private func position(of point: PlotPoint, _ index: Int, _ scale: AxisScale) -> Double {
        guard points.contains(where: { $0.spread != nil }) else { return scale.position(of: point.x) }
        let sharing = series.indices.filter { series[$0].points.contains { $0.x == point.x } }
        let rank = sharing.firstIndex(of: index) ?? 0
        return scale.position(of: point.x) + (Double(rank) - Double(sharing.count - 1) / 2) * 9
    }

    /// Words at hollow points, below or above them where they cover no other.
    private func cautions(_ x: AxisScale, _ y: AxisScale) -> [String] {
        let marks = series.enumerated().flatMap { index, series in
            series.points.map { (x: position(of: $0, index, x), y: y.position(of: $0.y)) }
        }
        var taken: [(x: Double, y: Double)] = []
        var labels: [String] = []
        for (index, series) in series.enumerated() {
            for point in series.points {
                guard let caution = point.caution else { continue }
                let below = y.position(of: point.spread?.lowerBound ?? point.y) + 20
                let above = y.position(of: point.spread?.upperBound ?? point.y) - 12
                let right = min(position(of: point, index, x) + 20, plot.right)
                let tries = (0..<6).flatMap { [below + Double($0) * 16, above - Double($0) * 16] }
                let isFree = { (at: Double) in
                    plot.top + 8 < at && at < plot.bottom - 4
                        && !marks.contains { right - 124 < $0.x && $0.x < right + 8 && abs($0.y - at + 4) < 15 }
                        && !taken.contains { abs($0.x - right) < 120 && abs($0.y - at) < 15 }
                }
                let at = tries.first(where: isFree) ?? below
                taken.append((x: right, y: at))
                labels.append(Self.label("caution end", right, at, caution))
            }
        }
        return labels
    }

    // MARK: - Elements

    static func color(_ index: Int) -> String { "series\(index % PlotMark.shapeCount)" }

    static func text(_ value: Double) -> String { MarkupText.coordinate(value) }

    static func line(_ style: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        "<line class=\"\(style)\" x1=\"\(text(x1))\" y1=\"\(text(y1))\" x2=\"\(text(x2))\" y2=\"\(text(y2))\"/>"
    }

    static func label(_ style: String, _ x: Double, _ y: Double, _ words: String) -> String {
        "<text class=\"\(style)\" x=\"\(text(x))\" y=\"\(text(y))\">\(MarkupText.escaped(words))</text>"
    }
}
